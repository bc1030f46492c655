"""The role credentials that the AWS CLI v2 keeps in ~/.aws/cli/cache.

A file there may be half written, belong to another tool or have an older format. A file that this
module cannot understand counts as absent.
"""

from awsx.files import disk, paths, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Profile, SsoSession

try:
    from _json import encode_basestring_ascii  # json would import re
except ImportError:
    from json.encoder import py_encode_basestring_ascii as encode_basestring_ascii
quoted = encode_basestring_ascii  # a text as JSON has it


# botocore takes credentials from the cache only if they last longer than this.
# (credentials.py, CachedCredentialFetcher)
NEEDED_SECONDS = 15 * 60
# The name of a cached assume-role result is made of these, in this order.
# (botocore/credentials.py, AssumeRoleCredentialFetcher and _load_creds_via_assume_role)
ROLE_KEYS = (
    ("DurationSeconds", "duration_seconds"),
    ("ExternalId", "external_id"),
    ("RoleArn", "role_arn"),
    ("RoleSessionName", "role_session_name"),
    ("SerialNumber", "mfa_serial"),
)


def path(env: "Mapping[str, str]", profile: "Profile", session: "SsoSession") -> str:
    """Where the AWS CLI v2 keeps the role credentials of an SSO profile, or of a role over one.

    (botocore/credentials.py, SSOCredentialFetcher._create_cache_key)
    """
    if profile.kind == "role":
        return assumed_path(env, profile)
    account, role = quoted(profile.get("sso_account_id")), quoted(profile.get("sso_role_name"))
    last = (
        f'"sessionName":{quoted(session.name)}'
        if session.name
        else f'"startUrl":{quoted(session.start_url)}'
    )
    text = f'{{"accountId":{account},"roleName":{role},{last}}}'
    return _file(env, text)


def assumed_path(env: "Mapping[str, str]", profile: "Profile", duration: int = 0) -> str:
    """Where the AWS CLI keeps the credentials of a role that it has assumed.

    `duration` takes the place of the profile's duration_seconds, unless it is 0.
    """
    given = []
    for name, key in ROLE_KEYS:
        text = profile.get(key)
        if duration and key == "duration_seconds":
            text = str(duration)
        if key == "duration_seconds":
            try:
                given.append(f'"{name}": {int(text)}')
            except ValueError:  # botocore ignores it
                continue
        elif text:
            given.append(f'"{name}": {quoted(text)}')
    return _file(env, "{" + ", ".join(given) + "}")


def _file(env: "Mapping[str, str]", text: str) -> str:
    return f"{paths.home(env)}/.aws/cli/cache/{tokens.sha1_hex(text)}.json"


def expiry(env: "Mapping[str, str]", profile: "Profile", session: "SsoSession") -> int | None:
    """When the cached role credentials of a profile end (epoch seconds); None if there are none."""
    if session.is_login and profile.kind != "role":
        return None  # the AWS CLI keeps its credentials in the session's own file
    try:
        found = disk.read_json(path(env, profile, session))
    except AwsxError:
        return None
    credentials = found.get("Credentials")
    return tokens.epoch(credentials.get("Expiration")) if isinstance(credentials, dict) else None


def until(
    env: "Mapping[str, str]", links: "list[Profile]", session: "SsoSession", now: float
) -> int:
    """Until when the AWS CLI goes on without the session (epoch seconds); 0 if it can't.

    `links` is the profile's chain. Role credentials of each link make those of the links before it.
    """
    ends = [expiry(env, link, session) or 0 for link in links]
    last = max(ends) - NEEDED_SECONDS
    return last if last > now else 0
