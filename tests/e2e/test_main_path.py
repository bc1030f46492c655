"""The main job, with the real AWS CLI v2: `awsx prod` logs in, and the next `aws` works."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from terminal import ROOT, loading_line, shell_path

from awsx.demo import IdentityCenter

from .home import DEV, PROD, log_in, opened, token_path

pytestmark = pytest.mark.awscli

START = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]


@pytest.fixture
def expired(home: Path, center: IdentityCenter) -> Path:
    """A session that has expired, and has no refresh token."""
    path = log_in(home, center)
    token = json.loads(path.read_text())
    token["expiresAt"] = "2020-01-01T00:00:00Z"
    del token["refreshToken"]
    path.write_text(json.dumps(token))
    return path


def test_a_switch_logs_in_an_expired_session(shell, terminal, env, center, expired):
    with_awsx = terminal(shell, loading_line(shell), **env)
    switched = with_awsx.run("awsx prod", timeout=60)
    assert (switched.status, switched.profile) == (0, "prod")
    prod = center.organisation.account(PROD)
    assert prod.id in switched.text
    answer = with_awsx.run("aws sts get-caller-identity --query Account --output text", timeout=60)
    assert answer.status == 0
    assert prod.id in answer.text
    assert len(opened(env)) == 1
    assert prod.id in with_awsx.prompt_line()
    assert "expired" not in with_awsx.prompt_line()


def test_exec_logs_in_a_session_without_a_token(env, center, home):
    dev = center.organisation.account(DEV)
    shell = shell_path("bash")
    ask = "aws sts get-caller-identity --query Account --output text"
    script = f'"$@" exec dev -- {ask} > {home}/answer'
    done = in_a_terminal([shell, "-c", script, "-", *START], env)
    assert done.returncode == 0, done.stdout
    assert (home / "answer").read_text().strip() == dev.id  # stdout held the command's answer alone
    for said in (b"log in with the browser", b"logged in to corp"):  # the login's talk
        assert said in done.stdout  # went to the terminal


def test_a_switch_logs_in_a_legacy_profile(terminal, env, center, home):
    bash = terminal("bash", loading_line("bash"), **env)
    assert bash.run("awsx legacy", timeout=60).status == 0
    assert token_path(home, center.start_url).exists()


def test_a_switch_to_a_role_logs_in_the_session_of_its_source(terminal, env, center, expired):
    bash = terminal("bash", loading_line("bash"), **env)
    assert bash.run("awsx deploy", timeout=60).status == 0
    answer = bash.run("aws sts get-caller-identity --query Arn --output text", timeout=60)
    assert "assumed-role/Deploy" in answer.text


def test_a_denied_login_leaves_the_terminal_as_it_was(shell, terminal, env, center, expired):
    center.behaviour.decision = "deny"
    with_awsx = terminal(shell, loading_line(shell), AWS_PROFILE="dev", **env)
    denied = with_awsx.run("awsx prod", timeout=60)
    assert (denied.status, denied.profile) == (1, "dev")
    assert "login to corp failed" in " ".join(denied.text.split())
    assert with_awsx.variable("AWSX_OWNER") is None


def test_ctrl_c_during_the_login_leaves_the_terminal_as_it_was(
    shell, terminal, env, center, expired
):
    center.behaviour.decision = "ask"
    with_awsx = terminal(shell, loading_line(shell), AWS_PROFILE="dev", **env)
    before = with_awsx.stty()
    with_awsx.type("awsx prod")
    with_awsx.press("enter")
    with_awsx.wait_for(lambda _: opened(env), timeout=60)
    with_awsx.press("ctrl-c")
    cancelled = with_awsx.wait_prompt(timeout=30)
    assert (cancelled.status, cancelled.profile) == (130, "dev")
    assert "Traceback" not in cancelled.text
    assert with_awsx.stty() == before


def test_no_login_switches_without_a_login(shell, terminal, env, center, expired):
    with_awsx = terminal(shell, loading_line(shell), **env)
    switched = with_awsx.run("awsx prod --no-login")
    assert (switched.status, switched.profile) == (0, "prod")
    assert "expired" in with_awsx.prompt_line()
    assert opened(env) == []


def test_two_terminals_log_in_once(terminal, env, center, expired):
    one = terminal("bash", loading_line("bash"), **env)
    two = terminal("zsh", loading_line("zsh"), **env)
    for shell in (one, two):
        shell.type("awsx prod")
        shell.press("enter")
    assert one.wait_prompt(timeout=60).status == 0
    assert two.wait_prompt(timeout=60).status == 0
    assert len(opened(env)) == 1


def test_without_a_terminal_an_expired_session_is_one_line(env, expired):
    done = subprocess.run(
        [*START, "exec", "prod", "--", "true"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == "awsx: the session corp has expired, and there is no terminal to log in from; "
        "run: awsx login prod\n"
    )


def test_login_prints_json(env, expired):
    done = in_a_terminal([*START, "login", "prod", "--json"], env)
    assert done.returncode == 0
    found = json.loads(done.stdout[done.stdout.index(b"{") :])
    assert (found["session"], found["state"], found["new"]) == ("corp", "valid", True)


def test_an_expired_access_token_is_renewed_without_a_browser(env, center, home):
    token = log_in(home, center)
    center.behaviour.decision = "deny"
    content = json.loads(token.read_text())
    token.write_text(json.dumps({**content, "expiresAt": "2020-01-01T00:00:00Z"}))
    done = subprocess.run(
        [
            *START,
            "exec",
            "prod",
            "--",
            "aws",
            "sts",
            "get-caller-identity",
            "--query",
            "Account",
            "--output",
            "text",
        ],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout.strip()) == (0, center.organisation.account(PROD).id), (
        done.stderr
    )
    assert opened(env) == []


def in_a_terminal(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run a command on a terminal of its own; what it showed stands in `stdout`."""
    from ptyprocess import PtyProcess

    process = PtyProcess.spawn(command, env=env)
    shown = bytearray()
    deadline = time.monotonic() + 60
    killer = threading.Timer(60, process.kill, [9])
    killer.start()
    try:
        while time.monotonic() < deadline:
            shown += process.read(4096)
    except EOFError:
        pass
    finally:
        killer.cancel()
    process.wait()
    return subprocess.CompletedProcess(command, process.exitstatus, bytes(shown))
