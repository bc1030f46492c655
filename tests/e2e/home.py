"""The HOME of a person who works with the made-up organisation, and an environment for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from awsx.demo import IdentityCenter, Organisation
from awsx.demo.fake_browser import install, links

PROD, DEV, ROLE = "payments-prod", "payments-dev", "AdministratorAccess"


def make_home(home: Path, organisation: Organisation) -> Path:
    """Make the profiles prod, dev, no-access (sso-session), legacy, deploy (role), ci (keys)."""
    (home / ".aws").mkdir(parents=True, exist_ok=True)
    (home / ".aws" / "config").write_text(config(organisation), encoding="utf-8")
    (home / ".aws" / "credentials").write_text(credentials(organisation), encoding="utf-8")
    return home


def config(organisation: Organisation) -> str:
    prod, dev = organisation.account(PROD), organisation.account(DEV)
    return f"""\
[sso-session {organisation.session_name}]
sso_start_url = {organisation.start_url}
sso_region = {organisation.sso_region}
sso_registration_scopes = sso:account:access

[profile prod]
sso_session = {organisation.session_name}
sso_account_id = {prod.id}
sso_role_name = {ROLE}
region = eu-west-1

[profile dev]
sso_session = {organisation.session_name}
sso_account_id = {dev.id}
sso_role_name = {ROLE}
region = eu-central-1

[profile legacy]
sso_start_url = {organisation.start_url}
sso_region = {organisation.sso_region}
sso_account_id = {dev.id}
sso_role_name = {ROLE}
region = eu-west-1

[profile deploy]
role_arn = {dev.role_arn("Deploy")}
source_profile = prod
region = eu-west-1

[profile no-access]
sso_session = {organisation.session_name}
sso_account_id = {prod.id}
sso_role_name = AWSReservedSSO_{ROLE}_0123456789abcdef
region = eu-west-1
"""


def credentials(organisation: Organisation) -> str:
    user = organisation.user
    return f"""\
[ci]
region = eu-west-1
aws_access_key_id = {user.access_key_id}
aws_secret_access_key = {user.secret_access_key}
"""


def aws_variables(center: IdentityCenter, folder: Path) -> dict[str, str]:
    """Variables that make AWS's tools talk to `center`, and open links with a made-up browser.

    The browser is put into `folder`.
    """
    return {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "BROWSER": str(install(folder)),
        **center.environment(),
    }


def opened(env: dict[str, str]) -> list[str]:
    """The links that the browser of this environment was given."""
    return links(Path(env["BROWSER"]).parent)


def token_path(home: Path, session: str = "corp") -> Path:
    """The token file of an sso-session, by its name, or of a legacy start URL."""
    return home / ".aws" / "sso" / "cache" / f"{hashlib.sha1(session.encode()).hexdigest()}.json"


def log_in(home: Path, center: IdentityCenter, legacy: bool = False) -> Path:
    """Write the token file that `aws sso login` would write, which takes a second; its path."""
    key = center.start_url if legacy else center.organisation.session_name
    token = token_path(home, key)
    token.parent.mkdir(parents=True, exist_ok=True)
    token.write_text(json.dumps(center.log_in(legacy)), encoding="utf-8")
    token.chmod(0o600)
    return token
