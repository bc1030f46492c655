"""What awsx takes of the machine: the core's peak memory, and the cache folder after many uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from benchmarks import homes, picker
from benchmarks.commands import BARE, CORE, core, seconds
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, LeftOut, Reference

MB = 1_000_000
MAXRSS = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss
USED = 200  # profiles

# Linux counts into a child's peak what its parent had: the parent is a bare Python, not this one.
STARTER = """import os, sys
null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))"""


def peak(command: Sequence[str], env: Mapping[str, str]) -> float:
    """The most memory that a command had, in MB."""
    starter = [*BARE[:3], "-c", STARTER, *command]
    done = subprocess.run(starter, env=env, capture_output=True, text=True, check=True)
    return int(done.stdout) * MAXRSS / MB


def peak_of_picker(env: Mapping[str, str]) -> float:
    """The same of the core behind a picker that shows its rows (fzf's own is not in it)."""
    with picker.shown(CORE, env) as (screen, _):
        try:
            status = Path(f"/proc/{screen.pid}/status").read_text()
        except OSError as error:
            raise LeftOut("there is no /proc to tell") from error
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / MB if found else 0.0


def taxes(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(20000):
        env = core(place.environment(size))
        bare = Reference("python -I -S -c pass", partial(peak, BARE, env))
        prompt = {**env, "AWS_PROFILE": homes.profile(1)}
        measures: dict[str, Callable[[], float]] = {
            "memory: awsx NAME": partial(peak, [*CORE, homes.profile(size // 2)], env),
            "memory: a prompt's refresh": partial(peak, [*CORE, "--refresh"], prompt),
            "memory: awsx ls": partial(peak, [*CORE, "ls"], env),
            "memory: the picker, without fzf": partial(peak_of_picker, env),
        }
        yield [
            Contest(what, size, measure, bare, (Bound(40, "MB"),), "MB")
            for what, measure in measures.items()
        ]
        yield _cached(core(place.environment(size, "used")), size)


def _cached(env: Mapping[str, str], size: int) -> list[Contest]:
    used = cache(partial(_use, env, size))
    beside = Reference(
        "the config", lambda: Path(env["HOME"], ".aws", "config").stat().st_size / MB
    )
    whats = (
        f"cache folder, {USED} profiles used",
        f"cache folder, {USED} profiles and the picker used",
    )
    return [
        Contest(f"{what}{where}", size, partial(_part, used, n, m), beside, (Bound(2, "MB"),), "MB")
        for n, what in enumerate(whats)
        for m, where in enumerate(("", ", on disk"))
    ]


def _part(used: Callable[[], tuple[tuple[float, float], ...]], when: int, where: int) -> float:
    return used()[when][where]


def _use(env: Mapping[str, str], size: int) -> tuple[tuple[float, float], ...]:
    """The size of the cache folder after many profiles were used, and after the picker was, too."""
    for number in range(min(USED, size)):
        seconds((*CORE, homes.profile(number)), env)
    before = _size(env)
    picker.seconds(CORE, env)
    return before, _size(env)


def _size(env: Mapping[str, str]) -> tuple[float, float]:
    """Apparent MB, and MB on the disk."""
    stats = [os.lstat(path) for path in Path(env["HOME"], ".cache", "awsx").rglob("*")]
    return sum(s.st_size for s in stats) / MB, sum(s.st_blocks * 512 for s in stats) / MB
