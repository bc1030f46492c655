"""The picker, from its start to the first row on the screen of a terminal."""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import commands, homes
from benchmarks.commands import CORE, ISOLATED, ROOT, core
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, LeftOut, Reference

PATIENCE = 20.0  # seconds until a row must be there
FIRST_ROW = homes.profile(0)[:8].encode()  # how every name begins
ESC = b"\x1b"
SIZE = struct.pack("HHHH", 24, 100, 0, 0)  # rows and columns of the screen
BOUNDS = {5000: 1.4, 20000: 1.8}  # times the same fzf with the same rows
OF_BARE_PYTHON = {5000: 5.0}  # times a bare Python with site

# awsx with another fzf, one that keeps what it is given: titles and rows as the picker shows them,
# without its hidden field.
LISTED = """import sys
sys.path[:0] = sys.argv.pop(1), sys.argv.pop(1)
from awsx.__main__ import main
main()"""
KEEPS = """#!/bin/sh
for word in "$@"; do case $word in --header=*) titles=${{word#--header=}} ;; esac; done
(echo "$titles" && cut -f 1) >'{}'
exit 130
"""


class Screen:
    """A process on a terminal of its own."""

    def __init__(self, command: tuple[str, ...], env: Mapping[str, str], stdin: str = "") -> None:
        self.begun = time.perf_counter()
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, SIZE)
        tty = os.ttyname(theirs)
        # fzf reads /dev/tty: for a new session, that is the first terminal that it opens.
        opened = [
            (os.POSIX_SPAWN_OPEN, 2, tty, os.O_RDWR, 0),
            (os.POSIX_SPAWN_OPEN, 0, stdin or tty, os.O_RDWR, 0),
        ]
        opened += [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        self.pid = os.posix_spawn(command[0], command, env, file_actions=opened, setsid=True)
        os.close(theirs)

    def wait_for(self, wanted: bytes) -> float:
        """Seconds from the start until `wanted` was drawn."""
        seen = b""
        while wanted not in seen:
            data = self._read()
            if not data:
                raise LeftOut(f"no {wanted.decode()} on the screen, but {seen[-200:]!r}")
            seen += data
        return time.perf_counter() - self.begun

    def _read(self) -> bytes:
        """What was drawn since; nothing once the process is gone, or silent for too long."""
        if not select.select([self._ours], [], [], PATIENCE)[0]:
            return b""
        try:
            return os.read(self._ours, 65536)
        except OSError:  # Linux, when nobody holds the other end any more
            return b""

    def leave(self) -> None:
        os.write(self._ours, ESC)
        while self._read():
            pass
        os.close(self._ours)
        os.waitpid(self.pid, 0)


@contextmanager
def shown(
    command: tuple[str, ...], env: Mapping[str, str], stdin: str = ""
) -> Iterator[tuple[Screen, float]]:
    """A picker that shows its first row, and the seconds until then."""
    screen = Screen(command, env, stdin)
    try:
        yield screen, screen.wait_for(FIRST_ROW)
    finally:
        screen.leave()


def seconds(command: tuple[str, ...], env: Mapping[str, str], stdin: str = "") -> float:
    with shown(command, env, stdin) as (_, took):
        return took


def first_rows(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(10, 1000, 5000, 20000):
        env = core(place.environment(size))
        beside = Reference("fzf < file", partial(_bare, env))
        bare_python = Reference("python -I -c pass", partial(commands.seconds, ISOLATED, env))
        measure = partial(seconds, CORE, env)
        yield [
            Contest("the picker's first row", size, measure, reference, _bounds(most, size))
            for reference, most in ((beside, BOUNDS), (bare_python, OF_BARE_PYTHON))
        ]


def _bounds(most: Mapping[int, float], size: int) -> tuple[Bound, ...]:
    return (Bound(most[size], "x"),) if size in most else ()


def _bare(env: Mapping[str, str]) -> float:
    file = Path(env["HOME"], "rows")
    if not file.exists():
        _list(env, file)
    return seconds((_fzf(),), env, str(file))


def _fzf() -> str:
    """The fzf that the picker starts."""
    carried = (f"{folder}/iterfzf/fzf" for folder in sys.path)
    path = next(filter(os.path.exists, carried), None) or shutil.which("fzf")
    if path is None:
        raise LeftOut("there is no fzf")
    return path


def _list(env: Mapping[str, str], file: Path) -> None:
    fzf = Path(env["TMPDIR"], "iterfzf", "fzf")
    fzf.parent.mkdir()
    fzf.write_text(KEEPS.format(file))
    fzf.chmod(0o700)
    screen = Screen((*CORE[:3], "-c", LISTED, env["TMPDIR"], str(ROOT)), env)
    while screen._read():
        pass
    screen.leave()
