"""A file that others own, too, written anew: whole or not at all, with its owner and its mode."""

from __future__ import annotations

import contextlib
import os
import stat
import time

from awsx import interrupts
from awsx.files import disk, paths, temporary
from awsx.files.draft import put_in_place
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Changed = Callable[[bytes], bytes]

BUSY = "another awsx is writing {}; try again when it is done"
RESTLESS = "{} changes again and again while awsx writes it; try again when it is left alone"
CANNOT_WRITE = "cannot write {}: {}; nothing was changed"

PATIENCE, PAUSE = 10.0, 0.05  # seconds that another awsx may take
TRIES = 5  # for a file that another program changes at the same moment
BACKUP = ".awsx-backup"
KEPT = 3  # backups of one file


def replace(path: str, data: bytes, mode: int = 0o600, expected: bytes | None = None) -> bool:
    """Replace the file, which need not be there, by `data`. `mode` is a new file's.

    With `expected`, only if the file has these bytes just before; False if it has others. Raises
    OSError.
    """
    folder, _, name = path.rpartition("/")
    temporary.sweep(folder, name)
    beside = f"{path}.{os.getpid()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(beside, flags, mode), "wb") as file:
            _copy_owner_and_mode(path, file.fileno())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if expected is not None and (disk.read(path) or b"") != expected:
            return False
        put_in_place(beside, path)
        return True
    finally:
        disk.remove(beside)


def _copy_owner_and_mode(path: str, fd: int) -> None:
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return
    with contextlib.suppress(PermissionError):  # only root may give a file away
        os.fchown(fd, facts.st_uid, facts.st_gid)
    os.fchmod(fd, stat.S_IMODE(facts.st_mode))


def change(path: str, env: Mapping[str, str], changed: Changed, keeps_backup: bool = True) -> str:
    """Let the file hold what `changed` makes of its bytes; the backup's path, empty if it was so.

    One awsx does that at a time. The file is read again just before it is replaced, for programs
    that know nothing of our lock. Raises AwsxError, and then the file is as it was.
    """
    real, shown = os.path.realpath(path), paths.tilde(path, env)
    try:
        with _lock(env, shown), interrupts.undisturbed():
            for _ in range(TRIES):
                before = disk.read(real) or b""
                after = changed(before)
                if after == before:
                    return ""
                disk.make_folders(os.path.dirname(real))
                has_backup = keeps_backup and os.path.lexists(real)
                backup = _back_up(real, before) if has_backup else ""
                if replace(real, after, expected=before):
                    return backup or real
    except OSError as error:
        raise AwsxError(CANNOT_WRITE.format(shown, disk.reason(error))) from error
    raise AwsxError(RESTLESS.format(shown))


def _lock(env: Mapping[str, str], shown: str) -> disk.Lock:
    """The lock of all who write files of AWS. Raises OSError, and AwsxError if it is not free."""
    path = f"{disk.private_folder(paths.state_folder(env))}/write.lock"
    until = time.monotonic() + PATIENCE
    while True:
        lock = disk.Lock(path, wait=False)
        if lock.held:
            return lock
        lock.__exit__()
        if time.monotonic() > until:
            raise AwsxError(BUSY.format(shown))
        time.sleep(PAUSE)


def _back_up(path: str, data: bytes) -> str:
    """Write `config.20261128-070000-123.awsx-backup` beside the file, and keep the newest few."""
    folder, _, name = path.rpartition("/")
    now = time.time_ns() // 1_000_000
    moment = time.strftime("%Y%m%d-%H%M%S", time.localtime(now // 1000))
    backup = f"{path}.{moment}-{now % 1000:03}{BACKUP}"
    for _, written in temporary.of_dead_processes(folder):
        if written.startswith(f"{name}.") and written.endswith(BACKUP):
            temporary.sweep(folder, written)
    disk.write(backup, data, durable=True)
    mine = sorted(n for n in os.listdir(folder) if n.startswith(f"{name}.") and n.endswith(BACKUP))
    for old in mine[:-KEPT]:
        disk.remove(f"{folder}/{old}")
    return backup
