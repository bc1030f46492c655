"""Why a call to AWS failed: Refused for AWS's own no, else one line that says what to do."""

from __future__ import annotations

import os

from awsx.files import disk, paths, profiles
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.service.answers import Answer

UNREACHABLE = "cannot reach AWS for the session {}: {}; check the network or the VPN{}"
UNTRUSTED = (
    "cannot trust AWS's certificate for the session {}: {};"
    " name your proxy's certificate in AWS_CA_BUNDLE"
)
SILENCE = "no answer within half a minute"
NOT_AWS = (
    "something that is not AWS answered for the session {} ({}):"
    " a captive portal, or a proxy's login page?"
)
THROTTLED = "AWS asks to slow down (session {}); try again in a minute"
TROUBLE = "AWS has trouble of its own (session {}: {}); try again in a minute"
UNUSABLE = "the session {} cannot be used: {}; see sso_region ({})"
UNREADABLE = "botocore cannot read {}: {}; the session {} cannot be used until it can"
NO_SUCH_REGION = "; is sso_region = {} right ({})?"
THROTTLING = ("TooManyRequestsException", "ThrottlingException")
# Of a long chain of wrapped errors, the part from one of these words on is what helps a person.
CAUSES = (
    "Name or service not known",
    "nodename nor servname",
    "Connection refused",
    "timed out",
    "certificate",
)


class NoAnswer(AwsxError):
    """The server took the question and does not answer it."""

    kind = "unreachable"


class Throttled(AwsxError):
    """AWS answers fewer questions a second than it was asked."""


class Refused(Exception):
    """AWS answered, and the answer is no. `code` is AWS's reason: InvalidGrantException."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message or code)
        self.code = code


def reason(response: Mapping[str, object]) -> tuple[str, str]:
    """AWS's code and message in an error response, fit for a screen."""
    found = response.get("Error")
    error: Mapping[str, object] = found if isinstance(found, dict) else {}
    return clean(str(error.get("Code", ""))), clean(str(error.get("Message", "")), 300)


def of_response(response: Answer, session: SsoSession) -> Exception:
    """The error that AWS's error response stands for."""
    error: Answer = dict(response.get("Error", {}))
    code, status = str(error.get("Code", "")), _status(response)
    if code in THROTTLING or status == 429:
        return Throttled(THROTTLED.format(clean(session.label)))
    # AWS names a reason; where the code is a bare HTTP status, no service of AWS wrote the answer.
    if not code.isidentifier():
        return not_aws(response, session)
    if status >= 500:
        return AwsxError(TROUBLE.format(clean(session.label), clean(code)))
    return Refused(code, str(error.get("Message", "")))


def of_failure(error: Exception, session: SsoSession) -> AwsxError:
    """The error for a call that brought no response that botocore could read."""
    from botocore.exceptions import BotoCoreError, ConnectionError, HTTPClientError, SSLError

    label = clean(session.label)
    if isinstance(error, SSLError):
        return AwsxError(UNTRUSTED.format(label, cause(error)))
    if isinstance(error, ConnectionError | HTTPClientError):
        text = UNREACHABLE.format(label, cause(error), _hint(session))
        return AwsxError(text, kind="unreachable")
    if isinstance(error, BotoCoreError):
        return unusable(error, session)  # FIPS with an endpoint of one's own
    return AwsxError(NOT_AWS.format(label, "no JSON"))


def silent(session: SsoSession) -> NoAnswer:
    """The error for a server that does not answer."""
    return NoAnswer(UNREACHABLE.format(clean(session.label), SILENCE, _hint(session)))


def not_aws(answer: Answer, session: SsoSession) -> AwsxError:
    """The error for an answer that no service of AWS gives."""
    code = answer.get("Error", {}).get("Code", "")
    return AwsxError(NOT_AWS.format(clean(session.label), f"HTTP {_status(answer) or code}"))


def unusable(error: Exception, session: SsoSession) -> AwsxError:
    """The error for a session with which botocore cannot even make a client."""
    if isinstance(error, OSError) and error.filename:  # a disk that fails, a file without a right
        path = paths.tilde(str(error.filename), os.environ)
        return AwsxError(UNREADABLE.format(path, disk.reason(error), clean(session.label)))
    why, place = str(error).rstrip("."), region_place(os.environ, session)
    return AwsxError(UNUSABLE.format(clean(session.label), why, place))


def region_place(env: Mapping[str, str], session: SsoSession) -> str:
    """`~/.aws/config:3`, where the session's sso_region stands."""
    return place(env, session, "sso_region")


def place(env: Mapping[str, str], session: SsoSession, key: str) -> str:
    """`~/.aws/config:2`, where a key of the session stands."""
    config = profiles.Config(env)
    if not session.name:
        holder = config.profile(session.holder)
        return holder.place(key) if holder else clean(session.holder)
    section = config.session_section(session.name)
    line = section.line_of(key) if section else 0
    return f"{paths.tilde(config.config.path, env)}:{line}"


def _status(answer: Answer) -> int:
    """The HTTP status of an answer; 0 if it has none."""
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)


def _hint(session: SsoSession) -> str:
    """What else may be wrong where AWS cannot be reached: a region that AWS lacks, or the proxy."""
    if not _is_region(session.region):
        return NO_SUCH_REGION.format(clean(session.region), region_place(os.environ, session))
    proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    return f", and the proxy {_without_password(proxy)}" if proxy else ""


def _is_region(region: str) -> bool:
    """True if botocore knows the region, in any of AWS's partitions."""
    import boto3

    known = boto3.session.Session()
    partitions = known.get_available_partitions()
    return any(region in known.get_available_regions("sso-oidc", part) for part in partitions)


def cause(error: Exception) -> str:
    """The part of an error's text that a person can use."""
    text = str(error)
    for cause in CAUSES:
        if cause in text:
            return text[text.index(cause) :].split(")")[0].strip("'\" ")[:120]
    return clean(text, 160)


def _without_password(proxy: str) -> str:
    """The proxy's address, with `...` in place of the user and the password."""
    user, has_user, host = proxy.rpartition("@")
    scheme, has_scheme, _ = user.partition("://")
    return f"{scheme + has_scheme if has_scheme else ''}...@{host}" if has_user else proxy
