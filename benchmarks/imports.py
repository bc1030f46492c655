"""What a hot switch imports, and what each import costs beside the start of a bare Python."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

from benchmarks import homes
from benchmarks.commands import BARE, CORE, core, seconds
from benchmarks.homes import Homes

MOST = 0.1  # of a bare Python's start; what costs more had better be needed
LINE = re.compile(
    r"import time:\s+(\d+) \|\s+(\d+) \| +(\S+)"
)  # its own us, us with what it imports, its name


class Import(NamedTuple):
    module: str
    own: float  # seconds
    ratio: float
    in_bare: bool  # a bare Python has it too


def of_a_switch(place: Homes, runs: int) -> list[Import]:
    """The imports of `awsx NAME` from a fresh index, in order; the medians of so many runs."""
    size = place.sizes(5000)[0]
    env = core(place.environment(size))
    switch = (*CORE, homes.profile(size // 2))
    start, took = [], []
    for turn in range(runs + 1):
        start.append(seconds(BARE, env))
        took.append(_traced(switch, env))
        if not turn:  # the first turn warms the caches
            start, took = [], []
    bare, own = statistics.median(start), _traced(BARE, env)
    medians = {name: statistics.median(t[name] for t in took) for name in took[-1]}
    return [Import(name, cost, cost / bare, name in own) for name, cost in medians.items()]


def _traced(command: tuple[str, ...], env: Mapping[str, str]) -> dict[str, float]:
    python, *rest = command
    told = subprocess.run(
        [python, "-X", "importtime", *rest], env=env, capture_output=True, text=True, check=True
    )
    return {name: int(own) / 1e6 for own, _, name in LINE.findall(told.stderr)}


def markdown(found: list[Import]) -> str:
    lines = ["| import | its own | x bare Python | |", "| --- | --: | --: | --- |"]
    for module, own, ratio, in_bare in found:
        mark = "bare Python's own" if in_bare else "**over**" if ratio > MOST else ""
        lines.append(f"| {module} | {own * 1e6:.0f} us | {ratio:.3f} | {mark} |")
    ours = [found_.own for found_ in found if not found_.in_bare]
    share = sum(found_.ratio for found_ in found if not found_.in_bare)
    lines.append(
        f"| all {len(ours)} beyond bare Python's | {sum(ours) * 1e6:.0f} us | {share:.3f} | |"
    )
    return "\n".join(lines) + "\n"


def main(place: Homes, runs: int) -> None:
    sys.stdout.write(markdown(of_a_switch(place, runs)))
