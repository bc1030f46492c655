"""The screen that a person sees of one command, without a shell.

with Drawn(["awsx", "ls"], env, columns=80) as drawn:
    drawn.wait_end()
    assert drawn.lines()[0].startswith("PROFILE")
"""

from __future__ import annotations

import codecs
import os
import select
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import pyte
from ptyprocess import PtyProcess  # type: ignore[import-untyped]
from terminal import ROOT, TIMEOUT, UNREADABLE, Screen

CORE = (sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"))


class Drawn:
    """A command on a terminal of its own. Nothing here sleeps: each wait has a deadline."""

    def __init__(
        self, words: Sequence[str], env: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self.display = Screen(rows, columns, lambda text: self.press(text))
        self._stream = pyte.Stream(self.display)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._process = PtyProcess.spawn(list(words), env=dict(env), dimensions=(rows, columns))
        self._ended = False
        self.raw = ""

    def __enter__(self) -> Drawn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.delayafterclose = 0
        self._process.close(force=True)

    def press(self, text: str) -> None:
        self._process.write(text.encode())

    def lines(self) -> list[str]:
        return [self.display.line(y).rstrip() for y in range(self.display.lines)]

    def words(self) -> set[str]:
        return {word for line in self.lines() for word in line.split()}

    def cell(self, line: int, text: str) -> Any:
        """The first character of `text` on that line, with its colours."""
        return self.display.buffer[line][self.lines()[line].index(text)]

    def wait_for(self, met: Callable[[list[str]], object], timeout: float = TIMEOUT) -> None:
        deadline = time.monotonic() + timeout
        while not met(self.lines()):
            if self._ended or time.monotonic() > deadline:
                raise TimeoutError("not seen:\n" + "\n".join(self.lines()))
            self._pump(0.02)

    def wait_end(self, timeout: float = TIMEOUT) -> int:
        """The exit code of the command."""
        deadline = time.monotonic() + timeout
        while not self._ended:
            if time.monotonic() > deadline:
                raise TimeoutError("it did not end:\n" + "\n".join(self.lines()))
            self._pump(0.1)
        return int(self._process.wait())

    def _pump(self, timeout: float) -> None:
        if not select.select([self._process.fd], [], [], timeout)[0]:
            return
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:  # Linux, when nobody holds the other end any more
            data = b""
        self._ended = not data
        text = self._decode(data)
        self.raw += text
        self._stream.feed(UNREADABLE.sub("", text))
