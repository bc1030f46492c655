"""What a refusal of AWS means, in a sentence for a person."""

from __future__ import annotations

from awsx.service import client, start_page
from awsx.service.client import Refused
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession

WRONG_REGION = ("InvalidGrantException", "InvalidRequestException")
SERVICE_ERROR = 254  # of the AWS CLI
DENIED = "the login to {} was denied in the browser ({}); ask who runs the Identity Center, or run awsx login again"
CODE_EXPIRED = "the code for {} has expired; run awsx login again"
REGION = "AWS refused the login to {} ({}); sso_region = {} is probably wrong{} ({})"
REPORTED = ": the start page says {}"
LOOK_IT_UP = "; the right one stands in the source of the start page, {}, or ask who runs it"
REFUSED = "AWS refused the login to {} ({}: {})"
FAILED = "login to {} failed (aws sso login ended with {}); nothing was changed"


def explain(refusal: Refused, env: Mapping[str, str], session: SsoSession) -> str:
    """A refusal in a person's words, with the next step."""
    label = clean(session.label)
    if refusal.code == "AccessDeniedException":
        return DENIED.format(label, refusal.code)
    if refusal.code in ("ExpiredTokenException", "AuthorizationPendingException"):
        return CODE_EXPIRED.format(label)
    if refusal.code in WRONG_REGION:
        return wrong_region(refusal.code, env, session)
    return REFUSED.format(label, clean(refusal.code), clean(str(refusal), 200))


def wrong_region(code: str, env: Mapping[str, str], session: SsoSession) -> str:
    reported = start_page.region(session.start_url)
    known = reported and reported != session.region
    hint = REPORTED.format(reported) if known else LOOK_IT_UP.format(clean(session.start_url, 200))
    return REGION.format(
        clean(session.label), code, clean(session.region), hint, client.region_place(env, session)
    )


def failure_of_cli(code: int, env: Mapping[str, str], session: SsoSession) -> str:
    """The AWS CLI has said why; but what a refusal means for a wrong region it does not know."""
    if code == SERVICE_ERROR and start_page.region(session.start_url) not in ("", session.region):
        return wrong_region("see above", env, session)
    return FAILED.format(clean(session.label), code)
