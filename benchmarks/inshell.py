"""What awsx costs inside a running shell: a switch, a prompt draw, exec, and loading awsx."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.commands import BARE, seconds
from benchmarks.homes import Homes
from benchmarks.loop import SHELLS, A, B, Loop, loading
from benchmarks.race import Bound, Contest, Reference

# body of the loop, what must be true after it
SWITCHES = {
    "awsx NAME": (f"awsx {A}; awsx {B}", f'test "$AWS_PROFILE" = {B}'),
    "awsx -": ("awsx -; awsx -", f'test "$AWS_PROFILE" = {B}'),
    "awsx NAME and awsx off, by turns": (f"awsx {A}; awsx off", 'test -z "$AWS_PROFILE"'),
}
# A switch from a memo, as a multiple of a bare Python.
SWITCH_BOUND = {"bash": 0.04, "zsh": 0.035, "fish": 0.05}
DRAW_BOUND = {"bash": 60e-6, "zsh": 60e-6, "fish": 120e-6}


def switches(place: Homes) -> Iterator[list[Contest]]:
    for shell in SHELLS:
        for what, (body, works) in SWITCHES.items():
            loops = {
                n: Loop(shell, place.environment(n, "shells"), body, works, 2)
                for n in place.sizes(10, 5000)
            }
            beside_python = (Bound(SWITCH_BOUND[shell], "x"),) if what == "awsx NAME" else ()
            yield list(_by_size(f"{what}, {shell}", loops, 500e-6, place, beside_python))


def prompts(place: Homes) -> Iterator[list[Contest]]:
    for shell, most in DRAW_BOUND.items():
        drawn = ("__awsx_precmd", 'test -n "$(awsx_prompt)"')
        loops = {
            n: Loop(shell, place.environment(n, "shells"), *drawn) for n in place.sizes(10, 5000)
        }
        yield list(_by_size(f"a prompt, {shell}", loops, most, place))


def _by_size(
    what: str,
    loops: dict[int, Loop],
    most: float,
    place: Homes,
    beside_python: tuple[Bound, ...] = (),
) -> Iterator[Contest]:
    """The smallest home beside a bare Python, the others beside the smallest."""
    (least, first), *others = loops.items()
    bare = Reference(
        "python -I -S -c pass", partial(seconds, BARE, place.environment(least, "shells"))
    )
    beside = Reference(f"the same with {least} profiles", first)
    yield Contest(what, least, first, bare, (Bound(most, "s"), *beside_python))
    for size, loop in others:
        yield Contest(what, size, loop, beside, (Bound(most, "s"), Bound(1.5, "x")))


def execs(place: Homes) -> Iterator[list[Contest]]:
    """`awsx exec` from the function beside `env`, in the same shell."""
    works = f'test "$(awsx exec {A} -- printenv AWS_PROFILE)" = {A}'
    for shell in SHELLS:
        for size in place.sizes(5000):
            env = place.environment(size, "shells")
            by_env = Reference("env A=b true", Loop(shell, env, "env A=b true", works))
            ours = Loop(shell, env, f"awsx exec {A} -- true", works)
            yield [
                Contest(f"awsx exec NAME -- true, {shell}", size, ours, by_env, (Bound(1.5, "x"),))
            ]


def loads(place: Homes) -> Iterator[list[Contest]]:
    """An interactive shell that loads awsx, beside one that loads an empty file."""
    env = place.environment(place.sizes(10)[0], "shells")
    for shell, command in SHELLS.items():
        ours, empty = (
            (*command, "-i", "-c", loading(shell, script) + "; true")
            for script in ("", "/dev/null")
        )
        beside = Reference("an empty file instead", partial(seconds, empty, env))
        what = f"start of {shell} that loads awsx"
        yield [Contest(what, 0, partial(seconds, ours, env), beside, (Bound(2e-3, "top"),))]
