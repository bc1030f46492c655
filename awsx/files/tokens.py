"""The tokens that the AWS CLI and the SDKs share: of SSO sessions, and of `aws login`.

A file there may be half written, belong to another tool or have an older format. A file that this
module cannot understand counts as absent.
"""

import time

from awsx.files import disk, paths
from awsx.term import AwsxError, clean, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsx.files.profiles import SsoSession

try:
    from _sha1 import sha1  # hashlib would load OpenSSL
except ImportError:
    from hashlib import sha1

# botocore/tokens.py, SSOTokenProvider._attempt_create_token
NEEDED_TO_RENEW = ("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")


LOG_IN = "{}; run: awsx login {}"
GOES_ON = "{}; aws goes on with role credentials until {}, the SDKs do not"
EXPIRED, NOT_LOGGED_IN = "the session {} has expired", "not logged in to {}"
# Seconds for which a session seems to last as long as when it began: between AWS's answer and our
# message a moment passes, and a login of one hour is to be called one.
MOMENT = 5
SHA256_LENGTH = 64  # digits


class Token:
    """An access token: when it ends, and until when it can be renewed without a person.

    Both are epoch seconds; `renewable` is 0 if it cannot be renewed. `raw` is the file's content.
    """

    __slots__ = ("expires", "raw", "renewable")

    def __init__(self, expires: int, renewable: int, raw: dict[str, object]) -> None:
        self.expires, self.renewable, self.raw = expires, renewable, raw

    def is_valid(self, now: float, margin: int = 60) -> bool:
        """True if a command that starts now can still use it; `margin` is in seconds."""
        return self.expires - now > margin

    def is_renewable(self, now: float) -> bool:
        return self.renewable > now


def key(session: "SsoSession") -> str:
    """The name of the token's file, without `.json`: sha1 of the session's name.

    A legacy profile has no session name; its start URL, as it is written, takes that place
    (botocore/utils.py, SSOTokenLoader._generate_cache_key). A session of `aws login` has sha256.
    """
    return _login_key(session.label) if session.is_login else sha1_hex(session.label)


def key_of(label: str) -> str:
    """The same for the label of a session, which tells by its form what it is."""
    return _login_key(label) if label[:4] == "arn:" else sha1_hex(label)


def _login_key(label: str) -> str:
    from awsx.files import login_sessions

    return login_sessions.key(label)


def sha1_hex(text: str) -> str:
    return str(sha1(text.encode("utf-8", "surrogateescape")).hexdigest())


def path(env: "Mapping[str, str]", name: str) -> str:
    """The token file of that name: the names of `aws login` are longer."""
    is_login = len(name) == SHA256_LENGTH
    return f"{paths.login_folder(env) if is_login else paths.token_folder(env)}/{name}.json"


def load(env: "Mapping[str, str]", name: str) -> "Token | None":
    """The token of that name; None if there is none that can be read."""
    return read(path(env, name))


def read(file: str) -> "Token | None":
    """The token in that file; None if there is none that can be read."""
    try:
        found = disk.read_json(file)
    except AwsxError:
        return None
    access = found.get("accessToken")
    ends = access.get("expiresAt") if isinstance(access, dict) else found.get("expiresAt")
    expires = epoch(ends)
    if expires is None or not access:
        return None
    if isinstance(access, dict):
        from awsx.files import login_sessions

        return Token(*login_sessions.times(found, expires), found)
    return Token(expires, _renewable_until(found), found)


def _renewable_until(found: dict[str, object]) -> int:
    """When the client registration ends, if the file has all that a renewal needs, else 0."""
    if all(map(found.get, NEEDED_TO_RENEW)):
        return epoch(found["registrationExpiresAt"]) or 0
    return 0


def epoch(text: object) -> int | None:
    """Seconds since 1970 of a time such as `2026-11-20T18:57:37Z`; None if it is no time.

    It may end with `UTC`, a fraction or an offset. (The modules datetime and calendar would cost as
    much as all the rest of a start.) A time without a zone is none for botocore, nor here.
    """
    if not isinstance(text, str):
        return None
    found = _usual(text)
    if found is None and len(text) < 99:
        from awsx.files import times  # for forms that nobody but a person or an odd tool writes

        return times.epoch(text)
    return found


def _usual(text: str) -> int | None:
    """The same in the forms that the AWS tools write."""
    if len(text) < 20 or text[10] not in "T ":
        return None
    digits = (text[0:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19])
    if text[4] + text[7] + text[13] + text[16] != "--::" or not all(d.isdecimal() for d in digits):
        return None
    year, month, day, hour, minute, second = (int(d) for d in digits)
    offset = _offset(text[19:].lstrip(".0123456789"))
    if offset is None or not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return None
    return _days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset


def _offset(zone: str) -> int | None:
    if zone in ("Z", "UTC"):
        return 0
    hours, minutes = zone[1:3], zone[-2:]
    if zone[:1] not in ("+", "-") or len(zone) not in (5, 6) or not (hours + minutes).isdecimal():
        return None
    seconds = int(hours) * 3600 + int(minutes) * 60
    return -seconds if zone[0] == "-" else seconds


def _days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 in the Gregorian calendar.

    A year begins with March here, so that the leap day is its last day.
    """
    year -= month <= 2
    leap_days = year // 4 - year // 100 + year // 400
    days_before_month = (153 * ((month + 9) % 12) + 2) // 5
    return year * 365 + leap_days + days_before_month + day - 719469


def save(env: "Mapping[str, str]", name: str, content: dict[str, object]) -> None:
    """Write a token file with the name and the text that botocore's JSONFileCache gives it.

    Raises AwsxError.
    """
    write_cache(path(env, name), content, env)


def write_cache(target: str, content: dict[str, object], env: "Mapping[str, str]") -> None:
    """Write a file of the SSO cache whole or not at all, with mode 0600. Raises AwsxError."""
    from awsx.files import temporary  # only a login writes
    from awsx.files.draft import Draft

    folder, _, name = target.rpartition("/")
    temporary.sweep(folder, name)
    try:
        with Draft(target) as draft:
            draft.fill_in(text(content))
    except OSError as error:
        raise AwsxError(f"cannot write {paths.tilde(target, env)}: {disk.reason(error)}") from error


def text(content: dict[str, object]) -> bytes:
    """The bytes that botocore's JSONFileCache writes."""
    import json

    return json.dumps(content).encode()


def left(token: "Token | None", now: float) -> str:
    """How long a session certainly lasts, to within a moment: `6h`, or `expired`.

    A session that renews itself has `6h+`, or `renews` once its access token has ended. The shells
    compute the same, and know whole seconds alone.
    """
    if token is None:
        return "expired"
    renewable, seconds = token.is_renewable(now), token.expires - int(now)
    if seconds <= 0:
        return "renews" if renewable else "expired"
    return span(seconds + MOMENT) + ("+" if renewable else "")


def told(token: "Token | None", now: float, aws_until: "Callable[[], int]" = lambda: 0) -> str:
    """The same in a sentence: `session 59m, renews itself`, `not logged in (awsx login)`.

    `aws_until` says until when the AWS CLI goes on without the session; 0 if it does not.
    """
    written = left(token, now)
    if written == "renews":
        return "session renews itself"
    if written == "expired":
        ended, until = "session expired" if token else "not logged in", aws_until()
        return ended + (goes_on(until) if until else "") + " (awsx login)"
    return f"session {written[:-1]}, renews itself" if written[-1] == "+" else f"session {written}"


def why_due(token: "Token | None", label: str) -> str:
    """Why a login is due for the session of that label: who never logged in has no expired one."""
    return (EXPIRED if token else NOT_LOGGED_IN).format(clean(label))


def goes_on(until: int) -> str:
    """What is said after `expired` where the AWS CLI goes on with role credentials."""
    return f", aws until {clock(until)}"


def clock(seconds: int) -> str:
    """Epoch seconds as a clock here shows them: `19:40`."""
    return time.strftime("%H:%M", time.localtime(seconds))


def iso(seconds: int) -> str:
    """Epoch seconds as AWS writes them: `2026-11-20T18:57:37Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
