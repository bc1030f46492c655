"""The sso service, which is the access portal of IAM Identity Center."""

from __future__ import annotations

from awsx.service.client import Client
from awsx.service.errors import Refused
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import SsoSession
    from awsx.service.answers import Answer

REFUSED = "AWS refused it ({}: {})"
NO_ROLE = "AWS gives no credentials for {} in {} ({}: {}); is the permission set assigned to you?"


def logout(session: SsoSession, access_token: str) -> None:
    """End the session at AWS, unless it had ended already. Raises AwsxError, as Client does."""
    try:
        Client("sso", session).ask("logout", accessToken=access_token)
    except Refused as refusal:
        if refusal.code != "UnauthorizedException":
            raise AwsxError(REFUSED.format(refusal.code, clean(str(refusal), 200))) from refusal


def role_credentials(session: SsoSession, access_token: str, account: str, role: str) -> Answer:
    """What a role gives, by the names of the API: accessKeyId, secretAccessKey, sessionToken.

    `expiration` is in milliseconds since 1970. Raises AwsxError, as Client does, and Refused with
    the code UnauthorizedException if AWS does not accept the token.
    """
    given = {"accessToken": access_token, "accountId": account, "roleName": role}
    try:
        answer = Client("sso", session).ask("get_role_credentials", **given)
    except Refused as refusal:
        if refusal.code == "UnauthorizedException":
            raise
        why = clean(str(refusal), 200)
        raise AwsxError(NO_ROLE.format(clean(role), clean(account), refusal.code, why)) from refusal
    found: Answer = answer["roleCredentials"]
    return found
