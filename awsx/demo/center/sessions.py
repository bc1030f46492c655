"""Sessions of the person who logged in, with their access tokens and refresh tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import REFRESH_TOKEN, Client
from awsx.demo.center.service import AwsError


@dataclass(slots=True)
class Session:
    """What one login began. All its tokens end with it."""

    client: Client
    ends: float


class AccessToken(NamedTuple):
    session: Session
    expires: float

    def is_valid(self, now: float) -> bool:
        return now < min(self.expires, self.session.ends)


class Tokens(NamedTuple):
    """What CreateToken answers; `refresh_token` is None after a legacy login."""

    access_token: str
    expires_in: int
    refresh_token: str | None


class Sessions:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._access_tokens: dict[str, AccessToken] = {}
        self._refresh_tokens: dict[str, Session] = {}

    def start(self, client: Client) -> Tokens:
        ends = self._behaviour.now() + self._behaviour.session_lifetime
        return self._issue(Session(client, ends))

    def renew(self, client: Client, refresh_token: str) -> Tokens:
        """Raises AwsError unless the refresh token is valid and was issued to this client."""
        session = self._refresh_tokens.get(refresh_token)
        if (
            session is None
            or session.client.id != client.id
            or session.ends <= self._behaviour.now()
        ):
            raise AwsError("InvalidGrantException", "Invalid refresh token provided")
        if self._behaviour.refresh_token_rotation:
            del self._refresh_tokens[refresh_token]
        return self._issue(session)

    def _issue(self, session: Session) -> Tokens:
        now = self._behaviour.now()
        lifetime = session.ends - now
        # A client without scopes is a legacy login: its one token lasts as long as the session.
        if session.client.scopes:
            lifetime = min(lifetime, self._behaviour.access_token_lifetime)
        access_token = "aoa" + secrets.token_urlsafe(96)
        self._access_tokens[access_token] = AccessToken(session, now + lifetime)
        return Tokens(access_token, int(lifetime), self._issue_refresh_token(session))

    def _issue_refresh_token(self, session: Session) -> str | None:
        client = session.client
        is_renewable = client.scopes and REFRESH_TOKEN in client.grant_types
        if not self._behaviour.refresh_tokens or not is_renewable:
            return None
        refresh_token = "aor" + secrets.token_urlsafe(96)
        self._refresh_tokens[refresh_token] = session
        return refresh_token

    def check(self, access_token: str) -> Session:
        """The session of a valid access token.

        Raises AwsError, as the portal does, for a token that is unknown, revoked, expired or logged
        out.
        """
        token = self._access_tokens.get(access_token)
        if token is None or not token.is_valid(self._behaviour.now()):
            raise AwsError("UnauthorizedException", "Session token not found or invalid", 401)
        return token.session

    def end(self, access_token: str) -> None:
        """Log out: no token of the session works any more."""
        self.check(access_token).ends = 0.0

    def end_all(self) -> None:
        """Do what an administrator does who deletes a user's sessions."""
        self._access_tokens.clear()
        self._refresh_tokens.clear()

    def expire_access_tokens(self) -> None:
        """Do what an hour's wait does: access tokens end; sessions and refresh tokens go on."""
        self._access_tokens.clear()
