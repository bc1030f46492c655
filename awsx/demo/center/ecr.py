"""ECR's GetAuthorizationToken: the registry's address tells which account answers, and where.

The public registry (ecr-public) has an operation of the same name.
"""

from __future__ import annotations

import base64
import secrets

from awsx.demo.center.access_keys import EXPIRED, MISMATCH, MISSING, UNKNOWN, AccessKeys
from awsx.demo.center.behaviour import HOUR, Behaviour
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, json_response
from awsx.demo.center.service import AwsError, Handler
from awsx.demo.center.signature import credential_scope

PUBLIC = "ecr-public"  # the service's name in a signature
TOKEN_LIFETIME = 12 * HOUR
# ECR's names for errors that STS names otherwise.
ERROR_CODES = {
    UNKNOWN: "UnrecognizedClientException",
    MISSING: "MissingAuthenticationTokenException",
    EXPIRED: "ExpiredTokenException",
    MISMATCH: "InvalidSignatureException",
}


class Ecr:
    def __init__(self, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._behaviour = behaviour
        self._keys = keys
        self.operations: dict[str, Handler] = {
            "GetAuthorizationToken": self.get_authorization_token
        }

    def get_authorization_token(self, request: Request) -> Response:
        caller = self._keys.caller(request).principal
        scope = credential_scope(request)
        region = scope.region if scope else ""
        password = secrets.token_urlsafe(96)
        data: dict[str, str | int] = {
            "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
            "expiresAt": int(self._behaviour.now() + TOKEN_LIFETIME),
        }
        if scope and scope.service == PUBLIC:
            return json_response({"authorizationData": data})
        data["proxyEndpoint"] = f"https://{caller.account_id}.dkr.ecr.{region}.amazonaws.com"
        return json_response({"authorizationData": [data]})

    @staticmethod
    def spell(error: AwsError) -> Response:
        code = ERROR_CODES.get(error.code, error.code)
        status = error.status if error.status >= 500 else 400
        return json_response({"__type": code, "message": error.message}, status)
