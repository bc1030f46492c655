"""~/.aws of somebody who has worked in the made-up organisation for years."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import Organisation, User
from awsx.demo.folder import write
from awsx.demo.profiles import RENEWING_SESSION, Profile, every_profile

LONG_AGO = "2025-01-31T17:00:00Z"


def write_aws_files(home: Path, center: IdentityCenter) -> int:
    """Write ~/.aws; returns the number of profiles.

    One session has expired and needs a login; the other one renews itself at its next use.
    """
    organisation = center.organisation
    aws, cache = home / ".aws", home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, mode=0o700)
    web_identity_token = aws / "web-identity-token"
    profiles = every_profile(organisation, web_identity_token)
    write(aws / "config", config(organisation, profiles))
    write(aws / "credentials", credentials(organisation.user))
    write(web_identity_token, organisation.web_identity_token)
    write(cache / token_file_name(organisation.session_name), json.dumps(expired_token(center)))
    write(cache / token_file_name(RENEWING_SESSION), json.dumps(renewable_token(center)))
    return len(profiles) + 1  # the one in the file credentials


def config(organisation: Organisation, profiles: list[Profile]) -> str:
    sessions = [
        f"""\
[sso-session {name}]
sso_start_url = {organisation.start_url}
sso_region = {organisation.sso_region}
sso_registration_scopes = sso:account:access
"""
        for name in (organisation.session_name, RENEWING_SESSION)
    ]
    return "\n".join([*sessions, *map(str, profiles)])


def credentials(user: User) -> str:
    return f"""\
[{user.name}]
region = eu-west-1
aws_access_key_id = {user.access_key_id}
aws_secret_access_key = {user.secret_access_key}
"""


def token_file_name(session: str) -> str:
    """The AWS CLI names the file by the SHA-1 of the sso-session's name."""
    return f"{hashlib.sha1(session.encode()).hexdigest()}.json"


def expired_token(center: IdentityCenter) -> dict[str, str]:
    """The content of a token file that no longer helps: expired, without a refresh token."""
    token = center.log_in()
    center.revoke_sessions()
    del token["refreshToken"]
    return {**token, "expiresAt": LONG_AGO}


def renewable_token(center: IdentityCenter) -> dict[str, str]:
    """The content of a token file whose access token has ended and whose refresh token works."""
    token = center.log_in()
    center.expire_access_tokens()
    return {**token, "expiresAt": LONG_AGO}


def process_answer(user: User) -> str:
    """What a credential_process prints."""
    keys = {"AccessKeyId": user.access_key_id, "SecretAccessKey": user.secret_access_key}
    return json.dumps({"Version": 1, **keys})
