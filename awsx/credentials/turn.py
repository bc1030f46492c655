"""One process at a time asks AWS for the credentials of a profile; the others take what it got."""

from __future__ import annotations

import time
from hashlib import sha1

from awsx.files import disk, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Seconds. Whoever waited so long asks by itself: the process before it may sleep (Ctrl-Z).
LONGEST_WAIT, PAUSE = 30.0, 0.05


class Turn:
    """`with Turn(env, name):` waits until no other process asks for this profile's credentials.

    Goes on without a lock where none can be made (a read-only cache), and after LONGEST_WAIT.
    """

    __slots__ = ("_lock", "_path")

    def __init__(self, env: Mapping[str, str], name: str) -> None:
        key = sha1(name.encode("utf-8", "surrogateescape")).hexdigest()
        self._path = f"{paths.cache_folder(env)}/creds.{key}.lock"
        self._lock: disk.Lock | None = None

    def __enter__(self) -> None:
        until = time.monotonic() + LONGEST_WAIT
        try:
            disk.private_folder(self._path.rpartition("/")[0])
            self._lock = disk.Lock(self._path, wait=False)
            while not self._lock.held and time.monotonic() < until:
                self._lock.__exit__()
                time.sleep(PAUSE)
                self._lock = disk.Lock(self._path, wait=False)
        except OSError:
            self._lock = None

    def __exit__(self, *_: object) -> None:
        if self._lock:
            self._lock.__exit__()
