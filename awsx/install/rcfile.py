"""The rc files of the shells: which there are, awsx's block put in, and taken back."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from typing import TYPE_CHECKING, NamedTuple

from awsx.files import disk, paths
from awsx.install.marked_block import BEGIN, add, remove
from awsx.term import AwsxError, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SHELLS = ("bash", "zsh", "fish")
# A login bash reads the first of these alone, so a new .bash_profile would hide an old .profile.
BASH_LOGIN = (".bash_profile", ".bash_login", ".profile")


def rc_path(shell: str, env: Mapping[str, str], platform: str = sys.platform) -> str:
    """The file that an interactive `shell` reads at its start."""
    return _rc_paths(shell, env, platform)[0]


def _rc_paths(shell: str, env: Mapping[str, str], platform: str) -> list[str]:
    """Where a block may stand, the right place first."""
    home = paths.home(env)
    if not os.path.isabs(home):
        raise AwsxError("HOME is not set; awsx does not know where your rc files are")
    if shell == "fish":
        return [os.path.join(env.get("XDG_CONFIG_HOME") or f"{home}/.config", "fish/config.fish")]
    if shell == "zsh":
        folders = dict.fromkeys((env.get("ZDOTDIR") or home, home))
        return [os.path.join(folder, ".zshrc") for folder in folders]
    if shell != "bash":
        raise AwsxError(
            f"no shell '{shell}'; awsx knows {', '.join(SHELLS)}{near(shell, [*SHELLS])}", code=2
        )
    login = [os.path.join(home, name) for name in BASH_LOGIN]
    if platform != "darwin":
        return [os.path.join(home, ".bashrc"), *login]
    there = [path for path in login if os.path.lexists(path)]
    return list(dict.fromkeys([*there, *login, os.path.join(home, ".bashrc")]))


def shells_in_use(env: Mapping[str, str]) -> list[str]:
    """Those of SHELLS that are installed and look used: they are $SHELL, have an rc file, or started us."""
    parents, path = _parents(), env.get("PATH")
    return [
        shell for shell in SHELLS if shutil.which(shell, path=path) and _used(shell, env, parents)
    ]


def _used(shell: str, env: Mapping[str, str], parents: set[str]) -> bool:
    path = rc_path(shell, env)
    trace = os.path.dirname(path) if shell == "fish" else path
    return shell in {*parents, os.path.basename(env.get("SHELL", ""))} or os.path.lexists(trace)


def _parents() -> set[str]:
    """The names of the programs that started this one, without those that merely run a script."""
    # detect_shell() would stop at the first shell: the sh that runs install.sh
    from shellingham.posix import proc, ps

    for way in (proc, ps):
        with contextlib.suppress(OSError):
            started = [process.args for process in way.iter_process_parents(str(os.getpid()), 20)]
            return {
                os.path.basename(args[0]).lstrip("-")
                for args in started
                if args and all(word.startswith("-") for word in args[1:])
            }
    return set()


class Edit(NamedTuple):
    """One file as it is and as it will be (None: not there)."""

    shell: str
    path: str  # what a symlink points to: the link itself stays
    shown: str
    before: bytes | None
    after: bytes | None


def install(
    shells: list[str],
    env: Mapping[str, str],
    block_for: Callable[[str], str],
    dry_run: bool = False,
) -> list[str]:
    """Put `block_for(shell)` into each shell's rc file (no shells named: those in use).

    Returns a line per file, or its diff. Raises AwsxError before anything is written, if it can be foreseen.
    """
    env = _with_zdotdir(env)
    wanted = shells or shells_in_use(env)
    if not wanted:
        raise AwsxError("found no bash, zsh or fish in use; name yours, as in: awsx install zsh")
    return _apply(
        [_adding(shell, env, block_for(shell)) for shell in dict.fromkeys(wanted)], dry_run
    )


def uninstall(shells: list[str], env: Mapping[str, str], dry_run: bool = False) -> list[str]:
    """Take awsx's block out of the rc files of `shells` (none named: all).

    Returns a line per file that had one, or its diff.
    """
    env = _with_zdotdir(env)
    edits = [edit for shell in shells or SHELLS for edit in _removing(shell, env)]
    once = {edit.path: edit for edit in edits}  # two links may lead to one file
    return _apply(list(once.values()), dry_run)


def _adding(shell: str, env: Mapping[str, str], block: str) -> Edit:
    path = rc_path(shell, env)
    shown, real = paths.tilde(path, env), os.path.realpath(path)
    before = _read(real, shown)
    text = block.encode("utf-8", "surrogateescape")
    return Edit(shell, real, shown, before, add(before or b"", text, before is not None, shown))


def _removing(shell: str, env: Mapping[str, str]) -> Iterable[Edit]:
    for path in _rc_paths(shell, env, sys.platform):
        shown, real = paths.tilde(path, env), os.path.realpath(path)
        before = disk.read(real)
        if before is not None and (after := remove(before, shown)) != before:
            yield Edit(shell, real, shown, before, after)


def _apply(edits: list[Edit], dry_run: bool) -> list[str]:
    changes = [edit for edit in edits if edit.before != edit.after]
    for edit in changes:
        _check_writable(edit)
    if dry_run:
        return [_diff(edit) for edit in changes]
    for edit in changes:
        try:
            _write(edit)
        except OSError as error:
            raise _cannot_write(edit, disk.reason(error)) from error
    return [_told(edit) for edit in edits]


def _told(edit: Edit) -> str:
    """What was done to one file, and how to undo it."""
    if edit.after is None:
        return f"{edit.shell}: deleted {edit.shown}, which awsx had made"
    if BEGIN not in edit.after:
        return f"{edit.shell}: took awsx's block out of {edit.shown}"
    done = "made" if edit.before is None else "added a block to"
    if edit.before and BEGIN in edit.before:
        done = "the block was there in" if edit.before == edit.after else "updated the block in"
    return f"{edit.shell}: {done} {edit.shown} (undo: awsx uninstall)"


def _diff(edit: Edit) -> str:
    from difflib import unified_diff  # imports re

    old, new = (
        (text or b"").decode("utf-8", "replace").split("\n") for text in (edit.before, edit.after)
    )
    return "\n".join(unified_diff(old, new, edit.shown, edit.shown, lineterm=""))


def _read(path: str, shown: str) -> bytes | None:
    text = disk.read(path)
    if text is None and os.path.lexists(path):
        raise AwsxError(
            f"{shown} is not a file; put the lines of 'awsx init' where your shell reads them"
        )
    return text


def _check_writable(edit: Edit) -> None:
    folder = os.path.dirname(edit.path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if edit.before is not None and not os.access(edit.path, os.W_OK):
        raise _cannot_write(edit, "it is read-only")
    if not os.access(folder, os.W_OK):
        raise _cannot_write(edit, "its folder is read-only")


def _cannot_write(edit: Edit, why: str) -> AwsxError:
    by_hand = f"change it by hand ('awsx init {edit.shell}' prints the lines)"
    return AwsxError(f"cannot write {edit.shown}: {why}; {by_hand}")


def _write(edit: Edit) -> None:
    """Beside and renamed; a file that was there keeps its mode and owner. Raises OSError."""
    if edit.after is None:
        return _delete(edit)
    os.makedirs(os.path.dirname(edit.path), exist_ok=True)
    beside = f"{edit.path}.{os.getpid()}.tmp"
    try:
        fd = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
        )
        with open(fd, "wb") as file:
            if edit.before is not None:
                facts = os.stat(edit.path)
                with contextlib.suppress(PermissionError):
                    os.fchown(fd, facts.st_uid, facts.st_gid)
                os.fchmod(fd, stat.S_IMODE(facts.st_mode))
            file.write(edit.after)
        return os.rename(beside, edit.path)
    except OSError:
        disk.remove(beside)
        raise


def _delete(edit: Edit) -> None:
    """Delete a file that awsx made, and the folders of fish that are empty then. Raises OSError."""
    os.unlink(edit.path)
    if edit.shell == "fish":
        for folder in (os.path.dirname(edit.path), os.path.dirname(os.path.dirname(edit.path))):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def _with_zdotdir(env: Mapping[str, str]) -> Mapping[str, str]:
    """`env` with the ZDOTDIR that zsh itself would use: many set it in ~/.zshenv and do not export it."""
    zsh = shutil.which("zsh", path=env.get("PATH"))
    if env.get("ZDOTDIR") or not zsh:
        return env
    import subprocess

    ask = [zsh, "-c", "printf '\\0%s' \"${ZDOTDIR-}\""]
    try:
        said = subprocess.run(
            ask, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=5
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return env
    return {**env, "ZDOTDIR": os.fsdecode(said.rpartition(b"\0")[2])}
