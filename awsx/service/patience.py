"""How long awsx waits for AWS's answer: a word after a moment, and an end that comes for sure.

botocore's timeouts are for one read each: a server that sends a byte now and then would hold us for
ever. So the question is asked in a thread, and given up by the clock.
"""

from __future__ import annotations

import sys
import time

from awsx.term import can_redraw, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

WORD_AFTER = 3.0  # seconds
LIMIT = 27.0  # seconds for all questions together that one server left unanswered
WORD = "no answer from AWS yet ({}); waiting for at most {:.0f} s more (Ctrl-C to stop)"
_spent: dict[str, float] = {}  # seconds that were lost on each endpoint
_is_said = False  # one word is enough


class Silent(Exception):
    """The server has not answered in time."""


class _Asking:
    """A call in a thread of its own: what it returned, or its error, to be raised where we wait."""

    def __init__(self, call: Callable[[], object]) -> None:
        from threading import Event, Thread

        self.answer: object = None
        self.error: BaseException | None = None
        self.done = Event()
        self._call = call
        Thread(target=self._ask, daemon=True).start()

    def _ask(self) -> None:
        with self:
            self.answer = self._call()

    def __enter__(self) -> None:
        """Begin a block whose error is kept instead of raised."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        self.error = error
        self.done.set()
        return True


def answered(call: Callable[[], T], endpoint: str) -> T:
    """What the call returns or raises. Raises Silent if that takes too long."""
    began, limit = time.monotonic(), LIMIT - _spent.get(endpoint, 0.0)
    if limit <= 0:
        raise Silent
    asking = _Asking(call)
    try:
        if not asking.done.wait(min(WORD_AFTER, limit)):
            _say_once(endpoint, limit - WORD_AFTER)
            asking.done.wait(max(0.0, limit - WORD_AFTER))
    finally:
        # A refusal is an answer, too: it holds the response.
        if asking.answer is None and not hasattr(asking.error, "response"):
            _spent[endpoint] = _spent.get(endpoint, 0.0) + time.monotonic() - began
    if asking.error:
        raise asking.error
    if asking.answer is None:
        raise Silent
    return asking.answer  # type: ignore[return-value]  # what the call returned


def _say_once(endpoint: str, left: float) -> None:
    global _is_said
    if not _is_said and left > 0:
        _is_said = True
        if can_redraw():  # a countdown may stand in this line
            sys.stderr.write("\r\x1b[K")
        say(WORD.format(endpoint.partition("://")[2], left))
