"""How AWS is called: clients, and their errors as Refused or as one line for a person.

Nobody else sees botocore or its errors.
"""

from __future__ import annotations

import os
import time

from awsx import interrupts, packages
from awsx.environment import rivals
from awsx.files import paths, profiles
from awsx.term import AwsxError, clean, say, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from awsx.files.profiles import SsoSession

    Answer = dict[str, Any]

UNREACHABLE = "cannot reach AWS for the session {}: {}; check the network or the VPN{}"
TLS = "cannot trust AWS's certificate for the session {}: {}; a proxy's own belongs into AWS_CA_BUNDLE"
NOT_AWS = "something that is not AWS answered for the session {} ({}): a captive portal, or a proxy's login page?"
THROTTLED = "AWS asks to slow down (session {}); try again in a minute"
TROUBLE = "AWS has trouble of its own (session {}: {}); try again in a minute"
UNUSABLE = "the session {} cannot be used: {}; see sso_region ({})"
NO_SUCH_REGION = "; is sso_region = {} right ({})?"
CLOCK = "this machine's clock is {} {} AWS's; tokens will seem to end at the wrong time until you set it"
SKEW = 5 * 60  # seconds; AWS itself refuses signatures that are further off
THROTTLING = ("TooManyRequestsException", "ThrottlingException")
_told: set[str] = set()  # what is said once in a process


class Refused(Exception):
    """AWS answered, and the answer is no. `code` is its name for the reason: InvalidGrantException."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message or code)
        self.code = code


# Ctrl-C while an extension module is loaded comes out of it as an ImportError, which its importer passes over.
@interrupts.undisturbed()
def connect(service: str, session: SsoSession) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    packages.add()
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    # botocore reads os.environ: let it see the profile that holds the session, with its endpoints, and no rival.
    for name in (*rivals(os.environ), "AWS_PROFILE"):
        os.environ.pop(name, None)
    if session.holder:
        os.environ["AWS_PROFILE"] = session.holder
    retries: Any = {"mode": "standard", "max_attempts": 3}
    config = Config(
        signature_version=UNSIGNED, connect_timeout=10, read_timeout=20, retries=retries
    )
    try:
        return boto3.session.Session().client(service, region_name=session.region, config=config)  # type: ignore[call-overload]
    except (BotoCoreError, ValueError) as error:  # a broken config file; a region that is no region
        place = region_place(os.environ, session)
        raise AwsxError(
            UNUSABLE.format(clean(session.label), str(error).rstrip("."), place)
        ) from error


def ask(session: SsoSession, call: Callable[..., Answer], **given: object) -> Answer:
    from botocore import exceptions

    label = clean(session.label)
    try:
        answer = call(**given)
    except exceptions.ClientError as error:
        _check_clock(dict(error.response))
        raise _refusal(dict(error.response), label) from error
    except exceptions.SSLError as error:
        raise AwsxError(TLS.format(label, _cause(error))) from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise AwsxError(UNREACHABLE.format(label, _cause(error), _hint(session))) from error
    except (
        exceptions.BotoCoreError,
        ValueError,
        AttributeError,
    ) as error:  # its parser on what is no JSON object
        raise AwsxError(NOT_AWS.format(label, "no JSON")) from error
    _check_clock(answer)
    return answer


def _refusal(response: Answer, label: str) -> Exception:
    """What AWS's answer says; a bare HTTP status for a code means that no AWS service wrote it."""
    told: Answer = dict(response.get("Error", {}))
    code = str(told.get("Code", ""))
    if code in THROTTLING or status_of(response) == 429:
        return AwsxError(THROTTLED.format(label))
    if code.isdecimal() or not code:
        return AwsxError(NOT_AWS.format(label, f"HTTP {status_of(response) or code}"))
    if status_of(response) >= 500:
        return AwsxError(TROUBLE.format(label, clean(code)))
    return Refused(code, str(told.get("Message", "")))


def status_of(answer: Answer) -> int:
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)


def _hint(session: SsoSession) -> str:
    """What else may be wrong when there is no way through: a region that nobody knows, the proxy."""
    import boto3

    known, proxy = (
        boto3.session.Session(),
        os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"),
    )
    regions = [
        known.get_available_regions("sso-oidc", part) for part in known.get_available_partitions()
    ]
    if not any(session.region in part for part in regions):
        return NO_SUCH_REGION.format(clean(session.region), region_place(os.environ, session))
    return f", and the proxy {_without_password(proxy)}" if proxy else ""


def region_place(env: Mapping[str, str], session: SsoSession) -> str:
    """`~/.aws/config:3`, where the session's sso_region stands."""
    config = profiles.Config(env)
    if not session.name:
        holder = config.profile(session.holder)
        return holder.place("sso_region") if holder else clean(session.holder)
    section = config.config.named("sso-session").get(session.name)
    return (
        f"{paths.tilde(config.config.path, env)}:{section.line_of('sso_region') if section else 0}"
    )


def _cause(error: Exception) -> str:
    """The part of a long chain of wrapped errors that a person can use."""
    text = str(error)
    for known in (
        "Name or service not known",
        "nodename nor servname",
        "Connection refused",
        "timed out",
        "certificate",
    ):
        if known in text:
            return text[text.index(known) :].split(")")[0].strip("'\" ")[:120]
    return clean(text, 160)


def _without_password(proxy: str) -> str:
    who, found, rest = proxy.rpartition("@")
    scheme, found_scheme, _ = who.partition("://")
    return f"{scheme + found_scheme if found_scheme else ''}...@{rest}" if found else proxy


def _check_clock(answer: Answer) -> None:
    """Compare AWS's clock, by the Date of its answer, with ours; told once, however many answers there are."""
    from email.utils import parsedate_to_datetime

    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        ahead = time.time() - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):  # no Date, or not one
        return
    if abs(ahead) > SKEW and CLOCK not in _told:
        _told.add(CLOCK)
        say(CLOCK.format(span(int(abs(ahead))), "ahead of" if ahead > 0 else "behind"))
