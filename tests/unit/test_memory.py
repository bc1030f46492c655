"""With 20,000 profiles, a command takes at most 40 MB of memory, and the cache folder 2 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

from awsx.commands import before, ls
from awsx.memos.remember import remember
from awsx.tables import listing
from benchmarks import homes

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
PROFILES = 20_000
# A new process counts the memory of the process that started it as its own. This small process
# stands between pytest and the command, so that pytest's memory is not counted.
MEASURE = """
import os, sys
wired = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=wired)
_, status, used = os.wait4(pid, 0)
print(used.ru_maxrss // (1024 if sys.platform == "darwin" else 1))
sys.exit(os.waitstatus_to_exitcode(status))
"""
VERBS = [
    [homes.profile(7)],
    ["--refresh"],
    ["current"],
    ["ls"],
    ["ls", "--names"],
    ["ls", "--json"],
]


PRINTED = 10_000_000  # bytes of each profile
PRINT = f"import os\nfor n in range({PRINTED} // 50000): os.write(1, (b'x' * 99 + b'\\n') * 500)"


def test_what_many_commands_print_stays_out_of_memory(environment, home):
    """Only a part of the 500 profiles that are promised: eight run at once, however many wait."""
    config = "".join(f"[profile p{n}]\nregion = eu-west-1\n" for n in range(12))
    (home / ".aws" / "config").write_text(config)
    core = [sys.executable, "-I", "-S", START, "exec", "p*", "--", sys.executable, "-c", PRINT]
    measure = [sys.executable, "-I", "-S", "-c", MEASURE, *core]
    ran = subprocess.run(measure, env=environment, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 100 * 1024  # KB


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    home = tmp_path_factory.mktemp("big")
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(homes.config(PROFILES))
    return home


@pytest.fixture
def env(environment, big, tmp_path):
    handover = str(tmp_path / "run" / "awsx" / "shell.1")
    profile = {"AWS_PROFILE": homes.profile(0), "AWSX_HANDOVER": handover, "AWSX_PID": "1"}
    return {**environment, **profile, "HOME": str(big), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[-1])
def test_a_command_stays_within_the_limit_of_memory(words, env):
    for state in ("stale", "fresh"):
        command = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            MEASURE,
            sys.executable,
            "-I",
            "-S",
            START,
            *words,
        ]
        ran = subprocess.run(command, env=env, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert int(ran.stdout) < 40 * 1024, state


LIST = """
import os, sys
sys.path.append(sys.argv[1])
from awsx.tables import listing
from awsx.commands.before import opened_quietly
facts = opened_quietly(dict(os.environ))
kept = listing.kept(facts.stock)
shown = kept or listing.made(facts, 0)
for text in listing.arranged(shown.drawn(3), facts, 0):
    pass
kept or shown.keep(facts.stock)
"""


def test_the_picker_stays_within_the_limit_of_memory(env):
    for state in ("stale", "fresh"):
        look = [sys.executable, "-I", "-S", "-c", LIST, str(Path(START).parents[1])]
        ran = subprocess.run(
            [sys.executable, "-I", "-S", "-c", MEASURE, *look],
            env=env,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        assert int(ran.stdout) < 40 * 1024, state


def test_the_cache_folder_stays_within_its_limit(env, tmp_path):
    facts = before.opened_quietly(env)
    listing.made(facts, 0).keep(facts.stock)
    ls.ls(env, names=True)
    for n in range(200):
        name = homes.profile(n * 100)
        remember(facts, name, facts.find(name))
    sizes = {
        path.name: path.stat().st_size for path in (tmp_path / "cache").rglob("*") if path.is_file()
    }
    assert len([name for name in sizes if name.startswith("p.")]) == 200
    assert 0 < sizes["listing"] < 300_000
    assert sum(sizes.values()) < 2_000_000
