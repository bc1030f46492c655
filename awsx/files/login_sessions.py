"""The sessions of `aws login`: a profile names one by `login_session`, the ARN of who logged in.

The AWS CLI keeps such a session in one file, which the SDKs read, too. It holds credentials that
last for 15 minutes, and the refresh token by which whoever uses them gets new ones.
"""

import time

from awsx.files.profiles import SsoSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Profile

KEY = "login_session"
# What botocore needs in the file; it refuses one that lacks a field.
# (credentials.py, LoginCredentialFetcher._REQUIRED_TOKEN_FIELDS)
NEEDED = ("accessToken", "refreshToken", "dpopKey", "clientId")
CREDENTIALS_LAST = 15 * 60  # seconds
# AWS ends such a session after 12 hours at the latest (AWS SDKs and Tools Reference Guide, "Login
# credentials provider").
# The credentials in the file were issued during the session, so it ends within that time of them.
LONGEST = 12 * 3600


class LoginSession(SsoSession):
    """The session behind a profile with `login_session`; its label is what that key says.

    It is renewed and logged in to in `region`, which may be empty: then the AWS CLI asks for one.
    """

    __slots__ = ()
    is_login = True

    def __init__(self, label: str, region: str, holder: str) -> None:
        super().__init__("", "", region, holder)
        self.label = label


def of(profile: "Profile") -> LoginSession:
    """The session that the profile names itself."""
    return LoginSession(profile.get(KEY), profile.get("region"), profile.name)


def key(label: str) -> str:
    """The name of the session's file, without `.json` (botocore, generate_login_cache_key)."""
    try:  # hashlib would load OpenSSL
        from _sha2 import sha256  # type: ignore[import-not-found]
    except ImportError:
        try:
            from _sha256 import sha256  # type: ignore[import-not-found]
        except ImportError:
            from hashlib import sha256
    return str(sha256(label.encode("utf-8", "surrogateescape")).hexdigest())


def times(found: "Mapping[str, object]", ends: int) -> "tuple[int, int]":
    """When the credentials in a session's file end, and until when they can be renewed.

    `ends` is what the file says. Both are epoch seconds; the second is 0 without a refresh token.
    Credentials that last, but that botocore refuses since a field is missing, have ended at once.
    """
    if all(map(found.get, NEEDED)):
        return ends, ends - CREDENTIALS_LAST + LONGEST
    return min(ends, int(time.time())), 0
