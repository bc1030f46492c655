"""~/.aws of somebody who has worked in the made-up organisation for years: every kind of profile there is."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import BREAK_GLASS_ROLE, DEPLOY_ROLE, Account, Organisation

SHORT = {
    "AdministratorAccess": "admin",
    "ReadOnlyAccess": "readonly",
    "PowerUserAccess": "poweruser",
}
REGIONS = {
    "prod": "eu-west-1",
    "staging": "eu-central-1",
    "dev": "us-east-1",
    "sandbox": "eu-north-1",
}
# Where a person has profiles for every role; elsewhere for the first two (`awsx populate` finds the rest).
EVERY_ROLE = ("dev", "sandbox")
# On PATH: what credential_process names.
CREDENTIALS = "demo-credentials"


def make_home(home: Path, center: IdentityCenter) -> int:
    """Write ~/.aws with a session that has expired and cannot be renewed; how many profiles there are."""
    aws = home / ".aws"
    (aws / "sso" / "cache").mkdir(parents=True, mode=0o700)
    token_path = aws / "web-identity-token"
    text = config(center.organisation, token_path)
    write(aws / "config", text)
    write(aws / "credentials", credentials(center.organisation))
    write(token_path, center.organisation.web_identity_token)
    key = hashlib.sha1(center.organisation.session_name.encode()).hexdigest()
    write(aws / "sso" / "cache" / f"{key}.json", json.dumps(expired_token(center)))
    return text.count("[profile ") + len(["ci"])


def write(path: Path, text: str, mode: int = 0o600) -> None:
    with open(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
    ) as file:
        file.write(text)


def expired_token(center: IdentityCenter) -> dict[str, str]:
    token = center.log_in()
    center.revoke_sessions()
    del token["refreshToken"]
    return {**token, "expiresAt": "2025-01-31T17:00:00Z"}


def config(organisation: Organisation, web_identity_token: Path) -> str:
    session = f"""\
[sso-session {organisation.session_name}]
sso_start_url = {organisation.start_url}
sso_region = {organisation.sso_region}
sso_registration_scopes = sso:account:access
"""
    permission_sets = [
        sso_profile(organisation, a, role) for a in organisation.accounts for role in roles(a)
    ]
    return "\n".join([session, *permission_sets, other_kinds(organisation, web_identity_token)])


def roles(account: Account) -> tuple[str, ...]:
    return account.roles if stage(account) in EVERY_ROLE else account.roles[:2]


def stage(account: Account) -> str:
    return account.name.rpartition("-")[2]


def profile_name(account: Account, role: str) -> str:
    """payments-prod-admin"""
    return f"{account.name}-{SHORT.get(role) or role.removesuffix('Access').lower()}"


def sso_profile(organisation: Organisation, account: Account, role: str) -> str:
    return f"""\
[profile {profile_name(account, role)}]
sso_session = {organisation.session_name}
sso_account_id = {account.id}
sso_role_name = {role}
region = {REGIONS[stage(account)]}
"""


def other_kinds(organisation: Organisation, web_identity_token: Path) -> str:
    prod, staging, dev, *_ = organisation.accounts
    last, role = organisation.accounts[-1], dev.roles[0]
    return f"""\
[profile legacy]
sso_start_url = {organisation.start_url}
sso_region = {organisation.sso_region}
sso_account_id = {dev.id}
sso_role_name = {role}
region = us-east-1

[profile "{last.name.replace("-", " ")}"]
sso_session = {organisation.session_name}
sso_account_id = {last.id}
sso_role_name = {role}
region = eu-north-1

[profile no-region]
sso_session = {organisation.session_name}
sso_account_id = {dev.id}
sso_role_name = {role}

[profile deploy-staging]
role_arn = {staging.role_arn(DEPLOY_ROLE)}
source_profile = {profile_name(dev, role)}
region = eu-central-1

[profile deploy-prod]
role_arn = {prod.role_arn(DEPLOY_ROLE)}
source_profile = deploy-staging
region = eu-west-1

# Here the code of the MFA device is always 123456.
[profile break-glass]
role_arn = {prod.role_arn(BREAK_GLASS_ROLE)}
source_profile = ci
mfa_serial = {organisation.user.mfa_serial}
region = eu-west-1

[profile vault]
credential_process = {CREDENTIALS}
region = eu-west-1

[profile pod]
role_arn = {dev.role_arn(DEPLOY_ROLE)}
web_identity_token_file = {web_identity_token}
region = us-east-1

[profile console-login]
login_session = arn:aws:iam::{dev.id}:user/alice
region = us-east-1
"""


def credentials(organisation: Organisation) -> str:
    user = organisation.user
    return f"""\
[ci]
region = eu-west-1
aws_access_key_id = {user.access_key_id}
aws_secret_access_key = {user.secret_access_key}
"""


def process_answer(organisation: Organisation) -> str:
    """What a credential_process prints."""
    user = organisation.user
    keys = {"AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
    return json.dumps({"Version": 1, **keys})
