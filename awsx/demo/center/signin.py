"""AWS Sign-In, behind `aws login`: the page in the browser, and credentials for a code.

The parameters are those of the AWS CLI (awscli/customizations/login/utils.py) and of botocore's
service signin, CreateOAuth2Token.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from awsx.demo.center.access_keys import AccessKeys, Principal
from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.dpop import Proofs, encoded
from awsx.demo.center.grants import challenge
from awsx.demo.center.organisation import Organisation, unique_id
from awsx.demo.center.pages import code_to_paste
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, html_response, json_response, redirect
from awsx.demo.center.service import AwsError, Handler

SAME_DEVICE, CROSS_DEVICE = (
    f"arn:aws:signin:::devtools/{device}-device" for device in ("same", "cross")
)
# The reasons of an AccessDeniedException (botocore's service signin, OAuth2ErrorCode).
DENIED = (
    "TOKEN_EXPIRED",
    "AUTHCODE_EXPIRED",
    "USER_CREDENTIALS_CHANGED",
    "INSUFFICIENT_PERMISSIONS",
)


@dataclass(slots=True)
class Code:
    """What a client may trade for credentials once: who asked, and how."""

    client_id: str
    redirect_uri: str
    code_challenge: str
    expires: float


@dataclass(slots=True)
class Session:
    """A session in the browser; `key` signs its renewals. A refresh token works once."""

    arn: str
    client_id: str
    key: str
    ends: float


class SignIn:
    def __init__(self, organisation: Organisation, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._organisation, self._behaviour, self._keys = organisation, behaviour, keys
        self._codes: dict[str, Code] = {}
        self._sessions: dict[str, Session] = {}  # by refresh token
        self._proofs = Proofs()
        self.operations: dict[str, Handler] = {
            "AuthorizeSignIn": self.authorize,
            "CreateOAuth2Token": self.create_token,
        }

    def authorize(self, request: Request) -> Response:
        """The person is signed in to the web console already, and picks that session."""
        query = request.query
        code = self._asked(query)
        if self._behaviour.decision == "deny":
            return redirect(f"{code.redirect_uri}?error=access_denied&state={query['state']}")
        name = secrets.token_urlsafe(24)
        self._codes[name] = code
        answer = urlencode({"state": query["state"], "code": name})
        if code.client_id == CROSS_DEVICE:
            return html_response(code_to_paste(base64.b64encode(answer.encode()).decode()))
        return redirect(f"{code.redirect_uri}?{answer}")

    def _asked(self, query: dict[str, str]) -> Code:
        """The query as a value. Raises AwsError for one that AWS would not accept."""
        client_id, uri = query.get("client_id", ""), query.get("redirect_uri", "")
        is_loopback = urlsplit(uri).hostname == "127.0.0.1"
        if client_id not in (SAME_DEVICE, CROSS_DEVICE) or not is_loopback:
            raise AwsError("INVALID_REQUEST", "client_id or redirect_uri is not one of AWS's")
        wanted = {
            "response_type": "code",
            "scope": "openid",
            "code_challenge_method": "SHA-256",
        }
        for name, value in wanted.items():
            if query.get(name) != value:
                raise AwsError("INVALID_REQUEST", f"{name} must be {value}")
        if not query.get("state") or not query.get("code_challenge"):
            raise AwsError("INVALID_REQUEST", "state or code_challenge is missing")
        expires = self._behaviour.now() + self._behaviour.authorization_code_lifetime
        return Code(client_id, uri, query["code_challenge"], expires)

    def create_token(self, request: Request) -> Response:
        key = self._proofs.check(request, self._behaviour.now())
        if self._behaviour.sign_in_refusal:
            raise denied(self._behaviour.sign_in_refusal)
        body = {name: str(value) for name, value in request.json.items()}
        if body.get("grantType") == "authorization_code":
            session = self._redeem(body, key)
            return self._answer(session, idToken=self._id_token(session))
        if body.get("grantType") == "refresh_token":
            return self._answer(self._renew(body, key))
        raise AwsError("unsupported_grant_type", "Unknown grantType")

    def _redeem(self, body: dict[str, str], key: str) -> Session:
        code = self._codes.pop(body.get("code", ""), None)
        if code is None or code.expires <= self._behaviour.now():
            raise denied("AUTHCODE_EXPIRED")
        wanted = code.client_id, code.redirect_uri, code.code_challenge
        verified = challenge(body.get("codeVerifier", ""))
        if wanted != (body.get("clientId"), body.get("redirectUri"), verified):
            raise AwsError("invalid_grant", "The code or its verifier is wrong")
        ends = self._behaviour.now() + self._behaviour.sign_in_lifetime
        return Session(self._arn(), code.client_id, key, ends)

    def _renew(self, body: dict[str, str], key: str) -> Session:
        session = self._sessions.pop(body.get("refreshToken", ""), None)
        if session is None or session.ends <= self._behaviour.now():
            raise denied("TOKEN_EXPIRED")
        if (session.client_id, session.key) != (body.get("clientId"), key):
            raise AwsError("invalid_grant", "The refresh token belongs to another client or key")
        return session

    def _arn(self) -> str:
        """Who is signed in to the web console."""
        return self._behaviour.sign_in_arn or self._organisation.console_user

    def _id_token(self, session: Session) -> str:
        """A JWT whose payload says who logged in; the AWS CLI reads it and checks no signature."""
        parts = {"alg": "ES384", "typ": "JWT"}, {"sub": session.arn, "iat": self._behaviour.now()}
        return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), "c2lnbmVk"])

    def _answer(self, session: Session, **more: str) -> Response:
        refresh_token = secrets.token_urlsafe(48)
        self._sessions[refresh_token] = session
        account = session.arn.split(":")[4]
        principal = Principal(account, session.arn, unique_id("AIDA", session.arn))
        key = self._keys.issue(principal, self._behaviour.sign_in_credentials_lifetime)
        return json_response(
            {
                "accessToken": {
                    "accessKeyId": key.id,
                    "secretAccessKey": key.secret,
                    "sessionToken": key.session_token,
                },
                "tokenType": "aws_sigv4",
                "expiresIn": int(self._behaviour.sign_in_credentials_lifetime),
                "refreshToken": refresh_token,
                **more,
            }
        )

    def end_all(self) -> None:
        """End every session: what they have issued goes on to its end."""
        self._sessions.clear()

    @staticmethod
    def spell(error: AwsError) -> Response:
        name = "AccessDeniedException" if error.code in DENIED else "ValidationException"
        if error.status >= 500:
            name = error.code
        body = {"error": error.code, "message": error.message}
        return json_response(body, error.status, {"x-amzn-ErrorType": name})


def denied(reason: str) -> AwsError:
    return AwsError(reason, f"Access denied: {reason}", 403)
