"""What awsx costs inside a running shell: a switch, a prompt draw, exec, and loading the integration."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial

from benchmarks import homes
from benchmarks.commands import BARE, ROOT, TRUE, seconds
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, Reference

# Shells that read no file of the machine's.
SHELLS = {"bash": ("bash", "--noprofile", "--norc"), "zsh": ("zsh", "-f"), "fish": ("fish", "--no-config")}
LOAD = {
    "bash": "AWSX_PYTHON='{python}'; source '{script}'",
    "zsh": "AWSX_PYTHON='{python}'; emulate zsh -o no_aliases -c \"source '{script}'\"",
    "fish": "set -g AWSX_PYTHON '{python}'; source '{script}'",
}
# A line before the loop and one after it: nobody has to ask a clock, which is a process in some shells.
LOOP = {
    "bash": "echo; for ((i = 0; i < {turns}; i++)); do {body}; done >/dev/null 2>&1; echo",
    "zsh": "echo; for ((i = 0; i < {turns}; i++)); do {body}; done >/dev/null 2>&1; echo",
    "fish": "set turns (seq {turns}); echo; for i in $turns; {body}; end >/dev/null 2>&1; echo",
}
A, B = homes.profile(0), homes.profile(1)
# body of the loop, operations in it, turns, what must be true after it
SWITCHES = {
    "awsx NAME": (f"awsx {A}; awsx {B}", 2, 250, f'test "$AWS_PROFILE" = {B}'),
    "awsx -": ("awsx -; awsx -", 2, 250, f'test "$AWS_PROFILE" = {B}'),
    "awsx NAME and awsx off, by turns": (f"awsx {A}; awsx off", 2, 250, 'test -z "$AWS_PROFILE"'),
}
DRAW_BOUND = {"bash": 60e-6, "zsh": 60e-6, "fish": 120e-6}


def loading(shell: str, script: str = "") -> str:
    """The lines that load awsx, or as many that load another file."""
    return LOAD[shell].format(python=sys.executable, script=script or ROOT / "shell" / f"awsx.{shell}")


def per_operation(shell: str, env: Mapping[str, str], body: str, operations: int, turns: int, after: str) -> float:
    """Seconds of one of the operations in `body`; both profiles have been used before. Raises if it did not work."""
    warm = f"awsx {A} >/dev/null 2>&1; awsx {B} >/dev/null 2>&1"
    loop = LOOP[shell].format(body=body, turns=turns)
    command = [*SHELLS[shell], "-c", "\n".join((loading(shell), warm, loop, after))]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=env, bufsize=0, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.read(1)
        begin = time.perf_counter()
        process.stdout.read(1)
        took = time.perf_counter() - begin
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, f"{body} in {shell}")
    return took / turns / operations


def switches(place: Homes) -> Iterator[list[Contest]]:
    for shell in SHELLS:
        yield [c for what, parts in SWITCHES.items() for c in _by_size(f"{what}, {shell}", shell, parts, place, 500e-6)]


def prompts(place: Homes) -> Iterator[list[Contest]]:
    for shell, most in DRAW_BOUND.items():
        drawn = ("__awsx_draw", 1, 2000, 'test -n "$(awsx_prompt)"')
        yield list(_by_size(f"a prompt, {shell}", shell, drawn, place, most))


def _by_size(what: str, shell: str, parts: tuple[str, int, int, str], place: Homes, most: float) -> Iterator[Contest]:
    """The smallest home beside a bare Python, the others beside the smallest."""
    beside, bounds = None, (Bound(most, "s"),)
    for size in place.sizes(10, 5000):
        env = place.environment(size, "shells")
        measure = partial(per_operation, shell, env, *parts)
        if beside is None:
            yield Contest(what, size, measure, Reference("python -I -S -c pass", partial(seconds, BARE, env)), bounds)
        else:
            yield Contest(what, size, measure, beside, (*bounds, Bound(1.5, "x")))
        beside = beside or Reference(f"the same with {size} profiles", measure)


def execs(place: Homes) -> Iterator[list[Contest]]:
    """`awsx exec` from the function beside `env`, in the same shell."""
    for shell in SHELLS:
        for size in place.sizes(5000):
            env = place.environment(size, "shells")
            works = f'test "$(awsx exec {A} -- printenv AWS_PROFILE)" = {A}'
            ours = partial(per_operation, shell, env, f"awsx exec {A} -- {TRUE}", 1, 100, works)
            by_env = Reference("env A=b true", partial(per_operation, shell, env, f"env A=b {TRUE}", 1, 100, works))
            yield [Contest(f"awsx exec NAME -- true, {shell}", size, ours, by_env, (Bound(1.5, "x"),))]


def loads(place: Homes) -> Iterator[list[Contest]]:
    """An interactive shell that loads awsx, beside one that loads an empty file."""
    size = place.sizes(10)[0]
    env = place.environment(size, "shells")
    for shell, command in SHELLS.items():
        ours, empty = ((*command, "-i", "-c", loading(shell, script) + "; true") for script in ("", "/dev/null"))
        beside = Reference("an empty file instead", partial(seconds, empty, env))
        what = f"start of {shell} that loads awsx"
        yield [Contest(what, 0, partial(seconds, ours, env), beside, (Bound(2e-3, "top"),))]
