"""Files that look old at once, for a shell that compares whole seconds only (bash before 5.0).

There awsx takes no mtime for a proof while it is younger than two seconds, so a test that has just
written a file would have to wait before a memo holds. Instead each new source gets an mtime of its
own in the past before the next key reaches the shell.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

YOUNG = 3.0  # seconds: one more than awsx waits
SUFFIXES = ("config", "credentials", ".json", ".toml")  # how the names of sources end
# Each file gets another second, so that every change is seen. They lie an hour back.
seconds = count(int(time.time()) - 3600)


def age(home: Path) -> None:
    """Put the mtime of every source below `home` into the past, if it is young."""
    for path in sources(home):
        try:
            if abs(time.time() - path.stat().st_mtime) < YOUNG:
                second = next(seconds)
                os.utime(path, (second, second))
        except OSError:  # deleted or made unreadable by the test, just now
            continue


def sources(home: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(home):
        # Not what awsx has made of the sources: ~/.cache/awsx, wherever the test has put it.
        is_config = Path(folder).name == ".config"
        below[:] = [name for name in below if name != "awsx" or is_config]
        yield from (Path(folder, name) for name in names if name.endswith(SUFFIXES))
