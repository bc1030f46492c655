"""A file that has room on the disk before its content is known: a token that AWS has yet to answer.

The draft lies beside the file, and is put in its place whole. A process that is killed leaves it
behind, and a lock tells the draft of a live process from such a one (on another machine, too, that
shares the home).
"""

from __future__ import annotations

import errno
import os

from awsx.files import disk

ROOM = 64 * 1024  # bytes; AWS's tokens have a few thousand


class Draft:
    """`with Draft(path) as draft:` has room for the content until the block ends.

    A draft that is still blank at the end of the block is deleted. One that was filled in but could
    not be put in its place stays: login/leftover.py finds it.
    """

    __slots__ = ("_fd", "_is_whole", "beside", "path")

    def __init__(self, path: str) -> None:
        self.path, self.beside = path, f"{path}.{os.getpid()}.tmp"
        self._fd, self._is_whole = -1, False

    def __enter__(self) -> Draft:
        """Make the file, its folders, and room for the content. Raises OSError."""
        disk.make_folders(os.path.dirname(self.path))
        self._check_target()
        self._open()
        return self

    def _check_target(self) -> None:
        """Raises OSError for a file that no rename can replace: a folder, or a read-only mount."""
        try:
            os.close(os.open(self.path, os.O_WRONLY | os.O_CLOEXEC | os.O_NONBLOCK))
        except OSError as error:
            if error.errno in (errno.EISDIR, errno.EROFS):
                raise

    def _open(self) -> None:
        # ~/.aws may lie where no file has a mode. The AWS CLI keeps its tokens there, too.
        self._fd = disk.create(self.beside, os.O_RDWR, any_mode=True)
        try:
            is_free(self._fd)  # from here on, it is not
            # Blanks after a JSON object mean nothing: a reader takes the file even if the process
            # is killed before it has cut them off.
            os.pwrite(self._fd, b" " * ROOM, 0)
            os.fsync(self._fd)
        except OSError:
            self.__exit__()
            raise

    def fill_in(self, data: bytes) -> None:
        """Write the content and put the file in its place, on the disk. Raises OSError."""
        self._write(data)
        try:
            put_in_place(self.beside, self.path)
        except FileNotFoundError:  # swept by a machine that shares our home, but not our locks
            self.__exit__()
            self._open()
            self._write(data)
            put_in_place(self.beside, self.path)
        self._is_whole = False

    def _write(self, data: bytes) -> None:
        os.pwrite(self._fd, data, 0)
        self._is_whole = True
        os.ftruncate(self._fd, len(data))
        os.fsync(self._fd)

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            if not self._is_whole:
                disk.remove(self.beside)
            os.close(self._fd)
            self._fd = -1


def put_in_place(beside: str, path: str) -> None:
    """Rename a whole draft; write a file that is mounted by itself in place. Raises OSError."""
    try:
        os.rename(beside, path)
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV):
            raise
        with open(beside, "rb") as source, open(path, "r+b", buffering=0) as target:
            target.write(source.read())
            target.truncate()
            os.fsync(target.fileno())
        disk.remove(beside)


def is_free(fd: int) -> bool:
    """Lock a draft, if no live process has; False if one has.

    True where the file system knows no locks, too.
    """
    try:
        os.lockf(fd, os.F_TLOCK, 0)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
