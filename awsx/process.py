"""Another program in place of this one, or beside it: its environment, and a shell's errors."""

import posix
import sys

from awsx.environment import INTERNAL, asked_regions, pointing_at
from awsx.files import disk
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_PATH = "/bin:/usr/bin"  # os.defpath
ENOEXEC = 8  # the same on every system; the errno module is one more to load
START = __file__.rpartition("/")[0] + "/start.py"
NOT_FOUND = "{}: command not found"
NOT_EXECUTABLE = "{}: {}"


def core(*words: str) -> list[str]:
    """The command that starts awsx with these words from anywhere, by this Python."""
    return [sys.executable, "-I", "-S", START, *words]


def environment(
    env: "Mapping[str, str]", name: str, region: str, credential_source: str = ""
) -> dict[str, str]:
    """`env` for a command that shall use profile `name`, in `region` unless that is empty.

    It lacks everything that is awsx's own and everything that would beat the profile, but for what
    the profile's `credential_source` needs.
    """
    # A region that was asked for the terminal's own profile is not asked for this one.
    dropped = {*INTERNAL, *asked_regions(env)}
    child = {n: v for n, v in env.items() if n not in dropped}
    for variable, value in pointing_at(name, region, env, credential_source).items():
        child.pop(variable, None)
        if value is not None and variable not in INTERNAL:
            child[variable] = value
    return child


def original(env: "Mapping[str, str]") -> dict[str, str]:
    """`env` as awsx was given it: in the C locale Python adds an LC_CTYPE of its own (PEP 538)."""
    given = dict(env)
    if given.get("LC_CTYPE") and not given.get("LC_ALL"):
        try:
            with open("/proc/self/environ", "rb") as file:
                if not any(v.startswith(b"LC_CTYPE=") for v in file.read().split(b"\0")):
                    del given["LC_CTYPE"]
        except OSError:  # no /proc: leave it
            pass
    return given


def become(command: list[str], env: "Mapping[str, str]") -> None:
    """Replace this process by the command, whose argv, stdin, terminal and exit code are its own.

    Raises AwsxError, with the exit code 127 if there is no such command, 126 if it cannot be
    started.
    """
    import _signal  # the signal module would import enum

    # Python ignores these two signals, and a program inherits that: `yes | head` would never end.
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)
    try:
        _execute(command, env)
    except OSError as error:
        if error.errno == ENOEXEC:
            _become_script(command, env)
        raise _refusal(command[0], error) from error
    except ValueError as error:  # an empty name, a NUL byte
        if not command[0]:
            raise AwsxError(NOT_FOUND.format(""), 127) from error
        raise AwsxError(NOT_EXECUTABLE.format(clean(command[0]), error), 126) from error


def _execute(command: list[str], env: "Mapping[str, str]") -> None:
    """Run the first file of that name on PATH that can be executed, as os.execvpe does.

    Raises OSError, and ValueError for a name that no file can have.
    """
    refusal: OSError = FileNotFoundError(2, "No such file or directory")
    for path in _candidates(command[0], env):
        try:
            posix.execve(path, command, env)
        except OSError as error:
            # A file that cannot be executed explains more than a file that is not there.
            if isinstance(refusal, FileNotFoundError | NotADirectoryError):
                refusal = error
    raise refusal


def _candidates(name: str, env: "Mapping[str, str]") -> list[str]:
    if "/" in name:
        return [name]
    folders = env.get("PATH", DEFAULT_PATH).split(":")
    return [f"{folder}/{name}" if folder else name for folder in folders]


def _become_script(command: list[str], env: "Mapping[str, str]") -> None:
    """Let sh run a file without a `#!` line (POSIX, Command Search and Execution)."""
    for path in _candidates(command[0], env):
        if posix.access(path, posix.X_OK) and not disk.is_folder(path):
            posix.execve("/bin/sh", ["/bin/sh", path, *command[1:]], env)


def _exists(path: str) -> bool:
    try:
        posix.lstat(path)
    except OSError:
        return False
    return True


def _refusal(name: str, error: OSError) -> AwsxError:
    is_missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    if is_missing and ("/" not in name or not _exists(name)):
        return AwsxError(NOT_FOUND.format(clean(name)), 127)
    return AwsxError(NOT_EXECUTABLE.format(clean(name), error.strerror), 126)
