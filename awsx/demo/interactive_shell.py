"""The demo's shell on the person's terminal, like `bash` typed at a prompt."""

from __future__ import annotations

import contextlib
import os
import signal
import termios

from awsx.demo.shell import Shell

BRACKETED_PASTE_OFF = b"\x1b[?2004l"


class InteractiveShell(Shell):
    def start(self) -> None:
        self._settings = termios.tcgetattr(0)
        super().start()

    def end(self) -> None:
        """Also put the terminal back: a shell that was killed leaves its line editor's settings."""
        super().end()
        # A process in the background may be stopped when it changes the terminal.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            os.tcsetpgrp(0, os.getpgrp())
            termios.tcsetattr(0, termios.TCSADRAIN, self._settings)
            if os.WIFSIGNALED(self.status or 0):
                os.write(2, BRACKETED_PASTE_OFF)
        except (OSError, termios.error):  # the terminal is gone
            return

    def _hang_up(self) -> None:
        """Also hang up the job in the foreground, as the kernel does when a window is closed.

        A shell that has only just started a job may not pass the signal on (seen with zsh).
        """
        with contextlib.suppress(OSError):  # the terminal or the job is gone
            group = os.tcgetpgrp(0)
            if group not in (os.getpgrp(), self._pid):
                os.killpg(group, signal.SIGHUP)
        super()._hang_up()
