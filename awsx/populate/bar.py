"""The bar that a person sees while accounts are read: how many, and how long it takes still."""

from __future__ import annotations

from contextlib import contextmanager

from awsx import packages
from awsx.term import can_redraw, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.populate.reading import Told

LABEL = "awsx: accounts of {}"
PER_SECOND = 5  # redraws


@contextmanager
def bar(label: str) -> Iterator[Told]:
    """A function to call with the accounts that are read and those known; draws on a terminal."""
    if not can_redraw():
        yield lambda done, known: None
        return
    packages.add()
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left", markup=False),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, refresh_per_second=PER_SECOND
    ) as progress:
        task = progress.add_task(LABEL.format(clean(label, 30)), total=None)
        yield lambda done, known: progress.update(task, completed=done, total=known or None)
