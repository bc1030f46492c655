"""One process from start to end: what is compared with what, and how long it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.race import LeftOut

ROOT = Path(__file__).resolve().parent.parent
BARE = (sys.executable, "-I", "-S", "-c", "pass")
ISOLATED = (sys.executable, "-I", "-c", "pass")
CORE = (sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"))
TRUE = shutil.which("true") or "true"

_NULL = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]


def core(env: Mapping[str, str]) -> dict[str, str]:
    """`env` of a core that a shell function has started."""
    return {
        **env,
        "AWSX_HANDOVER": f"{env['HOME']}/.cache/awsx/shell.1",
        "AWSX_PID": "1",
        "AWSX_SHELL": "bash",
    }


def seconds(command: tuple[str, ...], env: Mapping[str, str]) -> float:
    """How long it takes, without a terminal.

    The subprocess module would add the same time to both sides of a ratio.
    """
    path = shutil.which(command[0])
    if path is None:
        raise LeftOut(f"there is no {command[0]}")
    begin = time.perf_counter()
    # In a session of its own, an interactive shell cannot take the terminal of the benchmark.
    pid = os.posix_spawn(path, command, env, file_actions=_NULL, setsid=True)
    status = os.waitpid(pid, 0)[1]
    took = time.perf_counter() - begin
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return took
