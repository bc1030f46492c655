"""The hand-over: the file through which the core tells a shell which variables to set and unset."""

import posix

from awsx.files import disk, paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.environment import Change

NOT_LOADED = (
    "the shell integration is not loaded, so nothing was switched; "
    "in a script: awsx exec {} -- COMMAND; in a terminal: awsx install, and open a new one"
)
BROKEN_CHANNEL = (
    "cannot hand the switch over to the shell: {}; nothing was changed; "
    "make room there, or set TMPDIR to a folder that you can write"
)


def check_loaded(env: "Mapping[str, str]", name: str = "") -> None:
    """Raises AwsxError if no shell function waits for the hand-over: nothing could be switched.

    `name` is the profile that was to be used, if there is one.
    """
    if not env.get("AWSX_HANDOVER"):
        is_word = name[:1].isalnum() and name.replace("-", "").replace("_", "").isalnum()
        raise AwsxError(NOT_LOADED.format(name if is_word else "NAME"))


def hand_over(env: "Mapping[str, str]", change: "Change") -> None:
    """Write the change for the shell, a line each: `NAME=VALUE` to export, `NAME` to unset.

    The last line is `.`; without it the shell takes nothing. The shell assigns the values and never
    evaluates them. Where its folder is somebody else's or cannot be written, the shell finds the
    file in the spare one. Raises AwsxError if that is no better.
    """
    lines = [name if value is None else f"{name}={value}" for name, value in change.items()]
    text = "".join(f"{line}\n" for line in (*lines, "."))
    refusals = []
    for path in _ways(env):
        try:
            _write(path, text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            refusals.append(f"{paths.tilde(path, env)} ({disk.reason(error)})")
        else:
            return
    raise AwsxError(BROKEN_CHANNEL.format(", ".join(refusals)))


def _ways(env: "Mapping[str, str]") -> list[str]:
    """The files in which the shell looks, in its order."""
    path = env["AWSX_HANDOVER"]
    if "AWSX_SPARE" not in env:
        return [path]
    return list(dict.fromkeys((path, f"{paths.spare_folder(env)}/{path.rpartition('/')[2]}")))


def _write(path: str, data: bytes) -> None:
    folder = disk.private_folder(path.rpartition("/")[0])
    _sweep(folder, is_new=disk.mtime(path) is None)
    disk.write(path, data)


def _sweep(folder: str, is_new: bool) -> None:
    """Delete `shell.PID.PID2.tmp` of cores that were killed while they wrote.

    Each new shell deletes the files `shell.PID` of shells that are gone, too.
    """
    for name in posix.listdir(folder):
        pid = name.removesuffix(".tmp").rpartition(".")[2]
        if name[:6] == "shell." and pid.isdecimal() and (is_new or name[-4:] == ".tmp"):
            from awsx.files import temporary  # mostly there is nothing to look at

            if temporary.is_left_over(f"{folder}/{name}", int(pid)):
                disk.remove(f"{folder}/{name}")
