"""The demo's shell on a terminal that nobody sees; its output is copied to stdout byte for byte."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios

from awsx.demo.shell import Shell
from awsx.demo.signals import ENDING, Signals

# A shell that has ended, and whose terminal then shows nothing for so many seconds, is done.
SILENCE = 0.2
DEFAULT_SIZE = os.terminal_size((80, 24))


class UnattendedShell(Shell):
    ended_by = (*ENDING, signal.SIGINT)

    def _fork(self) -> int:
        self._unwritten = b""  # what was read from the terminal and is not on stdout yet
        pid, self._terminal = pty.fork()
        if pid == 0:
            keep_line_ends(0)
        else:
            set_size(self._terminal, size())
        return pid

    def _step(self, signals: Signals, has_ended: bool) -> bool:
        if self._unwritten:
            self._write(signals)
            return True
        if self._terminal < 0:
            return super()._step(signals, has_ended)
        # A job in the background may keep the terminal open for ever.
        timeout = SILENCE if has_ended else None
        ready, _, _ = select.select([signals.fd, self._terminal], [], [], timeout)
        if self._terminal not in ready:
            return False
        self._read()
        return True

    def _write(self, signals: Signals) -> None:
        """Write only what stdout takes at once: a reader that sleeps must not delay a signal."""
        try:
            if select.select([signals.fd], [1], [])[1]:
                written = os.write(1, self._unwritten[: select.PIPE_BUF])
                self._unwritten = self._unwritten[written:]
        except BrokenPipeError:  # `| head`
            self.has_no_reader = True

    def _read(self) -> None:
        try:
            self._unwritten = os.read(self._terminal, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            self._unwritten = b""
        if not self._unwritten:
            self._close()

    def _hang_up(self) -> None:
        # The kernel then sends SIGHUP to the shell and to the job in the foreground.
        self._close()
        super()._hang_up()

    def _close(self) -> None:
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1


def keep_line_ends(terminal: int) -> None:
    """Put no carriage return before a line feed: the output goes into a pipe or a file."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


def size() -> os.terminal_size:
    """The size of the terminal on which the person may read the output."""
    for stream in (1, 2, 0):
        if os.isatty(stream):
            return os.get_terminal_size(stream)
    return DEFAULT_SIZE


def set_size(terminal: int, size: os.terminal_size) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
