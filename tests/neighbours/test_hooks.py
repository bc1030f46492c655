"""Neighbours with hooks of their own: nobody's is lost, and nobody is told a lie about the last command."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal, require

from . import fetch
from .conftest import (
    DEV,
    PIPELINE,
    PROD,
    Near,
    Words,
    check_segment,
    check_status,
    init,
    installed,
    npm,
    pip,
    segments,
)

# --- direnv ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def direnv(shell: str, near: Near, home: Path) -> Terminal:
    """With a folder `project` that sets AWS_PROFILE=dev, and a folder `keys` that exports a pair of keys."""
    require("direnv")
    live = near(shell, init(shell, f"direnv hook {shell}"))
    assert live.started.text == ""
    for name, text in (
        ("project", "export AWS_PROFILE=dev\n"),
        ("keys", "export AWS_ACCESS_KEY_ID=AKIAENVRC AWS_SECRET_ACCESS_KEY=stand-in\n"),
    ):
        (home / name).mkdir()
        (home / name / ".envrc").write_text(text, encoding="utf-8")
        live.run(f"direnv allow {name}")
    return live


def follows(live: Terminal, *steps: tuple[str, str, list[str]]) -> None:
    """Each command leaves that AWS_PROFILE and that segment."""
    for command, profile, shown in steps:
        live.run(command)
        assert (live.run("").profile, segments(live)) == (profile, shown), command


def test_the_profile_of_a_folder_is_shown_in_the_folder(direnv: Terminal) -> None:
    direnv.run("clear; cd project")
    assert (
        direnv.prompt_line() == "dev 444455556666 7h * $"
    )  # at the very first prompt, and not by a switch
    current = direnv.run("awsx current").text
    assert re.search(r"^profile +dev\b", current, re.MULTILINE), current
    assert "444455556666" in current
    direnv.run("clear; cd ..")
    assert direnv.prompt_line() == "$"
    check_status(direnv)


def test_a_switch_outside_comes_back_when_the_folder_is_left(direnv: Terminal) -> None:
    follows(
        direnv,
        ("awsx prod", "prod", PROD),
        ("cd project", "dev", DEV),
        ("cd ..", "prod", PROD),
        ("awsx off", "", []),
    )


def test_a_switch_in_the_folder_holds_until_the_folder_is_left(direnv: Terminal) -> None:
    follows(
        direnv,
        ("cd project", "dev", DEV),
        ("awsx prod", "prod", PROD),
        ("true", "prod", PROD),
        ("cd ..", "", []),
    )
    assert direnv.run("awsx off").text == "awsx: left prod"
    follows(direnv, ("cd project", "dev", DEV))


def test_off_in_the_folder_gives_back_what_the_folder_had_set(direnv: Terminal) -> None:
    follows(
        direnv,
        ("cd project", "dev", DEV),
        ("awsx prod", "prod", PROD),
        ("awsx off", "dev", DEV),
        ("cd ..", "", []),
    )


def test_off_does_not_fight_the_folder(direnv: Terminal) -> None:
    """direnv remembers what it found when the folder was entered, and puts that back; then it is nobody's switch."""
    follows(
        direnv,
        ("awsx prod", "prod", PROD),
        ("cd project", "dev", DEV),
    )
    told = direnv.run("awsx off").text
    assert told.startswith("awsx: left prod") and "AWS_PROFILE=dev" in told and "stays" in told
    follows(direnv, ("true", "dev", DEV), ("cd ..", "prod", PROD))
    assert direnv.prompt_line() == "prod 111122223333 7h * $"
    assert direnv.variable("AWSX_OWNER") is None


def test_an_edited_envrc_is_shown_at_once(direnv: Terminal, home: Path) -> None:
    direnv.run("cd project")
    envrc = home / "project" / ".envrc"
    envrc.write_text("export AWS_PROFILE=prod\n", encoding="utf-8")
    os.utime(envrc, (2_000_000_000, 2_000_000_000))  # direnv compares seconds
    direnv.run("clear; direnv allow")
    assert direnv.prompt_line().startswith("prod 111122223333 7h")


def test_keys_of_a_folder_are_put_aside_and_given_back_in_it(direnv: Terminal) -> None:
    direnv.run("clear; cd keys")
    assert direnv.prompt_line() == "keys $"
    assert direnv.variable("AWS_ACCESS_KEY_ID") == "AKIAENVRC"
    direnv.run("awsx prod")
    assert direnv.variable("AWS_ACCESS_KEY_ID") is None
    assert segments(direnv) == PROD
    direnv.run("awsx off")
    assert direnv.variable("AWS_ACCESS_KEY_ID") == "AKIAENVRC"
    direnv.run("cd ..")
    assert direnv.variable("AWS_ACCESS_KEY_ID") is None


def test_keys_of_a_folder_do_not_come_back_outside(direnv: Terminal) -> None:
    direnv.run("cd keys")
    direnv.run("awsx prod")
    direnv.run("cd ..")
    direnv.run("awsx off")
    assert direnv.variable("AWS_ACCESS_KEY_ID") is None
    assert direnv.variable("AWS_SECRET_ACCESS_KEY") is None


# --- zoxide ---------------------------------------------------------------------------------------------------------


def test_zoxide_learns_the_folders(shell: str, near: Near, home: Path) -> None:
    require("zoxide")
    live = near(
        shell, init(shell, f"zoxide init {shell} --hook prompt"), _ZO_DATA_DIR=str(home / "zoxide")
    )
    (home / "somewhere").mkdir()
    check_segment(live)
    live.run("awsx prod")
    live.run("cd somewhere")
    assert segments(live) == PROD
    assert f"{home}/somewhere" in live.run("zoxide query -l").text
    live.run("cd ..")
    live.run("z somewh")
    assert live.run("pwd").text == f"{home}/somewhere"
    check_status(live)


# --- VS Code --------------------------------------------------------------------------------------------------------

SCRIPTS = {
    "bash": "shellIntegration-bash.sh",
    "zsh": "shellIntegration-rc.zsh",
    "fish": "shellIntegration.fish",
}
REPORT = re.compile(rb"\x1b\]633;([ACDE])(?:;([^;\x07]*)(?:;[^\x07]*)?)?\x07")


@pytest.fixture
def vscode(shell: str, near: Near) -> Terminal:
    """Its real scripts, sourced by hand (TERM_PROGRAM is what its terminal exports)."""
    script = npm(fetch.CODE_SERVER, fetch.SCRIPTS) / SCRIPTS[shell]
    return near(
        shell, f"source {script}", TERM_PROGRAM="vscode", VSCODE_NONCE="nonce", HISTFILE="history"
    )


@pytest.fixture
def injected(
    shell: str, near: Near, aws: object, home: Path, terminal: Callable[..., Terminal]
) -> Terminal:
    """As its terminal starts bash: its script comes first, and sources ~/.bashrc."""
    script = npm(fetch.CODE_SERVER, fetch.SCRIPTS) / SCRIPTS[shell]
    (home / ".bashrc").write_text(Words(shell).load(), encoding="utf-8")
    more = {"VSCODE_INJECTION": "1", "VSCODE_NONCE": "nonce", "HISTFILE": "history"}
    return terminal(shell, f"source {script}", TERM_PROGRAM="vscode", **more)


def reported(live: Terminal, command: str) -> list[tuple[str, str]]:
    """What VS Code is told: E the command, C its output begins, D its status, A the prompt begins."""
    seen = len(live.raw)
    live.run(command)
    found = [
        (kind.decode(), text.decode()) for kind, text in REPORT.findall(bytes(live.raw[seen:]))
    ]
    return [
        pair for at, pair in enumerate(found) if pair not in found[:at]
    ]  # it may wrap a prompt twice


def check_reports(live: Terminal) -> None:
    for command, status in (
        ("echo hi", "0"),
        ("sh -c 'exit 7'", "7"),
        ("awsx prod", "0"),
        ("echo hi", "0"),
    ):
        expected = [("E", command), ("C", ""), ("D", status), ("A", "")]
        assert reported(live, command) == expected, command


def test_vscode_is_told_of_each_command_when_it_starts(vscode: Terminal) -> None:
    check_segment(vscode)
    check_reports(vscode)
    check_status(vscode)


@pytest.mark.parametrize("shell", ["bash"])
@pytest.mark.parametrize("order", ["awsx-first"])
def test_vscode_as_its_terminal_starts_a_shell(injected: Terminal) -> None:
    check_segment(injected)
    check_reports(injected)
    check_status(injected)


# --- kitty ----------------------------------------------------------------------------------------------------------

KITTY = "/usr/lib/kitty/shell-integration"
LOAD_KITTY = {
    "bash": f"source {KITTY}/bash/kitty.bash",
    "zsh": f"fpath+=({KITTY}/zsh); autoload -Uz kitty-integration; kitty-integration; unfunction kitty-integration",
    "fish": f"source {KITTY}/fish/vendor_conf.d/kitty-shell-integration.fish",
}


def test_kitty(shell: str, near: Near) -> None:
    """Its script for bash comes behind ~/.bashrc, and takes an empty element 0 for no PROMPT_COMMAND at all."""
    installed(f"{KITTY}/bash/kitty.bash", "kitty-shell-integration")
    live = near(
        shell, LOAD_KITTY[shell], KITTY_SHELL_INTEGRATION="no-cursor no-title", XDG_DATA_DIRS=KITTY
    )
    check_segment(live)
    check_status(live)
    seen = len(live.raw)
    live.run("sh -c 'exit 7'")
    marks = re.findall(rb"\x1b\]133;([ACD])(?:;(\d+))?[\x07\x1b]", bytes(live.raw[seen:]))
    assert marks[0] == (b"C", b"") and marks[-1] == (
        b"A",
        b"",
    )  # its output begins, the prompt begins
    if shell != "bash":
        assert (b"D", b"7") in marks


# --- what others do in bash -----------------------------------------------------------------------------------------

HOOKS = """
function seen_precmd { seen="$?:${BP_PIPESTATUS[*]}"; }
function seen_preexec { ran=$1; }
precmd_functions+=(seen_precmd)
preexec_functions+=(seen_preexec)
"""


@pytest.mark.parametrize("shell", ["bash"])
def test_bash_preexec(shell: str, near: Near) -> None:
    live = near(shell, f"source {pip(fetch.BASHHUB, 'bash-preexec.sh')}/bash-preexec.sh\n{HOOKS}")
    check_segment(live)
    check_status(live)
    live.run(PIPELINE)
    assert live.run('echo "$seen, $ran"').text == '4:3 0 4, echo "$seen, $ran"'


REBUILT = "seen=$? PS1='> '"
STRINGS = {
    "in-front": f"PROMPT_COMMAND='{REBUILT}'${{PROMPT_COMMAND:+\";$PROMPT_COMMAND\"}}",
    "behind": f'PROMPT_COMMAND="${{PROMPT_COMMAND:+$PROMPT_COMMAND;}}{REBUILT}"',
    "alone": f'PROMPT_COMMAND="{REBUILT}"',
}


@pytest.mark.parametrize("shell", ["bash"])
@pytest.mark.parametrize("how", STRINGS)
def test_a_string_that_makes_the_prompt_anew(how: str, shell: str, near: Near) -> None:
    """As direnv, zoxide and powerline-shell put theirs into PROMPT_COMMAND."""
    live = near(
        shell, STRINGS[how].replace("$?", "\\$?") if how != "in-front" else STRINGS[how], again=True
    )
    check_segment(live)
    live.run("sh -c 'exit 7'")
    assert live.run('echo "$seen"').text == "7"
    check_status(live)
