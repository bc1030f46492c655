"""The sso-oidc service: client registrations, device codes, tokens.

(https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/)
"""

from __future__ import annotations

import time

from awsx.service.client import Client
from awsx.service.errors import NoAnswer, Refused
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.service.answers import Answer

    Registration = Mapping[str, object]  # has clientId and clientSecret

DEFAULT_SCOPE = "sso:account:access"
UNKNOWN_CLIENT = ("InvalidClientException", "UnauthorizedClientException")


class Oidc:
    """The sso-oidc service in a session's region.

    Each method raises Refused if AWS says no, and AwsxError if AWS could not be asked.
    """

    def __init__(self, session: SsoSession, start_url: str = "") -> None:
        """`start_url`: the address that the session's own start URL leads to."""
        self.session, self._start_url = session, start_url or session.start_url
        self._client = Client("sso-oidc", session)

    @property
    def endpoint(self) -> str:
        """The address that was asked last."""
        return self._client.endpoint

    def register(self, redirect_uri: str = "", grants: list[str] | None = None) -> Answer:
        """RegisterClient: clientId, clientSecret, clientSecretExpiresAt (epoch seconds).

        The browser flow names its grants and its redirect URI; the device flow names neither. (The
        real service refused one registration for both kinds of grants.)
        """
        session = self.session
        more: Answer = {"scopes": session.scopes} if session.scopes else {}
        if grants:
            more.setdefault("scopes", [DEFAULT_SCOPE])
            more["grantTypes"], more["redirectUris"] = grants, [redirect_uri]
            more["issuerUrl"] = self._start_url
        name = f"awsx-{session.name or int(time.time())}"
        return self._client.ask("register_client", clientName=name, clientType="public", **more)

    def start_device(self, registration: Registration) -> Answer:
        """StartDeviceAuthorization: deviceCode, userCode, verificationUriComplete, interval."""
        return self._client.ask(
            "start_device_authorization",
            startUrl=self._start_url,
            **_client_keys(registration),
        )

    def token(self, registration: Registration, grant: str, **given: str) -> Answer:
        """CreateToken: accessToken, expiresIn (seconds), and refreshToken where AWS gives one."""
        return self._client.ask(
            "create_token", grantType=grant, **_client_keys(registration), **given
        )

    def knows(self, registration: Registration) -> bool:
        """False if AWS has forgotten a registration: the browser would show an error for ever.

        Asks with a refresh token that cannot exist: AWS refuses a known client for another reason
        than an unknown one. True if AWS cannot be asked: the next question will say so. Raises
        NoAnswer, as the next question would wait as long again.
        """
        try:
            self.token(registration, "refresh_token", refreshToken="none")
        except Refused as refusal:
            return refusal.code not in UNKNOWN_CLIENT
        except NoAnswer:
            raise
        except AwsxError:
            return True
        return True


def _client_keys(registration: Registration) -> dict[str, str]:
    return {key: str(registration[key]) for key in ("clientId", "clientSecret")}
