"""exec passes argv, environment, signals and exit code unchanged, with one profile and no other."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsx.environment import INTERNAL, REGIONS, RIVALS
from awsx.process import environment, original

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
CONFIG = (
    "[profile prod]\nregion = eu-west-1\n[profile 'a b $(touch x)']\n[profile -x]\n[profile use]\n"
)


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CONFIG, encoding="utf-8")
    return environment


@pytest.fixture
def awsx(env):
    """awsx(*argv, NAME=value) runs the core and returns the finished process."""

    def run(*argv, stdin=None, python="-I", **variables):
        wanted = {n: v for n, v in {**env, **variables}.items() if v is not None}
        command = [sys.executable, python, "-S", START, *argv]
        return subprocess.run(command, env=wanted, input=stdin, capture_output=True, timeout=60)

    return run


SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"


def seen(ran):
    """The arguments and the environment of the command."""
    assert (ran.returncode, ran.stderr) == (0, b"")
    return json.loads(ran.stdout)


# --- the environment ------------------------------------------------------------------------------

ENVIRONMENTS = [
    ({}, "", {"AWS_PROFILE": "prod"}),
    ({"AWS_PROFILE": "dev", "PATH": "/bin"}, "", {"AWS_PROFILE": "prod", "PATH": "/bin"}),
    ({"AWS_PROFILE": ""}, "", {"AWS_PROFILE": "prod"}),
    (dict.fromkeys(RIVALS, "x"), "", {"AWS_PROFILE": "prod"}),
    (dict.fromkeys(INTERNAL, "x"), "", {"AWS_PROFILE": "prod"}),
    ({"AWS_CONTAINER_AUTHORIZATION_TOKEN_X": "x"}, "", {"AWS_PROFILE": "prod"}),
    ({}, "eu", {"AWS_PROFILE": "prod", "AWS_REGION": "eu", "AWS_DEFAULT_REGION": "eu"}),
    (
        dict.fromkeys(REGIONS, "us"),
        "eu",
        {"AWS_PROFILE": "prod", "AWS_REGION": "eu", "AWS_DEFAULT_REGION": "eu"},
    ),
    # A region that the person set stays; one that a switch set for the terminal's profile does not.
    ({"AWS_REGION": "us"}, "", {"AWS_PROFILE": "prod", "AWS_REGION": "us"}),
    (
        {"AWS_REGION": "us", "AWS_DEFAULT_REGION": "us", "AWSX_REGION": "us"},
        "",
        {"AWS_PROFILE": "prod"},
    ),
    (
        {"AWS_REGION": "by-hand", "AWSX_REGION": "us"},
        "",
        {"AWS_PROFILE": "prod", "AWS_REGION": "by-hand"},
    ),
    (
        {"AWS_CONFIG_FILE": "/c", "HOME": "/h"},
        "",
        {"AWS_PROFILE": "prod", "AWS_CONFIG_FILE": "/c", "HOME": "/h"},
    ),
]


@pytest.mark.parametrize(("env", "region", "expected"), ENVIRONMENTS)
def test_the_environment_has_one_profile_and_no_rivals(env, region, expected):
    before = dict(env)
    assert environment(env, "prod", region) == expected
    assert env == before


@given(
    st.dictionaries(
        st.sampled_from([*RIVALS, *INTERNAL, *REGIONS, "AWS_PROFILE", "HOME", "AWSX_OTHER"]),
        st.text(),
    )
)
def test_whatever_was_set_only_one_profile_is_left(env):
    found = environment(env, "prod", "")
    assert found["AWS_PROFILE"] == "prod"
    assert not set(found) & {*RIVALS, *INTERNAL}
    assert {n: v for n, v in found.items() if n in ("HOME", "AWSX_OTHER")} == {
        n: v for n, v in env.items() if n in ("HOME", "AWSX_OTHER")
    }


def test_original_removes_only_what_python_has_added(monkeypatch):
    assert original({"LC_CTYPE": "C.UTF-8", "LC_ALL": "C", "A": "b"}) == {
        "LC_CTYPE": "C.UTF-8",
        "LC_ALL": "C",
        "A": "b",
    }
    assert original({"A": "b"}) == {"A": "b"}


# --- the whole process ----------------------------------------------------------------------------


def test_the_command_gets_its_arguments_and_the_profile(awsx, env):
    given = {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_DEFAULT_PROFILE": "dev",
        "AWSX_HANDOVER": "/h",
    }
    argv, found = seen(
        awsx(
            "exec",
            "prod",
            "--",
            sys.executable,
            "-c",
            SHOW,
            "a b",
            "",
            "$(x)",
            "--",
            "-r",
            "é\n",
            **given,
        )
    )
    assert argv == ["a b", "", "$(x)", "--", "-r", "é\n"]
    assert found == {
        **env,
        "AWS_PROFILE": "prod",
        **({"LC_CTYPE": found["LC_CTYPE"]} if "LC_CTYPE" in found else {}),
    }


def test_variables_that_python_adds_do_not_reach_the_command(awsx):
    """In the C locale Python exports LC_CTYPE; the command must not get it."""
    ran = awsx("exec", "prod", "--", "/usr/bin/env", LANG=None)
    assert b"LC_CTYPE" not in ran.stdout
    assert b"AWS_PROFILE=prod\n" in ran.stdout
    assert (
        b"LC_CTYPE=C.UTF-8\n"
        in awsx("exec", "prod", "--", "/usr/bin/env", LC_CTYPE="C.UTF-8").stdout
    )


@pytest.mark.parametrize("name", ["a b $(touch x)", "use"])
def test_any_profile_name_can_be_used(awsx, name):
    assert seen(awsx("exec", name, "--", sys.executable, "-c", SHOW))[1]["AWS_PROFILE"] == name


def test_a_name_with_a_leading_dash_comes_after_two_dashes(awsx):
    assert (
        seen(awsx("exec", "--", "-x", "--", sys.executable, "-c", SHOW))[1]["AWS_PROFILE"] == "-x"
    )


def test_the_option_region_sets_both_variables(awsx):
    found = seen(
        awsx("exec", "prod", "-r", "us-east-1", "--", sys.executable, "-c", SHOW, AWS_REGION="x")
    )[1]
    assert (found["AWS_REGION"], found["AWS_DEFAULT_REGION"]) == ("us-east-1", "us-east-1")
    assert "AWSX_REGION" not in found


@pytest.mark.parametrize("code", [0, 1, 2, 7, 126, 127, 130, 255])
def test_the_exit_code_is_the_commands(awsx, code):
    ran = awsx("exec", "prod", "--", "sh", "-c", f"exit {code}")
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, b"", b"")


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ]
)
def test_a_signal_kills_the_command_as_it_would_without_awsx(awsx, number):
    assert awsx("exec", "prod", "--", "sh", "-c", f"kill -{number.value} $$").returncode == -number


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@linux
@pytest.mark.parametrize("name", ["SigIgn", "SigBlk", "SigCgt"])
def test_no_signal_is_left_ignored(awsx, name):
    ran = awsx("exec", "prod", "--", "grep", f"^{name}:", "/proc/self/status")
    bare = subprocess.run(["grep", f"^{name}:", "/proc/self/status"], capture_output=True)
    assert ran.stdout == bare.stdout


def test_an_ignored_signal_stays_ignored(env):
    """`trap '' INT; awsx exec ...`: a command that ignores Ctrl-C goes on doing so."""
    command = (
        f"trap '' INT; exec {sys.executable} -I -S {START} exec prod -- "
        "sh -c 'kill -INT $$; echo alive'"
    )
    ran = subprocess.run(["sh", "-c", command], env=env, capture_output=True)
    assert (ran.stdout, ran.returncode) == (b"alive\n", 0)


def test_stdin_stdout_and_stderr_are_the_commands(awsx):
    ran = awsx("exec", "prod", "--", "sh", "-c", "cat; echo talk >&2", stdin=b"\0\xff data")
    assert (ran.stdout, ran.stderr) == (b"\0\xff data", b"talk\n")


@linux
def test_the_command_gets_no_other_open_files(awsx):
    ran = awsx("exec", "prod", "--", "sh", "-c", "ls /proc/$$/fd")
    assert ran.stdout.split() == [b"0", b"1", b"2"]


def test_the_process_is_replaced(env):
    """The command has the process id that was started: no Python stays in between."""
    command = [sys.executable, "-I", "-S", START, "exec", "prod", "--", "sh", "-c", "echo $$"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert int(process.stdout.read()) == process.pid


def test_argv0_is_the_programs_path(awsx, tmp_path, env):
    script = tmp_path / "show"
    script.write_text('#!/bin/sh\necho "$0" "$#" "$1"\n')
    script.chmod(0o755)
    ran = awsx("exec", "prod", "--", "show", "a b", PATH=f"{tmp_path}:{env['PATH']}")
    assert ran.stdout.decode() == f"{script} 1 a b\n"


def test_a_script_without_an_interpreter_line_runs_in_sh(awsx, tmp_path, env):
    script = tmp_path / "bare"
    script.write_text('echo "$AWS_PROFILE" "$1"; exit 7\n')
    script.chmod(0o755)
    for name, path in (("bare", f"{tmp_path}:{env['PATH']}"), (str(script), env["PATH"])):
        ran = awsx("exec", "prod", "--", name, "a b", PATH=path)
        assert (ran.stdout, ran.returncode) == (b"prod a b\n", 7)


CANNOT = {
    "no such command": (["no-such-command"], 127, "no-such-command: command not found"),
    "no such file": (["/no/such/file"], 127, "/no/such/file: command not found"),
    "a name that would move the cursor": (["no\x1b[2Jne"], 127, "no?[2Jne: command not found"),
    "a folder": (["/"], 126, "/: Permission denied"),
    "not executable": (["/etc/passwd"], 126, "/etc/passwd: Permission denied"),
    "empty": ([""], 127, ": command not found"),
}


@pytest.mark.parametrize(("command", "code", "told"), CANNOT.values(), ids=CANNOT)
def test_a_command_that_cannot_start_is_told_with_its_exit_code(awsx, command, code, told):
    ran = awsx("exec", "prod", "--", *command)
    assert (ran.returncode, ran.stdout, ran.stderr.decode()) == (code, b"", f"awsx: {told}\n")


def test_a_missing_interpreter_is_not_told_as_a_missing_command(awsx, tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    ran = awsx("exec", "prod", "--", str(script))
    assert (ran.returncode, ran.stderr.count(b"\n")) == (126, 1)


REFUSED = {
    "typo": ("prdo", "awsx: no profile prdo; did you mean prod?\n"),
    "like nothing": ("xyz", "awsx: no profile xyz; all of them: awsx ls\n"),
    "default is not fallen back to": (
        "default",
        "awsx: no profile default; all of them: awsx ls\n",
    ),
    "empty": ("", "awsx: no profile "),
    "control characters": (
        "a\nb",
        "awsx: no profile 'a\\nb'; all of them: awsx ls\n",
    ),
}


@pytest.mark.parametrize(("name", "told"), REFUSED.values(), ids=REFUSED)
def test_an_unknown_profile_starts_nothing(awsx, tmp_path, name, told):
    ran = awsx("exec", "--", name, "--", "touch", f"{tmp_path}/started")
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (1, b"", 1)
    assert ran.stderr.decode().startswith(told)
    assert not (tmp_path / "started").exists()


def test_an_expired_session_without_a_terminal_starts_nothing(awsx, home, tmp_path):
    corp = (
        "[sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n"
        "[profile prod]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
    )
    (home / ".aws" / "config").write_text(corp)
    ran = awsx("exec", "prod", "--", "touch", f"{tmp_path}/started")
    assert ran.returncode == 1
    assert ran.stderr.decode() == (
        "awsx: not logged in to corp, and there is no terminal to log in from; "
        "run: awsx login prod\n"
    )
    assert not (tmp_path / "started").exists()
    assert awsx("exec", "prod", "--no-login", "--", "touch", f"{tmp_path}/started").returncode == 0
    assert (tmp_path / "started").exists()


def test_a_bad_line_is_told_and_the_command_runs(awsx, home):
    (home / ".aws" / "config").write_text(CONFIG + "SECRET\n")
    ran = awsx("exec", "prod", "--", "true")
    assert ran.returncode == 0
    assert ran.stderr.decode().startswith("awsx: ~/.aws/config:6: this line is not `key = value`; ")
    assert b"SECRET" not in ran.stderr


@pytest.mark.parametrize("variables", [{"HOME": "/dev/null"}, {"HOME": "/proc"}], ids=str)
def test_exec_works_with_a_home_that_cannot_be_written(awsx, home, variables):
    ran = awsx(
        "exec", "prod", "--", "true", AWS_CONFIG_FILE=str(home / ".aws" / "config"), **variables
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_exec_works_in_a_folder_that_is_gone(env, home, tmp_path):
    command = (
        "mkdir gone && cd gone && rmdir ../gone && "
        f"exec {sys.executable} -I -S {START} exec prod -- echo here"
    )
    ran = subprocess.run(
        ["sh", "-c", command],
        env={**env, "AWS_CONFIG_FILE": f"{home}/.aws/config"},
        cwd=tmp_path,
        capture_output=True,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"here\n", b"")


def test_exec_works_without_home(awsx, home, tmp_path):
    """HOME comes from the password database then; the caches are where the environment says."""
    places = {
        "AWS_CONFIG_FILE": f"{home}/.aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": "",
        "AWSX_CACHE": f"{tmp_path}/c",
    }
    ran = awsx("exec", "prod", "--", "true", HOME=None, XDG_CONFIG_HOME=str(tmp_path), **places)
    assert (ran.returncode, ran.stderr) == (0, b"")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), max_size=4))
def test_any_arguments_arrive_unchanged(tmp_path_factory, words):
    home = tmp_path_factory.getbasetemp() / "any-arguments"
    (home / ".aws").mkdir(parents=True, exist_ok=True)
    (home / ".aws" / "config").write_text("[profile prod]\n")
    command = [sys.executable, "-I", "-S", START, "exec", "prod", "--", "printf", "%s\\0", *words]
    ran = subprocess.run(
        command, env={"HOME": str(home), "PATH": os.environ["PATH"]}, capture_output=True
    )
    assert ran.stdout.decode().split("\0") == [*words, ""] if words else [""]
