"""A terminal that was open while awsx was uninstalled."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from processes import count_processes
from terminal import ROOT, Result, Terminal

GONE = "awsx: awsx was uninstalled; open a new terminal"


@pytest.fixture
def installed(
    shell: str, aws: Aws, words: Words, terminal: Callable[..., Terminal], tmp_path: Path
) -> Callable[[], Terminal]:
    """Start a terminal with a copy of awsx, in tmp_path/installed."""
    copy = tmp_path / "installed"
    shutil.copytree(ROOT / "awsx", copy / "awsx", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "shell", copy / "shell")
    rc = words.load().replace(str(ROOT / "shell"), str(copy / "shell"))
    return lambda: terminal(shell, rc)


def uninstall(tmp_path: Path, home: Path) -> None:
    shutil.rmtree(tmp_path / "installed")
    shutil.rmtree(home / ".cache" / "awsx", ignore_errors=True)


def test_the_prompt_says_once_that_awsx_is_gone(
    installed: Callable[[], Terminal], words: Words, tmp_path: Path, home: Path
) -> None:
    live = installed()
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h $"
    uninstall(tmp_path, home)
    live.run("false")
    live.wait_for(GONE)
    live.run("clear")
    with count_processes(live.pid) as seen:
        for _ in range(3):
            assert live.run("cd .") == Result(0, "prod", "")
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.prompt_line() == "$"
    assert live.run("awsx dev") == Result(127, "prod", GONE)
    assert live.run(words.unset("AWS_PROFILE")).text == ""


def test_a_command_without_awsx_is_one_line(
    installed: Callable[[], Terminal], tmp_path: Path, home: Path
) -> None:
    live = installed()
    uninstall(tmp_path, home)
    for command in ("awsx prod", "awsx", "awsx off", "awsx exec prod -- true", "awsx -"):
        assert live.run(command) == Result(127, "", GONE), command
    assert live.run("cd .").text == ""
