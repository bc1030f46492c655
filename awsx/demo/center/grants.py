"""What a client may trade for a token: authorization codes (PKCE) and approved device codes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal, NamedTuple

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import Client
from awsx.demo.center.service import AwsError

Answer = Literal["allow", "deny"]


class AuthorizeRequest(NamedTuple):
    """The query of /authorize, kept until the person has answered and the client has its token."""

    client: Client
    redirect_uri: str
    state: str
    code_challenge: str


class AuthorizationCode(NamedTuple):
    request: AuthorizeRequest
    expires: float


@dataclass(slots=True)
class Device:
    """A device authorization. `code` is the client's secret; the person sees `user_code`."""

    code: str
    user_code: str
    client: Client
    expires: float
    answer: Answer | None = None
    polls: int = 0
    has_token: bool = False


class Grants:
    """Questions that wait for the person's answer, and codes that wait for their client."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._waiting: dict[str, AuthorizeRequest] = {}
        self._codes: dict[str, AuthorizationCode] = {}
        self._devices: dict[str, Device] = {}

    def put_off(self, request: AuthorizeRequest) -> str:
        """Keep `request` until the person answers; the ticket under which `take` finds it."""
        ticket = secrets.token_urlsafe(12)
        self._waiting[ticket] = request
        return ticket

    def take(self, ticket: str) -> AuthorizeRequest | None:
        """None for an unknown ticket, or one that was taken before (a second click on a button)."""
        return self._waiting.pop(ticket, None)

    def make_code(self, request: AuthorizeRequest) -> str:
        code = secrets.token_urlsafe(32)
        expires = self._behaviour.now() + self._behaviour.authorization_code_lifetime
        self._codes[code] = AuthorizationCode(request, expires)
        return code

    def redeem(self, client: Client, code: str, redirect_uri: str, verifier: str) -> None:
        """Use up `code`.

        Raises AwsError unless the code is valid, was made for this client and redirect URI, and
        `verifier` fits its challenge (RFC 7636).
        """
        found = self._codes.pop(code, None)
        if (
            found is None
            or found.expires <= self._behaviour.now()
            or found.request.client.id != client.id
            or found.request.redirect_uri != redirect_uri
            or found.request.code_challenge != challenge(verifier)
        ):
            raise AwsError("InvalidGrantException", "Invalid grant provided")

    def start_device(self, client: Client) -> Device:
        expires = self._behaviour.now() + self._behaviour.device_code_lifetime
        device = Device(secrets.token_urlsafe(48), make_user_code(), client, expires)
        self._devices[device.code] = device
        return device

    def find_device(self, user_code: str) -> Device | None:
        """By what the person types, in upper or lower case; None if unknown or expired."""
        wanted, now = user_code.strip().upper(), self._behaviour.now()
        return next(
            (d for d in self._devices.values() if d.user_code == wanted and d.expires > now), None
        )

    def poll(self, client: Client, code: str) -> None:
        """Return if the client may have a token now; raises AwsError with any other answer."""
        device = self._devices.get(code)
        if device is None or device.has_token or device.client.id != client.id:
            raise AwsError("InvalidGrantException", "Invalid device code provided")
        if device.expires <= self._behaviour.now():
            raise AwsError("ExpiredTokenException", "Device code expired")
        device.polls += 1
        self._refuse_poll(device)
        # The device is kept: the person's browser may open its page later than this poll.
        device.has_token = True

    def _refuse_poll(self, device: Device) -> None:
        """Raises AwsError if the client has to wait, or the person has denied."""
        behaviour = self._behaviour
        if device.polls <= behaviour.device_slow_downs:
            raise AwsError("SlowDownException", "Polling too fast")
        is_early = device.polls <= behaviour.device_slow_downs + behaviour.device_pending_polls
        answer = device.answer or ("ask" if is_early else behaviour.decision)
        if answer == "ask":
            raise AwsError("AuthorizationPendingException", "Authorization pending")
        if answer == "deny":
            raise AwsError("AccessDeniedException", "Access denied")


def challenge(verifier: str) -> str:
    """The code challenge of a verifier, method S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_user_code() -> str:
    """Four consonants, a dash, four more. Without vowels they never form a word."""
    letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
