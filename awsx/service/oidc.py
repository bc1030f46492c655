"""The sso-oidc service: client registrations, device codes, tokens."""

from __future__ import annotations

import time

from awsx.service import client
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from awsx.files.profiles import SsoSession

    Answer = dict[str, Any]

UNKNOWN_CLIENT = ("InvalidClientException", "UnauthorizedClientException")


class Oidc:
    """The sso-oidc service of a session's region. Raises Refused, and AwsxError where AWS could not be asked."""

    def __init__(self, session: SsoSession) -> None:
        self._session = session
        self._client = client.connect("sso-oidc", session)
        self.endpoint = str(self._client.meta.endpoint_url)

    def register(self, redirect_uri: str = "", grants: list[str] | None = None) -> Answer:
        """RegisterClient. The browser flow names its grants, its redirect URI and the issuer; the device flow none.

        (Both kinds of grants in one registration were refused by the real service.)
        """
        session = self._session
        wanted: Answer = {}
        if session.scopes:
            wanted["scopes"] = session.scopes
        if grants:
            wanted |= {
                "grantTypes": grants,
                "redirectUris": [redirect_uri],
                "issuerUrl": session.start_url,
            }
            wanted.setdefault("scopes", ["sso:account:access"])
        name = f"awsx-{session.name or int(time.time())}"
        return self._ask(
            self._client.register_client, "clientId", clientName=name, clientType="public", **wanted
        )

    def start_device(self, registration: Answer) -> Answer:
        call, who = self._client.start_device_authorization, _who(registration)
        return self._ask(call, "deviceCode", startUrl=self._session.start_url, **who)

    def token(self, registration: Answer, grant: str, **given: str) -> Answer:
        """CreateToken: accessToken, expiresIn in seconds, maybe refreshToken."""
        return self._ask(
            self._client.create_token, "accessToken", grantType=grant, **_who(registration), **given
        )

    def knows(self, registration: Answer) -> bool:
        """False if AWS has forgotten a registration: a browser would show an error, and nobody would come back.

        Asked with a refresh token that cannot exist, which a known client is refused for another reason.
        """
        try:
            self.token(registration, "refresh_token", refreshToken="none")
        except client.Refused as refusal:
            return refusal.code not in UNKNOWN_CLIENT
        except AwsxError:  # whoever needs AWS next will say so
            return True
        return True

    def _ask(self, call: Callable[..., Answer], wanted: str, **given: object) -> Answer:
        """The answer, which has `wanted` in it: botocore takes a page of HTML with status 200 for an empty one."""
        answer = client.ask(self._session, call, **given)
        if not answer.get(wanted):
            raise AwsxError(
                client.NOT_AWS.format(
                    clean(self._session.label), f"HTTP {client.status_of(answer)}"
                )
            )
        return answer


def _who(registration: Answer) -> dict[str, str]:
    return {
        "clientId": str(registration["clientId"]),
        "clientSecret": str(registration["clientSecret"]),
    }
