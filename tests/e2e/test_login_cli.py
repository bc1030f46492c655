"""Logins with the real AWS CLI v2: its files equal awsx's, and each works with the other's."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from awsx.demo import IdentityCenter

from . import awscli
from .at_terminal import AWSX, FETCH, AtTerminal, descendants, residue, run, scripts
from .home import DEV, PROD, opened, token_path
from .test_aws_cli import account_of, account_of_boto3

pytestmark = pytest.mark.awscli


@pytest.fixture(autouse=True)
def quick(center: IdentityCenter) -> None:
    center.behaviour.device_pending_polls = 0


def own(env: dict[str, str]) -> dict[str, str]:
    """Prefer awsx's own login; the AWS CLI stays on PATH, for what comes after it."""
    folder = Path(env["HOME"]) / ".config" / "awsx"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text('[login]\nprefer = "own"\n', encoding="utf-8")
    return env


def cache(home: Path) -> dict[str, tuple[list[tuple[str, Any]], int]]:
    """Each file of the SSO cache by its name: the keys and values in their order, and the mode."""
    folder = home / ".aws" / "sso" / "cache"
    return {
        path.name: (list(json.loads(path.read_text()).items()), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.iterdir())
    }


def forms(home: Path) -> dict[str, tuple[list[tuple[str, Any]], int, str]]:
    """The same, without the values in which any two logins differ."""
    secret = (
        "accessToken",
        "refreshToken",
        "clientId",
        "clientSecret",
        "expiresAt",
        "registrationExpiresAt",
    )
    folder = home / ".aws" / "sso" / "cache"
    return {
        name: (
            [(key, type(value).__name__ if key in secret else value) for key, value in items],
            mode,
            "".join(c for c in (folder / name).read_text() if c in " \n{}:,[]"),
        )
        for name, (items, mode) in cache(home).items()
    }


SCOPES = "sso_registration_scopes = sso:account:access"
WAYS = {
    "browser": ("prod", [], [], SCOPES),
    "device": ("prod", ["--device-code"], ["--use-device-code"], SCOPES),
    "browser, no scopes": ("prod", [], [], ""),
    "device, no scopes": ("prod", ["--device-code"], ["--use-device-code"], ""),
    "two scopes": (
        "prod",
        [],
        [],
        "sso_registration_scopes = sso:account:access , codewhisperer:completions",
    ),
    "legacy": ("legacy", [], [], SCOPES),
}


@pytest.mark.parametrize("way", WAYS)
def test_awsx_writes_the_same_files_as_the_aws_cli(
    way: str, env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    profile, flags, cli_flags, scopes = WAYS[way]
    config = home / ".aws" / "config"
    config.write_text(config.read_text().replace(SCOPES, scopes))
    status, awsx = run(["login", profile, *flags], own(env))
    assert status == 0, awsx.shown
    ours = forms(home)
    for path in (home / ".aws" / "sso" / "cache").iterdir():
        path.unlink()
    done = awscli.run(env, "sso", "login", "--profile", profile, *cli_flags)
    assert done.returncode == 0, done.stderr
    assert ours == forms(home)
    assert len(ours) == 2


def test_the_aws_cli_and_boto3_work_after_awsxs_own_login(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """They need no further login, and when the hour is over they renew what awsx wrote."""
    center.behaviour.access_token_lifetime = 70
    status, awsx = run(["login", "prod"], own(env))
    assert status == 0, awsx.shown
    center.behaviour.access_token_lifetime = 3600
    assert (
        account_of_boto3(env, "dev") == center.organisation.account(DEV).id
    )  # 70 s left: botocore renews
    assert center.log.count("CreateToken", "refresh_token") == 1
    expire(home, center)
    assert account_of(env, "prod") == center.organisation.account(PROD).id
    assert center.log.count("CreateToken", "refresh_token") == 2
    assert len(opened(env)) == 1


def expire(home: Path, center: IdentityCenter) -> None:
    path = token_path(home)
    path.write_text(
        json.dumps({**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"})
    )
    center.expire_access_tokens()


def test_awsx_works_and_renews_after_a_login_of_the_aws_cli(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    assert awscli.run(env, "sso", "login", "--sso-session", "corp").returncode == 0
    before = [key for key, _ in cache(home)[token_path(home).name][0]]
    status, awsx = run(["login", "prod"], env)
    assert status == 0
    valid = r"awsx: corp: session (1h|59m), renews itself, nothing to do \(--force [a-z ]+\)\n"
    assert re.fullmatch(valid, awsx.shown)
    expire(home, center)
    status, awsx = run(["exec", "prod", "--", "true"], env)
    assert (status, awsx.shown) == (0, "")
    assert center.log.count("CreateToken", "refresh_token") == 1
    assert [key for key, _ in cache(home)[token_path(home).name][0]] == before
    assert account_of(env, "dev") == center.organisation.account(DEV).id
    assert len(opened(env)) == 1


@pytest.mark.parametrize("flags", [[], ["--device-code"]], ids=["browser", "device"])
@pytest.mark.parametrize("prefer", ["cli", "own"])
def test_a_registration_that_aws_has_forgotten_is_replaced(
    prefer: str, flags: list[str], env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """The AWS CLI alone would use it for ever: it fails, or waits ten minutes for the browser."""
    env = own(env) if prefer == "own" else env
    assert run(["login", "prod", *flags], env)[0] == 0
    center.forget_clients()
    began = time.monotonic()
    status, awsx = run(["login", "prod", "--force", *flags], env)
    assert status == 0, awsx.shown
    assert time.monotonic() - began < 40
    assert center.log.count("RegisterClient") == 2


BROWSERS = {
    "fetches, then ends": "{fetch}",
    "fetches, and stays": "{stays}",
    "arguments, no %s": "{fetch} -P work",
}


@pytest.mark.parametrize("case", BROWSERS)
def test_a_browser_in_the_foreground_does_not_block_the_login(
    case: str, env: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    """The AWS CLI answers the browser only after the end of the browser's command."""
    programs = scripts(tmp_path, fetch=FETCH, stays=f"{FETCH}\nexec sleep 40.75")
    began = time.monotonic()
    status, awsx = run(["login", "prod"], {**env, "BROWSER": BROWSERS[case].format(**programs)})
    assert status == 0, awsx.shown
    assert "awsx: corp: session 1h, renews itself\n" in awsx.shown
    assert time.monotonic() - began < 35


def test_the_aws_cli_waits_on_the_port_that_the_person_names(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    config = home / ".aws" / "config"
    config.write_text(f"[default]\ncli_auto_prompt = on\n{config.read_text()}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    status, awsx = run(["login", "prod", "--port", str(port)], env, columns=999)
    assert status == 0, awsx.shown
    assert f"redirect_uri=http%3A%2F%2F127.0.0.1%3A{port}%2F" in opened(env)[0]


def test_over_ssh_the_login_is_by_device_code_without_a_browser(
    env: dict[str, str], center: IdentityCenter
) -> None:
    """A text browser would take over the terminal."""
    center.behaviour.device_pending_polls = 1
    env = {name: value for name, value in env.items() if name != "BROWSER"}
    status, awsx = run(["login", "prod"], {**env, "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"})
    assert status == 0, awsx.shown
    assert (center.log.count("StartDeviceAuthorization"), center.log.count("Device")) == (1, 0)
    assert re.search(
        r"log in to corp with the browser on your own computer, and check that it\sshows the code"
        r" (\S+):\n  http://127.0.0.1:\d+/device\?user_code=\1\n",
        awsx.shown,
    )


TALKS = {
    "browser": (
        [],
        r"log in to corp with the browser or this link:\n  http://\S+\n",
    ),
    "code": (
        ["--device-code"],
        r"log in to corp with any browser, and enter the code \S+:\n  http",
    ),
}


@pytest.mark.parametrize("way", TALKS)
def test_the_aws_clis_talk_is_said_as_awsxs_own(
    way: str, env: dict[str, str], center: IdentityCenter
) -> None:
    """Seven lines and a raw link are one line and its link, and the end is said by awsx."""
    center.behaviour.device_pending_polls = 1
    flags, told = TALKS[way]
    status, awsx = run(["login", "prod", *flags], env, columns=999)
    assert status == 0, awsx.shown
    assert re.search(told, awsx.shown)
    assert [line for line in awsx.lines if line.startswith("awsx")][1:] == [
        "awsx: corp: session 1h, renews itself"
    ]
    for word in ("Attempting", "Successfully", "Then enter"):
        assert word not in awsx.shown


@pytest.mark.parametrize("how", ["ctrl-c", "TERM", "INT to the core alone"])
def test_an_interrupted_login_leaves_no_process_and_no_token(
    how: str, env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod"], env) as awsx:
        awsx.wait_for(lambda: opened(env) or not awsx.pump(0.02))
        cli = [pid for pid in descendants(awsx.pid) if "sso\0login" in command_line(pid)]
        assert cli
        if how == "ctrl-c":
            awsx.press_ctrl_c()
        else:
            awsx.kill(signal.SIGTERM if how == "TERM" else signal.SIGINT)
        assert awsx.end(20) == (-signal.SIGTERM if how == "TERM" else 130)
        assert not any(is_alive(pid) for pid in cli)
    assert awsx.is_on_blank_line
    assert "Traceback" not in awsx.shown
    assert residue(home) == []


def test_killing_awsx_ends_the_aws_cli_too(env: dict[str, str], center: IdentityCenter) -> None:
    """awsx runs in a shell here, so that the terminal outlives it."""
    center.behaviour.decision = "ask"
    with AtTerminal(
        ["/bin/sh", "-c", '"$@"; echo $? ended; exec sleep 30', "sh", *AWSX, "login", "prod"], env
    ) as shell:
        shell.wait_for(lambda: opened(env) or not shell.pump(0.02))
        core = descendants(shell.pid)[1]
        children = descendants(core)[1:]
        assert children
        os.kill(core, signal.SIGKILL)
        shell.wait_for("137 ended")
        shell.wait_for(
            lambda: not any(is_alive(pid) for pid in children) or not shell.pump(0.02), timeout=5
        )


def command_line(pid: int) -> str:
    """The words of a process, with a NUL after each; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """True unless the process has ended, be it as a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_with_an_old_aws_cli_awsx_logs_in_itself(
    environment: dict[str, str], center: IdentityCenter, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    scripts(tmp_path / "bin", aws="echo aws-cli/2.8.13 Python/3.9.11 Linux/6.1 exe/x86_64")
    path = f"{tmp_path}/bin:{environment['PATH']}"
    status, awsx = run(["login", "prod"], {**environment, "PATH": path})
    assert status == 0, awsx.shown
    assert "with the browser or this link" in awsx.talk


def test_a_denied_login_is_one_line_and_leaves_no_token(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "deny"
    status, awsx = run(["login", "prod"], env)
    assert status == 1
    assert awsx.lines[-1] == "" or awsx.is_on_blank_line
    assert (
        "awsx: login to corp failed (aws sso login ended with 255); nothing was changed"
        in awsx.talk
    )
    assert residue(home) == []
