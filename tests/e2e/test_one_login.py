"""However many terminals need a session at once, there is one login or one renewal for all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from terminal import SHELLS, loading_line

from awsx.demo import IdentityCenter

from .at_terminal import AWSX, AtTerminal, scripts
from .home import log_in, opened, token_path

CROWD = 50
WAITING = "another terminal is logging in to corp; waiting for it (Ctrl-C to stop)"
# A command says why it logs in, `awsx login` that it does.
LOGGING_IN = ("; logging in", "awsx: logging in to corp")


@contextmanager
def crowd(env: dict[str, str], count: int) -> Iterator[list[AtTerminal]]:
    """So many terminals, each with a command that needs the same session."""
    ways = (
        ["exec", "prod", "--", "true"],
        ["login", "prod"],
        ["exec", "dev", "--", "true"],
        ["login"],
    )
    with ExitStack() as opened_terminals:
        yield [
            opened_terminals.enter_context(AtTerminal(ways[n % len(ways)], env))
            for n in range(count)
        ]


def all_end(terminals: list[AtTerminal], timeout: float = 120) -> list[int]:
    """Wait for the end of each; their exit statuses."""
    deadline = time.monotonic() + timeout
    going = list(terminals)
    while going:
        assert time.monotonic() < deadline, [terminal.shown for terminal in going]
        going = [terminal for terminal in going if read(terminal)]
        time.sleep(0.01)
    return [terminal.end() for terminal in terminals]


def read(terminal: AtTerminal) -> bool:
    """Read all that is there now; False once the program has ended."""
    before = -1
    while before != len(terminal.raw):
        before = len(terminal.raw)
        if not terminal.pump(0):
            return False
    return True


def logs_in(terminal: AtTerminal) -> bool:
    """True if the terminal has said that it is the one that logs in."""
    return any(text in terminal.talk for text in LOGGING_IN)


def wait_until(
    terminals: list[AtTerminal],
    count: int,
    wanted: str | Callable[[AtTerminal], bool],
    timeout: float = 60,
) -> None:
    """Wait until so many of them show the text, or meet the condition."""

    def met(terminal: AtTerminal) -> bool:
        return wanted(terminal) if callable(wanted) else wanted in terminal.talk

    deadline = time.monotonic() + timeout
    while sum(map(met, terminals)) < count:
        assert time.monotonic() < deadline, [terminal.shown for terminal in terminals]
        for terminal in terminals:
            read(terminal)
        time.sleep(0.01)


def expired(home: Path, center: IdentityCenter, renewable: bool) -> None:
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
    if not renewable:
        del token["refreshToken"]
    path.write_text(json.dumps(token))
    center.expire_access_tokens()


def renewals(center: IdentityCenter, status: int = 200) -> int:
    return sum(
        (entry.operation, entry.detail, entry.status) == ("CreateToken", "refresh_token", status)
        for entry in center.log
    )


def test_fifty_terminals_log_in_once(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    expired(home, center, renewable=False)
    center.behaviour.latency = 1.0  # seconds in which the others arrive
    with crowd(environment, CROWD) as terminals:
        assert set(all_end(terminals)) == {0}, [terminal.shown for terminal in terminals]
    assert center.log.operations() == ["RegisterClient", "Authorize", "CreateToken"]
    assert len(opened(environment)) == 1
    assert sum(map(logs_in, terminals)) == 1
    waited = [terminal for terminal in terminals if not logs_in(terminal)]
    assert sum(WAITING in terminal.shown for terminal in waited) > CROWD / 2


@pytest.mark.parametrize("rotation", [True, False], ids=["rotation", "no rotation"])
def test_fifty_terminals_renew_once(
    rotation: bool, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    expired(home, center, renewable=True)
    center.behaviour.refresh_token_rotation = rotation
    with crowd(environment, CROWD) as terminals:
        assert set(all_end(terminals)) == {0}, [terminal.shown for terminal in terminals]
    assert center.log.operations() == ["CreateToken"]
    assert renewals(center) == 1
    assert not any(map(logs_in, terminals))


@pytest.mark.awscli
def test_shells_and_programs_log_in_once(
    terminal, env: dict[str, str], center: IdentityCenter, home: Path
) -> None:  # type: ignore[no-untyped-def]
    """With the real AWS CLI, in two shells of each kind and in ten terminals without a shell."""
    expired(home, center, renewable=False)
    shells = [terminal(shell, loading_line(shell), **env) for shell in SHELLS * 2]
    for shell in shells:
        shell.type("awsx prod")
        shell.press("enter")
    with crowd(env, 10) as terminals:
        assert set(all_end(terminals)) == {0}, [one.shown for one in terminals]
    assert [shell.wait_prompt(timeout=60).status for shell in shells] == [0] * len(shells)
    assert len(opened(env)) == 1
    assert center.log.count("Authorize") == 1


@pytest.fixture
def patient(environment: dict[str, str], center: IdentityCenter) -> dict[str, str]:
    """An environment without a browser: the device code waits until somebody allows it."""
    center.behaviour.decision = "ask"
    return {name: value for name, value in environment.items() if name != "BROWSER"}


def holder(terminals: list[AtTerminal]) -> AtTerminal:
    """The terminal that holds the lock and logs in."""
    return next(filter(logs_in, terminals))


def test_ctrl_c_ends_one_waiting_terminal_and_no_other(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with crowd(patient, 5) as terminals:
        wait_until(terminals, 4, WAITING)
        wait_until(terminals, 1, "left (Ctrl-C to stop)")
        waiting = [terminal for terminal in terminals if terminal is not holder(terminals)]
        for one in waiting[:2]:
            one.press_ctrl_c()
            assert one.end(5) == 130
            assert one.is_on_blank_line
            assert "Traceback" not in one.shown
        center.behaviour.decision = "allow"
        assert all_end([holder(terminals), *waiting[2:]]) == [0] * 3
    assert center.log.count("StartDeviceAuthorization") == 1


def test_a_waiting_terminal_says_for_whom_it_waits(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with crowd(patient, 3) as terminals:
        wait_until(terminals, 2, WAITING)
        first = holder(terminals)
        tty = os.readlink(f"/proc/{first.pid}/fd/0").removeprefix("/dev/")
        told = f"{WAITING}: pid {first.pid}, {tty}"
        assert [told in one.talk for one in terminals if one is not first] == [True, True]
        center.behaviour.decision = "allow"
        assert all_end(terminals) == [0, 0, 0]
    (lock,) = (home / ".cache" / "awsx").glob("login.*.lock")
    assert lock.read_text() == ""


def test_a_login_that_was_put_to_sleep_is_told_to_those_who_wait(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    asleep = "the login to corp sleeps (Ctrl-Z): pid {}, pts/"
    with crowd(patient, 3) as terminals:
        wait_until(terminals, 2, WAITING)
        first = holder(terminals)
        others = [one for one in terminals if one is not first]
        assert not any("sleeps" in one.talk for one in others)
        first.kill(signal.SIGSTOP)
        wait_until(others, 2, asleep.format(first.pid), timeout=5)
        assert all(f"fg there, or: kill -9 {first.pid}" in one.talk for one in others)
        first.kill(signal.SIGCONT)
        center.behaviour.decision = "allow"
        assert all_end(terminals) == [0, 0, 0]
        assert all(one.talk.count("sleeps") == 1 for one in others)


def test_what_a_killed_login_left_in_the_lock_misleads_nobody(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with crowd(patient, 1) as terminals:
        wait_until(terminals, 1, "left (Ctrl-C to stop)")
        terminals[0].kill(signal.SIGKILL)
        terminals[0].end()
    (lock,) = (home / ".cache" / "awsx").glob("login.*.lock")
    for left in (lock.read_text(), "x" * 10**6, "-1 pts/0\n", "\x1b[2J \x1b[2J\n", "1\n"):
        lock.write_text(left)
        with crowd(patient, 2) as terminals:
            wait_until(terminals, 1, f"{WAITING}: pid ")
            center.behaviour.decision = "allow"
            assert all_end(terminals) == [0, 0]
            assert not any("\x1b[2J" in one.shown for one in terminals)
        center.behaviour.decision = "ask"
        token_path(home).unlink()


def test_after_a_killed_login_the_next_terminal_logs_in_within_a_second(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with crowd(patient, 4) as terminals:
        wait_until(terminals, 3, WAITING)
        wait_until(terminals, 1, "left (Ctrl-C to stop)")
        first = holder(terminals)
        first.kill(signal.SIGKILL)
        others = [terminal for terminal in terminals if terminal is not first]
        wait_until(others, 1, logs_in, timeout=1)
        center.behaviour.decision = "allow"
        assert all_end(others) == [0] * 3
    assert center.log.count("StartDeviceAuthorization") == 2


@pytest.mark.parametrize("how", ["cancelled", "denied"])
def test_a_refused_login_fails_for_all_who_waited_for_it(
    how: str, patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """Fifty terminals would open fifty tabs, one after another."""
    with crowd(patient, 4) as terminals:
        wait_until(terminals, 3, WAITING)
        wait_until(terminals, 1, "left (Ctrl-C to stop)")
        first = holder(terminals)
        if how == "cancelled":
            first.press_ctrl_c()
        else:
            center.behaviour.decision = "deny"
        assert first.end() == (130 if how == "cancelled" else 1)
        others = [terminal for terminal in terminals if terminal is not first]
        assert all_end(others) == [1] * 3
    assert all(
        "the login to corp in another terminal came to nothing; run: awsx login" in one.talk
        for one in others
    )
    assert center.log.count("StartDeviceAuthorization") == 1
    center.behaviour.decision = "allow"
    with crowd(patient, 1) as terminals:  # what was refused is no obstacle later
        assert all_end(terminals) == [0]


def test_a_job_without_a_terminal_does_not_fail_the_others(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    expired(home, center, renewable=True)
    center.revoke_sessions()
    center.behaviour.latency = 0.5
    command = [*AWSX, "exec", "prod", "--", "true"]
    job = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 30
    while not list((home / ".cache" / "awsx").glob("login.*.lock")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    with crowd(environment, 1) as terminals:
        assert all_end(terminals) == [0], terminals[0].shown
    assert "there is no terminal to log in from" in job.communicate(timeout=30)[1]
    assert job.returncode == 1
    assert center.log.count("Authorize") == 1


def test_two_forced_logins_at_once_are_one_login(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    with ExitStack() as stack:
        terminals = [
            stack.enter_context(AtTerminal(["login", "prod", "--force"], patient)) for _ in range(2)
        ]
        wait_until(terminals, 1, WAITING)
        center.behaviour.decision = "allow"
        assert all_end(terminals) == [0, 0]
    assert center.log.count("StartDeviceAuthorization") == 1


@pytest.mark.awscli
def test_the_session_survives_a_renewal_by_the_aws_cli_at_the_same_time(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """The AWS CLI takes no lock, and truncates the file; yet the session is never lost.

    A refresh token works once.
    """
    log_in(home, center)
    for turn in range(10):
        expire(home, center)
        cli = subprocess.Popen(
            ["aws", "sts", "get-caller-identity", "--profile", "prod"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.08 * turn)  # awsx needs less time to come to the point than the AWS CLI
        with crowd(env, 1) as terminals:
            assert all_end(terminals) == [0], terminals[0].shown
        cli.wait(60)
        assert not logs_in(terminals[0])
    assert center.log.count("Authorize") + center.log.count("StartDeviceAuthorization") == 0
    expire(home, center)
    with crowd(env, 1) as terminals:
        assert all_end(terminals) == [0]
    assert opened(env) == []


def expire(home: Path, center: IdentityCenter) -> None:
    path = token_path(home)
    path.write_text(
        json.dumps({**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"})
    )
    center.expire_access_tokens()
    for file in (home / ".aws" / "cli" / "cache").glob("*.json"):
        file.unlink()


def test_a_token_file_that_is_being_written_is_waited_for(
    environment: dict[str, str], center: IdentityCenter, home: Path, tmp_path: Path
) -> None:
    """The AWS CLI truncates the file and then writes; that is no reason to log in."""
    path = log_in(home, center)
    whole = path.read_text()
    path.write_text(whole[:100])
    programs = scripts(tmp_path, later="true")
    with AtTerminal(["exec", "prod", "--", programs["later"]], environment) as awsx:
        time.sleep(0.15)
        path.write_text(whole)
        assert awsx.end() == 0
    assert awsx.shown == ""
    assert center.log.operations() == []
