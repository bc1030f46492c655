"""Sessions of the person who logged in, with their access tokens and refresh tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import REFRESH_TOKEN, Client
from awsx.demo.center.wire import AwsError


@dataclass
class Session:
    client: Client
    ends: float


@dataclass(frozen=True)
class Issued:
    """What CreateToken gives; a legacy login gets no refresh token."""

    access_token: str
    expires_in: int
    refresh_token: str | None


class Sessions:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._access: dict[str, tuple[Session, float]] = {}
        self._refresh: dict[str, Session] = {}

    def start(self, client: Client) -> Issued:
        return self._issue(
            Session(client, self._behaviour.now() + self._behaviour.session_lifetime)
        )

    def renew(self, client: Client, refresh_token: str) -> Issued:
        session = self._refresh.get(refresh_token)
        if (
            session is None
            or session.client.id != client.id
            or session.ends <= self._behaviour.now()
        ):
            raise AwsError("InvalidGrantException", "Invalid refresh token provided")
        if self._behaviour.refresh_token_rotation:
            del self._refresh[refresh_token]
        return self._issue(session)

    def _issue(self, session: Session) -> Issued:
        now = self._behaviour.now()
        left = session.ends - now
        # Without scopes (legacy) the token is as good as the session, and the end of it is the end.
        lifetime = (
            min(left, self._behaviour.access_token_lifetime) if session.client.scopes else left
        )
        access_token = "aoa" + secrets.token_urlsafe(96)
        self._access[access_token] = (session, now + lifetime)
        return Issued(access_token, int(lifetime), self._refresh_token(session))

    def _refresh_token(self, session: Session) -> str | None:
        client = session.client
        if not (
            self._behaviour.refresh_tokens and client.scopes and REFRESH_TOKEN in client.grant_types
        ):
            return None
        refresh_token = "aor" + secrets.token_urlsafe(96)
        self._refresh[refresh_token] = session
        return refresh_token

    def check(self, access_token: str) -> None:
        """Raises what the portal says to a token that is unknown, revoked, expired or logged out."""
        session, expires = self._access.get(access_token, (None, 0.0))
        if session is None or min(expires, session.ends) <= self._behaviour.now():
            raise AwsError("UnauthorizedException", "Session token not found or invalid", 401)

    def end(self, access_token: str) -> None:
        """Logout: whatever belongs to the session dies with it."""
        self.check(access_token)
        self._access[access_token][0].ends = 0.0

    def end_all(self) -> None:
        """As an administrator deletes the sessions of a user."""
        self._access.clear()
        self._refresh.clear()

    def expire_access_tokens(self) -> None:
        """The hour is over; the session and its refresh token go on."""
        self._access.clear()
