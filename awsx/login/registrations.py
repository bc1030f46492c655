"""The client registrations the AWS CLI keeps in ~/.aws/sso/cache: as who a login asks.

A registration lives for about 90 days and is good for one start URL, region, session name and list of scopes. The
browser flow (PKCE) and the device flow share one file name and throw each other's content away, as in the AWS CLI.
"""

from __future__ import annotations

import time

from awsx.files import disk, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession

GRANTS = ["authorization_code", "refresh_token"]  # of the browser flow; the device flow names none
DEFAULT_SCOPE = "sso:account:access"
MARGIN = 15 * 60  # seconds that must be left (botocore does not reuse one with less)


def path(env: Mapping[str, str], session: SsoSession) -> str:
    """sha1 over what the registration is good for (AWS CLI v2, botocore/utils.py, _registration_cache_key)."""
    import json

    made_for = {
        "tool": "botocore",
        "startUrl": session.start_url,
        "region": session.region,
        "scopes": session.scopes,
        "session_name": session.name or None,
    }
    return tokens.path(env, tokens.sha1_hex(json.dumps(made_for, sort_keys=True)))


def load(
    env: Mapping[str, str], session: SsoSession, by_browser: bool | None = None
) -> dict[str, object] | None:
    """The cached registration if it is good for that flow (None: for any); else None."""
    try:
        found = disk.read_json(path(env, session))
    except AwsxError:
        return None
    ends = tokens.epoch(found.get("expiresAt"))
    if (
        not (found.get("clientId") and found.get("clientSecret"))
        or ends is None
        or ends < time.time() + MARGIN
    ):
        return None
    if by_browser is not None and by_browser != bool(found.get("grantTypes")):
        return None
    return found


def save(
    env: Mapping[str, str], session: SsoSession, answer: Mapping[str, object], by_browser: bool
) -> dict[str, object]:
    """Write RegisterClient's answer as the AWS CLI does, and return what was written."""
    content: dict[str, object] = {
        "clientId": answer["clientId"],
        "clientSecret": answer["clientSecret"],
        "expiresAt": tokens.iso(int(str(answer["clientSecretExpiresAt"]))),
    }
    if session.scopes or by_browser:
        content["scopes"] = session.scopes or [DEFAULT_SCOPE]
    if by_browser:
        content["grantTypes"] = GRANTS
    tokens.write_cache(path(env, session), content, env)
    return content


def forget(env: Mapping[str, str], session: SsoSession) -> None:
    """Delete one that AWS does not know any more."""
    disk.remove(path(env, session))
