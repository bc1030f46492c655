"""Neighbours with hooks: every hook still runs and sees the status of the last command."""

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

# --- direnv ---------------------------------------------------------------------------------------


@pytest.fixture
def direnv(shell: str, near: Near, home: Path) -> Terminal:
    """A terminal with direnv. The folder `project` sets AWS_PROFILE=dev, `keys` a pair of keys."""
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
    """After each command, AWS_PROFILE and the segments are as given."""
    for command, profile, shown in steps:
        live.run(command)
        assert (live.run("").profile, segments(live)) == (profile, shown), command


def test_the_profile_of_a_folder_is_shown_in_the_folder(direnv: Terminal) -> None:
    direnv.run("clear; cd project")
    # This is the first prompt in the folder; `*` says that no switch has set the profile.
    assert direnv.prompt_line() == "dev 444455556666 7h * $"
    current = direnv.run("awsx current").text
    assert re.search(r"^profile +dev\b", current, re.MULTILINE), current
    assert "444455556666" in current
    direnv.run("clear; cd ..")
    assert direnv.prompt_line() == "$"
    check_status(direnv)


def test_the_profile_from_before_the_folder_is_back_after_it(direnv: Terminal) -> None:
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


def test_off_in_the_folder_keeps_what_direnv_has_set_and_stays_off_behind_it(
    direnv: Terminal,
) -> None:
    """On leaving, direnv restores the profile that it found on entering: awsx's, which is left."""
    follows(
        direnv,
        ("awsx prod", "prod", PROD),
        ("cd project", "dev", DEV),
    )
    told = direnv.run("awsx off").text
    assert told.startswith("awsx: left prod") and "AWS_PROFILE=dev" in told and "stays" in told
    follows(direnv, ("true", "dev", DEV), ("cd ..", "", []), ("true", "", []))
    assert direnv.variable("AWSX_OWNER") is None
    follows(
        direnv, ("awsx prod", "prod", PROD), ("cd project", "dev", DEV), ("cd ..", "prod", PROD)
    )


def test_off_in_the_folder_gives_back_what_was_there_before_awsx(
    direnv: Terminal, shell: str
) -> None:
    """That is a profile set by hand; and a switch in the folder is no off."""
    direnv.run("set -gx AWS_PROFILE ci" if shell == "fish" else "export AWS_PROFILE=ci")
    follows(direnv, ("awsx prod", "prod", PROD), ("cd project", "dev", DEV))
    direnv.run("awsx off")
    direnv.run("cd ..")
    assert direnv.run("").profile == "ci"
    follows(
        direnv, ("awsx prod", "prod", PROD), ("cd project", "dev", DEV), ("awsx off", "dev", DEV)
    )
    follows(direnv, ("awsx prod", "prod", PROD), ("awsx off", "dev", DEV))


def test_the_profile_of_direnv_comes_before_a_pin(direnv: Terminal, home: Path) -> None:
    """Whichever hook runs first: below a pinned folder direnv wins, and no profile is left over."""
    (home / "project" / "inner").mkdir()
    (home / "pinned").mkdir()
    (home / "project").rename(home / "pinned" / "project")
    direnv.run("cd pinned; awsx pin prod; direnv allow project")
    follows(
        direnv,
        ("true", "prod", PROD),
        ("cd project", "dev", DEV),
        ("cd inner", "dev", DEV),
        ("cd ..", "dev", DEV),
        ("cd ..", "prod", PROD),
        ("cd ~", "", []),
        ("cd pinned/project", "dev", DEV),
        ("cd ..", "prod", PROD),
        ("cd ~", "", []),
    )


def test_the_profile_of_an_edited_envrc_is_shown_at_once(direnv: Terminal, home: Path) -> None:
    direnv.run("cd project")
    envrc = home / "project" / ".envrc"
    envrc.write_text("export AWS_PROFILE=prod\n", encoding="utf-8")
    os.utime(envrc, (2_000_000_000, 2_000_000_000))  # direnv compares whole seconds
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


# --- zoxide ---------------------------------------------------------------------------------------


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


# --- VS Code --------------------------------------------------------------------------------------

SCRIPTS = {
    "bash": "shellIntegration-bash.sh",
    "zsh": "shellIntegration-rc.zsh",
    "fish": "shellIntegration.fish",
}
REPORT = re.compile(rb"\x1b\]633;([ACDE])(?:;([^;\x07]*)(?:;[^\x07]*)?)?\x07")


@pytest.fixture
def vscode(shell: str, near: Near) -> Terminal:
    """VS Code's real scripts, sourced by hand. TERM_PROGRAM is what its terminal exports."""
    script = npm(fetch.CODE_SERVER, fetch.SCRIPTS) / SCRIPTS[shell]
    return near(
        shell, f"source {script}", TERM_PROGRAM="vscode", VSCODE_NONCE="nonce", HISTFILE="history"
    )


@pytest.fixture
def injected(
    shell: str, near: Near, aws: object, home: Path, terminal: Callable[..., Terminal]
) -> Terminal:
    """A shell as VS Code's terminal starts bash: its script runs first and sources ~/.bashrc."""
    script = npm(fetch.CODE_SERVER, fetch.SCRIPTS) / SCRIPTS[shell]
    (home / ".bashrc").write_text(Words(shell).load(), encoding="utf-8")
    more = {"VSCODE_INJECTION": "1", "VSCODE_NONCE": "nonce", "HISTFILE": "history"}
    return terminal(shell, f"source {script}", TERM_PROGRAM="vscode", **more)


def reported(live: Terminal, command: str) -> list[tuple[str, str]]:
    """What VS Code is told: E the command, C output begins, D the status, A the prompt begins."""
    seen = len(live.raw)
    live.run(command)
    found = [
        (kind.decode(), text.decode()) for kind, text in REPORT.findall(bytes(live.raw[seen:]))
    ]
    # VS Code's script may report a prompt twice.
    return [pair for at, pair in enumerate(found) if pair not in found[:at]]


def check_reports(live: Terminal) -> None:
    for command, status in (
        ("echo hi", "0"),
        ("sh -c 'exit 7'", "7"),
        ("awsx prod", "0"),
        ("echo hi", "0"),
    ):
        expected = [("E", command), ("C", ""), ("D", status), ("A", "")]
        assert reported(live, command) == expected, command


def test_vscode_is_told_of_each_command_and_its_status(vscode: Terminal) -> None:
    check_segment(vscode)
    check_reports(vscode)
    check_status(vscode)


@pytest.mark.parametrize("shell", ["bash"])
@pytest.mark.parametrize("order", ["awsx-first"])
def test_vscode_is_told_of_each_command_in_a_bash_that_it_starts(injected: Terminal) -> None:
    check_segment(injected)
    check_reports(injected)
    check_status(injected)


# --- kitty ----------------------------------------------------------------------------------------

KITTY = "/usr/lib/kitty/shell-integration"
LOAD_KITTY = {
    "bash": f"source {KITTY}/bash/kitty.bash",
    "zsh": f"fpath+=({KITTY}/zsh); autoload -Uz kitty-integration; kitty-integration; "
    "unfunction kitty-integration",
    "fish": f"source {KITTY}/fish/vendor_conf.d/kitty-shell-integration.fish",
}


def test_kitty_is_told_where_output_and_prompt_begin(shell: str, near: Near) -> None:
    """kitty's script for bash runs after ~/.bashrc and takes an empty PROMPT_COMMAND[0] as none."""
    installed(f"{KITTY}/bash/kitty.bash", "kitty-shell-integration")
    live = near(
        shell, LOAD_KITTY[shell], KITTY_SHELL_INTEGRATION="no-cursor no-title", XDG_DATA_DIRS=KITTY
    )
    check_segment(live)
    check_status(live)
    seen = len(live.raw)
    live.run("sh -c 'exit 7'")
    marks = re.findall(rb"\x1b\]133;([ACD])(?:;(\d+))?[\x07\x1b]", bytes(live.raw[seen:]))
    # C: the command's output begins. A: the prompt begins.
    assert marks[0] == (b"C", b"") and marks[-1] == (b"A", b"")
    if shell != "bash":
        assert (b"D", b"7") in marks


# --- other hooks in bash --------------------------------------------------------------------------

HOOKS = """
function seen_precmd { seen="$?:${BP_PIPESTATUS[*]}"; }
function seen_preexec { ran=$1; }
precmd_functions+=(seen_precmd)
preexec_functions+=(seen_preexec)
"""


@pytest.mark.parametrize("shell", ["bash"])
def test_hooks_of_bash_preexec_run_and_see_the_status(shell: str, near: Near) -> None:
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
def test_the_segment_stands_beside_a_command_that_rebuilds_the_prompt(
    how: str, shell: str, near: Near
) -> None:
    """direnv, zoxide and powerline-shell add themselves to PROMPT_COMMAND in these ways."""
    live = near(
        shell, STRINGS[how].replace("$?", "\\$?") if how != "in-front" else STRINGS[how], again=True
    )
    check_segment(live)
    live.run("sh -c 'exit 7'")
    assert live.run('echo "$seen"').text == "7"
    check_status(live)
