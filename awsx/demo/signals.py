"""Signals that interrupt nothing: each becomes a byte in a pipe, to be read at a suitable time."""

from __future__ import annotations

import os
import signal

ENDING = (signal.SIGHUP, signal.SIGTERM)
# What Ctrl-C and Ctrl-\ send to every process in the foreground.
KEYBOARD = (signal.SIGINT, signal.SIGQUIT)


class Signals:
    """`with Signals(SIGTERM, ...) as signals:`; `signals.read()` then says which have arrived."""

    def __init__(self, *wanted: signal.Signals) -> None:
        self._wanted = wanted

    def __enter__(self) -> Signals:
        self.fd, self._writer = os.pipe()
        for fd in (self.fd, self._writer):
            os.set_blocking(fd, False)
        # An ignored signal stays ignored: somebody wanted that (nohup).
        heard = [s for s in self._wanted if s == signal.SIGCHLD or not is_ignored(s)]
        # Python writes the byte only for a signal that has a handler.
        self._handlers = {s: signal.signal(s, lambda *_: None) for s in heard}
        self._wakeup_fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup_fd)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self.fd)
        os.close(self._writer)

    def read(self) -> bytes:
        """The numbers of the signals since the last call, without waiting for one."""
        try:
            return os.read(self.fd, 512)
        except BlockingIOError:
            return b""


def is_ignored(number: signal.Signals) -> bool:
    return signal.getsignal(number) is signal.SIG_IGN
