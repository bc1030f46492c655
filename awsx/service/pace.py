"""How many calls a second AWS is asked, by all threads together.

IAM Identity Center's portal answers 20 calls a second. The pace slows down where AWS says that this
is too much, and comes back by itself.
"""

from __future__ import annotations

import time
from threading import Event, Lock

QUOTA = 20.0  # calls a second, of ListAccounts and ListAccountRoles together
# Calls that leave 50 ms apart do not arrive so: this leaves room for what comes a moment late.
FASTEST = 19.5
SLOWEST = 1.0
SLOWER = 0.9  # of the pace, after a refusal
FASTER = 1.0  # calls a second more, after each second without one
QUIET = 0.3  # seconds in which further refusals tell nothing new: they were on their way


class Stopped(Exception):
    """Nobody wants the answer any more."""


class Pace:
    """`wait()` before each call; `slow_down()` when AWS refuses one as one too many."""

    def __init__(self) -> None:
        self.rate = FASTEST
        self._next = self._changed = time.monotonic()
        self._lock, self._stop = Lock(), Event()

    def wait(self) -> None:
        """Sleep until a call may leave. Raises Stopped."""
        self.pause(self._take() - time.monotonic())

    def pause(self, seconds: float) -> None:
        """Sleep. Raises Stopped."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def _take(self) -> float:
        """The moment of the next call; time that nobody used is not made up for."""
        with self._lock:
            now = time.monotonic()
            self.rate = min(FASTEST, self.rate + FASTER * max(0.0, now - self._changed))
            self._changed = max(now, self._changed)
            moment = max(now, self._next)
            self._next = moment + 1 / self.rate
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
