"""Sessions of `aws login` without the AWS CLI: botocore renews them, as it can with awscrt."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from signed_in import sign_in
from terminal import ROOT

from awsx.demo import IdentityCenter
from awsx.files import tokens

from . import crt
from .at_terminal import AWSX, AtTerminal
from .awscli import Unavailable
from .conftest import OUTSIDE
from .home import opened

CROWD = 12


@pytest.fixture(scope="session")
def core() -> list[str]:
    """The words that run awsx where awscrt can be imported."""
    try:
        folder = crt.fetch(OUTSIDE)
    except Unavailable as why:
        if OUTSIDE.get("CI") == "true":
            pytest.fail(str(why))
        pytest.skip(str(why))
    paths = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]"
    return [sys.executable, "-I", "-c", f"{paths}; from awsx.__main__ import main; main()"]


@pytest.fixture
def arn(center: IdentityCenter, home: Path) -> str:
    """Who has signed in; the profile console is for them, over is a role behind it."""
    arn = center.organisation.console_user
    role = center.organisation.account("payments-dev").role_arn("Deploy")
    with (home / ".aws" / "config").open("a") as config:
        config.write(
            f"[profile console]\nlogin_session = {arn}\nregion = us-east-1\n"
            f"[profile over]\nrole_arn = {role}\nsource_profile = console\nregion = eu-west-1\n"
        )
    return arn


def ran(core: list[str], env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*core, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def renewals(center: IdentityCenter) -> int:
    return center.log.count("CreateOAuth2Token")


def test_one_session_serves_many_terminals(
    core: list[str], environment: dict[str, str], center: IdentityCenter, home: Path, arn: str
) -> None:
    """Its credentials have ended: all terminals go on after one renewal, and no browser opens."""
    file = sign_in(center, home, -1800)
    before = renewals(center)
    center.behaviour.latency = 0.5  # seconds in which the others arrive
    ways = (["exec", "console"], ["exec", "over"])
    with ExitStack() as terminals:
        all_of_them = [
            terminals.enter_context(
                AtTerminal([*core, *ways[n % 2], "--", "/bin/echo", "done"], environment)
            )
            for n in range(CROWD)
        ]
        assert [terminal.end() for terminal in all_of_them] == [0] * CROWD
    # On a busy machine some say after a second that they wait.
    shown = [terminal.shown for terminal in all_of_them]
    assert all(text.endswith("done\n") for text in shown), shown
    assert renewals(center) - before == 1
    token = tokens.read(str(file))
    assert token is not None and token.is_valid(time.time())
    assert file.stat().st_mode & 0o077 == 0
    assert opened(environment) == []


def test_creds_of_the_session_and_of_a_role_behind_it(
    core: list[str], environment: dict[str, str], center: IdentityCenter, home: Path, arn: str
) -> None:
    sign_in(center, home, -1800)
    before = renewals(center)
    for name in ("console", "over"):
        done = ran(core, environment, "creds", name, "--format", "process")
        assert (done.returncode, done.stderr) == (0, "")
        found = json.loads(done.stdout)
    role = "creds", "over", "--format", "process"
    # What is kept needs neither awscrt nor the AWS CLI.
    assert json.loads(ran(AWSX, environment, *role).stdout) == found
    assert renewals(center) - before == 1


NO_TERMINAL = ", and there is no terminal to log in from; run: awsx login {name}\n"
# What AWS says: what awsx says, and whether the session may still be renewed.
REFUSALS = {
    "TOKEN_EXPIRED": ("awsx: the session {arn} has expired" + NO_TERMINAL, False),
    "USER_CREDENTIALS_CHANGED": (
        "awsx: the password or the keys of {arn} have changed since the login, which ended the"
        " session" + NO_TERMINAL,
        False,
    ),
    "INSUFFICIENT_PERMISSIONS": (
        "awsx: AWS does not let {arn} have credentials: it lacks the permission"
        " signin:CreateOAuth2Token; ask whoever runs the account\n",
        True,
    ),
}


@pytest.mark.parametrize("reason", REFUSALS)
@pytest.mark.parametrize("words", ["exec console -- true", "creds over --format process"])
def test_each_refusal_has_a_sentence_of_its_own(
    words: str,
    reason: str,
    core: list[str],
    environment: dict[str, str],
    center: IdentityCenter,
    home: Path,
    arn: str,
) -> None:
    file = sign_in(center, home, -1800)
    center.behaviour.sign_in_refusal = reason
    done = ran(core, environment, *words.split())
    said, is_renewable = REFUSALS[reason]
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == said.format(arn=arn, name="console")
    assert ("refreshToken" in json.loads(file.read_text())) == is_renewable
    # From now on nobody asks AWS, and the prompt says that the session has ended.
    asked = renewals(center)
    ran(core, environment, *words.split())
    assert (renewals(center) > asked) == is_renewable


def test_a_key_that_is_none_is_an_error_in_one_line(
    core: list[str], environment: dict[str, str], center: IdentityCenter, home: Path, arn: str
) -> None:
    file = sign_in(center, home, -1800)
    file.write_text(json.dumps({**json.loads(file.read_text()), "dpopKey": "no key"}))
    done = ran(core, environment, "exec", "console", "--", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "no key" not in done.stderr
