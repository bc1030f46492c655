"""What Ctrl-C, `kill` and a closed window do to a login: it ends tidily, but never in the middle of a write."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager

from awsx.term import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    Handler = Callable[[int, FrameType | None], Any] | int | None

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """SIGTERM or SIGHUP has come. No Exception: nobody on the way up shall take it for a failure of his own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def tidy() -> Iterator[None]:
    """In this block the three signals unwind the stack, so that every `finally` is reached.

    Raises Cancelled after Ctrl-C, with the cursor at the start of a blank line; SIGTERM and SIGHUP still end the
    process by themselves, so that whoever sent them sees it. What is ignored (nohup, `&`) stays ignored.
    """
    before = _set(_raise)
    try:
        yield
    except KeyboardInterrupt:
        _blank_line()
        raise Cancelled from None
    except Ended as ended:
        _blank_line()
        signal.signal(ended.number, signal.SIG_DFL)
        signal.raise_signal(ended.number)
    finally:
        _restore(before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put the three signals off to the end of this block: what stands in it is done whole.

    By handlers, not by a mask: a mask holds for one thread, and there may be more.
    """
    came: list[int] = []
    before = _set(lambda number, _: came.append(number))
    try:
        yield
    finally:
        _restore(before)
        for number in came[:1]:
            signal.raise_signal(number)


def _raise(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else Ended(number)


def _set(handler: Handler) -> dict[int, Handler]:
    """Handle what is not ignored; returns what was there."""
    before: dict[int, Handler] = {}
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handler)
    return before


def _restore(before: dict[int, Handler]) -> None:
    for number, handler in before.items():
        signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _blank_line() -> None:
    """Wipe what the terminal echoed (`^C`), and what was being drawn."""
    if os.isatty(2):
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
