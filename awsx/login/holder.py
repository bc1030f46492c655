"""Who holds a session's lock: the process that logs in, and its terminal."""

from __future__ import annotations

import os
from typing import NamedTuple

from awsx.files import disk
from awsx.term import AwsxError, clean


class Holder(NamedTuple):
    """A process that logs in; `pid` is 0 if it is not known."""

    pid: int = 0
    tty: str = ""

    @classmethod
    def here(cls) -> Holder:
        """This process."""
        for stream in (0, 2):
            try:
                return cls(os.getpid(), os.ttyname(stream).removeprefix("/dev/"))
            except OSError:
                continue
        return cls(os.getpid())

    @classmethod
    def of(cls, path: str) -> Holder:
        """The holder that a lock's file names. Call it only while somebody else holds the lock."""
        text = disk.read_own(path)[:200].decode("utf-8", "replace")
        pid, _, tty = text.strip().partition(" ")
        return cls(int(pid), clean(tty, 40)) if pid.isdecimal() and len(pid) < 12 else cls()

    @property
    def line(self) -> str:
        return f"{self.pid} {self.tty}\n"

    @property
    def shown(self) -> str:
        """`pid 4711, pts/3`."""
        return f"pid {self.pid}, {self.tty}" if self.tty else f"pid {self.pid}"

    def is_asleep(self) -> bool:
        """True if the process is stopped, as by Ctrl-Z. (Only Linux tells.)"""
        try:
            status = (disk.read(f"/proc/{self.pid}/stat") or b"").rpartition(b")")[2].split()
        except AwsxError:
            return False
        return status[:1] == [b"T"]
