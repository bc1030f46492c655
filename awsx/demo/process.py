"""The demo's shell as a process: on this terminal or on one of its own, and every way in which it may end.

Nothing here is interrupted: a signal is a number in a pipe, read where its turn has come. So what was begun is
always cleared away.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from awsx.process import become
from awsx.term import AwsxError, say

ENDS = (signal.SIGHUP, signal.SIGTERM)
GRACE = 2.0  # seconds that a shell has to end in
FOREGROUND_SIGNALS = (signal.SIGINT, signal.SIGQUIT)
LAST_WORDS = 0.2  # seconds without a word after which a shell that has ended has said everything
PASTE_OFF = b"\x1b[?2004l"


class Signals:
    """`with Signals(SIGTERM, ...) as signals:` they do nothing but come out of `read`."""

    def __init__(self, *wanted: signal.Signals) -> None:
        # Whoever is told to ignore one (nohup) goes on doing so.
        self._wanted = [
            s for s in wanted if s == signal.SIGCHLD or signal.getsignal(s) is not signal.SIG_IGN
        ]
        self.fd, self._writer = os.pipe()

    def __enter__(self) -> Signals:
        for fd in (self.fd, self._writer):
            os.set_blocking(fd, False)
        self._before = {s: signal.signal(s, lambda *_: None) for s in self._wanted}
        self._fd_before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.fd)
        os.close(self._writer)

    def read(self) -> bytes:
        try:
            return os.read(self.fd, 512)
        except BlockingIOError:
            return b""


class Shell:
    """A child, started at once; in `Signals`, before there are threads, which a fork would not take along."""

    ended_by: tuple[int, ...] = ENDS
    is_unheard = False

    def __init__(self, argv: list[str], env: Mapping[str, str], cwd: Path) -> None:
        self.status: int | None = None
        self.pid = self._fork()
        if self.pid == 0:
            start(argv, env, cwd)

    def _fork(self) -> int:
        return os.fork()

    def wait(self, signals: Signals) -> int:
        """Its exit code, or 128 and the number of the signal that ends the demo."""
        while True:
            gone = self.has_ended()
            more = self.turn(signals, gone)
            ended = [number for number in signals.read() if number in self.ended_by]
            if ended:
                return 128 + ended[0]
            if self.is_unheard:
                return 128 + signal.SIGPIPE
            if gone and not more:
                return exit_code(self.status or 0)

    def turn(self, signals: Signals, gone: bool) -> bool:
        """Sleep until there is something to do, and do it; False if that was a signal alone."""
        if not gone:
            select.select([signals.fd], [], [])
        return False

    def has_ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):  # `suspend`: there is nobody else who could wake it
                os.kill(self.pid, signal.SIGCONT)
            elif pid:
                self.status = status
        return self.status is not None

    def end(self) -> None:
        """Hang up, as a closed window does, and wait until it is gone."""
        deadline = time.monotonic() + GRACE
        if not self.has_ended():
            self.hang_up()
        while not self.has_ended():
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.01)

    def hang_up(self) -> None:
        os.kill(self.pid, signal.SIGHUP)
        os.kill(self.pid, signal.SIGCONT)


class OnThisTerminal(Shell):
    """The person's own, as `bash` typed at a prompt would be."""

    def _fork(self) -> int:
        self._settings = termios.tcgetattr(0)
        return super()._fork()

    def end(self) -> None:
        """A shell that was killed leaves the terminal to itself, with its line editor's settings."""
        super().end()
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            os.tcsetpgrp(0, os.getpgrp())
            termios.tcsetattr(0, termios.TCSADRAIN, self._settings)
            if os.WIFSIGNALED(self.status or 0):
                os.write(2, PASTE_OFF)
        except (OSError, termios.error):  # the terminal is gone
            return


class OnItsOwnTerminal(Shell):
    """For nobody to look at: what it shows is copied to stdout, byte for byte."""

    ended_by = (*ENDS, signal.SIGINT)

    def _fork(self) -> int:
        self._held = b""
        pid, self._terminal = pty.fork()
        if pid == 0:
            plain(0)
        else:
            fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *size(), 0, 0))
        return pid

    def turn(self, signals: Signals, gone: bool) -> bool:
        if self._held:
            return self._write(signals)
        if self._terminal < 0:
            return super().turn(signals, gone)
        # A job in the background may hold the terminal open for ever.
        ready, _, _ = select.select(
            [signals.fd, self._terminal], [], [], LAST_WORDS if gone else None
        )
        if self._terminal not in ready:
            return False
        self._read()
        return True

    def _write(self, signals: Signals) -> bool:
        """As much as is taken without waiting: a reader that has stopped must not keep us from ending."""
        try:
            if select.select([signals.fd], [1], [])[1]:
                self._held = self._held[os.write(1, self._held[: select.PIPE_BUF]) :]
        except BrokenPipeError:  # `| head`
            self.is_unheard = True
        return True

    def _read(self) -> None:
        try:
            self._held = os.read(self._terminal, 65536)
        except OSError:  # Linux: nobody holds the other end any more
            self._held = b""
        if not self._held:
            self._close()

    def hang_up(self) -> None:
        self._close()  # the kernel tells the shell, and the job in front
        super().hang_up()

    def _close(self) -> None:
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1


def start(argv: list[str], env: Mapping[str, str], cwd: Path) -> None:
    """In the child: become the shell, with no signal ignored. Does not return."""
    for number in (
        *ENDS,
        *FOREGROUND_SIGNALS,
        signal.SIGTSTP,
        signal.SIGTTIN,
        signal.SIGTTOU,
        signal.SIGCHLD,
    ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.chdir(cwd)
        become(argv, env)
    except (AwsxError, OSError) as error:
        say(str(error))
    os._exit(127)


def exit_code(status: int) -> int:
    """As a shell tells it: 128 and the signal that ended it, else its own."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def plain(terminal: int) -> None:
    """A line ends with a line feed alone: what is copied into a pipe or a file has no carriage returns."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


def size() -> tuple[int, int]:
    """Rows and columns of the terminal that somebody may look at."""
    for stream in (1, 2, 0):
        if os.isatty(stream):
            found = os.get_terminal_size(stream)
            return found.lines, found.columns
    return 24, 80
