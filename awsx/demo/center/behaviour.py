"""How the loopback AWS behaves: lifetimes, what the person at the browser does, and what fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

HOUR = 3600


@dataclass(slots=True)
class Behaviour:
    """Every field may be changed while the server runs. Times are in seconds."""

    # With an sso-session an access token is renewed within the session, with this lifetime at most.
    # After a legacy login (no sso-session) it lives as long as the session.
    access_token_lifetime: float = HOUR
    session_lifetime: float = 8 * HOUR
    role_credentials_lifetime: float = HOUR
    device_code_lifetime: float = 600
    authorization_code_lifetime: float = 600

    # What the person at the browser does; "ask" shows a page with the buttons Allow and Deny.
    decision: Literal["allow", "deny", "ask"] = "allow"
    # The first answers to a client that polls with a device code: SlowDown this many times, ...
    device_slow_downs: int = 0
    # ... then AuthorizationPending: until a person answers on the page if `decision` is "ask", else
    # at most this many times. After that `decision` holds even if no browser opened the page, as if
    # the person had used a browser on another machine.
    device_pending_polls: int = 2
    device_interval: int = 1

    # Of a session of `aws login`: what it issues, and the session itself.
    sign_in_credentials_lifetime: float = HOUR / 4
    sign_in_lifetime: float = 12 * HOUR
    # Who logs in by `aws login`; empty: the organisation's user of the web console.
    sign_in_arn: str = ""
    # Why AWS Sign-In refuses: TOKEN_EXPIRED, USER_CREDENTIALS_CHANGED, INSUFFICIENT_PERMISSIONS.
    sign_in_refusal: str = ""

    refresh_tokens: bool = True
    # True: a refresh token works once. It is unknown whether the real service does that; it is the
    # harder case for a client.
    refresh_token_rotation: bool = True
    mfa_code: str = "123456"

    # The portal answers 429 above this many calls per second; None: no limit.
    portal_rate: float | None = None
    # The next calls of an API, this many, are answered with status 500.
    failures: int = 0
    # Each response waits for this long.
    latency: float = 0
    # How far this AWS is ahead of the machine's clock: in the Date header and in every time that it
    # issues or compares.
    clock_skew: float = 0

    def now(self) -> float:
        """The time by this AWS's clock, in seconds since 1970."""
        return time.time() + self.clock_skew
