"""One login per session: the lock that terminals wait for, and the mark that a login failed.

The kernel frees the lock of a process that dies.
"""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NamedTuple

from awsx import interrupts
from awsx.files import disk, paths
from awsx.login.holder import Holder
from awsx.login.options import login_command
from awsx.term import AwsxError, clean, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.profiles import SsoSession
    from awsx.login.cached_token import CachedToken

WAITING = "another terminal is logging in to {}; waiting for it (Ctrl-C to stop)"
ASLEEP = "the login to {} sleeps (Ctrl-Z): {}; wake it with fg there, or: kill -9 {}"
TOO_LATE = "another process has not logged in to {} within --timeout; try again"
FAILED_THERE = "the login to {} in another terminal came to nothing; run: {}"
SILENT = 1.0  # seconds; another terminal's renewal takes less, and is not worth a message


class NotTried(AwsxError):
    """This terminal could not even try to log in; the next one may."""

    kind = "login-needed"


class Held(NamedTuple):
    """A lock that this process holds.

    `path` is empty where no lock could be made; `waited_since` is in nanoseconds, 0 if the lock was
    free at once.
    """

    lock: AbstractContextManager[object]
    path: str = ""
    waited_since: int = 0

    def saw_failure(self) -> bool:
        """True if a login failed while this process waited for it."""
        return bool(self.waited_since) and (disk.mtime(self.path) or 0) >= self.waited_since

    def mark_failure(self) -> None:
        """Tell those who wait that the login failed: by the mtime of the lock file."""
        try:
            os.utime(self.path)
        except OSError:  # there is no lock file, or somebody has deleted the cache
            pass


@contextmanager
def hold(cached: CachedToken, until: float = 0) -> Iterator[Held]:
    """Hold the session's lock in this block, which signals leave tidily (see interrupts.tidy).

    Raises NotTried if the lock is not free at `until` (time.monotonic; 0: wait for ever).
    Goes on without a lock where none can be made (a read-only cache): two logins are better than
    none.
    """
    with interrupts.tidy():
        try:
            path = f"{_folder(cached.env)}/login.{cached.key}.lock"
            held = _acquire(path, cached.session, until)
        except OSError:
            held = Held(nullcontext())
        with held.lock:
            try:
                yield held
            finally:
                if isinstance(held.lock, disk.Lock):
                    _note(held.lock, "")


def _folder(env: Mapping[str, str]) -> str:
    """The cache folder, or the spare one if it is no use. Raises OSError."""
    try:
        return disk.private_folder(paths.cache_folder(env))
    except OSError:
        return disk.private_folder(paths.spare_folder(env))


@contextmanager
def hold_for_login(cached: CachedToken, until: float = 0) -> Iterator[None]:
    """Hold the session's lock in this block, and mark it if the block fails.

    Raises AwsxError at once if the login that this process waited for has failed: fifty terminals
    shall not open fifty browsers, one after another. `until` is that of `hold`.
    """
    with hold(cached, until) as held:
        if held.saw_failure() and not cached.is_valid():
            session = cached.session
            raise AwsxError(FAILED_THERE.format(clean(session.label), login_command(session)))
        try:
            yield
        except NotTried:
            raise
        except (AwsxError, KeyboardInterrupt):
            held.mark_failure()
            raise


def _acquire(path: str, session: SsoSession, until: float) -> Held:
    """Wait for the lock; say so after a moment, and when its holder sleeps.

    Raises OSError, and NotTried at `until`.

    A moment of the same holder: after a login, those who waited take the lock one after another.
    """
    since, began, told = 0, 0.0, ""
    seen: Holder | None = None
    while True:
        lock = disk.Lock(path, wait=False)
        if lock.held:
            _note(lock, Holder.here().line)
            return Held(lock, path, since)
        lock.__exit__(None)
        since = since or time.time_ns()
        if until and time.monotonic() > until:
            raise NotTried(TOO_LATE.format(clean(session.label)))
        holder = Holder.of(path)
        if holder != seen:
            seen, began = holder, time.monotonic()
        if time.monotonic() - began > SILENT:
            told = _tell(holder, session, told)
        time.sleep(0.05)


def _tell(holder: Holder, session: SsoSession, told: str) -> str:
    """Say for whom this terminal waits, unless that was `told` last; what was told last now."""
    label = clean(session.label)
    if not told:
        who = f": {holder.shown}" if holder.pid else ""
        say(WAITING.format(label) + who)
        told = WAITING
    if told == WAITING and holder.is_asleep():
        warn(ASLEEP.format(label, holder.shown, holder.pid))
        told = ASLEEP
    return told


def _note(lock: disk.Lock, line: str) -> None:
    """Write who holds the lock into its file; a full disk is no reason not to log in."""
    try:
        lock.note(line.encode())
    except OSError:
        pass
