"""What dead processes left of the files `NAME.PID.tmp`, which a write renames to NAME."""

import posix

from awsx.files import disk


def sweep(folder: str, target: str = "") -> None:
    """Delete what dead processes have left in a folder while they wrote the file `target`, or any.

    Call it before this process writes there.
    """
    for name, written in left_over(folder):
        if target in ("", written):
            disk.remove(f"{folder}/{name}")


def left_over(folder: str) -> "list[tuple[str, str]]":
    """The temporary files of dead processes in a folder: each name, and that of the file it is for.

    This process's own id counts as a dead one's: in a container each run may have the same.
    """
    found = []
    for name in _names(folder):
        target, _, pid = name.removesuffix(".tmp").rpartition(".")
        if name[-4:] == ".tmp" and target and pid.isdecimal() and _is_dead(int(pid)):
            found.append((name, target))
    return found


def _names(folder: str) -> list[str]:
    try:
        return posix.listdir(folder)
    except OSError:
        return []


def _is_dead(pid: int) -> bool:
    try:
        posix.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return pid == posix.getpid()
