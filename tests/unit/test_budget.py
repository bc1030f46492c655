"""What a hot verb may load. Each figure is today's; it only goes down.

A start of Python costs 7 ms; json costs that again, re two thirds of it, typer eighteen times.
"""

import json
import shutil
import subprocess
import sys
import time
from hashlib import sha1
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The contract: no more than this many modules beyond `python -I -S -c pass`, awsx's own among them.
CEILING = 20
FORBIDDEN = """
typer click rich pydantic boto3 botocore iterfzf shellingham tomllib tomli re json configparser dataclasses inspect
importlib.metadata subprocess typing collections enum argparse pathlib datetime shlex hashlib signal logging site
""".split()  # noqa: SIM905

# argv of a hot verb, further variables -> modules beyond a bare start.
BUDGET = {
    "use": (["prod"], {}, 15),
    "use, region": (["prod", "-r", "us-east-1"], {}, 15),
    "use, known": (["prod"], {}, 15),
    "back": (["-"], {"AWSX_PREVIOUS": "prod"}, 15),
    "region": (["region", "use1"], {"AWSX_OWNER": "1", "AWS_PROFILE": "prod"}, 16),
    "region, back": (["region", "-"], {"AWSX_OWNER": "1", "AWSX_REGION": "us-east-1", "AWS_PROFILE": "prod"}, 16),
    "region, told": (["region"], {"AWS_PROFILE": "prod"}, 16),
    "off": (["off"], {"AWSX_OWNER": "1", "AWS_PROFILE": "prod"}, 15),
    "exec": (["exec", "prod", "--", "true"], {}, 15),
    "--refresh": (["--refresh"], {"AWS_PROFILE": "prod"}, 13),
    "--refresh, none": (["--refresh"], {}, 13),
    "--ensure": (["--ensure", "prod"], {}, 13),
    "--ensure, none": (["--ensure", "nosuch"], {}, 13),
    "current": (["current"], {"AWS_PROFILE": "prod"}, 17),
    "ls": (["ls"], {}, 15),
    "ls, names": (["ls", "--names"], {}, 15),
    "--version": (["--version"], {}, 6),
}

# exec replaces the process: let it tell what it had loaded by then.
LOOK = """
import sys, posix
def look(code):
    posix.write(2, ("\\n" + " ".join(sorted(sys.modules))).encode())
    posix._exit(code)
posix.execve = lambda *_: look(0)
sys.path.append(sys.argv[1])
from awsx.__main__ import run
look(run(sys.argv[2:]))
"""

CONFIG = """
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
region = eu-west-1
"""


@pytest.fixture
def env(environment, home, tmp_path):
    """A profile whose session is valid, and a shell that waits for an answer."""
    (home / ".aws" / "config").write_text(CONFIG)
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    (cache / f"{sha1(b'corp').hexdigest()}.json").write_text(json.dumps({"accessToken": "x", "expiresAt": ends}))
    handover = tmp_path / "run" / "awsx" / "shell.1"
    return {**environment, "AWSX_HANDOVER": str(handover), "AWSX_PID": "1", "AWSX_SHELL": "bash"}


def start(script, *argv, **env):
    return subprocess.run([sys.executable, "-I", "-S", "-c", script, *argv], env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def bare():
    """What Python itself loads."""
    return set(start("import sys; print(*sys.modules)").stdout.split())


def loaded(env, argv, **variables):
    ran = start(LOOK, str(ROOT), *argv, **{**env, **variables})
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.rpartition("\n")[2].split())


@pytest.mark.parametrize("verb", BUDGET)
def test_budget(verb, env, bare):
    argv, variables, most = BUDGET[verb]
    if "known" in verb:  # from a fresh index
        loaded(env, argv, **variables)
    found = loaded(env, argv, **variables) - bare
    assert sorted(found & set(FORBIDDEN)) == []
    assert len(found) == most, f"a lower figure belongs into the table; loaded: {sorted(found)}"


def test_the_ceiling():
    assert {verb: figure for verb, (_, _, figure) in BUDGET.items() if figure > CEILING} == {}


def test_no_verb_is_hot_without_a_budget():
    from awsx.__main__ import parse

    hot = {parse(argv).verb for argv, _, _ in BUDGET.values()}
    assert hot == {"use", "back", "off", "region", "exec", "current", "--refresh", "--ensure", "ls", "--version"}


@pytest.mark.parametrize("argv", [["prdo"], ["current"], ["-"]], ids=str)
def test_a_mistake_may_load_re_and_no_more(argv, env, bare):
    """difflib, for what comes near; no typer, no rich."""
    ran = start(LOOK, str(ROOT), *argv, **env)
    assert ran.returncode == 1
    found = set(ran.stderr.rpartition("\n")[2].split()) - bare
    assert not found & set(FORBIDDEN) - {"re", "enum", "collections", "typing"}


def test_the_look_sees_what_is_loaded(env, bare):
    """A verb of typer's shows typer: the figures above count something."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", LOOK, str(ROOT), "login", "--help"], env=env, capture_output=True, text=True
    )
    assert {"typer", "re"} <= set(ran.stderr.rpartition("\n")[2].split())


@pytest.mark.parametrize("verb", ["use", "exec", "--refresh"])
def test_thousands_of_profiles_load_nothing_more(verb, env, home, bare):
    with (home / ".aws" / "config").open("a") as config:
        config.writelines(f"[profile p{n}]\nregion = eu-west-1\n" for n in range(5000))
    argv, variables, most = BUDGET[verb]
    assert len(loaded(env, argv, **variables) - bare) == most


def test_the_start_leaves_no_interpreter_to_take_down(env):
    """`python -I -S start.py`: the stub runs, and atexit handlers do not."""
    command = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "--version"]
    ran = subprocess.run(command, env=env, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("awsx ")


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_no_process_is_started(env, tmp_path):
    """A switch by the core is the one Python and nothing else."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=process", "-o", str(trace), sys.executable, "-I", "-S"]
    ran = subprocess.run([*command, str(ROOT / "awsx" / "start.py"), "prod"], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    text = trace.read_text()
    assert text.count("execve(") == 1
    assert not [call for call in ("fork(", "clone(", "clone3(") if call in text]
