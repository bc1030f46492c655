"""One operation each of S3, ECR and the federation endpoint: enough to see which account answers."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from datetime import datetime, timezone

from awsx.demo.center.behaviour import HOUR, Behaviour
from awsx.demo.center.keys import EXPIRED, MISMATCH, MISSING, UNKNOWN, AccessKey, AccessKeys
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.pages import notice
from awsx.demo.center.signature import credential_scope
from awsx.demo.center.wire import (
    AwsError,
    Handler,
    Request,
    Response,
    html_response,
    json_response,
    xml,
    xml_response,
)

SIGNIN_TOKEN_LIFETIME = 900
# The services name one trouble in different ways.
S3_NAMES = {UNKNOWN: "InvalidAccessKeyId", MISSING: "AccessDenied"}
ECR_NAMES = {
    UNKNOWN: "UnrecognizedClientException",
    MISSING: "MissingAuthenticationTokenException",
    EXPIRED: "ExpiredTokenException",
    MISMATCH: "InvalidSignatureException",
}


class S3:
    def __init__(self, organisation: Organisation, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._keys = keys
        self.operations: dict[str, Handler] = {"ListBuckets": self.list_buckets}

    def list_buckets(self, request: Request) -> Response:
        account = self._organisation.account_by_id(self._keys.caller(request).account_id)
        name = account.name if account else "nobody"
        made = datetime.fromtimestamp(self._behaviour.now(), timezone.utc).strftime(
            "%Y-%m-%dT00:00:00.000Z"
        )
        buckets = [
            xml("Bucket", Name=f"{name}-{what}", CreationDate=made)
            for what in ("artifacts", "logs")
        ]
        owner = xml("Owner", ID=uuid.uuid5(uuid.NAMESPACE_DNS, name).hex)
        return xml_response(
            xml(
                'ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"',
                owner,
                xml("Buckets", *buckets),
            )
        )

    @staticmethod
    def spell(error: AwsError) -> Response:
        code = S3_NAMES.get(error.code, error.code)
        status = 400 if error.code == EXPIRED else error.status
        text = xml(
            "Error", Code=code, Message=error.message, RequestId=uuid.uuid4().hex[:16].upper()
        )
        return xml_response(text, status)


class Ecr:
    def __init__(self, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._behaviour = behaviour
        self._keys = keys
        self.operations: dict[str, Handler] = {
            "GetAuthorizationToken": self.get_authorization_token
        }

    def get_authorization_token(self, request: Request) -> Response:
        account_id, region = self._keys.caller(request).account_id, credential_scope(request)[2]
        password = secrets.token_urlsafe(96)
        data = {
            "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
            "expiresAt": int(self._behaviour.now() + 12 * HOUR),
            "proxyEndpoint": f"https://{account_id}.dkr.ecr.{region}.amazonaws.com",
        }
        return json_response({"authorizationData": [data]})

    @staticmethod
    def spell(error: AwsError) -> Response:
        code = ECR_NAMES.get(error.code, error.code)
        status = error.status if error.status >= 500 else 400
        return json_response({"__type": code, "message": error.message}, status)


class Federation:
    """The sign-in endpoint of the web console."""

    def __init__(self, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._behaviour = behaviour
        self._keys = keys
        self._tokens: dict[str, tuple[AccessKey, float]] = {}
        self.operations: dict[str, Handler] = {
            "getSigninToken": self.get_signin_token,
            "login": self.login,
        }

    def get_signin_token(self, request: Request) -> Response:
        wanted = {**request.query, **request.form}
        key = self._key(wanted.get("Session", ""))
        length = wanted.get("SessionDuration")
        if length is not None and not (length.isdecimal() and 900 <= int(length) <= 12 * HOUR):
            raise AwsError("InvalidRequest", "SessionDuration must be between 900 and 43200")
        if length is not None and key.chained:
            raise AwsError(
                "InvalidRequest", "SessionDuration is not allowed for role-chained credentials"
            )
        token = secrets.token_urlsafe(200)
        self._tokens[token] = (key, self._behaviour.now() + SIGNIN_TOKEN_LIFETIME)
        return json_response({"SigninToken": token})

    def _key(self, session: str) -> AccessKey:
        try:
            given = json.loads(session)
            key = self._keys.find(given["sessionId"], given["sessionToken"])
        except (ValueError, KeyError, TypeError):
            raise AwsError(
                "InvalidRequest", "Session is not JSON with the three parts of a key"
            ) from None
        if key.expires is None or not secrets.compare_digest(
            key.secret, str(given.get("sessionKey"))
        ):
            raise AwsError("InvalidRequest", "Session must hold temporary credentials")
        return key

    def login(self, request: Request) -> Response:
        key, expires = self._tokens.get(request.query.get("SigninToken", ""), (None, 0.0))
        if key is None or expires <= self._behaviour.now():
            raise AwsError("InvalidRequest", "The sign-in token is invalid or expired")
        where = request.query.get("Destination", "")
        return html_response(
            notice("Signed in", f"Account {key.account_id} as {key.arn}, to see {where}")
        )

    @staticmethod
    def spell(error: AwsError) -> Response:
        status = error.status if error.status >= 500 else 400
        return html_response(notice("Could not sign in", error.message), status)
