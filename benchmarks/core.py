"""The core as a process: what an operation costs that a shell cannot do from its memos."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import homes
from benchmarks.commands import BARE, CORE, ISOLATED, TRUE, core, seconds
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, Measure, Reference

IMPORT_RICH = (sys.executable, "-c", "import rich")
# The first switch after an edit: at most so many times a bare Python with site, by the profiles.
AFTER_EDIT = {1000: 1.7, 5000: 2.5, 20000: 5}


def floors(place: Homes) -> Iterator[list[Contest]]:
    """What nobody can go below, beside a bare Python."""
    env = place.environment(place.sizes(10)[0])
    bare = Reference("python -I -S -c pass", partial(seconds, BARE, env))
    commands = {
        "python -I -c pass": ISOLATED,
        "python -c 'import rich'": IMPORT_RICH,
        "/bin/true": (TRUE,),
        "env A=b true": ("env", "A=b", "true"),
    }
    yield [
        Contest(name, 0, partial(seconds, command, env), bare) for name, command in commands.items()
    ]


def verbs(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(100, 1000, 5000, 20000):
        yield _verbs(core(place.environment(size)), core(place.environment(size, "edited")), size)


def _verbs(env: dict[str, str], edited: dict[str, str], size: int) -> list[Contest]:
    name = homes.profile(size // 2)
    bare = Reference("python -I -S -c pass", partial(seconds, BARE, env))
    isolated = Reference("python -I -c pass", partial(seconds, ISOLATED, env))
    rich = Reference("python -c 'import rich'", partial(seconds, IMPORT_RICH, env))

    def row(what: str, words: str, beside: Reference, bounds: dict[int, float]) -> Contest:
        measure = partial(seconds, (*CORE, *words.split()), env)
        return Contest(
            what,
            size,
            measure,
            beside,
            tuple(Bound(bounds[n], "x") for n in (size,) if n in bounds),
        )

    edit = Contest(
        "awsx NAME just after an edit",
        size,
        _after_edit(name, edited),
        isolated,
        tuple(Bound(AFTER_EDIT[n], "x") for n in (size,) if n in AFTER_EDIT),
    )
    return [
        row("awsx NAME, by the core", name, bare, {100: 1.5, 5000: 1.7}),
        edit,
        row(
            "awsx exec NAME -- true, as a program",
            f"exec {name} -- {TRUE}",
            bare,
            dict.fromkeys((size,), 1.6),
        ),
        row("awsx status NAME", f"status {name}", bare, dict.fromkeys((size,), 1.6)),
        row("awsx ls --names", "ls --names", bare, {100: 1.5, 5000: 1.7}),
        row("awsx ls", "ls", rich, {5000: 5, 20000: 5}),
    ]


def _after_edit(name: str, env: dict[str, str]) -> Measure:
    """Each time the config has another mtime.

    All of them are long past, so awsx need not wait for the clock to tick.
    """
    times = itertools.count(int(time.time()) - 7200)

    def measure() -> float:
        homes.edit(Path(env["HOME"]), next(times) + 0.5)
        return seconds((*CORE, name), env)

    return measure
