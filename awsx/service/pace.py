"""How many calls a second AWS is asked, by all threads together.

IAM Identity Center's portal answers 20 calls a second. The pace slows down where AWS says that this
is too much, and comes back by itself.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Event, Lock

QUOTA = 20  # calls within any second, of ListAccounts and ListAccountRoles together
# Calls do not arrive as far apart as they leave: this leaves room for what comes a moment late.
FASTEST = 19.5
SLOWEST = 1.0
EVEN = 0.85  # of the usual pause stands between two calls at least; a late one may be made up for
SLOWER = 0.95  # of the pace, after a refusal
FASTER = 1.0  # calls a second more, after each second without one
QUIET = 0.3  # seconds in which further refusals tell nothing new: they were on their way


class Stopped(Exception):
    """Nobody wants the answer any more."""


class Pace:
    """`wait()` before each call; `slow_down()` when AWS refuses one as one too many."""

    def __init__(self) -> None:
        self.rate = FASTEST
        self._next = self._changed = time.monotonic()
        self._moments: deque[float] = deque(maxlen=QUOTA)  # of the last calls
        self._lock, self._stop = Lock(), Event()

    def wait(self) -> None:
        """Sleep until a call may leave. Raises Stopped."""
        self.pause(self._take() - time.monotonic())

    def pause(self, seconds: float) -> None:
        """Sleep. Raises Stopped."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def _take(self) -> float:
        """The moment of the next call: QUOTA calls take QUOTA / rate seconds."""
        with self._lock:
            now = time.monotonic()
            self.rate = min(FASTEST, self.rate + FASTER * max(0.0, now - self._changed))
            self._changed = max(now, self._changed)
            moment = max(now, self._next)
            if len(self._moments) == QUOTA:
                moment = max(moment, self._moments[0] + QUOTA / self.rate)
            self._moments.append(moment)
            self._next = moment + EVEN / self.rate
            return moment

    def slow_down(self) -> None:
        """Take a slower pace from now on, unless that has just happened."""
        with self._lock:
            now = time.monotonic()
            if now >= self._changed:
                self.rate = max(SLOWEST, self.rate * SLOWER)
                self._changed = now + QUIET
                self._next = max(self._next, now + 1 / self.rate)

    def stop(self) -> None:
        """Let every `wait` end at once."""
        self._stop.set()
