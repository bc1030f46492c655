"""A race: what is compared runs in turn, so that a machine slows all alike. Medians count."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

# Does the thing once and returns the seconds (or megabytes) of one operation. The same object in
# two contests runs once a turn.
Measure = Callable[[], float]

PATIENCE = 10.0  # seconds, after which a race of slow runners makes no further turn
FEWEST = 3  # turns, however slow


class LeftOut(Exception):
    """Why something cannot be measured on this machine."""


class Bound(NamedTuple):
    """What was promised: at most so many times (`x`) the reference, or seconds on `top` of it, or
    seconds or MB in all.
    """

    most: float
    unit: str

    def is_met(self, value: float, beside: float) -> bool:
        return {"x": value / beside, "top": value - beside}.get(self.unit, value) <= self.most


class Reference(NamedTuple):
    name: str
    measure: Measure


class Contest(NamedTuple):
    """A row to be: something, with so many profiles, beside its reference.

    With 0 profiles, their number does not matter.
    """

    what: str
    profiles: int
    measure: Measure
    reference: Reference
    bounds: tuple[Bound, ...] = ()
    unit: str = "s"


class Row(NamedTuple):
    what: str
    profiles: int
    unit: str
    median: float
    reference: str
    beside: float
    bounds: tuple[Bound, ...]

    @property
    def ratio(self) -> float:
        return self.median / self.beside

    @property
    def is_met(self) -> bool:
        return all(bound.is_met(self.median, self.beside) for bound in self.bounds)


def race(contests: Sequence[Contest], runs: int) -> list[Row]:
    """The rows of those that could be measured; what cannot is left out with a word."""
    names = {c.measure: c.what for c in contests} | {
        c.reference.measure: c.reference.name for c in contests
    }
    found: dict[Measure, list[float]] = {measure: [] for measure in names}
    begin = time.monotonic()
    for turn in range(runs + 1):
        if turn > FEWEST and time.monotonic() - begin > PATIENCE:
            break
        for measure in list(found):
            result = _tried(names[measure], measure)
            if result is None:
                del found[measure]
            elif turn:  # the first turn warms the caches
                found[measure].append(result)
    medians = {measure: statistics.median(results) for measure, results in found.items()}
    return [
        _row(c, medians)
        for c in contests
        if c.measure in medians and c.reference.measure in medians
    ]


def _tried(name: str, measure: Measure) -> float | None:
    try:
        return measure()
    except (LeftOut, OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"benchmarks: left out: {name}: {error}\n")
        return None


def _row(contest: Contest, medians: dict[Measure, float]) -> Row:
    beside = contest.reference
    return Row(
        contest.what,
        contest.profiles,
        contest.unit,
        medians[contest.measure],
        beside.name,
        medians[beside.measure],
        contest.bounds,
    )
