"""The federation endpoint of the web console: from temporary credentials to a link that signs in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
"""

from __future__ import annotations

import json
import secrets
from typing import NamedTuple

from awsx.demo.center.access_keys import AccessKey, AccessKeys
from awsx.demo.center.behaviour import HOUR, Behaviour
from awsx.demo.center.pages import notice
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, html_response, json_response
from awsx.demo.center.service import AwsError, Handler

# In seconds.
SIGNIN_TOKEN_LIFETIME = 900
SHORTEST, LONGEST = 900, 12 * HOUR


class SigninToken(NamedTuple):
    key: AccessKey
    expires: float


class Federation:
    def __init__(self, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._behaviour = behaviour
        self._keys = keys
        self._tokens: dict[str, SigninToken] = {}
        self.operations: dict[str, Handler] = {
            "getSigninToken": self.get_signin_token,
            "login": self.login,
        }

    def get_signin_token(self, request: Request) -> Response:
        wanted = {**request.query, **request.form}
        key = self._key(wanted.get("Session", ""))
        check_duration(wanted.get("SessionDuration"), key)
        token = secrets.token_urlsafe(200)
        self._tokens[token] = SigninToken(key, self._behaviour.now() + SIGNIN_TOKEN_LIFETIME)
        return json_response({"SigninToken": token})

    def _key(self, session: str) -> AccessKey:
        """The temporary credentials that `session` holds as JSON. Raises AwsError for others."""
        try:
            given = json.loads(session)
            key = self._keys.find(given["sessionId"], given["sessionToken"])
        except (ValueError, KeyError, TypeError):
            raise AwsError(
                "InvalidRequest", "Session is not JSON with the three parts of a key"
            ) from None
        secret = str(given.get("sessionKey"))
        if key.expires is None or not secrets.compare_digest(key.secret, secret):
            raise AwsError("InvalidRequest", "Session must hold temporary credentials")
        return key

    def login(self, request: Request) -> Response:
        token = self._tokens.get(request.query.get("SigninToken", ""))
        if token is None or token.expires <= self._behaviour.now():
            raise AwsError("InvalidRequest", "The sign-in token is invalid or expired")
        person, page = token.key.principal, request.query.get("Destination", "")
        text = f"Account {person.account_id} as {person.arn}. The console would open {page}"
        return html_response(notice("Signed in", text))

    @staticmethod
    def spell(error: AwsError) -> Response:
        status = error.status if error.status >= 500 else 400
        return html_response(notice("Could not sign in", error.message), status)


def check_duration(wanted: str | None, key: AccessKey) -> None:
    """Raises AwsError for a SessionDuration that is out of range or not allowed with `key`."""
    if wanted is None:
        return
    if not wanted.isdecimal() or not SHORTEST <= int(wanted) <= LONGEST:
        raise AwsError(
            "InvalidRequest", f"SessionDuration must be between {SHORTEST} and {LONGEST}"
        )
    if key.is_chained:
        raise AwsError(
            "InvalidRequest", "SessionDuration is not allowed for role-chained credentials"
        )
