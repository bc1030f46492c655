"""Files: careful reads, writes that are whole or not at all, private folders, locks.

This module uses posix because every hot verb loads it: os has the same functions, and importing it
takes a fifth of a start. It knows two numbers of stat's for the same reason.
"""

import posix
import time

from awsx.term import AwsxError

TYPE_CHECKING = False  # the typing module would cost a third of a start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

try:  # the C scanner behind json.loads; the json package would import re for nothing
    import _json
except ImportError:  # another Python than CPython
    _json = None  # type: ignore[assignment]

KIND, FILE, FOLDER, LINK = 0o170000, 0o100000, 0o040000, 0o120000  # of st_mode, on every Unix
LONGEST_JSON = 1_000_000  # bytes; a token file has some 2,000
CREATE = posix.O_CREAT | posix.O_NOFOLLOW | posix.O_CLOEXEC
PATIENCE, PAUSE = 0.1, 0.004  # seconds: see Lock


def read(path: str, own: bool = False, most: int = 0) -> bytes | None:
    """The file's bytes; None if there is no such file. A folder or a device counts as none.

    With `own`, so does a file that another user owns or may write; with `most`, one of more bytes.

    Raises AwsxError if it is there and cannot be read.
    """
    try:
        fd = posix.open(
            path, posix.O_RDONLY | posix.O_CLOEXEC | posix.O_NONBLOCK
        )  # a FIFO must not hang us
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise AwsxError(f"cannot read {path}: {reason(error)}; check its permissions") from error
    try:
        facts = posix.fstat(fd)
        if not _is_kind(facts, FILE) or (own and not _is_own(facts)):
            return None
        if most and facts.st_size > most:
            return None
        with open(fd, "rb", buffering=0, closefd=False) as file:
            return file.read()
    except OSError as error:
        raise AwsxError(f"cannot read {path}: {reason(error)}") from error
    finally:
        posix.close(fd)


def read_own(path: str) -> bytes:
    """The same of a file of this person's own that nobody else may write.

    Empty if there is none, or if it cannot be read.
    """
    try:
        return read(path, own=True) or b""
    except AwsxError:
        return b""


class _Json:
    """What the C scanner asks of its caller: json's own defaults."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = parse_constant = float
    parse_int = int


def read_json(path: str) -> dict[str, object]:
    """The JSON object in a file; empty if there is no such file, it is too long, or has none.

    Raises AwsxError if the file is there and cannot be read.
    """
    data = read(path, most=LONGEST_JSON)
    return json_object(data) if data else {}


def json_object(data: bytes) -> dict[str, object]:
    """The JSON object in `data`; empty if there is none (half written, not JSON, another type).

    A byte order mark, or a byte that is no UTF-8, makes it none, as for the AWS CLI.
    """
    try:
        found = _parsed(data.decode("utf-8").strip())
    except (ValueError, StopIteration, RecursionError, SystemError):  # the last for a lone `{`
        return {}
    return found if isinstance(found, dict) else {}


def _parsed(text: str) -> object:
    if _json is None:
        from json import loads

        return loads(text)
    found, end = _json.make_scanner(_Json)(text, 0)  # type: ignore[arg-type]
    return found if end == len(text) else None


def are_readable(*wanted: str) -> bool:
    """True if `read` would raise nothing: each file may be read, or is not there."""
    return all(map(_is_readable, wanted))


def _is_readable(path: str) -> bool:
    try:
        if posix.access(path, posix.R_OK):
            return True
        posix.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        pass
    return False


def reason(error: BaseException) -> str:
    """The system's words for an error, without its number and the path."""
    return getattr(error, "strerror", None) or str(error)


def mtime(path: str) -> int | None:
    """When the file was last changed, in nanoseconds; None if it is not there."""
    try:
        return posix.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return None


def mtimes(wanted: "Iterable[str]") -> list[int | None]:
    """`mtime` of each."""
    return [mtime(path) for path in wanted]


def size(path: str) -> int | None:
    """How many bytes the file has; None if it is not there."""
    try:
        return posix.stat(path).st_size
    except (OSError, ValueError):
        return None


def write(
    path: str,
    data: bytes,
    changed: int | None = None,
    durable: bool = False,
    beside: str = "",
) -> None:
    """Replace the file `path` by `data`, whole or not at all, with mode 0600.

    The data is written to a file beside it, which is then renamed: to one of this process, which
    files/temporary.py sweeps if we are killed, or to `beside` where a lock lets one process write
    at a time. `changed` becomes its mtime in nanoseconds; `durable` waits for the disk. Raises
    OSError.
    """
    beside = beside or f"{path}.{posix.getpid()}.tmp"
    try:
        _fill(beside, data, changed, durable)
        try:
            posix.rename(beside, path)
        except FileNotFoundError:  # swept by a machine that shares our home, but not our processes
            _fill(beside, data, changed, durable)
            posix.rename(beside, path)
        beside = ""
    finally:
        if beside:  # it came to nothing, by an error or by Ctrl-C
            remove(beside)


def _fill(path: str, data: bytes, changed: int | None, durable: bool) -> None:
    fd = create(path, posix.O_WRONLY | posix.O_TRUNC)
    with open(fd, "wb", buffering=0) as file:
        file.write(data)
        if durable:
            posix.fsync(fd)
    if changed is not None:
        posix.utime(path, ns=(changed, changed))


def create(path: str, flags: int, any_mode: bool = False) -> int:
    """Open a file, which is made if it is not there, with mode 0600; its descriptor.

    With `any_mode`, a mount that refuses chmod (a drive of Windows in WSL) may give the file a mode
    of its own. Raises OSError.
    """
    fd = posix.open(path, flags | CREATE, 0o600)
    try:
        if posix.fstat(fd).st_mode & 0o777 != 0o600:  # as under `umask 777`
            posix.fchmod(fd, 0o600)
    except OSError as error:
        if not any_mode or error.errno != 1:  # EPERM
            posix.close(fd)
            raise
    return fd


def append(path: str, data: bytes) -> int:
    """Add `data` to the file, which is made if it is not there (0600); its size afterwards.

    Processes that append a line at the same time keep each other's lines whole. Raises OSError.
    """
    fd = create(path, posix.O_WRONLY | posix.O_APPEND | posix.O_NONBLOCK)
    try:
        posix.write(fd, data)
        return posix.fstat(fd).st_size
    finally:
        posix.close(fd)


def stamp(path: str, changed: int) -> None:
    """Make an empty file with this mtime in nanoseconds. Raises OSError."""
    remove(path)  # be it a pipe, which would keep us waiting
    posix.close(create(path, posix.O_WRONLY | posix.O_EXCL))
    posix.utime(path, ns=(changed, changed))


def remove(path: str) -> None:
    """Delete the file if it is there and we may."""
    try:
        posix.unlink(path)
    except OSError:
        pass


def make_folders(path: str) -> None:
    """Make the folder (0700) and its parents, where they are not there. Raises OSError."""
    if is_folder(path):
        return
    try:
        _make_folder(path)
    except FileNotFoundError:
        make_folders(path.rpartition("/")[0] or "/")
        _make_folder(path)


def _make_folder(path: str) -> None:
    try:
        posix.mkdir(path, 0o700)
        posix.chmod(path, 0o700)  # as mkdir does, unless the umask is an odd one
    except FileExistsError:  # made by somebody else, just now
        if not is_folder(path):
            raise


def _is_kind(facts: posix.stat_result, kind: int) -> bool:
    return facts.st_mode & KIND == kind


def is_folder(path: str) -> bool:
    try:
        return _is_kind(posix.stat(path), FOLDER)
    except (OSError, ValueError):
        return False


def is_there(path: str) -> bool:
    """True if there is anything of this name, be it a link that leads nowhere."""
    try:
        posix.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def is_own_folder(path: str, may_be_link: bool = True) -> bool:
    """True if this is a folder of this person's own, or a link of his own to one."""
    try:
        facts = posix.lstat(path)
        if may_be_link and _is_kind(facts, LINK) and facts.st_uid == posix.geteuid():
            facts = posix.stat(path)
    except (OSError, ValueError):
        return False
    return _is_kind(facts, FOLDER) and facts.st_uid == posix.geteuid()


def are_own_folders(*wanted: str) -> bool:
    """`is_own_folder` of all."""
    return all(map(is_own_folder, wanted))


def _is_own(facts: posix.stat_result) -> bool:
    return facts.st_uid == posix.geteuid() and not facts.st_mode & 0o022


def folders(path: str) -> "Iterator[str]":
    """The folder and all below it, the lowest first. What cannot be read counts as empty."""
    try:
        with posix.scandir(path) as entries:
            below = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        below = []
    for folder in below:
        yield from folders(folder)
    yield path


def remove_folder(path: str) -> None:
    """Delete a folder and its files, if we may; a folder with folders in it stays."""
    try:
        for name in posix.listdir(path):
            remove(f"{path}/{name}")
        posix.rmdir(path)
    except OSError:
        pass


def private_folder(path: str) -> str:
    """Make the folder and its parents, with mode 0700, and return its path.

    Raises OSError if it cannot be made, or if it belongs to somebody else or stays open to others
    (a mount may ignore chmod), who could plant files there.
    """
    try:
        make_folders(path)
    except FileExistsError as error:
        raise NotADirectoryError(20, "is not a folder", path) from error
    if not is_own_folder(path):
        raise PermissionError(1, "belongs to somebody else", path)
    if posix.stat(path).st_mode & 0o077:
        posix.chmod(path, 0o700)
        if posix.stat(path).st_mode & 0o022:
            raise PermissionError(1, "can be written by others", path)
    return path


class Lock:
    """`with Lock(path):` keeps out other processes that do the same.

    What it guards is a convenience: a process waits for all its locks together no longer than
    PATIENCE, since their holder may sleep (Ctrl-Z), and goes on without what it wanted to write.
    With `wait=False`, `held` tells whether this process got it. The kernel frees the lock when its
    holder dies. Raises OSError if the file cannot be made, and BlockingIOError, which is one, if
    the wait was in vain.
    """

    patience = PATIENCE  # what this process has left of it

    def __init__(self, path: str, wait: bool = True) -> None:
        self._fd = create(path, posix.O_RDWR)
        try:
            self.held = self._try()
            while wait and not self.held:
                self._wait(path)
                self.held = self._try()
        except OSError:
            posix.close(self._fd)
            raise

    def _try(self) -> bool:
        try:
            posix.lockf(self._fd, posix.F_TLOCK, 0)  # (flock would need one more module, fcntl)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _wait(self, path: str) -> None:
        if Lock.patience <= 0:
            raise BlockingIOError(11, "another process holds the lock", path)
        Lock.patience -= PAUSE
        time.sleep(PAUSE)

    def note(self, text: bytes) -> None:
        """Let the file hold this text; its mtime stays. Raises OSError.

        Only through the lock: to close any other descriptor of the file would free it.
        """
        changed = posix.fstat(self._fd).st_mtime_ns
        posix.ftruncate(self._fd, 0)
        posix.pwrite(self._fd, text, 0)
        posix.utime(self._fd, ns=(changed, changed))

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_: object) -> None:
        posix.close(self._fd)
