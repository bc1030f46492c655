"""awsx logout: one session ends, on this machine and at AWS; everything else stays."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from . import awscli
from .at_terminal import run
from .home import log_in, token_path
from .test_aws_cli import account_of

CACHES = (".aws/sso/cache", ".aws/cli/cache")


def files(home: Path) -> set[str]:
    return {
        str(path.relative_to(home)) for cache in CACHES for path in (home / cache).glob("*.json")
    }


@pytest.mark.awscli
def test_logout_deletes_one_session_and_nothing_else(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """The cached credentials are the real AWS CLI's: of SSO profiles, legacy ones, and roles."""
    config = home / ".aws" / "config"
    text = config.read_text()
    more = text[text.index("[profile deploy]") :].partition("\n\n")[0]
    config.write_text(
        f"{text}\n{more.replace('deploy]', 'long]')}\nduration_seconds = 1800\n"
        + "role_session_name = me\nexternal_id = partner\n"
        f"\n{more.replace('deploy]', 'deploy2]').replace('prod', 'dev2')}\n"
        "role_session_name = two\n"
        f"\n[sso-session other]\nsso_start_url = {center.start_url}\nsso_region = eu-west-1\n"
        + text[text.index("[profile dev]") :]
        .partition("\n\n")[0]
        .replace("dev]", "dev2]")
        .replace("corp", "other")
    )
    log_in(home, center)
    other, legacy = token_path(home, "other"), token_path(home, center.start_url)
    for path, is_legacy in ((other, False), (legacy, True)):
        path.write_text(json.dumps(center.log_in(is_legacy)))
    (home / ".aws/sso/cache/toolkit.json").write_text('{"accessToken": "an IDE\'s"}')
    registration = home / ".aws/sso/cache/0123.json"
    registration.write_text(
        '{"clientId": "x", "clientSecret": "y", "expiresAt": "2030-01-01T00:00:00Z"}'
    )
    for profile in ("dev2", "deploy2", "legacy", "ci"):
        account_of(env, profile)
    kept = files(home) - {str(token_path(home).relative_to(home))}
    for profile in ("prod", "dev", "deploy", "long"):
        account_of(env, profile)
    assert len(files(home) - kept) == 5  # two accounts, two roles, one token

    status, awsx = run(["logout", "prod"], env)

    assert (status, awsx.shown) == (0, "awsx: corp: logged out\n")
    assert files(home) == kept
    assert center.log.count("Logout") == 1
    assert awscli.run(env, "sts", "get-caller-identity", "--profile", "prod").returncode == 255
    assert account_of(env, "dev2") == account_of(env, "legacy")


def test_a_second_logout_succeeds(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    assert run(["logout", "prod"], environment)[1].shown == "awsx: corp: was logged out already\n"
    log_in(home, center)
    center.revoke_sessions()
    status, awsx = run(["logout", "--session", "corp"], environment)
    assert (status, awsx.shown) == (0, "awsx: corp: logged out\n")
    assert not token_path(home).exists()


def test_with_an_expired_token_the_session_still_ends_at_aws(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """AWS takes only a valid access token for it; the refresh token would work for days."""
    path = log_in(home, center)
    token = json.loads(path.read_text())
    path.write_text(json.dumps({**token, "expiresAt": "2020-01-01T00:00:00Z"}))
    center.expire_access_tokens()
    assert run(["logout", "prod"], environment)[0] == 0
    assert [entry.status for entry in center.log if entry.operation == "Logout"] == [200]
    assert files(home) == set()


def test_an_offline_logout_says_that_aws_could_not_be_told(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    center.stop()
    status, awsx = run(["logout", "prod"], environment)
    assert status == 0
    assert len(awsx.talk.split("awsx: ")) == 2
    assert "corp: logged out on this machine; AWS could not be told: cannot reach AWS" in awsx.talk
    assert not token_path(home).exists()


def test_logout_all_ends_every_session(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    log_in(home, center, legacy=True)
    status, awsx = run(["logout", "--all"], environment)
    assert (status, awsx.shown) == (
        0,
        f"awsx: corp: logged out\nawsx: {center.start_url}: logged out\n",
    )
    assert center.log.count("Logout") == 2
    assert files(home) == set()


def test_a_file_that_cannot_be_deleted_is_an_error(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    path = token_path(home)
    path.mkdir(parents=True)
    (path / "x").write_text("")
    status, awsx = run(["logout", "prod"], environment)
    assert status == 1
    assert f"cannot delete ~/.aws/sso/cache/{path.name}" in awsx.talk


def test_list_and_current_show_the_end_of_the_session(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    env = {**environment, "AWS_PROFILE": "prod"}
    assert re.search(r"\b(1h|59m)\+", run(["ls", "prod"], env)[1].shown)
    run(["logout"], env)
    assert "expired" in run(["ls", "prod"], env)[1].shown
    assert "expired" in run(["current"], env)[1].shown


def test_a_profile_without_a_session_is_an_error(environment: dict[str, str]) -> None:
    status, awsx = run(["logout", "ci"], environment)
    assert (status, awsx.shown) == (
        1,
        "awsx: profile ci (keys) has no SSO session, so there is nothing to log out of\n",
    )


def test_logout_has_help() -> None:
    env = {"HOME": "/", "PATH": os.defpath, "TERM": "dumb"}
    assert run(["logout", "--help"], env)[1].shown.count("awsx logout") > 1
