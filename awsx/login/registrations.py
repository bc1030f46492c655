"""Client registrations: as whom a login asks AWS, kept in ~/.aws/sso/cache as the AWS CLI does.

A registration lives for about 90 days and is good for one start URL, region, session name and list
of scopes. The browser flow and the device flow share one file name, so each overwrites the other's
registration, as in the AWS CLI.
"""

from __future__ import annotations

import time

from awsx.files import disk, tokens
from awsx.service.oidc import DEFAULT_SCOPE, Oidc
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession

GRANTS = ["authorization_code", "refresh_token"]  # of the browser flow; the device flow names none
REDIRECT = "http://127.0.0.1/oauth/callback"  # registered without a port: RFC 8252 lets it vary
MARGIN = 15 * 60  # seconds that must be left (botocore does not reuse a registration with less)


def path(env: Mapping[str, str], session: SsoSession) -> str:
    """The registration's file: its name is the sha1 of all that the registration is good for.

    (AWS CLI v2, botocore/utils.py, _registration_cache_key)
    """
    import json

    made_for = {
        "tool": "botocore",
        "startUrl": session.start_url,
        "region": session.region,
        "scopes": session.scopes,
        "session_name": session.name or None,
    }
    return tokens.path(env, tokens.sha1_hex(json.dumps(made_for, sort_keys=True)))


def cached_or_new(oidc: Oidc, env: Mapping[str, str], by_browser: bool) -> dict[str, object]:
    """The cached registration if AWS still knows it, else a new one. Raises as Oidc does."""
    cached = load(env, oidc.session, by_browser)
    if cached and oidc.knows(cached):
        return cached
    answer = oidc.register(REDIRECT, GRANTS) if by_browser else oidc.register()
    return save(env, oidc.session, answer, by_browser)


def drop_forgotten(env: Mapping[str, str], session: SsoSession) -> None:
    """Delete a cached registration that AWS has forgotten.

    The AWS CLI would use it all the same, and wait ten minutes for its browser.
    """
    cached = load(env, session)
    if cached and not Oidc(session).knows(cached):
        forget(env, session)


def load(
    env: Mapping[str, str], session: SsoSession, by_browser: bool | None = None
) -> dict[str, object] | None:
    """The cached registration, if it is good for that flow (None: for either); else None."""
    try:
        found = disk.read_json(path(env, session))
    except AwsxError:
        return None
    ends = tokens.epoch(found.get("expiresAt"))
    if ends is None or ends < time.time() + MARGIN:
        return None
    if not (found.get("clientId") and found.get("clientSecret")):
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
    """Delete the cached registration, if there is one."""
    disk.remove(path(env, session))
