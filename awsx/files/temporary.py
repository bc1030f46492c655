"""What dead processes left of the files `NAME.PID.tmp`, which a write renames to NAME.

Several machines or containers may share a home, and each knows its own processes alone. So a file
of a process that is dead here is left over only when it is old, too.
"""

import posix
import time

from awsx.files import disk

OLD = 3600  # seconds; no write takes that long, and no login


def sweep(folder: str, target: str = "") -> None:
    """Delete what dead processes have left in a folder while they wrote the file `target`, or any.

    Call it before this process writes there.
    """
    for name, written in of_dead_processes(folder):
        path = f"{folder}/{name}"
        if target in ("", written) and (is_old(path) or _pid(name) == posix.getpid()):
            disk.remove(path)


def of_dead_processes(folder: str) -> "list[tuple[str, str]]":
    """The temporary files in a folder whose process is dead here: each name, and that of its file.

    This process's own id counts as a dead one's: in a container each run may have the same.
    """
    found = []
    for name in _names(folder):
        pid = _pid(name)
        if name[-4:] == ".tmp" and pid and (_is_dead(pid) or pid == posix.getpid()):
            found.append((name, name[:-4].rpartition(".")[0]))
    return found


def _pid(name: str) -> int:
    """The PID in the name NAME.PID.tmp; 0 if it has none."""
    target, _, pid = name.removesuffix(".tmp").rpartition(".")
    return int(pid) if target and pid.isdecimal() else 0


def _names(folder: str) -> list[str]:
    try:
        return posix.listdir(folder)
    except OSError:
        return []


def is_left_over(path: str, pid: int) -> bool:
    """True if the process that writes or reads this file is dead, wherever it may have run."""
    return _is_dead(pid) and is_old(path)


def _is_dead(pid: int) -> bool:
    """True if there is no process with this id on this machine, or in this container."""
    try:
        posix.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:  # it belongs to another user
        pass
    return False


def is_old(path: str) -> bool:
    """True if the file was last changed so long ago that nobody writes it any more."""
    changed = disk.mtime(path)
    return changed is not None and time.time() - changed / 1e9 > OLD
