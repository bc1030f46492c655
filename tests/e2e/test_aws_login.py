"""Sessions of `aws login`, with the real AWS CLI v2 against a loopback AWS Sign-In."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest

from awsx.demo import IdentityCenter
from awsx.files import login_sessions, tokens

from .at_terminal import AtTerminal, run
from .home import opened
from .test_aws_cli import account_of

pytestmark = pytest.mark.awscli


@pytest.fixture
def arn(center: IdentityCenter, home: Path) -> str:
    """Who logs in; the profile console is for them."""
    arn = center.organisation.console_user
    with (home / ".aws" / "config").open("a") as config:
        config.write(f"[profile console]\nlogin_session = {arn}\nregion = us-east-1\n")
    return arn


@pytest.fixture
def file(home: Path, arn: str) -> Path:
    """Where the AWS CLI keeps the session of the profile console."""
    return home / ".aws" / "login" / "cache" / f"{login_sessions.key(arn)}.json"


def expire(file: Path, seconds: int = -1800) -> None:
    """Let the credentials of a session end so many seconds from now."""
    content = json.loads(file.read_text())
    content["accessToken"]["expiresAt"] = tokens.iso(int(time.time()) + seconds)
    file.write_text(json.dumps(content))


def test_a_login_a_renewal_before_a_command_and_its_end(
    env: dict[str, str], center: IdentityCenter, home: Path, file: Path, arn: str
) -> None:
    """One browser opens, and the AWS CLI works; after 15 minutes nobody needs a browser.

    `awsx creds` gives the session's credentials, and those of a role that is assumed with them.
    """
    role = center.organisation.account("payments-dev").role_arn("Deploy")
    with (home / ".aws" / "config").open("a") as config:
        config.write(
            f"[profile over]\nrole_arn = {role}\nsource_profile = console\nregion = eu-west-1\n"
        )
    status, awsx = run(["login", "console"], env)
    assert status == 0, awsx.shown
    assert f"awsx: {arn}: session 15m, renews itself" in awsx.talk
    assert "Updated profile" not in awsx.shown
    assert len(opened(env)) == 1
    assert file.stat().st_mode & 0o077 == 0
    assert account_of(env, "console") == arn.split(":")[4]
    expire(file)
    status, awsx = run(["exec", "console", "--", "/bin/sh", "-c", "exit 7"], env)
    assert (status, awsx.shown) == (7, "")
    token = tokens.read(str(file))
    assert token is not None and token.is_valid(time.time())
    for name in ("console", "over"):
        status, awsx = run(["creds", name, "--format", "process"], env)
        assert (status, json.loads(awsx.shown)["Version"]) == (0, 1), awsx.shown
    expire(file)
    center.behaviour.sign_in_refusal = "INSUFFICIENT_PERMISSIONS"
    status, awsx = run(["exec", "console", "--", "/bin/true"], env)
    assert status == 1, awsx.shown
    assert "lacks the permission signin:CreateOAuth2Token" in awsx.talk
    assert len(opened(env)) == 1


def test_a_session_that_has_ended_is_logged_in_to_again(
    env: dict[str, str], center: IdentityCenter, file: Path, arn: str
) -> None:
    assert run(["login", "console"], env)[0] == 0
    expire(file)
    center.revoke_sessions()
    status, awsx = run(["exec", "console", "--", "/bin/true"], env)
    assert status == 0, awsx.shown
    assert f"the session {arn} has expired; log in" in awsx.talk
    assert len(opened(env)) == 2


def test_over_ssh_the_person_pastes_a_code(env: dict[str, str], file: Path, arn: str) -> None:
    with AtTerminal(["login", "console"], {**env, "SSH_CONNECTION": "1 2 3 4"}) as awsx:
        awsx.wait_for("Enter the authorization code")
        assert "and paste here the code that it shows" in awsx.talk
        link = next(word for word in awsx.shown.split() if word.startswith("http"))
        with urlopen(link) as page:
            code = page.read().decode().partition("<code>")[2].partition("</code>")[0]
        awsx.type(f"{code}\r")
        assert awsx.end() == 0, awsx.shown
    assert file.exists()
    assert opened(env) == []


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_login_as_somebody_else_is_an_error(
    answer: str, env: dict[str, str], center: IdentityCenter, home: Path, file: Path, arn: str
) -> None:
    other = center.behaviour.sign_in_arn = "arn:aws:iam::999988887777:user/mallory"
    with AtTerminal(["exec", "console", "--", "/bin/echo", "it", "ran"], env) as awsx:
        awsx.wait_for("(y/n):")
        awsx.type(f"{answer}\r")
        assert awsx.end() == 1, awsx.shown
    assert "it ran" not in awsx.shown
    wanted = f"you logged in as {other}" if answer == "y" else f"the login was not for {arn}"
    assert f"awsx: {wanted}" in awsx.talk
    assert not file.exists()
    assert (other in (home / ".aws" / "config").read_text()) == (answer == "y")


def test_one_login_for_many_terminals_and_a_name_with_a_blank(
    env: dict[str, str], center: IdentityCenter, home: Path, file: Path, arn: str
) -> None:
    with (home / ".aws" / "config").open("a") as config:
        config.write(f'[profile "my console"]\nlogin_session = {arn}\nregion = us-east-1\n')
    center.behaviour.latency = 0.5  # seconds in which the others arrive
    ways = (["login"], ["exec"])
    with ExitStack() as opened_terminals:
        terminals = []
        for n in range(4):
            (verb,), name = ways[n % 2], ("my console", "console")[n % 3 == 0]
            words = [verb, name] if verb == "login" else [verb, name, "--", "/bin/true"]
            terminals.append(opened_terminals.enter_context(AtTerminal(words, env)))
        assert [terminal.end() for terminal in terminals] == [0] * 4, terminals[0].shown
    assert center.log.count("CreateOAuth2Token", "authorization_code") == 1
    assert len(opened(env)) == 1
    status, awsx = run(["creds", "my console", "--format", "process"], env)
    assert (status, json.loads(awsx.shown)["Version"]) == (0, 1)
