"""What awsx costs, beside what it is compared with: prints one table of medians and ratios.

What is compared runs in turn, and only the ratios are worth quoting. A bound that is not met says
`over`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import completion, core, creds, imports, inshell, many, memory, peers, picker, table
from benchmarks.homes import Homes
from benchmarks.race import Row, race

HEATS = (
    core.floors,
    inshell.switches,
    inshell.prompts,
    completion.tabs,
    inshell.execs,
    inshell.loads,
    picker.first_rows,
    core.verbs,
    creds.rows,
    many.loops,
    peers.rivals,
    memory.taxes,
)


def rows(place: Homes, only: str, runs: int) -> list[Row]:
    """Of each heat the rows that have that word in their name."""
    found: list[Row] = []
    for heats in HEATS:
        for heat in heats(place):
            contests = [contest for contest in heat if only in contest.what]
            if contests:
                sys.stderr.write(f"benchmarks: {contests[0].what} ...\n")
                found += race(contests, runs)
    return found


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--profiles", default="", metavar="N,N", help="these sizes, and not each row's own"
    )
    parser.add_argument(
        "--runs", type=int, default=15, help="turns, unless that takes too long (15)"
    )
    parser.add_argument("--only", default="", metavar="WORD", help="the rows whose name has it")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines: seconds and MB")
    form.add_argument("--write", type=Path, metavar="FILE", help="put the table into that document")
    form.add_argument(
        "--imports", action="store_true", help="what a switch imports, instead of the table"
    )
    return parser.parse_args()


def main() -> None:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="awsx-benchmarks-") as folder:
        place = Homes(Path(folder), tuple(int(n) for n in chosen.profiles.split(",") if n))
        if chosen.imports:
            imports.main(place, chosen.runs)
            return
        found = rows(place, chosen.only, chosen.runs)
    if chosen.write:
        table.write(chosen.write, found)
    else:
        sys.stdout.write(table.as_json(found) if chosen.json else table.markdown(found))


if __name__ == "__main__":
    main()
