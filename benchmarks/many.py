"""One command in many profiles, beside a loop of the shell that starts eight of them at once.

In the loop sed writes the name before each line; two of them may tear each other's lines.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import homes
from benchmarks.commands import CORE, TRUE, seconds
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, Measure, Reference

PRINTED = 1_000_000  # bytes of each profile
# A command writes nothing to /dev/null, so there is a reader behind both.
LOOP = "xargs -P 8 -I@ sh -c 'AWS_PROFILE=@ {0} | sed \"s/^/@ | /\"' <{1} | cat >/dev/null"
OURS = "{} exec 'account-*' -- {} | cat >/dev/null"


def loops(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(50, 500):
        env = place.environment(size)
        text = Path(env["HOME"]) / "printed"
        text.write_bytes((b"x" * 99 + b"\n") * (PRINTED // 100))
        cat = ("cat", str(text))
        yield [
            _contest("awsx exec in each: true", size, env, (TRUE,), ()),
            _contest("awsx exec in each: 1 MB", size, env, cat, (Bound(1.1, "x"),)),
        ]


def _contest(
    what: str, size: int, env: dict[str, str], command: tuple[str, ...], bounds: tuple[Bound, ...]
) -> Contest:
    names = Path(env["HOME"]) / "names"
    names.write_text("".join(f"{homes.profile(n)}\n" for n in range(size)))
    loop = LOOP.format(shlex.join(command), shlex.quote(str(names)))
    ours = OURS.format(shlex.join(CORE), shlex.join(command))
    reference = Reference("xargs -P 8, sed", partial(seconds, ("sh", "-c", loop), env))
    measure: Measure = partial(seconds, ("sh", "-c", ours), env)
    return Contest(what, size, measure, reference, bounds)
