"""awsx is a guest in the shell: silent, small, and out of the way of scripts and other shells."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import ROOT, Result, Terminal, require, shell_path

Loaded = Callable[..., Terminal]
Core = Callable[[str], Path]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def script(shell: str, environment: dict[str, str], aws: Aws) -> Run:
    """script("text", **variables) runs the text in a shell that is not interactive."""

    def run(
        text: str, *options: str, program: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        path = program or shell_path(shell)
        options = ("-f", *options) if path.endswith("zsh") else options
        return subprocess.run(
            [path, *options, "-c", text],
            env={**environment, **variables},
            cwd=environment["HOME"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",  # bash's message about a cut `[[` ends in a byte 255
            timeout=60,
        )

    return run


# --- what it leaves in the shell ------------------------------------------------------------------

EVERYTHING = {
    "bash": "compgen -v; compgen -A function; compgen -a; shopt -p; set +o; trap -p; complete -p",
    "zsh": "print -l ${(k)parameters} ${(k)functions} ${(k)aliases} ${(k)galiases}; "
    "setopt; trap; zle -lL; bindkey",
    "fish": "set -n; functions -an; bind; abbr; complete",
}
OURS = re.compile(r"awsx|awsx_prompt|__awsx_\w+|AWSX_PYTHON|(function )?__awsx\w*.*")
HOOKS = {
    "bash": {
        "PROMPT_COMMAND",
        "complete -F __awsx_complete awsx",
        "complete -o nosort -F __awsx_complete awsx",  # bash 4.4 and later
    },
    "zsh": {"precmd_functions", "EPOCHSECONDS", "EPOCHREALTIME", "epochtime", "_awsx"},
    "fish": {"complete -k --no-files awsx -a '(__awsx_complete)'"},
}


@pytest.fixture
def left(shell: str, tmp_path: Path) -> Callable[[], tuple[set[str], set[str]]]:
    """What loading adds to the shell and takes from it, by listings from before and after it."""

    def compare() -> tuple[set[str], set[str]]:
        before, after = (
            set((tmp_path / name).read_text().splitlines()) for name in ("before", "after")
        )
        added = {line for line in after - before if not OURS.fullmatch(line)}
        return added - HOOKS[shell], before - after

    return compare


def test_loading_defines_nothing_but_its_own_names(
    shell: str,
    loaded: Loaded,
    words: Words,
    tmp_path: Path,
    left: Callable[[], tuple[set[str], set[str]]],
) -> None:
    block = "begin; {}; end >{}" if words.is_fish else "{{ {}; }} >{}"
    # The first listing loads what the listing itself needs.
    warm = block.format(EVERYTHING[shell], "/dev/null")
    before, after = (
        block.format(EVERYTHING[shell], tmp_path / name) for name in ("before", "after")
    )
    live = loaded(f"{warm}\n{before}", f"{words.load()}\n{after}")
    assert live.started == Result(0, "", "")
    assert left() == (set(), set())


@pytest.mark.parametrize("times", [3])
def test_loading_several_times_adds_one_hook(
    times: int, shell: str, loaded: Loaded, words: Words
) -> None:
    live = loaded(after=words.load() * (times - 1), AWS_PROFILE="prod")
    counts = {
        "bash": r"printf '%s\n' \"${PROMPT_COMMAND[@]}\" | grep -c __awsx".replace('\\"', '"'),
        "zsh": r"print -l $precmd_functions | grep -c __awsx",
        "fish": "functions --handlers | grep -c __awsx_hook",
    }
    assert live.run(counts[shell]).text.split()[-1] == "1"
    assert live.prompt_line() == "prod 111122223333 7h ? $"


def test_the_rc_file_goes_on_after_the_loading_lines(loaded: Loaded) -> None:
    assert loaded(after="export AFTER=reached").variable("AFTER") == "reached"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
def test_a_file_that_was_cut_defines_nothing(
    share: float, shell: str, script: Run, tmp_path: Path
) -> None:
    whole = (ROOT / "shell" / f"awsx.{shell}").read_bytes()
    cut = tmp_path / f"awsx.{shell}"
    cut.write_bytes(whole[: int(len(whole) * share)])
    ask = (
        "functions -q awsx __awsx_draw"
        if shell == "fish"
        else "typeset -f awsx __awsx_draw >/dev/null"
    )
    loading = f'emulate zsh -o no_aliases -c "source {cut}"' if shell == "zsh" else f"source {cut}"
    done = script(f"{loading}\n{ask} && echo defined\necho on")
    assert done.stdout == "on\n"


@pytest.mark.parametrize("other", ["dash", "sh", "zsh", "busybox"])
@pytest.mark.parametrize("shell", ["bash"])
def test_another_shell_ignores_the_file_for_bash(other: str, script: Run) -> None:
    options = ["sh"] if other == "busybox" else []
    done = script(f". {ROOT}/shell/awsx.bash; echo on; type awsx", *options, program=require(other))
    assert done.stdout.startswith("on\n")
    assert "function" not in done.stdout + done.stderr
    assert "yntax" not in done.stderr


# --- scripts --------------------------------------------------------------------------------------

STRICT = {"bash": "set -euo pipefail", "zsh": "set -euo pipefail", "fish": ""}


@pytest.mark.parametrize("strict", [False, True])
def test_a_script_can_switch_and_leave(strict: bool, shell: str, script: Run, words: Words) -> None:
    caught = "; or echo caught" if words.is_fish else " || echo caught"
    done = script(
        f"{STRICT[shell] if strict else ''}\n{words.load()}{words.load()}"
        f"awsx prod\nprintenv AWS_PROFILE\nawsx nosuch{caught}\nprintenv AWS_PROFILE\n"
        f"awsx ls --names\nawsx off\nprintenv AWS_PROFILE{caught}\n"
    )
    assert done.stdout.split("\n") == [
        "prod",
        "caught",
        "prod",
        *["prod", "dev", "ci", "-dash", "ls", "caught"],
        "",
    ]
    told = [
        "awsx: prod: 111122223333 Admin, eu-west-1, session 7h",
        "awsx: no profile nosuch; all of them: awsx ls",
        "awsx: left prod",
    ]
    assert done.stderr.splitlines() == told
    assert done.returncode == 0


# The core fails, the shell without it, the command of `exec`.
FAILURES = ["awsx nosuch", "awsx -", "awsx exec ci -- false"]


@pytest.mark.parametrize("command", FAILURES)
def test_a_script_with_errexit_stops_where_awsx_fails(
    command: str, shell: str, script: Run, words: Words
) -> None:
    stop = "; or exit 1" if words.is_fish else ""
    begin = f"{STRICT[shell]}\n{words.load()}awsx exec ci -- true\n"
    done = script(f"{begin}{command}{stop}\necho never")
    assert (done.returncode, done.stdout) == (1, "")


def test_loading_in_a_script_is_silent_and_adds_no_hook(
    shell: str, script: Run, words: Words
) -> None:
    hooks = {
        "bash": 'echo "<${PROMPT_COMMAND-}>"',
        "zsh": 'echo "<${precmd_functions-}>"',
        "fish": 'echo "<>"',
    }
    done = script(words.load() + hooks[shell])
    assert (done.stdout, done.stderr) == ("<>\n", "")


def test_a_command_substitution_gets_only_data(live: Terminal, words: Words) -> None:
    live.run("set names (awsx ls --names)" if words.is_fish else 'names="$(awsx ls --names)"')
    assert live.run('echo "$names"').text.split() == ["prod", "dev", "ci", "-dash", "ls"]


# --- children -------------------------------------------------------------------------------------


def test_off_in_a_child_shell_drops_the_inherited_profile(
    shell: str, script: Run, words: Words, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    child.write_text(
        f"{words.load()}awsx off\nprintenv AWS_PROFILE AWS_REGION\n"
        "awsx dev\nprintenv AWS_PROFILE\n",
        encoding="utf-8",
    )
    program = f"{shell_path(shell)} {'-f' if shell == 'zsh' else ''} {child}"
    done = script(
        f"{words.load()}awsx prod -r us-west-2\n{program}\nprintenv AWS_PROFILE AWS_REGION"
    )
    assert done.stdout.split() == ["dev", "prod", "us-west-2"]


def test_off_in_a_child_shell_gives_back_the_inherited_profile(
    shell: str, script: Run, words: Words
) -> None:
    done = script(
        f"{words.load()}awsx dev\nawsx off\nprintenv AWS_PROFILE",
        AWS_PROFILE="prod",
        AWSX_OWNER="1",
    )
    assert done.stdout.split() == ["prod"]


def test_off_after_exec_of_a_new_shell_drops_the_profile(
    shell: str, script: Run, words: Words, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.write_text(
        f"{words.load()}awsx off\nprintenv AWS_PROFILE AWS_REGION\necho end\n", encoding="utf-8"
    )
    options = "-f" if shell == "zsh" else ""
    done = script(
        f"{words.load()}awsx prod -r us-west-2\nexec {shell_path(shell)} {options} {second}"
    )
    assert done.stdout.split() == ["end"]
    assert done.stderr.splitlines()[-1] == "awsx: left prod"


@pytest.mark.parametrize("shell", ["bash"])
def test_a_child_under_allexport_draws_its_own_segment(
    shell: str, loaded: Loaded, words: Words
) -> None:
    live = loaded("set -a", AWS_PROFILE="prod")
    (Path(live._folder.name) / "child").write_text(
        f"PS1='child> '$__terminal_mark\n{words.load()}", encoding="utf-8"
    )
    live.type(f"{shell_path(shell)} --rcfile {live._folder.name}/child")
    live.press("enter")
    live.wait_for("prod 111122223333 7h ? child>")
    live.type("exit")
    live.press("enter")
    live.wait_for(lambda lines: lines[live.display.cursor.y] == "prod 111122223333 7h ? $")


@pytest.mark.parametrize("shell", ["bash"])
def test_a_child_script_that_inherits_the_function_asks_the_core(
    shell: str, loaded: Loaded
) -> None:
    """`set -a` exports functions but no arrays, so the child cannot read memos.

    There, `local` without a name would list all variables; it must print nothing.
    """
    live = loaded("set -a")
    child = shell_path(shell)  # each version exports functions in its own way
    for _ in range(2):
        result = live.run(f"{child} -uc 'awsx prod; echo $AWS_PROFILE; awsx off; echo end'")
        assert result.text.splitlines() == [
            "awsx: prod: 111122223333 Admin, eu-west-1, session 7h",
            "prod",
            "awsx: left prod",
            "end",
        ]


# --- several at once ------------------------------------------------------------------------------


def test_two_terminals_do_not_disturb_each_other(loaded: Loaded) -> None:
    one, two = loaded(), loaded()
    one.run("awsx prod")
    assert two.run("").profile == ""
    two.run("awsx dev")
    assert one.run("awsx ci").profile == "ci"
    assert two.run("awsx -").status == 1
    two.run("awsx off")
    assert (one.variable("AWS_PROFILE"), two.variable("AWS_PROFILE")) == ("ci", None)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_switch_in_a_subshell_stays_there(live: Terminal, shell: str) -> None:
    live.run("awsx dev")
    for command in ("awsx prod | cat", "(awsx prod)", "awsx prod & wait"):
        assert live.run(command).profile == "dev", command
    assert live.run("true | awsx prod").profile == ("prod" if shell == "zsh" else "dev")
    assert live.run("awsx ci").profile == "ci"


@pytest.mark.parametrize("shell", ["fish"])
def test_a_switch_in_a_pipe_of_fish_takes_effect(live: Terminal) -> None:
    assert live.run("awsx prod | cat").profile == "prod"


# --- interrupted ----------------------------------------------------------------------------------


def waits_once(flag: Path, before: str = "") -> str:
    flag.touch()
    return (
        f'if [ -e {flag} ]; then rm {flag}; {before}exec sleep 100; fi\nexec {sys.executable} "$@"'
    )


@pytest.mark.parametrize("half", [False, True])
def test_ctrl_c_while_the_core_runs_changes_nothing(
    half: bool, loaded: Loaded, core: Core, tmp_path: Path
) -> None:
    begun = "printf 'AWSX_OWNER=1\\nAWS_PROFILE=half\\n' >\"$AWSX_HANDOVER\"; " if half else ""
    live = loaded(python=core(waits_once(tmp_path / "flag", begun)))
    before = live.stty()
    live.type("awsx prod")
    live.press("enter")
    live.wait_for(lambda _: not (tmp_path / "flag").exists())
    live.wait_foreground()
    live.press("ctrl-c")
    result = live.wait_prompt()
    assert (result.status, result.profile) == (live.interrupted, "")
    assert live.stty() == before
    assert live.run("awsx dev").profile == "dev"


def test_a_core_that_is_killed_half_way_changes_nothing(
    loaded: Loaded, core: Core, words: Words, tmp_path: Path
) -> None:
    half = "printf 'AWSX_OWNER=1\\nAWS_PROFILE=half\\n' >\"$AWSX_HANDOVER\"; kill -9 $$; "
    live = loaded(python=core(waits_once(tmp_path / "flag", half)))
    before = live.stty()
    result = live.run("awsx prod")
    assert (result.status, result.profile) == (137, "")
    assert live.stty() == before
    assert live.run("awsx off").status == 0
    assert live.run("awsx dev").profile == "dev"
