"""The sandbox's folder: making it, writing private files into it, and removing it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from awsx.files import disk
from awsx.term import AwsxError, warn

NOT_MADE = "cannot make the demo's folder in {}: {}; set TMPDIR to one that can be written to"
LEFT_BEHIND = "cannot remove {}: a process still writes to it, or a folder in it is write-protected"
PATIENCE = 3  # seconds for which `remove` tries again
PROGRAM = 0o700  # mode of a file that only its owner may read, write and execute


def make() -> Path:
    """A new folder below TMPDIR, by its real path. Raises AwsxError if that is impossible."""
    try:
        return Path(os.path.realpath(tempfile.mkdtemp(prefix="awsx-demo-")))
    except OSError as error:
        raise AwsxError(NOT_MADE.format(tempfile.gettempdir(), disk.reason(error))) from error


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Make a file with that mode from the start. Raises FileExistsError if there is one."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(fd, "w", encoding="utf-8") as file:
        file.write(text)


def remove(folder: Path) -> None:
    """Remove `folder` with everything in it, following no links. Tell the person if that fails.

    It tries again for a while: a command in the background may still make files, and folders may
    be write-protected.
    """
    deadline = time.monotonic() + PATIENCE
    shutil.rmtree(folder, ignore_errors=True)
    while folder.exists() and time.monotonic() < deadline:
        _unprotect(folder)
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05 if folder.exists() else 0)
    if folder.exists():
        warn(LEFT_BEHIND.format(folder))


def _unprotect(folder: str | Path) -> None:
    """Let the owner list and empty `folder` and all folders in it.

    A folder gets its mode before it is listed, or else nobody but root would see what is in it.
    """
    with contextlib.suppress(OSError):  # a command in the background has removed it
        os.chmod(folder, 0o700)
        with os.scandir(folder) as entries:
            inner = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for path in inner:
            _unprotect(path)
