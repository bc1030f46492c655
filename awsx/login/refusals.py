"""What it means when AWS refuses a login: one line for a person, with the next step."""

from __future__ import annotations

from awsx.login.options import login_command
from awsx.service import errors, start_page
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.service.errors import Refused

WRONG_REGION = (
    "InvalidGrantException",
    "InvalidRequestException",
    "InvalidRequestRegionException",
)
SERVICE_ERROR = 254  # the AWS CLI's exit code when AWS has refused
DENIED = (
    "the login to {} was denied in the browser ({}); ask whoever runs the access portal, or run: {}"
)
CODE_EXPIRED = "the code for {} has expired; run: {}"
REGION = "AWS refused the login to {} ({}); sso_region = {} is probably wrong{} ({})"
REPORTED = ": the start page says {}"
LOOK_IT_UP = (
    "; the right one stands in the source of the start page, {},"
    " or ask whoever runs the access portal"
)
REFUSED = "AWS refused the login to {} ({}: {})"
FAILED = "login to {} failed ({} ended with {}); nothing was changed"


def explain(refusal: Refused, env: Mapping[str, str], session: SsoSession) -> str:
    """The line for a refusal in awsx's own login."""
    label = clean(session.label)
    if refusal.code == "AccessDeniedException":
        return denied(session, refusal.code)
    if refusal.code in ("ExpiredTokenException", "AuthorizationPendingException"):
        return CODE_EXPIRED.format(label, login_command(session))
    if refusal.code in WRONG_REGION:
        reported = start_page.region(session.start_url)
        if reported != session.region:
            return _wrong_region(refusal.code, reported, env, session)
    return REFUSED.format(label, clean(refusal.code), clean(str(refusal), 200))


def denied(session: SsoSession, code: str) -> str:
    """The line for a login that somebody denied; `code` is the server's word for it."""
    return DENIED.format(clean(session.label), clean(code), login_command(session))


def explain_exit(code: int, env: Mapping[str, str], session: SsoSession) -> str:
    """The line for the exit code of `aws sso login` or `aws login`.

    The AWS CLI has said why it failed; but it does not know that sso_region may be wrong.
    """
    if code == SERVICE_ERROR and not session.is_login:
        reported = start_page.region(session.start_url)
        if reported not in ("", session.region):
            return _wrong_region("see above", reported, env, session)
    command = "aws login" if session.is_login else "aws sso login"
    return FAILED.format(clean(session.label), command, code)


def _wrong_region(code: str, reported: str, env: Mapping[str, str], session: SsoSession) -> str:
    """The line for a refusal that AWS gives where the portal is in another region.

    `reported` is the region that the start page names; empty if it could not be read.
    """
    start_url = clean(session.start_url, 200)
    hint = REPORTED.format(reported) if reported else LOOK_IT_UP.format(start_url)
    place = errors.region_place(env, session)
    return REGION.format(clean(session.label), code, clean(session.region), hint, place)
