"""An inherited profile is marked until a switch confirms it: child shells, `exec $SHELL`, tmux."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Terminal, require, shell_path

Loaded = Callable[..., Terminal]

INHERITED = "prod 111122223333 7h ?"
CONFIRMED = "prod 111122223333 7h"
FARAWAY = "prod 111122223333 7h @us-west-2"
START = {
    "bash": "{} --noprofile --rcfile {}",
    "zsh": "env ZDOTDIR={1} {0} -d",
    "fish": "{} --no-config -C 'source {}'",
}
PROMPT = {
    "bash": "PS1='child> '",
    "zsh": "PROMPT='child> '",
    "fish": "function fish_prompt\n echo -n 'child> '\nend",
}


@pytest.fixture
def child(shell: str, words: Words, tmp_path: Path) -> str:
    """The command that starts a child shell with awsx loaded."""
    folder = tmp_path / "child"
    folder.mkdir()
    rc = folder / (".zshrc" if shell == "zsh" else "rc")
    rc.write_text(f"{PROMPT[shell]}\n{words.load()}\n", encoding="utf-8")
    return START[shell].format(shell_path(shell), folder if shell == "zsh" else rc)


def answer(live: Terminal, command: str, line: str) -> None:
    """Type a command into a child shell and wait until its next prompt is `line`."""
    live.type(f"clear; {command}")
    live.press("enter")
    live.wait_for(lambda lines: lines[live.display.cursor.y] == line)


@pytest.mark.parametrize("how", ["", "exec "])
def test_a_child_shell_marks_the_profile_until_it_switches(
    how: str, child: str, live: Terminal
) -> None:
    live.run("awsx dev")
    live.run("awsx prod -r us-west-2")
    answer(live, f"{how}{child}", f"{FARAWAY} ? child>")
    # `awsx -` changes nothing: the child has no previous profile, only the parent has.
    answer(live, "awsx -", f"{FARAWAY} ? child>")
    answer(live, "awsx prod", f"{CONFIRMED} child>")
    answer(live, "awsx dev", "dev 444455556666 7h child>")
    answer(live, "awsx -", f"{CONFIRMED} child>")
    answer(live, "awsx off", f"{FARAWAY} ? child>")  # as it was inherited
    if not how:
        live.type("exit")
        live.press("enter")
        live.wait_prompt()
        live.run("")
        assert live.prompt_line() == f"{FARAWAY} $"
        live.run("awsx -")
        assert live.prompt_line() == "dev 444455556666 7h $"


def test_a_profile_set_by_hand_in_a_child_shell_has_its_own_mark(
    child: str, live: Terminal, words: Words
) -> None:
    live.run("awsx prod")
    answer(live, child, f"{INHERITED} child>")
    answer(live, words.export("AWS_PROFILE", "dev"), "dev 444455556666 7h * child>")
    answer(live, words.export("AWS_PROFILE", "prod"), f"{INHERITED} child>")


def test_exec_without_a_command_opens_the_shell_it_was_typed_in(
    shell: str, loaded: Loaded, words: Words, home: Path
) -> None:
    rc = home / {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[shell]
    rc.parent.mkdir(parents=True, exist_ok=True)
    rc.write_text(f"{PROMPT[shell]}\n{words.load()}\n", encoding="utf-8")
    live = loaded(after=words.export("ZDOTDIR", str(home)), columns=120, SHELL="/bin/sh")
    live.type("awsx exec prod")
    live.press("enter")
    live.wait_for(f"awsx: prod: 111122223333 Admin; {shell} with it until you leave it: exit")
    live.wait_for(lambda lines: lines[live.display.cursor.y] == "prod 111122223333 7h exec child>")
    leave = "awsx: this shell was opened by awsx exec prod and keeps that profile; leave it: exit"
    live.type("awsx off")
    live.press("enter")
    live.wait_for(leave)
    answer(live, "awsx dev", "dev 444455556666 7h child>")
    answer(live, "awsx off", "prod 111122223333 7h exec child>")
    live.type("clear; awsx exec ci -- printenv AWSX_EXEC AWS_PROFILE")
    live.press("enter")
    live.wait_for(lambda lines: [line for line in lines if line in ("prod", "ci")] == ["ci"])
    live.type("exit 7")
    live.press("enter")
    assert live.wait_prompt()[:2] == (7, "")


def test_off_in_a_shell_that_exec_started_by_name_says_where_the_profile_came_from(
    shell: str, child: str, live: Terminal
) -> None:
    answer(live, f"awsx exec prod -- {child}", f"{INHERITED} child>")
    live.type("awsx off")
    live.press("enter")
    live.wait_for("awsx: AWS_PROFILE=prod came with this shell and stays; leave the shell (exit),")


class Tmux:
    """A tmux server of its own, whose panes run one command."""

    def __init__(self, env: dict[str, str], folder: Path, command: str) -> None:
        self._base = [require("tmux"), "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._env = env
        self.run("new-session", "-d", "-x", "100", "-y", "20", command)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [*self._base, *words], env=self._env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def see(self, line: str, pane: str = "") -> None:
        """Wait until the last line of the pane is this one."""
        deadline, shown = time.monotonic() + 15, ""
        while time.monotonic() < deadline:
            shown = self.run("capture-pane", "-p", *(["-t", pane] if pane else [])).rstrip()
            if shown.rpartition("\n")[2].rstrip() == line:
                return
        pytest.fail(f"{line!r} is not the last line of:\n{shown}")

    def type(self, text: str) -> None:
        self.run("send-keys", "-l", text)
        self.run("send-keys", "Enter")


@pytest.fixture
def tmux(environment: dict[str, str], aws: Aws, child: str, tmp_path: Path) -> Iterator[Tmux]:
    """A tmux server that was started in a terminal that uses prod."""
    env = {**environment, "AWS_PROFILE": "prod", "AWSX_OWNER": "1"}
    server = Tmux(env, tmp_path / "tmp", child)
    yield server
    server.run("kill-server")


def test_a_pane_of_tmux_marks_the_profile_until_it_switches(tmux: Tmux, child: str) -> None:
    tmux.see(f"{INHERITED} child>")
    tmux.type("awsx dev")
    tmux.see("dev 444455556666 7h child>")
    # The new pane inherits the environment of the server, not that of the pane beside it.
    tmux.run("split-window", child)
    tmux.see(f"{INHERITED} child>")
    tmux.type("awsx -")
    tmux.see(f"{INHERITED} child>")
    tmux.type("awsx prod")
    tmux.see(f"{CONFIRMED} child>")
    tmux.see("dev 444455556666 7h child>", pane=":.0")


def test_off_keeps_a_profile_set_by_hand_over_an_inherited_one(
    loaded: Loaded, words: Words
) -> None:
    live = loaded(AWS_PROFILE="prod", AWSX_OWNER="1")
    live.run(words.export("AWS_PROFILE", "dev"))
    assert live.run("awsx off").text.startswith(
        "awsx: AWS_PROFILE=dev was not set by awsx and stays"
    )
    assert (live.variable("AWS_PROFILE"), live.variable("AWSX_OWNER")) == ("dev", None)
