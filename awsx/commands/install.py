"""awsx install, uninstall and init: how awsx comes into the person's shells, and out of them."""

from __future__ import annotations

from awsx.install import edit, in_use, neighbours, rcfile, shells
from awsx.term import AwsxError, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsx.install.edit import Edit

NOT_AT_LOGIN = (
    "a bash that is a login shell (ssh, a console) reads no ~/.bashrc here, since there is no "
    "~/.profile; to have awsx there, too: "
    "echo 'if [ -n \"$BASH_VERSION\" ]; then . ~/.bashrc; fi' >>~/.profile"
)
NONE_IN_USE = "found no bash, zsh or fish in use; name yours, as in: awsx install zsh"


def init(env: Mapping[str, str], shell: str) -> None:
    """Print the lines that load awsx into `shell`; where it is empty, into the one in use."""
    out(shells.loading(shell or shells.detect(env)))


def install(env: Mapping[str, str], named: list[str], dry_run: bool) -> None:
    """Add awsx's block to the rc file of each named shell; where none is named, of those in use.

    Prints a line for each file, or its diff, and says what else shows the profile there. Raises
    AwsxError, before any file is written if it can be foreseen.
    """
    _check(named)
    env = rcfile.with_zdotdir(env)
    wanted = dict.fromkeys(named or in_use.shells_in_use(env))
    if not wanted:
        raise AwsxError(NONE_IN_USE)
    edits = [_adding(shell, env) for shell in wanted]
    _carry_out(edits, dry_run)
    for change in edits:
        for hint in neighbours.hints(change.shell, change.before or b"", change.shown):
            say(hint)
    if "bash" in wanted and not rcfile.is_read_at_login(env):
        say(NOT_AT_LOGIN)


def uninstall(env: Mapping[str, str], named: list[str], dry_run: bool) -> None:
    """Take awsx's block out of the rc files of the named shells; where none is named, of all.

    Prints a line for each file that had one, or its diff.
    """
    _check(named)
    env = rcfile.with_zdotdir(env)
    edits = [change for shell in named or shells.NAMES for change in _removing(shell, env)]
    by_path = {change.path: change for change in edits}  # two links may lead to one file
    _carry_out(list(by_path.values()), dry_run)


def _check(named: list[str]) -> None:
    for shell in named:
        shells.check(shell)


def _adding(shell: str, env: Mapping[str, str]) -> Edit:
    return edit.adding(shell, rcfile.path(shell, env), shells.loading(shell), env)


def _removing(shell: str, env: Mapping[str, str]) -> Iterable[Edit]:
    edits = (edit.removing(shell, path, env) for path in rcfile.candidates(shell, env))
    return filter(edit.is_change, edits)


def _carry_out(edits: list[Edit], dry_run: bool) -> None:
    if dry_run:
        lines = edit.diffs(edits)
    else:
        edit.carry_out(edits)
        lines = [edit.summary(change) for change in edits]
    out("".join(f"{line}\n" for line in lines))
