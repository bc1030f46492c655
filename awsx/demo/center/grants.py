"""What a person was asked and answered: authorization codes (PKCE) and devices waiting for approval."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import Client
from awsx.demo.center.wire import AwsError

Answer = Literal["allow", "deny"]


@dataclass(frozen=True)
class Asked:
    """The query of /authorize, kept until the person has answered."""

    client: Client
    redirect_uri: str
    state: str
    code_challenge: str


@dataclass
class Device:
    code: str
    user_code: str
    client: Client
    expires: float
    answer: Answer | None = None
    polls: int = 0
    done: bool = False


class Grants:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._asked: dict[str, Asked] = {}
        self._codes: dict[str, tuple[Asked, float]] = {}
        self._devices: dict[str, Device] = {}

    def ask(self, asked: Asked) -> str:
        ticket = secrets.token_urlsafe(12)
        self._asked[ticket] = asked
        return ticket

    def answered(self, ticket: str) -> Asked | None:
        """Once: the second click on a button finds nothing."""
        return self._asked.pop(ticket, None)

    def code(self, asked: Asked) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = (
            asked,
            self._behaviour.now() + self._behaviour.authorization_code_lifetime,
        )
        return code

    def redeem(self, client: Client, code: str, redirect_uri: str, verifier: str) -> None:
        """Raises unless the code is fresh, the client's own and its verifier known (RFC 7636)."""
        asked, expires = self._codes.pop(code, (None, 0.0))
        if (
            asked is None
            or expires <= self._behaviour.now()
            or (asked.client.id, asked.redirect_uri) != (client.id, redirect_uri)
            or asked.code_challenge != challenge(verifier)
        ):
            raise AwsError("InvalidGrantException", "Invalid grant provided")

    def start_device(self, client: Client) -> Device:
        expires = self._behaviour.now() + self._behaviour.device_code_lifetime
        device = Device(secrets.token_urlsafe(48), user_code(), client, expires)
        self._devices[device.code] = device
        return device

    def find_device(self, user_code: str) -> Device | None:
        waiting = (
            device for device in self._devices.values() if device.expires > self._behaviour.now()
        )
        return next(
            (device for device in waiting if device.user_code == user_code.strip().upper()), None
        )

    def poll(self, client: Client, code: str) -> None:
        """Returns when the device may have its token; else raises what the poll is told."""
        device = self._devices.get(code)
        if device is None or device.done or device.client.id != client.id:
            raise AwsError("InvalidGrantException", "Invalid device code provided")
        if device.expires <= self._behaviour.now():
            raise AwsError("ExpiredTokenException", "Device code expired")
        device.polls += 1
        self._refuse_poll(device)
        # Known still: the person's browser may be slower than the device.
        device.done = True

    def _refuse_poll(self, device: Device) -> None:
        behaviour = self._behaviour
        if device.polls <= behaviour.device_slow_downs:
            raise AwsError("SlowDownException", "Polling too fast")
        patient = device.polls <= behaviour.device_slow_downs + behaviour.device_pending_polls
        answer = device.answer or ("ask" if patient else behaviour.decision)
        if answer == "ask":
            raise AwsError("AuthorizationPendingException", "Authorization pending")
        if answer == "deny":
            raise AwsError("AccessDeniedException", "Access denied")


def challenge(verifier: str) -> str:
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )


def user_code() -> str:
    """Four consonants, a dash, four more: no word comes of it and nothing is misread."""
    letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
