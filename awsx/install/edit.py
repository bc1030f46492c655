"""One edit of an rc file: planned, checked, shown as a diff, and written."""

from __future__ import annotations

import contextlib
import os
from typing import NamedTuple

from awsx.files import disk, marked_block, paths, rewrite
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_A_FILE = "{} is not a file; put the lines of 'awsx init' where your shell reads them"
CANNOT_WRITE = "cannot write {}: {}; change it by hand ('awsx init {}' prints the lines)"


class Edit(NamedTuple):
    """A file of a shell as it is and as it will be (None: there is no file)."""

    shell: str
    path: str  # where a symbolic link leads, so that the link stays a link
    shown: str  # the path as the person knows it: ~/.bashrc
    before: bytes | None
    after: bytes | None


def adding(shell: str, path: str, lines: str, env: Mapping[str, str]) -> Edit:
    """Put a block with these lines in. Raises AwsxError for a folder, and for broken markers."""
    shown, real = paths.tilde(path, env), os.path.realpath(path)
    before = disk.read(real)
    if before is None and os.path.lexists(real):
        raise AwsxError(NOT_A_FILE.format(shown))
    block = lines.encode("utf-8", "surrogateescape")
    after = marked_block.add(before or b"", block, before is not None, shown)
    return Edit(shell, real, shown, before, after)


def removing(shell: str, path: str, env: Mapping[str, str]) -> Edit:
    """Take the block out, if there is one. Raises AwsxError if its markers are broken."""
    shown, real = paths.tilde(path, env), os.path.realpath(path)
    before = disk.read(real)
    after = None if before is None else marked_block.remove(before, shown)
    return Edit(shell, real, shown, before, after)


def carry_out(edits: list[Edit]) -> None:
    """Write each file that changes. Raises AwsxError, before the first where it can be foreseen."""
    for edit in _changes(edits):
        try:
            _delete(edit) if edit.after is None else _write(edit, edit.after)
        except OSError as error:
            raise _cannot_write(edit, disk.reason(error)) from error


def diffs(edits: list[Edit]) -> list[str]:
    """What `carry_out` would do, as a diff for each file that changes. Raises the same."""
    return [_diff(edit) for edit in _changes(edits)]


def is_change(edit: Edit) -> bool:
    return edit.before != edit.after


def _changes(edits: list[Edit]) -> list[Edit]:
    """The edits that change their file. Raises AwsxError if one of the files is read-only."""
    changes = [edit for edit in edits if is_change(edit)]
    for edit in changes:
        _check_writable(edit)
    return changes


def summary(edit: Edit) -> str:
    """What was done to one file, and how to undo it."""
    if edit.after is None:
        return f"{edit.shell}: deleted {edit.shown}, which awsx had made"
    if marked_block.BEGIN not in edit.after:
        return f"{edit.shell}: took awsx's block out of {edit.shown}"
    return f"{edit.shell}: {_added(edit)} {edit.shown} (undo: awsx uninstall)"


def _added(edit: Edit) -> str:
    if edit.before is None:
        return "made"
    if marked_block.BEGIN not in edit.before:
        return "added a block to"
    return "updated the block in" if is_change(edit) else "the block was there in"


def _diff(edit: Edit) -> str:
    from difflib import unified_diff

    old, new = (
        (text or b"").decode("utf-8", "replace").split("\n") for text in (edit.before, edit.after)
    )
    return "\n".join(unified_diff(old, new, edit.shown, edit.shown, lineterm=""))


def _check_writable(edit: Edit) -> None:
    """Raises AwsxError if the file, or the nearest folder above it that exists, is read-only."""
    folder = os.path.dirname(edit.path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if edit.before is not None and not os.access(edit.path, os.W_OK):
        raise _cannot_write(edit, "it is read-only")
    if not os.access(folder, os.W_OK):
        raise _cannot_write(edit, "its folder is read-only")


def _cannot_write(edit: Edit, why: str) -> AwsxError:
    return AwsxError(CANNOT_WRITE.format(edit.shown, why, edit.shell))


def _write(edit: Edit, text: bytes) -> None:
    """Write beside the file and rename: whole or not at all. Raises OSError."""
    os.makedirs(os.path.dirname(edit.path), exist_ok=True)
    rewrite.replace(edit.path, text, 0o644)


def _delete(edit: Edit) -> None:
    """Delete a file that awsx made, and fish's folders if they are empty then. Raises OSError."""
    os.unlink(edit.path)
    if edit.shell == "fish":
        folder = os.path.dirname(edit.path)
        for empty in (folder, os.path.dirname(folder)):
            with contextlib.suppress(OSError):
                os.rmdir(empty)
