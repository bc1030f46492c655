"""One process at a time asks AWS for the credentials of a profile; the others take what it got."""

from __future__ import annotations

import time
from hashlib import sha1

from awsx.files import disk, paths
from awsx.login.holder import Holder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Seconds. Whoever waited so long asks by itself: the process before it may sleep (Ctrl-Z). One that
# is awake may wait for a person, who looks for the MFA device.
LONGEST_WAIT, PAUSE = 30.0, 0.05
LONGEST_QUESTION = 300.0


class Turn:
    """`with Turn(env, name):` waits until no other process asks for this profile's credentials.

    Goes on without a lock where none can be made (a read-only cache), and where it would wait too
    long.
    """

    __slots__ = ("_lock", "_path")

    def __init__(self, env: Mapping[str, str], name: str) -> None:
        key = sha1(name.encode("utf-8", "surrogateescape")).hexdigest()
        self._path = f"{paths.cache_folder(env)}/creds.{key}.lock"
        self._lock: disk.Lock | None = None

    def __enter__(self) -> None:
        began = time.monotonic()
        try:
            disk.private_folder(self._path.rpartition("/")[0])
            self._lock = disk.Lock(self._path, wait=False)
            while not self._lock.held and self._may_wait(time.monotonic() - began):
                self._lock.__exit__()
                time.sleep(PAUSE)
                self._lock = disk.Lock(self._path, wait=False)
            if self._lock.held:
                self._lock.note(Holder.here().line.encode())
        except OSError:
            self._lock = None

    def _may_wait(self, waited: float) -> bool:
        if waited < LONGEST_WAIT:
            return True
        holder = Holder.of(self._path)
        return waited < LONGEST_QUESTION and bool(holder.pid) and not holder.is_asleep()

    def __exit__(self, *_: object) -> None:
        if self._lock:
            self._lock.__exit__()
