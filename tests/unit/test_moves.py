"""A warm switch by the core moves seldom between modules, and looks no section up twice."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha1
from pathlib import Path

import pytest
from sample import CORP, PROD

ROOT = Path(__file__).parents[2]
MOST_MOVES = 60
CONFIG = CORP + PROD

# Runs one switch and prints a line `MODULE FUNCTION HEADER` for each call that enters a module from
# another one (`move`), and for each call of `ini.find` (`find`).
TRACE = """
import posix, sys
sys.path.append(sys.argv[1])
from awsx.__main__ import run
told = []

def trace(frame, event, _):
    name, caller = frame.f_globals.get("__name__", ""), frame.f_back
    if event != "call" or not name.startswith("awsx") or frame.f_code.co_name == "<module>":
        return
    while caller and not caller.f_globals.get("__name__", "").startswith("awsx"):
        caller = caller.f_back
    if caller and caller.f_globals["__name__"] != name and caller.f_code.co_name != "<module>":
        told.append(f"move {caller.f_globals['__name__']}->{name}.{frame.f_code.co_name}")
    if name == "awsx.files.ini" and frame.f_code.co_name == "find":
        told.append(f"find {frame.f_locals['header']}")

sys.setprofile(trace)
code = run(sys.argv[2:])
sys.setprofile(None)
print("\\n".join(told))
sys.stdout.flush()
posix._exit(code)
"""


@pytest.fixture
def env(environment, home, tmp_path):
    """An environment with a profile whose session is valid, and with a hand-over for the shell."""
    (home / ".aws" / "config").write_text(CONFIG)
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    token = {"accessToken": "x", "expiresAt": ends}
    (cache / f"{sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))
    for path in (home / ".aws" / "config", *cache.iterdir()):
        os.utime(path, (time.time() - 60,) * 2)
    handover = tmp_path / "run" / "awsx" / "shell.1"
    return {
        **environment,
        "AWSX_HANDOVER": str(handover),
        "AWSX_PID": "1",
        "AWSX_SHELL": "bash",
        "AWSX_PREVIOUS": "prod",
    }


def traced(env, *argv, code=0):
    """The moves of a command with a fresh stock, and how often it looked each section up."""
    command = [sys.executable, "-I", "-S", "-c", TRACE, str(ROOT), *argv]
    for _ in range(2):
        ran = subprocess.run(command, env=env, capture_output=True, text=True)
        assert ran.returncode == code, ran.stderr
    lines = [line.partition(" ") for line in ran.stdout.splitlines()]
    moves = [what for kind, _, what in lines if kind == "move"]
    return moves, Counter(what for kind, _, what in lines if kind == "find")


@pytest.mark.parametrize("argv", [["prod"], ["-"]], ids=str)
def test_a_warm_switch_moves_seldom_between_modules(argv, env):
    moves, _ = traced(env, *argv)
    assert 20 < len(moves) <= MOST_MOVES, Counter(moves)


@pytest.mark.parametrize(
    ("argv", "code"),
    [(["prod"], 0), (["-"], 0), (["exec", "prod", "--", "/no/such/command"], 127)],
    ids=str,
)
def test_no_section_is_looked_up_twice(argv, code, env):
    _, looked_up = traced(env, *argv, code=code)
    assert set(looked_up) >= {"profile prod", "sso-session corp"}
    assert set(looked_up.values()) == {1}
