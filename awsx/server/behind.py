"""A server behind a command: a process of its own, which ends when the command does."""

from __future__ import annotations

import os
import select
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FRONT, BETWEEN, SERVER = "front", "between", "server"


class Part:
    """Which of the processes this one is after `split`; `goes_on` tells the server if it is needed.

    FRONT is the one that there was: it may become the command. BETWEEN has nothing to do but end.
    """

    __slots__ = ("goes_on", "role")

    def __init__(self, role: str, goes_on: Callable[[], bool] = bool) -> None:
        self.role, self.goes_on = role, goes_on


def split() -> Part:
    """Make a server process of this one, for as long as this one lives, whatever it becomes.

    The server is not its child, so that no command finds a child that it has not started; it has no
    terminal, so that no Ctrl-C ends it; and it holds no stdout, on which a pipe would wait.
    Call it before there are threads.
    """
    command = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return Part(FRONT)
    watch = _watch(command)
    os.setsid()
    if os.fork():
        return Part(BETWEEN)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return Part(SERVER, watch)


def _watch(pid: int) -> Callable[[], bool]:
    """A function that tells whether the process still runs."""
    try:
        fd = os.pidfd_open(pid)
    except (AttributeError, OSError):  # no Linux, or an old one
        return lambda: _is_there(pid)
    # A file descriptor of a process can be read from once it has ended.
    return lambda: not select.select([fd], [], [], 0)[0]


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
