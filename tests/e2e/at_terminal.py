"""awsx as a program on a terminal of its own: reads the screen and presses keys."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte
from terminal import ROOT, spawn

AWSX = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]
TIMEOUT = 60.0
STYLE = re.compile(r"\x1b\[[\d;]*m")
LEFT_OVER = re.compile(r"\.tmp$")


class AtTerminal:
    """A program on a terminal: awsx with these words, or the program if the first is a path.

    with AtTerminal(["login", "prod"], env) as awsx:
        awsx.wait_for("0:59")
        awsx.press_ctrl_c()
        assert awsx.end() == 130
    """

    def __init__(
        self, words: list[str], env: Mapping[str, str], rows: int = 24, columns: int = 100
    ) -> None:
        self.raw = bytearray()
        self.ended_at = 0.0
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        argv = words if words[0].startswith("/") else [*AWSX, *words]
        self._process: Any = spawn(argv, dict(env), env["HOME"], (rows, columns))
        self.pid: int = self._process.pid

    def __enter__(self) -> AtTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.isalive():
            os.killpg(self.pid, signal.SIGKILL)
        self._process.delayafterclose = 0
        self._process.close()

    @property
    def shown(self) -> str:
        """All that was written to the terminal, without colours."""
        return STYLE.sub("", self.raw.decode("utf-8", "replace")).replace("\r\n", "\n")

    @property
    def talk(self) -> str:
        """All that was written to the terminal, in one line."""
        return " ".join(self.shown.split())

    @property
    def lines(self) -> list[str]:
        """The lines of the screen as they are now, without what was wiped."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def is_on_blank_line(self) -> bool:
        cursor = self._screen.cursor
        return cursor.x == 0 and not self.lines[cursor.y]

    def pump(self, timeout: float) -> bool:
        """Read what the program writes; False once it has closed its terminal."""
        if not select.select([self._process.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:
            data = b""
        if not data:
            self.ended_at = self.ended_at or time.monotonic()
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def wait_for(self, wanted: str | Callable[[], object], timeout: float = TIMEOUT) -> None:
        """Read until the text was shown or the condition holds. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not (wanted() if callable(wanted) else wanted in self.shown):
            alive = self.pump(0.02)
            if time.monotonic() > deadline or not (
                alive or callable(wanted) or wanted in self.shown
            ):
                raise TimeoutError(f"{wanted!r} was not seen in:\n{self.shown}")

    def type(self, text: str) -> None:
        self._process.write(text.encode())

    def press_ctrl_c(self) -> None:
        self._process.write(b"\x03")

    def kill(self, number: int) -> None:
        """Send a signal to the program alone, as `kill PID` does."""
        os.kill(self.pid, number)

    def end(self, timeout: float = TIMEOUT) -> int:
        """Wait for the program's end; its exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + timeout
        while self.pump(0.05):
            if time.monotonic() > deadline:
                raise TimeoutError(f"still running after {timeout:g} s:\n{self.shown}")
        self._process.wait()
        status = self._process.exitstatus
        return int(-self._process.signalstatus if status is None else status)


def run(
    words: list[str], env: Mapping[str, str], timeout: float = TIMEOUT, **more: int
) -> tuple[int, AtTerminal]:
    """Run awsx to its end; its exit status, and the terminal."""
    with AtTerminal(words, env, **more) as awsx:
        return awsx.end(timeout), awsx


def scripts(folder: Path, **texts: str) -> dict[str, str]:
    """Make sh scripts with these texts in `folder`; their paths by name."""
    found = {}
    for name, text in texts.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        found[name] = str(path)
    return found


# Follows the link and its redirects before it ends, as a browser in the foreground does.
FETCH = (
    f"{sys.executable} -I -c 'import sys, urllib.request;"
    ' urllib.request.urlopen(sys.argv[-1]).read()\' "$@"'
)


def residue(home: Path) -> list[str]:
    """What a failed login must not leave: files with a token, whole or half written."""
    cache = home / ".aws" / "sso" / "cache"
    found = sorted(cache.iterdir()) if cache.exists() else []
    return [
        path.name
        for path in found
        if LEFT_OVER.search(path.name) or "accessToken" in path.read_text()
    ]


@contextmanager
def watched(pid_of: Callable[[], int]) -> Iterator[list[tuple[str, str]]]:
    """In this block: command line and environment of each process that descends from one."""
    import threading

    seen: set[tuple[str, str]] = set()
    found: list[tuple[str, str]] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            for pid in descendants(pid_of()):
                try:
                    line, env = (
                        Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ")
                    )
                except OSError:
                    continue
                pair = (line.decode("utf-8", "replace"), env.decode("utf-8", "replace"))
                if pair not in seen:
                    seen.add(pair)
                    found.append(pair)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def tasks(pid: int) -> list[Path]:
    """For each thread of a process the file that names its children; none if it has ended."""
    try:
        return list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:  # it ended while we looked
        return []


def descendants(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for one in found:
        for task in tasks(one):
            try:
                found += [int(child) for child in task.read_text(encoding="utf-8").split()]
            except OSError:
                continue
    return found
