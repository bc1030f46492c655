"""What awsx costs, beside a bare Python: `python -m benchmarks` prints one table of medians and ratios.

Everything that is compared runs in turn, so that a machine whose speed drifts slows both alike; only the ratios are
worth quoting. `--json` for machines, `--runs N` for patience, `--profiles 100,1000` for the sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import homes, inshell

ROOT = Path(__file__).resolve().parent.parent
BARE = [sys.executable, "-I", "-S", "-c", "pass"]
ISOLATED = [sys.executable, "-I", "-c", "pass"]
CORE = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]

Row = dict[str, object]


def environment(home: Path) -> dict[str, str]:
    run = home / "run"
    run.mkdir(exist_ok=True, mode=0o700)
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "AWSX_HANDOVER": str(run / "shell.1"),
        "AWSX_PID": "1",
    }


def commands(profiles: int) -> dict[str, list[str]]:
    name = homes.profile(profiles // 2)
    return {
        "python -I -S -c pass": BARE,
        "python -I -c pass": ISOLATED,
        "/bin/true": ["/bin/true"],
        "awsx NAME (core)": [*CORE, name],
        "awsx NAME (core), config just changed": [*CORE, name],
        "awsx exec NAME -- true (core)": [*CORE, "exec", name, "--", "/bin/true"],
        "prompt refresh (core)": [*CORE, "--refresh"],
        "awsx ls --names": [*CORE, "ls", "--names"],
        "awsx ls": [*CORE, "ls"],
    }


def measure(home: Path, profiles: int, runs: int) -> dict[str, float]:
    """Median seconds of each command, all of them in turn."""
    env = {**environment(home), "AWS_PROFILE": homes.profile(0)}
    config = home / ".aws" / "config"
    timed: dict[str, list[float]] = {}
    for turn in range(runs + 1):
        for name, command in commands(profiles).items():
            if "just changed" in name:
                old = time.time() - 3600 + turn
                os.utime(config, (old, old))
            begin = time.perf_counter()
            subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if turn:  # the first turn warms the caches
                timed.setdefault(name, []).append(time.perf_counter() - begin)
    return {name: statistics.median(times) for name, times in timed.items()}


def rows(sizes: list[int], runs: int) -> list[Row]:
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            home = homes.make(Path(folder), size)
            medians = measure(home, size, runs)
            bare = medians["python -I -S -c pass"]
            found += [
                {"what": name, "profiles": size, "ms": seconds * 1000, "ratio": seconds / bare}
                for name, seconds in medians.items()
            ]
            for what, micros in inshell.measure(home, homes.profile(0), ROOT, sys.executable).items():
                found.append({"what": what, "profiles": size, "ms": micros / 1000, "ratio": micros / 1e6 / bare})
    return found


def table(found: list[Row]) -> str:
    lines = ["| what | profiles | median | x bare python |", "| --- | --- | --- | --- |"]
    for row in found:
        ms = float(str(row["ms"]))
        median = f"{ms:.1f} ms" if ms >= 1 else f"{ms * 1000:.0f} us"
        lines.append(f"| {row['what']} | {row['profiles']} | {median} | {float(str(row['ratio'])):.3g} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--profiles", default="10,100,1000,5000")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = rows([int(n) for n in options.profiles.split(",")], options.runs)
    print(json.dumps(found, indent=2) if options.json else table(found))


if __name__ == "__main__":
    main()
