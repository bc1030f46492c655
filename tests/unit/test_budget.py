"""A hot verb loads none of the heavy modules, and at most as many modules as the ceiling allows.

A start of Python takes 7 ms. json takes as long again, re two thirds of it, typer 18 times as long.
"""

import json
import shutil
import subprocess
import sys
import time
from hashlib import sha1
from pathlib import Path

import pytest
from sample import CORP, PROD

from awsx.files import paths

ROOT = Path(__file__).parents[2]

# At most this many modules beyond those of `python -I -S -c pass`, awsx's own included.
CEILING = 25
FORBIDDEN = """
typer click rich pydantic boto3 botocore iterfzf shellingham tomllib tomli re json configparser
dataclasses inspect importlib.metadata subprocess typing collections enum argparse pathlib datetime
shlex hashlib signal logging site
""".split()  # noqa: SIM905

# For each hot verb: its arguments, and the variables that it needs.
HOT = {
    "use": (["prod"], {}),
    "use, region": (["prod", "-r", "us-east-1"], {}),
    "use, known": (["prod"], {}),
    "back": (["-"], {"AWSX_PREVIOUS": "prod"}),
    "region": (["region", "use1"], {"AWSX_OWNER": "1", "AWS_PROFILE": "prod"}),
    "region, back": (
        ["region", "-"],
        {"AWSX_OWNER": "1", "AWSX_REGION": "us-east-1", "AWS_PROFILE": "prod"},
    ),
    "region, told": (["region"], {"AWS_PROFILE": "prod"}),
    "off": (["off"], {"AWSX_OWNER": "1", "AWS_PROFILE": "prod"}),
    "exec": (["exec", "prod", "--", "true"], {}),
    "creds": (["creds", "prod", "--format", "process"], {}),
    "creds, of the terminal": (["creds", "--format", "env"], {"AWS_PROFILE": "prod"}),
    "creds, of a role": (["creds", "deploy", "--format", "process"], {}),
    "creds, static": (["creds", "ci", "--format", "process"], {}),
    "--refresh": (["--refresh"], {"AWS_PROFILE": "prod"}),
    "--refresh, none": (["--refresh"], {}),
    "--ensure": (["--ensure", "prod"], {}),
    "--ensure, none": (["--ensure", "nosuch"], {}),
    "current": (["current"], {"AWS_PROFILE": "prod"}),
    "current, short": (["current", "--short"], {"AWS_PROFILE": "prod"}),
    "status": (["status"], {"AWS_PROFILE": "prod"}),
    "status, named": (["status", "prod"], {}),
    "login --check": (["login", "--check", "prod"], {}),
    "ls": (["ls"], {}),
    "ls, names": (["ls", "--names"], {}),
    "--version": (["--version"], {}),
    "help": (["help"], {}),
}

# `awsx exec` replaces the process, so posix.execve is replaced: it prints what is loaded by then.
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

CONFIG = CORP + PROD
DEPLOY = """\
[profile deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = prod
[profile ci]
aws_access_key_id = AKIA
aws_secret_access_key = x
"""
# Role credentials of prod and deploy, by the names that the AWS CLI gives their files.
KEPT = (
    '{"accountId":"111122223333","roleName":"Admin","sessionName":"corp"}',
    '{"RoleArn": "arn:aws:iam::111122223333:role/Deploy"}',
)


@pytest.fixture
def env(environment, home, tmp_path):
    """An environment with a profile whose session is valid, and with a hand-over for the shell."""
    (home / ".aws" / "config").write_text(CONFIG)
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    (cache / f"{sha1(b'corp').hexdigest()}.json").write_text(
        json.dumps({"accessToken": "x", "expiresAt": ends})
    )
    handover = tmp_path / "run" / "awsx" / "shell.1"
    return {**environment, "AWSX_HANDOVER": str(handover), "AWSX_PID": "1", "AWSX_SHELL": "bash"}


def keep_credentials(env):
    """Role credentials of prod and deploy, which the AWS CLI has kept."""
    home = Path(env["HOME"])
    with (home / ".aws" / "config").open("a") as config:
        config.write(DEPLOY)
    kept = home / ".aws" / "cli" / "cache"
    kept.mkdir(parents=True)
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    keys = {"AccessKeyId": "x", "SecretAccessKey": "x", "SessionToken": "x", "Expiration": ends}
    for text in KEPT:
        name = sha1(text.encode()).hexdigest()
        (kept / f"{name}.json").write_text(json.dumps({"Credentials": keys}))


def start(script, *argv, **env):
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *argv], env=env, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def bare():
    """The modules that Python itself loads."""
    return set(start("import sys; print(*sys.modules)").stdout.split())


def loaded(env, argv, **variables):
    ran = start(LOOK, str(ROOT), *argv, **{**env, **variables})
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.rpartition("\n")[2].split())


@pytest.mark.parametrize("verb", HOT)
def test_a_hot_verb_loads_few_modules_and_none_of_the_heavy_ones(verb, env, bare):
    argv, variables = HOT[verb]
    if verb.startswith("creds"):
        keep_credentials(env)
    # The first run writes the memo, or takes stock of the files.
    if "known" in verb or verb.startswith("creds"):
        loaded(env, argv, **variables)
    found = loaded(env, argv, **variables) - bare
    assert sorted(found & set(FORBIDDEN)) == []
    assert len(found) <= CEILING, f"loaded: {sorted(found)}"


def test_every_hot_verb_has_a_budget():
    from awsx.argv import parse

    hot = {parse(argv).verb for argv, _ in HOT.values()}
    assert hot == {
        "use",
        "back",
        "off",
        "region",
        "exec",
        "creds",
        "current",
        "status",
        "--refresh",
        "--ensure",
        "ls",
        "--version",
        "help",
    }


@pytest.mark.parametrize("argv", [["prdo"], ["current"], ["-"]], ids=str)
def test_a_mistake_in_a_name_may_load_re_and_no_more(argv, env, bare):
    """difflib, which finds similar names, needs re; typer and rich are not loaded."""
    ran = start(LOOK, str(ROOT), *argv, **env)
    assert ran.returncode == 1
    found = set(ran.stderr.rpartition("\n")[2].split()) - bare
    assert not found & set(FORBIDDEN) - {"re", "enum", "collections", "typing"}


def test_the_script_sees_what_is_loaded(env, bare):
    """A verb that uses typer shows typer, so the tests above do see modules."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", LOOK, str(ROOT), "login", "--help"],
        env=env,
        capture_output=True,
        text=True,
    )
    assert {"typer", "re"} <= set(ran.stderr.rpartition("\n")[2].split())


@pytest.mark.parametrize("verb", ["use", "exec", "creds", "--refresh"])
def test_thousands_of_profiles_load_nothing_more(verb, env, home, bare):
    argv, variables = HOT[verb]
    if verb == "creds":
        keep_credentials(env)
    few = loaded(env, argv, **variables)
    with (home / ".aws" / "config").open("a") as config:
        config.writelines(f"[profile p{n}]\nregion = eu-west-1\n" for n in range(5000))
    assert loaded(env, argv, **variables) == few


@pytest.mark.parametrize("verb", ["use", "exec", "--refresh", "current", "status", "off"])
def test_who_chooses_a_profile_of_the_config_does_not_read_the_catalogue(verb, env, home):
    argv, variables = HOT[verb]
    path = Path(paths.catalogue_path(env, str(home / ".aws" / "config")))
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"[profile p{n}]\nsso_session = corp\n" for n in range(2000)))
    assert "awsx.files.catalogue" not in loaded(env, argv, **variables)
    assert "awsx.files.catalogue" in loaded(env, ["ls"])


@pytest.mark.parametrize("verb", ["use", "exec", "current", "ls", "--refresh"])
def test_names_of_accounts_load_nothing_more(verb, env, home, bare):
    argv, variables = HOT[verb]
    few = loaded(env, argv, **variables)
    state = home / ".local" / "state" / "awsx"
    state.mkdir(parents=True, exist_ok=True)
    (state / "accounts").write_text("111122223333\tpayments\tpay@example.com\n")
    assert loaded(env, argv, **variables) == few


def test_the_stub_runs_the_core_and_ends_cleanly(env):
    """`python -I -S start.py` works and ends without an error."""
    command = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "--version"]
    ran = subprocess.run(command, env=env, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("awsx ")


# Tells which headers a switch looks for, each time it does.
LOOKUPS = """
import sys
sys.path.append(sys.argv.pop(1))
from awsx.files import ini
really = ini.find
ini.find = lambda data, header: sys.stderr.write(f"looks for {header}\\n") and really(data, header)
from awsx.__main__ import main
main()
"""


@pytest.mark.parametrize("name", ["prod", "deploy"])
def test_a_switch_looks_for_a_section_once(name, env, home):
    role = "[profile deploy]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = prod\n"
    with (home / ".aws" / "config").open("a") as config:
        config.write(role)
    start(LOOKUPS, str(ROOT), name, **env)
    again = start(LOOKUPS, str(ROOT), name, **env)
    looked = [line for line in again.stderr.splitlines() if line.startswith("looks for ")]
    profiles = {"prod", name}
    headers = [*profiles, *(f"profile {each}" for each in profiles), "sso-session corp"]
    assert sorted(looked) == sorted(f"looks for {header}" for header in headers)


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_a_switch_by_the_core_starts_no_other_process(env, tmp_path):
    """A switch by the core is one process of Python and nothing else."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=process", "-o", str(trace), sys.executable, "-I", "-S"]
    ran = subprocess.run(
        [*command, str(ROOT / "awsx" / "start.py"), "prod"], env=env, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    text = trace.read_text()
    assert text.count("execve(") == 1
    assert not [call for call in ("fork(", "clone(", "clone3(") if call in text]
