"""The demo's shell as a child process, and every way in which it may end.

Signals interrupt nothing here; `wait` reads them from a pipe (signals.py). So whatever was begun is
also cleaned up.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from awsx.demo.signals import ENDING, KEYBOARD, Signals
from awsx.process import become
from awsx.term import AwsxError, refuse

GRACE = 2.0  # seconds that a shell has to end in before it is killed
JOB_CONTROL = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
CANNOT_START = 127  # a shell's own exit code for a command that it cannot find


class Shell:
    """Start it within `with Signals(...)`, and before there are threads: a fork copies only one.

    Subclasses say on which terminal it runs.
    """

    # The signals that end the demo.
    ended_by: tuple[int, ...] = ENDING
    # True once nobody reads what the shell prints.
    has_no_reader = False

    def __init__(self, argv: list[str], env: Mapping[str, str], cwd: Path) -> None:
        self._argv, self._env, self._cwd = argv, env, cwd
        # As waitpid returns it; None while the shell runs.
        self.status: int | None = None

    def start(self) -> None:
        self._pid = self._fork()
        if self._pid == 0:
            become_shell(self._argv, self._env, self._cwd)

    def _fork(self) -> int:
        return os.fork()

    def wait(self, signals: Signals) -> int:
        """Wait for the end of the shell, of its readers, or of the demo by a signal.

        Returns the shell's exit code, or 128 plus the number of the signal that ended the demo.
        """
        while True:
            has_ended = self.has_ended()
            has_more = self._step(signals, has_ended)
            ending = [number for number in signals.read() if number in self.ended_by]
            if ending:
                return 128 + ending[0]
            if self.has_no_reader:
                return 128 + signal.SIGPIPE
            if has_ended and not has_more:
                return exit_code(self.status or 0)

    def _step(self, signals: Signals, has_ended: bool) -> bool:
        """Sleep until something happens, and handle it; True if there may be more output."""
        if not has_ended:
            select.select([signals.fd], [], [])
        return False

    def has_ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                # The builtin `suspend`. No other process would ever continue the shell.
                os.kill(self._pid, signal.SIGCONT)
            elif pid:
                self.status = status
        return self.status is not None

    def end(self) -> None:
        """Hang up, as a terminal window does that is closed, and wait until the shell is gone."""
        deadline = time.monotonic() + GRACE
        if not self.has_ended():
            self._hang_up()
        while not self.has_ended():
            if time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)
            time.sleep(0.01)

    def _hang_up(self) -> None:
        os.kill(self._pid, signal.SIGHUP)
        os.kill(self._pid, signal.SIGCONT)


def become_shell(argv: list[str], env: Mapping[str, str], cwd: Path) -> None:
    """In the child: ignore no signal, and become the shell. Does not return."""
    for number in (*ENDING, *KEYBOARD, *JOB_CONTROL, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.chdir(cwd)
        become(argv, env)
    except (AwsxError, OSError) as error:
        refuse(str(error))
    os._exit(CANNOT_START)


def exit_code(status: int) -> int:
    """As a shell tells it: the process's own code, or 128 plus the signal that ended it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
