"""The prompts that docs/truth.md shows for each state are the ones that the shells draw."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws
from processes import count_processes
from terminal import ROOT, Terminal, require

Loaded = Callable[..., Terminal]

TEXT = (ROOT / "docs" / "truth.md").read_text(encoding="utf-8")
FILES = re.findall(r"```ini\n# ~/\.aws/(\w+)\S*(?: continued)?\n(.*?)```", TEXT, re.DOTALL)
SCREEN = re.compile(r"```text\n\$ (.*)\nbash \| (.*)\nzsh  \| (.*)\nfish \| (.*)\n```")
SCREENS = [(command.partition("  ")[0], lines) for command, *lines in SCREEN.findall(TEXT)]
SHELLS = ("bash", "zsh", "fish")
PROMPTS = {
    "bash": "PS1='$ '",
    "zsh": "PROMPT='%% '",
    "fish": "function fish_prompt\n echo -n '> '\nend",
}
DIRENV = {name: f'eval "$(direnv hook {name})"' for name in ("bash", "zsh")} | {
    "fish": "direnv hook fish | source"
}


@pytest.fixture
def start(shell: str, loaded: Loaded, aws: Aws) -> Loaded:
    for path in (aws.config, aws.credentials):
        path.write_text("", encoding="utf-8")
    for name, text in FILES:
        with (aws.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    return lambda before="", **more: loaded(f"{PROMPTS[shell]}\n{before}", **more)


def test_the_page_has_every_mark() -> None:
    assert len(SCREENS) == TEXT.count("```text")
    assert {name for name, _ in FILES} == {"config", "credentials"}
    for mark in (
        "*",
        "?",
        "exec",
        "not-js",
        "boto3:dev",
        "keys, not prod",
        "web identity, not prod",
        "js:keys",
        "@us-east-1",
        "broken",
        "bad file",
        "bad settings",
    ):
        assert any(f"{mark} " in lines[0] for _, lines in SCREENS), mark


@pytest.mark.parametrize(("command", "lines"), SCREENS, ids=[command for command, _ in SCREENS])
def test_the_shell_draws_the_prompt_of_the_page(
    command: str, lines: list[str], shell: str, start: Loaded, home: Path
) -> None:
    wanted = lines[SHELLS.index(shell)]
    if command == "tmux":
        live = start(AWS_PROFILE="prod", AWSX_OWNER="1")
    elif command == "awsx exec prod":
        live = start(AWS_PROFILE="prod", AWSX_EXEC="prod")
    elif command.startswith("cd "):
        require("direnv")
        (home / "project").mkdir()
        (home / "project" / ".envrc").write_text("export AWS_PROFILE=dev\n", encoding="utf-8")
        live = start(DIRENV[shell])
        live.run("direnv allow project")
        live.run(command)
    else:
        live = start()
        live.run(command)
    live.run("")
    assert live.prompt_line() == wanted
    with count_processes(live.pid) as seen:
        for _ in range(3):
            live.run("")
    assert command.startswith("cd ") or (seen.forks, seen.execs) == (0, 0), seen
    assert live.prompt_line() == wanted
