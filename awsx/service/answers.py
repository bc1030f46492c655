"""AWS's answers, read as data from outside: each field is there and of its kind, or an error."""

from __future__ import annotations

from awsx.service import errors
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from awsx.files.profiles import SsoSession

    Answer = dict[str, Any]  # what AWS answers, by the names of its API: accessToken
    Kind = tuple[Callable[[object, str], bool], str]

HAS_NO = "AWS's answer for the session {} has no {} ({}); {}"
IS_NO = "AWS's answer for the session {} has a {} that is no {}: {} ({}); {}"
WHAT_NOW = "try again, and look at what stands between this machine and AWS"

LONGEST = 16 * 1024  # characters of one text
YEAR = 366 * 86400
END_OF_9999 = 253402300799
URL = r"https?://[A-Za-z0-9_.~:/?#\[\]@!$&'()*+,;=%-]+"  # RFC 3986


def _is_text(value: object, _: str) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _is_lifetime(value: object, _: str) -> bool:
    return type(value) is int and 0 < value <= YEAR


def _is_time(value: object, _: str) -> bool:
    return type(value) is int and 0 <= value <= END_OF_9999


def _is_pause(value: object, _: str) -> bool:
    return type(value) is int and 0 <= value <= 600


def _is_list(value: object, _: str) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_object(value: object, _: str) -> bool:
    return isinstance(value, dict)


def is_web_address(value: object, endpoint: str) -> bool:
    """True for an address that may go to a browser.

    It is an https one; on the host of an endpoint without TLS (a test's), an http one will do.
    """
    import re
    from urllib.parse import urlsplit

    if not _is_text(value, "") or not re.fullmatch(URL, str(value)):
        return False
    try:
        url, asked = urlsplit(str(value)), urlsplit(endpoint)
        url.port  # noqa: B018 - raises ValueError for what is no port
    except ValueError:
        return False
    is_safe = url.scheme == "https" or (asked.scheme, asked.hostname) == ("http", url.hostname)
    return is_safe and bool(url.hostname) and "@" not in url.netloc


TEXT: Kind = (_is_text, "text")
LIFETIME: Kind = (_is_lifetime, "number of seconds")
TIME: Kind = (_is_time, "time")
PAUSE: Kind = (_is_pause, "short time")
LIST: Kind = (_is_list, "list")
ADDRESS: Kind = (is_web_address, "web address")
SECRETS: Kind = (_is_object, "object")

# The fields that awsx uses, by the name of the operation in boto3.
NEEDED: dict[str, dict[str, Kind]] = {
    "register_client": {"clientId": TEXT, "clientSecret": TEXT, "clientSecretExpiresAt": TIME},
    "start_device_authorization": {
        "deviceCode": TEXT,
        "userCode": TEXT,
        "verificationUriComplete": ADDRESS,
    },
    "create_token": {"accessToken": TEXT, "expiresIn": LIFETIME},
    "logout": {},
    "list_accounts": {"accountList": LIST},
    "list_account_roles": {"roleList": LIST},
    "get_role_credentials": {"roleCredentials": SECRETS},
}
OPTIONAL: dict[str, dict[str, Kind]] = {
    "start_device_authorization": {"expiresIn": (_is_time, "number of seconds"), "interval": PAUSE},
    "list_accounts": {"nextToken": TEXT},
    "list_account_roles": {"nextToken": TEXT},
}
DROPPED = {"create_token": {"refreshToken": TEXT}}  # a login without it is better than none


def read(operation: str, answer: Answer, session: SsoSession, endpoint: str) -> Answer:
    """The answer, with every field of its kind. Raises AwsxError.

    botocore takes a page of HTML with status 200 for an empty answer. What AWS itself answers has
    the id of the request in a header.
    """
    needed = NEEDED[operation]
    has_some = any(answer.get(name) or answer.get(name) == [] for name in needed)
    if not has_some and (needed or not _request_id(answer)):
        raise errors.not_aws(answer, session)
    for name, kind in needed.items():
        if answer.get(name) is None:
            raise AwsxError(HAS_NO.format(clean(session.label), name, operation, WHAT_NOW))
        _check(name, answer[name], kind, (operation, session, endpoint))
    for name, kind in OPTIONAL.get(operation, {}).items():
        if answer.get(name) is not None:
            _check(name, answer[name], kind, (operation, session, endpoint))
    dropped = DROPPED.get(operation, {})
    unfit = {name for name, (is_fit, _) in dropped.items() if not is_fit(answer.get(name), "")}
    return {name: value for name, value in answer.items() if name not in unfit}


def fields(body: bytes) -> Answer:
    """The fields of an answer's JSON; none if it has no JSON object."""
    import json

    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _request_id(answer: Answer) -> str:
    return str(answer.get("ResponseMetadata", {}).get("RequestId") or "")


def _check(name: str, value: object, kind: Kind, asked: tuple[str, SsoSession, str]) -> None:
    """Raises AwsxError if a field is not of its kind. A secret is not shown."""
    (is_fit, what), (operation, session, endpoint) = kind, asked
    if not is_fit(value, endpoint):
        shown = "not shown" if kind in (TEXT, SECRETS) else clean(str(value), 60)
        label = clean(session.label)
        raise AwsxError(IS_NO.format(label, name, what, shown, operation, WHAT_NOW))
