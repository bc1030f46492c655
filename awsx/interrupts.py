"""What Ctrl-C, `kill` and a closed window do to a login: end it tidily, never during a write."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

from awsx.term import Cancelled, can_redraw, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    Handler = Callable[[int, FrameType | None], Any] | int | None

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """SIGTERM or SIGHUP has come. Not an Exception, so that nobody takes it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def tidy() -> Iterator[None]:
    """In this block the three signals unwind the stack, so that every `finally` is reached.

    After Ctrl-C it raises Cancelled, with the cursor at the start of a blank line. SIGTERM and
    SIGHUP still end the process, so that their sender sees it. A signal that is ignored (nohup,
    `&`) stays ignored.
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
    """Put the three signals off to the end of this block, which is thus done whole.

    By handlers, not by a signal mask: a mask holds for one thread, and there may be more.
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
    """Set the handler for each signal that is not ignored; returns the handlers before."""
    before: dict[int, Handler] = {}
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handler)
    return before


def _restore(before: dict[int, Handler]) -> None:
    for number, handler in before.items():
        signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _blank_line() -> None:
    """Wipe the line with the `^C` that the terminal has echoed, and with a countdown."""
    if os.isatty(2):
        write("\r\x1b[K" if can_redraw() else "\n")
