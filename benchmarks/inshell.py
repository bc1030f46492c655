"""What the integration costs inside a running shell: microseconds per prompt draw, per switch, and for loading it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LOAD = {
    "bash": "AWSX_PYTHON={python}\nsource {root}/shell/awsx.bash",
    "zsh": "AWSX_PYTHON={python}\nemulate zsh -o no_aliases -c 'source {root}/shell/awsx.zsh'",
    "fish": "set -g AWSX_PYTHON {python}\nsource {root}/shell/awsx.fish",
}
# {body} runs {count} times; nanoseconds before and after it are printed.
LOOP = {
    "bash": "date +%s%N; for ((i = 0; i < {count}; i++)); do {body}; done; date +%s%N",
    "zsh": "date +%s%N; for ((i = 0; i < {count}; i++)); do {body}; done; date +%s%N",
    "fish": "date +%s%N; for i in (seq {count}); {body}; end; date +%s%N",
}
OPTIONS = {"bash": ["--noprofile", "--norc"], "zsh": ["-f"], "fish": ["--no-config"]}


def measure(home: Path, profile: str, root: Path, python: str) -> dict[str, float]:
    """Microseconds of each thing in each shell that is here."""
    found = {}
    for shell in LOAD:
        if shutil.which(shell):
            loaded = LOAD[shell].format(python=python, root=root)
            if shell == "zsh":
                loaded = "zmodload zsh/datetime\n" + loaded
            draw = f"{loaded}\n__awsx_draw\n"
            found[f"{shell}: prompt draw"] = _timed(shell, draw, "__awsx_draw", 2000, home, profile)
            found[f"{shell}: an empty loop"] = _timed(shell, draw, ":", 2000, home, profile)
            found[f"{shell}: loading the integration"] = _timed(
                shell, "", loaded.replace("\n", ";"), 200, home, profile
            )
    return found


def _timed(shell: str, before: str, body: str, count: int, home: Path, profile: str) -> float:
    script = before + LOOP[shell].format(body=body, count=count)
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm", "AWS_PROFILE": profile}
    best = []
    for _ in range(3):
        done = subprocess.run(
            [shell, *OPTIONS[shell], "-c", script], env=env, capture_output=True, text=True, check=True
        )
        begin, end = (int(line) for line in done.stdout.split()[-2:])
        best.append((end - begin) / 1000 / count)
    return sorted(best)[1]
