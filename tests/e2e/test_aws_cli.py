"""The real AWS CLI v2 and boto3 against the made-up Identity Center.

They show what awsx relies on, and that the made-up one behaves as AWS does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from .awscli import run
from .home import DEV, PROD, log_in, opened, token_path

pytestmark = pytest.mark.awscli

IDENTITY = """
import boto3, sys
print(boto3.Session(profile_name=sys.argv[1]).client("sts").get_caller_identity()["Account"])
"""


def account_of(env: dict[str, str], profile: str) -> str:
    done = run(env, "sts", "get-caller-identity", "--profile", profile, "--query", "Account")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout))


def account_of_boto3(env: dict[str, str], profile: str) -> str:
    # In a process of its own: botocore fixes the folder of the tokens when it is imported.
    done = subprocess.run(
        [sys.executable, "-c", IDENTITY, profile],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_login_by_the_browser_serves_the_cli_and_boto3(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    done = run(env, "sso", "login", "--sso-session", "corp")

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"Successfully logged into Start URL: {center.start_url}\n")
    assert center.log.operations() == ["RegisterClient", "Authorize", "CreateToken"]
    assert len(opened(env)) == 1
    token = json.loads(token_path(home).read_text())
    assert {"accessToken", "refreshToken", "clientId", "clientSecret", "expiresAt"} <= set(token)
    assert account_of(env, "prod") == center.organisation.account(PROD).id
    assert account_of_boto3(env, "dev") == center.organisation.account(DEV).id


def test_a_login_by_device_code_polls_for_the_token(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.device_pending_polls = 1

    done = run(env, "sso", "login", "--sso-session", "corp", "--use-device-code")

    assert done.returncode == 0, done.stderr
    assert f"{center.url}/device" in done.stdout
    assert center.log.count("CreateToken") == 2
    assert center.log.count("Authorize") == 0
    assert json.loads(token_path(home).read_text())["refreshToken"]


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        ([], 255, "Failed to retrieve an authorization code"),
        (
            ["--use-device-code"],
            254,
            "(AccessDeniedException) when calling the CreateToken operation",
        ),
    ],
)
def test_a_denied_login_leaves_no_token(
    env: dict[str, str],
    center: IdentityCenter,
    home: Path,
    flags: list[str],
    code: int,
    message: str,
) -> None:
    center.behaviour.decision = "deny"
    center.behaviour.device_pending_polls = 1

    done = run(env, "sso", "login", "--sso-session", "corp", *flags)

    assert done.returncode == code
    assert message in done.stderr
    assert not token_path(home).exists()


def test_an_expired_device_code_fails_the_login(
    env: dict[str, str], center: IdentityCenter
) -> None:
    center.behaviour.device_code_lifetime = 0

    done = run(env, "sso", "login", "--sso-session", "corp", "--use-device-code")

    assert done.returncode == 255
    assert "has expired" in done.stderr


def test_an_expired_access_token_is_renewed(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.access_token_lifetime = 0
    token = log_in(home, center)
    before = json.loads(token.read_text())
    center.behaviour.access_token_lifetime = 3600

    assert account_of(env, "prod") == center.organisation.account(PROD).id

    assert center.log.count("CreateToken", "refresh_token") == 1
    after = json.loads(token.read_text())
    assert after["accessToken"] != before["accessToken"]
    # botocore reads the CLI's new token, and the CLI's old refresh token is spent.
    assert account_of_boto3(env, "dev") == center.organisation.account(DEV).id
    assert center.log.count("CreateToken") == 1


def test_a_revoked_session_cannot_be_renewed(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.access_token_lifetime = 0
    log_in(home, center)
    center.revoke_sessions()

    done = run(env, "sts", "get-caller-identity", "--profile", "prod")

    assert done.returncode == 255
    assert "Token has expired and refresh failed" in done.stderr


def test_a_legacy_profile_logs_in_by_device_code_without_a_refresh_token(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.device_pending_polls = 1

    done = run(env, "sso", "login", "--profile", "legacy")

    assert done.returncode == 0, done.stderr
    assert center.log.count("StartDeviceAuthorization") == 1
    assert "refreshToken" not in json.loads(token_path(home, center.start_url).read_text())
    assert account_of(env, "legacy") == center.organisation.account(DEV).id


def test_a_role_is_assumed_with_its_source_profile(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    role = center.organisation.account(DEV).role_arn("Deploy")

    assert account_of(env, "deploy") == center.organisation.account(DEV).id
    assert center.log.count("AssumeRole", role) == 1
    # `aws sso login` doesn't look for the session behind the source profile.
    assert run(env, "sso", "login", "--profile", "deploy").returncode == 253


def test_a_role_that_is_not_assigned_is_refused(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)

    done = run(env, "sts", "get-caller-identity", "--profile", "no-access")

    assert done.returncode == 254
    assert (
        "(ForbiddenException) when calling the GetRoleCredentials operation: No access"
        in done.stderr
    )


def test_a_logout_reaches_the_server(
    env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    token = log_in(home, center)

    assert run(env, "sso", "logout").returncode == 0

    assert center.log.count("Logout") == 1
    assert not token.exists()


def test_the_aws_cli_does_not_replace_a_registration_that_aws_forgot(
    env: dict[str, str], center: IdentityCenter
) -> None:
    center.behaviour.device_pending_polls = 1
    device_code = ("sso", "login", "--sso-session", "corp", "--use-device-code")
    assert run(env, *device_code).returncode == 0
    center.forget_clients()

    done = run(env, *device_code)

    assert done.returncode == 254
    assert (
        "(InvalidClientException) when calling the StartDeviceAuthorization operation"
        in done.stderr
    )


def test_static_keys_belong_to_their_account(env: dict[str, str], center: IdentityCenter) -> None:
    assert account_of(env, "ci") == center.organisation.user.account_id
