"""A Tab on a profile's name: from the key to the text, in an interactive shell on a terminal."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.commands import BARE, seconds
from benchmarks.homes import Homes
from benchmarks.loop import SHELLS
from benchmarks.race import Bound, Contest, LeftOut, Reference


def tabs(place: Homes) -> Iterator[list[Contest]]:
    for shell in SHELLS:
        for size in place.sizes(10, 5000):
            env = place.environment(size, "tab")
            bare = Reference("python -I -S -c pass", partial(seconds, BARE, env))
            home = Path(env["HOME"])
            what = {
                f"a Tab on a name, {shell}": partial(_seconds, shell, home),
                f"a Tab on a name of an edited config, {shell}": partial(
                    _seconds, shell, home, is_edited=True
                ),
            }
            bound = (Bound(15e-3, "s"),)
            yield [Contest(name, size, measure, bare, bound) for name, measure in what.items()]


def _seconds(shell: str, home: Path, is_edited: bool = False) -> float:
    try:
        module = importlib.import_module("benchmarks.tab")
    except ModuleNotFoundError as error:
        raise LeftOut("benchmarks/tab.py is not there yet") from error
    return float(module.tab(shell, home, is_edited=is_edited)) / 1000
