"""awsx's own login, on a machine without an AWS CLI: its flow, its browser, and its end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter
from awsx.files import disk, paths, tokens

from .at_terminal import AWSX, FETCH, AtTerminal, residue, run, scripts, watched
from .home import log_in, opened, token_path

SECRETS = ("accessToken", "refreshToken", "clientSecret")


@pytest.fixture(autouse=True)
def quick(center: IdentityCenter) -> None:
    center.behaviour.device_pending_polls = 0


def settings(env: dict[str, str], text: str) -> None:
    folder = Path(env["HOME"]) / ".config" / "awsx"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")


def secrets(home: Path) -> list[str]:
    token = json.loads(token_path(home).read_text())
    return [token[name] for name in SECRETS if name in token]


def wait_until(met: Callable[[], object], timeout: float = 15) -> None:
    deadline = time.monotonic() + timeout
    while not met():
        assert time.monotonic() < deadline, "not seen in time"
        time.sleep(0.02)


# --- which flow


def test_a_login_by_the_browser(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    status, awsx = run(["login", "prod"], environment)
    assert status == 0, awsx.shown
    assert center.log.operations() == ["RegisterClient", "Authorize", "CreateToken"]
    assert opened(environment) == [
        line.strip() for line in awsx.shown.split("\n") if "/authorize?" in line
    ]
    # The link stands alone on its line, so that it can be copied.
    assert re.search(r"\n  http://127.0.0.1:\d+/authorize\?\S+\n", awsx.shown)
    assert "awsx: corp: session 1h, renews itself\n" in awsx.shown
    assert stat.S_IMODE(token_path(home).stat().st_mode) == 0o600
    assert not any(secret in awsx.shown for secret in secrets(home))


@pytest.mark.parametrize(("seconds", "told"), [(7200, "2h"), (3600, "1h"), (28800, "8h")])
def test_a_new_session_of_two_hours_is_not_called_one_hour(
    seconds: int, told: str, environment: dict[str, str], center: IdentityCenter
) -> None:
    center.behaviour.access_token_lifetime = seconds
    assert (
        f"awsx: corp: session {told}, renews itself\n"
        in run(["login", "prod"], environment)[1].shown
    )


DEVICE = {
    "--device-code": (["--device-code"], {}, 1),
    "--no-browser": (["--no-browser"], {}, 0),
    "SSH": ([], {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "BROWSER": None, "DISPLAY": ":0"}, 0),
    "SSH with a browser of its own": ([], {"SSH_TTY": "/dev/pts/0"}, 1),
    "a container": ([], {"container": "podman", "BROWSER": None, "DISPLAY": ":0"}, 0),
    "no screen": ([], {"BROWSER": None}, 0),
    "a browser that is not there": ([], {"BROWSER": "/nowhere/firefox"}, 0),
    "a command that cannot be read": ([], {"BROWSER": "firefox 'x"}, 0),
}
TOLD = {
    "no screen": "no browser was opened: there is no screen to open one on",
    "a browser that is not there": "no browser was opened: /nowhere/firefox cannot be found",
    "a command that cannot be read": "no browser was opened: "
    "firefox 'x cannot be read: no closing quotation",
}


@pytest.mark.parametrize("case", DEVICE)
def test_a_login_by_device_code(
    case: str, environment: dict[str, str], center: IdentityCenter
) -> None:
    flags, more, links = DEVICE[case]
    given: dict[str, str | None] = {**environment, **more}
    env = {name: value for name, value in given.items() if value is not None}
    status, awsx = run(["login", "prod", *flags], env)
    assert status == 0, awsx.shown
    assert center.log.count("StartDeviceAuthorization") == 1
    assert center.log.count("Authorize") == 0
    code = r"shows the code (\S+):\n  http://127.0.0.1:\d+/device\?user_code=\1\n"
    assert re.search(code, awsx.shown)
    assert ("the browser on your own computer" in awsx.talk) == case.startswith("SSH")
    wait_until(lambda: len(opened(environment)) == links)
    assert TOLD.get(case, "check that it shows the code") in awsx.talk
    assert ("no browser was opened" in awsx.shown) == (case in TOLD)


def test_polling_keeps_the_interval_that_aws_asks_for(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.device_pending_polls, center.behaviour.device_interval = 2, 1
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod", "--device-code"], environment) as awsx:
        awsx.wait_for("9:58 left (Ctrl-C to stop)")
        center.behaviour.decision = "allow"
        assert awsx.end() == 0
    assert not any("left (Ctrl-C" in line for line in awsx.lines)
    assert token_path(home).exists()


def test_a_legacy_profile_gets_no_refresh_token(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    status, awsx = run(["login", "legacy"], environment)
    assert status == 0, awsx.shown
    assert token_path(home, center.start_url).exists()
    assert "refreshToken" not in json.loads(token_path(home, center.start_url).read_text())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_over_ssh_a_login_comes_back_to_a_port_of_the_persons_choice(
    environment: dict[str, str], center: IdentityCenter
) -> None:
    """`ssh -L` leads the browser on the person's own machine to it."""
    port = free_port()
    env = {name: value for name, value in environment.items() if name != "BROWSER"}
    env["SSH_CONNECTION"] = "10.0.0.1 5 10.0.0.2 22"
    with AtTerminal(["login", "prod", "--port", str(port)], env, columns=999) as awsx:
        awsx.wait_for("left (Ctrl-C to stop)")
        assert f"(ssh -L {port}:127.0.0.1:{port})" in awsx.talk
        (link,) = [line.strip() for line in awsx.shown.split("\n") if "/authorize?" in line]
        assert f"redirect_uri=http%3A%2F%2F127.0.0.1%3A{port}%2F" in link
        urllib.request.urlopen(link).close()
        assert awsx.end() == 0, awsx.shown
    assert center.log.operations() == ["RegisterClient", "Authorize", "CreateToken"]


def test_the_port_may_stand_in_the_settings(
    environment: dict[str, str], center: IdentityCenter
) -> None:
    port = free_port()
    settings(environment, f"[login]\nport = {port}\n")
    status, awsx = run(["login", "prod"], environment, columns=999)
    assert status == 0, awsx.shown
    assert f"127.0.0.1%3A{port}%2F" in awsx.shown


def test_a_port_that_is_taken_is_one_line(
    environment: dict[str, str], center: IdentityCenter
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, awsx = run(["login", "prod", "--port", str(port)], environment)
    assert status == 1
    assert f"cannot wait for the browser on port {port} (Address already in use)" in awsx.talk
    assert opened(environment) == []


# --- which browser

BROWSERS = {
    "fetches, then ends": ("{fetch}", {}),
    "fetches, and stays": ("{fetches_and_stays}", {}),
    "arguments, no %s": ("{fetch} -P work", {}),
    "arguments, %s in the middle": ("{second} -P %s", {}),
    "a list": ("{fetch}:/other/browser", {}),
    "with an & of its own": ("{fetch} %s &", {}),
}


@pytest.mark.parametrize("case", BROWSERS)
def test_a_browser_command_of_any_form_works(
    case: str, environment: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    programs = scripts(
        tmp_path,
        fetch=FETCH,
        fetches_and_stays=f"{FETCH}\nexec sleep 30.5",
        second=FETCH.replace('"$@"', '"$2"'),
    )
    began = time.monotonic()
    status, awsx = run(
        ["login", "prod"], {**environment, "BROWSER": BROWSERS[case][0].format(**programs)}
    )
    assert status == 0, awsx.shown
    assert center.log.count("Authorize") == 1
    assert time.monotonic() - began < 25


def test_the_browser_in_the_settings_comes_before_the_variable(
    environment: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    programs = scripts(tmp_path, chosen=f'echo "$@" >{tmp_path}/given\n{FETCH}')
    settings(environment, f'[browser]\ncorp = "{programs["chosen"]} -P work %s"\n')
    status, awsx = run(["login", "prod"], environment)
    assert status == 0, awsx.shown
    assert (tmp_path / "given").read_text().startswith("-P work http://")
    assert opened(environment) == []


def test_a_failing_browser_is_mentioned(
    environment: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    programs = scripts(tmp_path, broken="exit 3")
    with AtTerminal(["login", "prod"], {**environment, "BROWSER": programs["broken"]}) as awsx:
        awsx.wait_for("awsx login --device-code")
        awsx.press_ctrl_c()
        assert awsx.end() == 130
    assert (
        f"the browser did not open ({programs['broken']} ended with 3); open the link yourself"
        in awsx.talk
    )


def test_the_command_of_exec_does_not_inherit_the_browser_as_a_child(
    environment: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    programs = scripts(
        tmp_path, browser=f"{FETCH}\nexec sleep 30.25", children='cat "/proc/$$/task/$$/children"'
    )
    env = {**environment, "BROWSER": programs["browser"]}
    status, awsx = run(["exec", "prod", "--", programs["children"]], env)
    assert status == 0, awsx.shown
    children = [line for line in awsx.lines if line][-1].split()
    assert len(children) == 1  # cat itself


# --- how it ends


def test_a_denied_login_is_one_line_and_leaves_no_token(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "deny"
    for flags in ([], ["--device-code"]):
        status, awsx = run(["login", "prod", *flags], environment)
        assert status == 1
        assert "awsx: the login to corp was denied in the browser (" in awsx.talk
        assert "run: awsx login " in awsx.talk
        assert awsx.is_on_blank_line
    assert residue(home) == []


def test_an_expired_device_code_is_one_line(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.device_code_lifetime = 0
    status, awsx = run(["login", "prod", "--device-code"], environment)
    assert status == 1
    assert "awsx: the code for corp has expired; run: awsx login prod" in awsx.talk
    assert residue(home) == []


def test_an_answer_with_a_foreign_state_is_ignored(
    environment: dict[str, str], center: IdentityCenter, tmp_path: Path, home: Path
) -> None:
    """A page that guesses the port cannot end the login, neither with a code nor with an error."""
    forge = f"""
url=$({FETCH.split(" ", 1)[0]} -I -c 'import sys, urllib.parse as u
q = dict(u.parse_qsl(u.urlsplit(sys.argv[1]).query)); print(q["redirect_uri"])' "$1")
for query in 'code=x&state=y' 'error=z' 'code=x'; do
  {FETCH.split(" ", 1)[0]} -I -c 'import sys, urllib.request as r
try: r.urlopen(sys.argv[1])
except OSError as e: print(e)' "$url?$query" >>{tmp_path}/answers
done
{FETCH}"""
    programs = scripts(tmp_path, forge=forge)
    status, awsx = run(["login", "prod"], {**environment, "BROWSER": programs["forge"]})
    assert status == 0, awsx.shown
    assert (tmp_path / "answers").read_text().count("404") == 3


@pytest.mark.parametrize("flags", [[], ["--device-code"]], ids=["browser", "device"])
def test_ctrl_c_while_waiting_leaves_nothing_behind(
    flags: list[str], environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod", *flags], environment) as awsx:
        awsx.wait_for("left (Ctrl-C to stop)")
        awsx.press_ctrl_c()
        assert awsx.end(10) == 130
    assert awsx.is_on_blank_line
    assert not any("^C" in line or "left (Ctrl" in line for line in awsx.lines)
    assert "Traceback" not in awsx.shown
    assert residue(home) == []
    assert is_free(environment)


def is_free(env: dict[str, str]) -> bool:
    with disk.Lock(
        f"{paths.cache_folder(env)}/login.{tokens.sha1_hex('corp')}.lock", wait=False
    ) as lock:
        return lock.held


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3, 0.6, 0.9, 1.2])
def test_ctrl_c_at_any_moment_ends_without_an_error(
    delay: float, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod"], environment) as awsx:
        deadline = time.monotonic() + delay
        while time.monotonic() < deadline:
            awsx.pump(0.01)
        awsx.press_ctrl_c()
        assert awsx.end(10) in (130, -signal.SIGINT)
    assert "Traceback" not in awsx.shown
    assert "rror" not in awsx.shown
    assert residue(home) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
@pytest.mark.parametrize("flags", [[], ["--device-code"]], ids=["browser", "device"])
def test_term_and_hup_end_a_login_tidily(
    number: int, flags: list[str], environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod", *flags], environment) as awsx:
        awsx.wait_for("left (Ctrl-C to stop)")
        awsx.kill(number)
        assert awsx.end(10) == -number
    assert awsx.is_on_blank_line
    assert residue(home) == []
    assert is_free(environment)


def test_the_countdown_fits_a_narrow_terminal(
    environment: dict[str, str], center: IdentityCenter
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod", "--device-code"], environment, columns=30) as awsx:
        awsx.wait_for("9:57")
        assert sum("waiting for corp" in line for line in awsx.lines) == 1


def test_no_secret_is_in_an_argument_the_environment_or_on_screen(
    environment: dict[str, str], center: IdentityCenter, home: Path, tmp_path: Path
) -> None:
    programs = scripts(tmp_path, slow=f"sleep 0.3\n{FETCH}", slower="sleep 0.3")
    env = {**environment, "BROWSER": programs["slow"]}
    with (
        AtTerminal(["exec", "prod", "--", programs["slower"]], env) as awsx,
        watched(lambda: awsx.pid) as seen,
    ):
        assert awsx.end() == 0, awsx.shown
    assert any("authorize" in line for line, _ in seen)
    assert any("slower" in line for line, _ in seen)
    for secret in secrets(home):
        assert not any(secret in line or secret in names for line, names in seen)
        assert secret not in awsx.shown


def test_login_all_reaches_every_session(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text()
        + f"[sso-session second]\nsso_start_url = {center.start_url}\nsso_region = eu-west-1\n"
        + "[sso-session broken]\nsso_region = eu-west-1\n"
    )
    log_in(home, center)
    status, awsx = run(["login", "--all"], environment)
    assert status == 0, awsx.shown
    for session in ("corp", center.start_url, "second"):
        assert token_path(home, session).exists()
        assert f"awsx: {session}: session " in awsx.shown
    assert ": no sso_start_url in [sso-session broken]; add sso_start_url = ..." in awsx.talk
    assert center.log.count("Authorize") == 1  # one was valid, one is legacy
    status, awsx = run(["login", "--all", "--json"], environment)
    found = json.loads(awsx.shown[awsx.shown.index("[\n") :])
    assert [(one["session"], one["state"], one["new"]) for one in found] == [
        ("corp", "valid", False),
        (center.start_url, "valid", False),
        ("second", "valid", False),
    ]


def test_login_all_goes_on_after_a_failure(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "deny"
    status, awsx = run(["login", "--all"], environment)
    assert status == 1
    assert awsx.talk.count("was denied in the browser") == 2
    assert "2 of 2 sessions failed" in awsx.talk


def test_all_with_a_name_is_a_usage_error(environment: dict[str, str]) -> None:
    status, awsx = run(["login", "prod", "--all"], environment)
    assert (status, awsx.shown) == (2, "awsx: --all means every session; leave out prod\n")


def test_these_tests_start_this_checkouts_core() -> None:
    assert os.path.exists(AWSX[-1])
