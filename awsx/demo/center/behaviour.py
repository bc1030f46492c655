"""How the loopback AWS behaves: life times, the person at the browser, and what goes wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

HOUR = 3600


@dataclass
class Behaviour:
    """Settings, all of them changeable while the server runs. Seconds, unless the name says otherwise."""

    # An sso-session's access token lives shorter than the session; a legacy login's lives as long.
    access_token_lifetime: float = HOUR
    session_lifetime: float = 8 * HOUR
    role_credentials_lifetime: float = HOUR
    device_code_lifetime: float = 600
    authorization_code_lifetime: float = 600

    # What the person at the browser does; "ask" shows a page with the two buttons.
    decision: Literal["allow", "deny", "ask"] = "allow"
    # What a polling device is told first: so many times SlowDown, and AuthorizationPending until somebody
    # answers on the page, or so many times: a person who always allows or denies may use another machine.
    device_slow_downs: int = 0
    device_pending_polls: int = 2
    device_interval: int = 1

    refresh_tokens: bool = True
    # A refresh token dies when it was used. Unproven of the real service, and the harder case for a client.
    refresh_token_rotation: bool = True
    mfa_code: str = "123456"

    # Portal calls per second above which it answers 429; None is no limit.
    portal_rate: float | None = None
    # That many API calls from now on are answered 500.
    failures: int = 0
    latency: float = 0
    # Seconds that this AWS is ahead of the machine's clock: the Date header and every time it issues.
    clock_skew: float = 0

    def now(self) -> float:
        return time.time() + self.clock_skew
