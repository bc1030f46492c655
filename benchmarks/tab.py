"""From the Tab key to the text, in an interactive shell on a terminal of its own."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import statistics
import time
from pathlib import Path

from benchmarks import homes
from benchmarks.loop import SHELLS, loading

NAME = homes.profile(7)
TYPED, COMPLETED = NAME[:-14], NAME[-14:]
BEFORE = {
    "bash": "",
    "zsh": "autoload -Uz compinit; compinit -u -D",
    "fish": "set -g fish_autosuggestion_enabled 0",  # it shows the same text before any key
}
LOADED = "printf 'loa%s\\n' ded"
TIMEOUT = 30.0
QUIET = 0.05  # seconds without output after which a shell waits for a key
ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][0-9A-B]|[=>])")


def tab(
    shell: str,
    home: Path,
    turns: int = 5,
    typed: str = TYPED,
    completed: str = COMPLETED,
    is_edited: bool = False,
) -> float:
    """Milliseconds from the Tab behind `awsx TYPED` to COMPLETED.

    The median of that many turns, after one that warms up. Each turn begins with fresh lists, or if
    `is_edited`, with a config that has changed since they were made.
    """
    screen = _Screen(shell, home)
    use = f"awsx {NAME} --no-login; awsx ls --names >/dev/null"
    try:
        for line in (BEFORE[shell], *loading(shell).split("\n"), use, LOADED):
            screen.send(line + "\r")
        screen.wait("loaded")
        took = []
        for turn in range(turns + 1):
            if is_edited:
                homes.edit(home, time.time() - 7200 + turn)
            took.append(_one(screen, typed, completed))
        return 1000 * statistics.median(took[1:])
    finally:
        screen.close()


def _one(screen: _Screen, typed: str, completed: str) -> float:
    screen.settle()
    screen.send(f"awsx {typed}")
    screen.wait(typed[-5:])
    screen.settle()
    begin = time.perf_counter()
    screen.send("\t")
    screen.wait(completed)
    took = time.perf_counter() - begin
    screen.settle()
    screen.send("\x15")  # Ctrl-U: the line is empty again
    return took


class _Screen:
    """A shell on a pseudo-terminal, and the text that it has printed since the last `wait`."""

    def __init__(self, shell: str, home: Path) -> None:
        env = {
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "PATH": os.environ.get("PATH", os.defpath),
        }
        env |= {"LANG": "C.UTF-8", "TERM": "xterm-256color"}
        self._pid, self._terminal = pty.fork()
        if not self._pid:
            os.execvpe(SHELLS[shell][0], [*SHELLS[shell], "-i"], env)
        self._text = b""

    def send(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def wait(self, text: str) -> None:
        """Until the text stands there, colours aside. What came before is forgotten."""
        deadline = time.monotonic() + TIMEOUT
        while text.encode() not in ESCAPE.sub(b"", self._text):
            if not self._read(deadline - time.monotonic()):
                raise TimeoutError(f"no {text!r} in {self._text[-300:]!r}")
        self._text = b""

    def settle(self) -> None:
        while self._read(QUIET):
            pass
        self._text = b""

    def _read(self, timeout: float) -> bool:
        if not select.select([self._terminal], [], [], max(0.0, timeout))[0]:
            return False
        self._text += os.read(self._terminal, 65536)
        return True

    def close(self) -> None:
        os.close(self._terminal)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
