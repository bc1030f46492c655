"""A link that signs in to the console with temporary credentials. It is a secret for 15 minutes.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
"""

from __future__ import annotations

from urllib.parse import urlencode

from awsx.service import answers, web
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.credentials.keys import Keys

REFUSED = "AWS's sign-in refuses the credentials of profile {} (HTTP {})"
UNREACHABLE = "cannot reach AWS's sign-in at {}: {}; check the network or the VPN"
ODD = "AWS's sign-in gave no token for profile {}; try again"

ISSUER = "awsx"
# An endpoint of the person's own, as for any other service of AWS.
ENDPOINTS = ("AWS_ENDPOINT_URL_SIGNIN", "AWS_ENDPOINT_URL")


def endpoint(host: str, env: Mapping[str, str]) -> str:
    """The address of the federation endpoint, at `host` unless a variable names another."""
    own = next((env[name] for name in ENDPOINTS if env.get(name)), f"https://{host}")
    return f"{own.rstrip('/')}/federation"


def link(profile: str, keys: Keys, page: str, endpoint: str, seconds: int) -> str:
    """The link that leads to `page`, for a session of so many seconds; 0: as AWS has it.

    AWS takes no length for credentials of a chain of roles. Raises AwsxError if AWS refuses the
    credentials or cannot be asked.
    """
    import json

    session = {
        "sessionId": keys.access_key,
        "sessionKey": keys.secret_key,
        "sessionToken": keys.token,
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(session, separators=(",", ":"))}
    if seconds:
        asked["SessionDuration"] = str(seconds)
    reply = web.ask("GET", f"{endpoint}?{urlencode(asked)}")
    if reply.status == 0:
        raise AwsxError(UNREACHABLE.format(clean(endpoint, 200), _without_query(reply.text)))
    if reply.status != 200:
        raise AwsxError(REFUSED.format(clean(profile), reply.status))
    token = answers.fields(reply.text.encode()).get("SigninToken")
    if not isinstance(token, str) or not token:
        raise AwsxError(ODD.format(clean(profile)))
    login = {"Action": "login", "Issuer": ISSUER, "Destination": page, "SigninToken": token}
    return f"{endpoint}?{urlencode(login)}"


def _without_query(text: str) -> str:
    """An error's text up to the question mark of an address in it, behind which the keys stand."""
    return clean(text.partition("?")[0], 200)
