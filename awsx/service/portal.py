"""The access portal of IAM Identity Center."""

from __future__ import annotations

from awsx.service import client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from awsx.files.profiles import SsoSession

    Answer = dict[str, Any]


def logout(session: SsoSession, access_token: str) -> None:
    """End the session at AWS. Raises Refused if it had ended already."""
    client.ask(session, client.connect("sso", session).logout, accessToken=access_token)
