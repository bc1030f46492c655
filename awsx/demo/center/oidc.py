"""The service sso-oidc: RegisterClient, StartDeviceAuthorization and CreateToken."""

from __future__ import annotations

import re
from typing import Any

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import (
    DEVICE_CODE,
    GRANT_TYPES,
    REFRESH_TOKEN,
    Client,
    Clients,
    Registration,
    is_start_url,
)
from awsx.demo.center.grants import Grants
from awsx.demo.center.host_header import is_wrong_region, origin
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, json_response
from awsx.demo.center.service import AwsError, Handler
from awsx.demo.center.sessions import Sessions, Tokens


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
        client = self._clients.register(Registration.from_json(request.json))
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
        client = self._authenticate(request)
        require_grant_type(client, DEVICE_CODE)
        self._check_start_url(request)
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

    def _check_start_url(self, request: Request) -> None:
        """A start URL is invalid, too, in a region where its Identity Center does not live."""
        start_url = str(request.json.get("startUrl"))
        is_wrong = is_wrong_region(self._organisation, request)
        if is_wrong or not is_start_url(self._organisation, start_url):
            raise AwsError("InvalidRequestException", "Invalid startUrl provided")

    def create_token(self, request: Request) -> Response:
        client = self._authenticate(request)
        if is_wrong_region(self._organisation, request):
            raise AwsError("InvalidGrantException", "Invalid grant provided")
        tokens = self._issue(client, request.json)
        answer = {
            "accessToken": tokens.access_token,
            "tokenType": "Bearer",
            "expiresIn": tokens.expires_in,
            "refreshToken": tokens.refresh_token,
        }
        return json_response({key: value for key, value in answer.items() if value is not None})

    def _authenticate(self, request: Request) -> Client:
        body = request.json
        return self._clients.authenticate(str(body.get("clientId")), str(body.get("clientSecret")))

    def _issue(self, client: Client, body: dict[str, Any]) -> Tokens:
        """Raises AwsError if the code or the refresh token in `body` is not good for tokens."""
        grant_type = str(body.get("grantType"))
        require_grant_type(client, grant_type)
        if grant_type == REFRESH_TOKEN:
            return self._sessions.renew(client, parameter(body, "refreshToken"))
        if grant_type == DEVICE_CODE:
            self._grants.poll(client, parameter(body, "deviceCode"))
        else:
            code, redirect_uri = parameter(body, "code"), parameter(body, "redirectUri")
            self._grants.redeem(client, code, redirect_uri, parameter(body, "codeVerifier"))
        return self._sessions.start(client)

    @staticmethod
    def spell(error: AwsError) -> Response:
        """As the real service does, with an address after the error's name in the header.

        Clients have to cut it off.
        """
        name = f"{error.code}:http://internal.amazon.com/coral/com.amazonaws.ssooidc/"
        body = {"error": oauth_error(error.code), "error_description": error.message}
        return json_response(body, error.status, {"x-amzn-ErrorType": name})


def require_grant_type(client: Client, grant_type: str) -> None:
    if grant_type not in GRANT_TYPES:
        raise AwsError("UnsupportedGrantTypeException", "Unsupported grant type")
    if grant_type not in client.grant_types:
        raise AwsError(
            "UnauthorizedClientException", "The client is not registered for this grant type"
        )


def parameter(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise AwsError("InvalidRequestException", f"Missing required parameter: {name}")
    return value


def oauth_error(code: str) -> str:
    """InvalidGrantException -> invalid_grant, as RFC 6749 and RFC 8628 spell it."""
    if code == "InternalServerException":
        return "server_error"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", code.removesuffix("Exception")).lower()
