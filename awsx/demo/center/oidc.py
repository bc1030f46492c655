"""sso-oidc: RegisterClient, StartDeviceAuthorization and CreateToken."""

from __future__ import annotations

import re
from typing import Any

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import (
    AUTHORIZATION_CODE,
    DEVICE_CODE,
    REFRESH_TOKEN,
    Client,
    Clients,
    is_start_url,
)
from awsx.demo.center.grants import Grants
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.regions import origin, wrong_region
from awsx.demo.center.sessions import Issued, Sessions
from awsx.demo.center.wire import AwsError, Handler, Request, Response, json_response


class Oidc:
    def __init__(
        self,
        organisation: Organisation,
        behaviour: Behaviour,
        clients: Clients,
        grants: Grants,
        sessions: Sessions,
    ) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._clients = clients
        self._grants = grants
        self._sessions = sessions
        self.operations: dict[str, Handler] = {
            "RegisterClient": self.register_client,
            "StartDeviceAuthorization": self.start_device_authorization,
            "CreateToken": self.create_token,
        }

    def register_client(self, request: Request) -> Response:
        client = self._clients.register(request.json)
        return json_response(
            {
                "clientId": client.id,
                "clientSecret": client.secret,
                "clientIdIssuedAt": int(self._behaviour.now()),
                "clientSecretExpiresAt": int(client.expires),
                "authorizationEndpoint": None,
                "tokenEndpoint": None,
            }
        )

    def start_device_authorization(self, request: Request) -> Response:
        client = self._clients.authenticate(request.json)
        self._require_grant(client, DEVICE_CODE)
        start_url = str(request.json.get("startUrl"))
        if wrong_region(self._organisation, request) or not is_start_url(
            self._organisation, start_url
        ):
            raise AwsError("InvalidRequestException", "Invalid startUrl provided")
        device = self._grants.start_device(client)
        page = f"{origin(request)}/device"
        return json_response(
            {
                "deviceCode": device.code,
                "userCode": device.user_code,
                "verificationUri": page,
                "verificationUriComplete": f"{page}?user_code={device.user_code}",
                "expiresIn": int(self._behaviour.device_code_lifetime),
                "interval": self._behaviour.device_interval,
            }
        )

    def create_token(self, request: Request) -> Response:
        client = self._clients.authenticate(request.json)
        if wrong_region(self._organisation, request):
            raise AwsError("InvalidGrantException", "Invalid grant provided")
        issued = self._issue(client, request.json)
        answer = {
            "accessToken": issued.access_token,
            "tokenType": "Bearer",
            "expiresIn": issued.expires_in,
            "refreshToken": issued.refresh_token,
        }
        return json_response({key: value for key, value in answer.items() if value is not None})

    def _issue(self, client: Client, body: dict[str, Any]) -> Issued:
        grant = str(body.get("grantType"))
        self._require_grant(client, grant)
        if grant == REFRESH_TOKEN:
            return self._sessions.renew(client, member(body, "refreshToken"))
        if grant == DEVICE_CODE:
            self._grants.poll(client, member(body, "deviceCode"))
        else:
            self._grants.redeem(
                client,
                member(body, "code"),
                member(body, "redirectUri"),
                member(body, "codeVerifier"),
            )
        return self._sessions.start(client)

    def _require_grant(self, client: Client, grant: str) -> None:
        if grant not in (AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN):
            raise AwsError("UnsupportedGrantTypeException", "Unsupported grant type")
        if grant not in client.grant_types:
            raise AwsError(
                "UnauthorizedClientException", "The client is not registered for this grant type"
            )

    @staticmethod
    def spell(error: AwsError) -> Response:
        """The real header carries an address after a colon; clients have to cut it."""
        kind = f"{error.code}:http://internal.amazon.com/coral/com.amazonaws.ssooidc/"
        body = {"error": oauth_error(error.code), "error_description": error.message}
        return json_response(body, error.status, {"x-amzn-ErrorType": kind})


def member(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise AwsError("InvalidRequestException", f"Missing required parameter: {name}")
    return value


def oauth_error(code: str) -> str:
    """InvalidGrantException -> invalid_grant, as RFC 6749 and RFC 8628 spell it."""
    if code == "InternalServerException":
        return "server_error"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", code.removesuffix("Exception")).lower()
