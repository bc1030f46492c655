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
    from _json import encode_basestring_ascii as quoted  # json would import re
except ImportError:
    from json.encoder import py_encode_basestring_ascii as quoted


def path(env: "Mapping[str, str]", profile: "Profile", session: "SsoSession") -> str:
    """Where the AWS CLI v2 keeps the role credentials of an SSO profile.

    (botocore/credentials.py, SSOCredentialFetcher._create_cache_key)
    """
    account, role = quoted(profile.get("sso_account_id")), quoted(profile.get("sso_role_name"))
    last = (
        f'"sessionName":{quoted(session.name)}'
        if session.name
        else f'"startUrl":{quoted(session.start_url)}'
    )
    text = f'{{"accountId":{account},"roleName":{role},{last}}}'
    return f"{paths.home(env)}/.aws/cli/cache/{tokens.sha1_hex(text)}.json"


def expiry(env: "Mapping[str, str]", profile: "Profile", session: "SsoSession") -> int | None:
    """When the role credentials of an SSO profile end (epoch seconds); None if there are none."""
    try:
        found = disk.read_json(path(env, profile, session))
    except AwsxError:
        return None
    credentials = found.get("Credentials")
    return tokens.epoch(credentials.get("Expiration")) if isinstance(credentials, dict) else None
