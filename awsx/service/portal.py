"""The sso service, which is the access portal of IAM Identity Center."""

from __future__ import annotations

from awsx.service.client import Client
from awsx.service.errors import Refused
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import SsoSession

REFUSED = "AWS refused it ({}: {})"


def logout(session: SsoSession, access_token: str) -> None:
    """End the session at AWS, unless it had ended already. Raises AwsxError, as Client does."""
    try:
        Client("sso", session).ask("logout", accessToken=access_token)
    except Refused as refusal:
        if refusal.code != "UnauthorizedException":
            raise AwsxError(REFUSED.format(refusal.code, clean(str(refusal), 200))) from refusal
