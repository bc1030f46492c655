"""`awsx exec NAME -- CMD`: argv, stdin, terminal, signals and exit code are the command's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SHELLS_OWN, Aws, Words
from processes import count_processes
from terminal import ROOT, Result, Terminal

Loaded = Callable[..., Terminal]
Exported = Callable[[Terminal], dict[str, str]]

ARGUMENTS = (
    "",
    "two words",
    " ",
    "*",
    "$HOME",
    "$(touch pwned)",
    'it\'s "quoted"',
    "back\\slash\\",
    "--",
    "-r",
    "--region=x",
    "~",
    "!x",
    "%n",
    "é☁",
    "=ls",
    "{a,b}",
    "#c",
    ";",
)
RIVALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
)


@pytest.fixture(params=["by the core", "from memos"])
def live(request: pytest.FixtureRequest, loaded: Loaded) -> Terminal:
    """Run each test twice; for a profile that was switched to before, exec needs no core."""
    live = loaded()
    if request.param == "from memos":
        for name in ("prod", "dev", "ci", "off"):
            assert live.run(f"awsx {name}").status == 0
    return live


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that writes its arguments to the file `argv`, a NUL after each."""
    path = tmp_path / "program"
    path.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" >{tmp_path}/argv\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_arguments_arrive_as_they_were_given(
    live: Terminal, words: Words, program: Path, tmp_path: Path
) -> None:
    newline = (
        "(printf 'a\\n b\\n\\nc' | string collect)"
        if words.is_fish
        else "\"$(printf 'a\\n b\\n\\nc')\""
    )
    typed = " ".join(words.quote(argument) for argument in ARGUMENTS)
    assert live.run(f"awsx exec ci -- {program} {typed} {newline}") == Result(0, "", "")
    assert (tmp_path / "argv").read_bytes().decode().split("\0")[:-1] == [*ARGUMENTS, "a\n b\n\nc"]
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    ("command", "status", "text"),
    [
        ("true", 0, ""),
        ("sh -c 'exit 7'", 7, ""),
        ("sh -c 'exit 255'", 255, ""),
        ("/etc/passwd", 126, "awsx: /etc/passwd: Permission denied"),
        ("/", 126, "awsx: /: Permission denied"),
        ("no-such-command", 127, "awsx: no-such-command: command not found"),
        ("./no/such", 127, "awsx: ./no/such: command not found"),
    ],
)
def test_exit_codes_and_messages_are_the_commands(
    command: str, status: int, text: str, live: Terminal
) -> None:
    live.run("awsx dev")
    assert live.run(f"awsx exec ci -- {command}") == Result(status, "dev", text)


@pytest.mark.parametrize(("number", "status"), [(9, 137), (15, 143), (1, 129)])
def test_a_signal_that_ends_the_command_is_in_the_exit_code(
    number: int, status: int, live: Terminal
) -> None:
    assert live.run(f"awsx exec ci -- sh -c 'kill -{number} $$'").status == status


def test_a_script_without_an_interpreter_line_runs(live: Terminal, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_text('echo "$AWS_PROFILE $1"; exit 3\n', encoding="utf-8")
    bare.chmod(0o755)
    assert live.run(f"awsx exec ci -- {bare} one") == Result(3, "", "ci one")


@pytest.mark.parametrize(
    "command", ["awsx exec nosuch -- echo ran", "awsx exec ci --", "awsx exec -- echo ran"]
)
def test_a_wrong_call_gives_one_line_and_runs_nothing(command: str, live: Terminal) -> None:
    result = live.run(command)
    assert result.status in (1, 2)
    assert result.text.startswith("awsx: ") and "\n" not in result.text


def test_the_command_reads_stdin(live: Terminal) -> None:
    assert live.run("printf 'one\\ntwo\\n' | awsx exec ci -- wc -l").text.strip() == "2"
    assert (
        live.run("printf 'one\\ntwo\\n' | awsx exec ci -- sh -c 'read -r a; echo $a'").text == "one"
    )


def test_stdout_and_stderr_stay_separate(live: Terminal, tmp_path: Path) -> None:
    live.run(f"awsx exec ci -- sh -c 'echo out; echo err >&2' >{tmp_path}/out 2>{tmp_path}/err")
    assert [(tmp_path / name).read_text() for name in ("out", "err")] == ["out\n", "err\n"]


def test_the_command_runs_on_the_terminal(live: Terminal) -> None:
    assert (
        live.run("awsx exec ci -- sh -c 'test -t 0 && test -t 1 && test -t 2 && stty size'").text
        == "24 100"
    )


def test_a_closed_pipe_ends_the_command(live: Terminal) -> None:
    assert live.run("awsx exec ci --no-login -- sh -c 'yes | head -1'").text == "y"
    assert live.run("awsx exec ci -- yes | head -1").text == "y"


def test_ctrl_c_ends_the_command(live: Terminal) -> None:
    before = live.stty()
    live.type("awsx exec prod -- sleep 100")
    live.press("enter")
    live.wait_foreground()
    live.wait_for(lambda _: "sleep" in foreground(live))
    live.press("ctrl-c")
    assert live.wait_prompt().status in (130, live.interrupted)
    assert live.stty() == before
    assert live.run("awsx prod").profile == "prod"


def foreground(live: Terminal) -> str:
    children = Path(f"/proc/{live.pid}/task/{live.pid}/children").read_text().split()
    return " ".join(Path(f"/proc/{child}/comm").read_text() for child in children)


def test_a_command_may_catch_ctrl_c(live: Terminal) -> None:
    script = 'trap "echo caught; exit 3" INT; echo rea""dy; while :; do sleep 0.05; done'
    live.type(f"awsx exec prod -- sh -c '{script}'")
    live.press("enter")
    live.wait_for(lambda lines: "ready" in lines)
    live.press("ctrl-c")
    result = live.wait_prompt()
    assert result.text.endswith("caught")
    assert result.status == 3


def test_the_environment_is_the_terminals_except_for_the_profile(
    loaded: Loaded, exported: Exported, words: Words, tmp_path: Path
) -> None:
    found = {name: f"found {name}" for name in RIVALS}
    live = loaded(**found, AWS_REGION="sa-east-1", ODD="two\nlines $x")
    before = exported(live)
    expected = {name: value for name, value in before.items() if name not in RIVALS}
    assert within(live, "awsx exec ci --", tmp_path) == {**expected, "AWS_PROFILE": "ci"}
    regions = {"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-west-2"}
    assert within(live, "awsx exec ci -r us-west-2 --", tmp_path) == {
        **expected,
        "AWS_PROFILE": "ci",
        **regions,
    }
    live.run("awsx prod -r eu-north-1")
    live.run("awsx dev")
    assert within(live, "awsx exec ci --", tmp_path) == {**expected, "AWS_PROFILE": "ci"}
    assert exported(live)["AWS_PROFILE"] == "dev"


def within(live: Terminal, prefix: str, folder: Path) -> dict[str, str]:
    """The environment of a command that runs after `prefix`."""
    live.run(f"{prefix} /bin/sh -c 'env -0 >{folder}/within'")
    pairs = (folder / "within").read_bytes().decode().split("\0")[:-1]
    return {
        name: value
        for name, _, value in (pair.partition("=") for pair in pairs)
        if name not in SHELLS_OWN
    }


def test_the_region_of_the_terminals_switch_is_not_the_commands(
    live: Terminal, tmp_path: Path
) -> None:
    live.run("awsx prod -r eu-north-1")
    seen = within(live, "awsx exec ci --", tmp_path)
    assert not {"AWS_REGION", "AWS_DEFAULT_REGION"} & seen.keys()
    own = {"AWSX_NO_NAMES"}  # the person's, as the tests set it
    assert not [name for name in seen.keys() - own if name.startswith("AWSX_")]


def test_profiles_named_like_options_or_verbs_can_be_used(live: Terminal) -> None:
    assert live.run("awsx exec -- -dash -- sh -c 'echo $AWS_PROFILE'").text == "-dash"
    assert live.run("awsx exec ls -- sh -c 'echo $AWS_PROFILE'").text == "ls"


def test_exec_works_in_a_script_without_the_integration(
    environment: dict[str, str], aws: Aws
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            str(ROOT / "awsx" / "start.py"),
            "exec",
            "ci",
            "--",
            "sh",
            "-c",
            "env; exit 7",
        ],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (7, "")
    seen = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert {n: v for n, v in seen.items() if n not in SHELLS_OWN} == {
        **environment,
        "AWS_PROFILE": "ci",
    }


def test_exec_from_memos_starts_only_the_command(loaded: Loaded) -> None:
    live = loaded()
    live.run("awsx prod")
    live.run("awsx dev")
    with count_processes(live.pid) as seen:
        assert live.run("awsx exec prod -- true") == Result(0, "dev", "")
    assert (seen.forks, seen.execs) == (1, 1), seen
    assert live.prompt_line() == "dev 444455556666 7h $"


def test_exec_ignores_functions_aliases_and_builtins(live: Terminal, words: Words) -> None:
    live.run("function ls; echo FUNCTION; end" if words.is_fish else "ls() { echo FUNCTION; }")
    live.run("alias true='echo ALIAS'")
    assert live.run("awsx exec ci -- ls -d /").text == "/"
    assert live.run("awsx exec ci -- true").text == ""
    assert live.run("awsx exec ci -- printf '%s,' a b").text == "a,b,"


@pytest.mark.parametrize("status", [1, 125, 126, 127, 255])
def test_the_command_runs_once_whatever_its_exit_code(status: int, live: Terminal) -> None:
    assert live.run(f"awsx exec ci -- sh -c 'echo ran; exit {status}'") == Result(status, "", "ran")


def test_no_variable_of_the_function_hides_a_persons_own(live: Terminal, words: Words) -> None:
    """The core starts the command of a profile that has no memo; the command sees every export."""
    for name in ("origin", "mine", "code", "name", "key", "kind", "region"):
        live.run(words.export(name, f"my {name}"))
        told = live.run(f"awsx exec dev --no-login -- printenv {name}").text
        assert told == f"my {name}"
