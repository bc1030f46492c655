"""The sso service, which is the access portal of IAM Identity Center."""

from __future__ import annotations

from awsx.service.client import Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import SsoSession


def logout(session: SsoSession, access_token: str) -> None:
    """End the session at AWS. Raises Refused if it had ended already, AwsxError as Client does."""
    Client("sso", session).ask("logout", accessToken=access_token)
