"""The versions of zsh and fish that awsx loads in."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import ROOT, Terminal, shell_path

VERSIONS = [
    ("zsh", "4.3.17", False),
    ("zsh", "5.0.8", False),
    ("zsh", "5.2", False),
    ("zsh", "5.2-dev-1", False),
    ("zsh", "5.3", True),
    ("zsh", "5.3.1", True),
    ("zsh", "5.9.0.3-test", True),
    ("zsh", "5.10", True),
    ("zsh", "6.0", True),
    ("zsh", "10.0", True),
    ("fish", "2.7.1", False),
    ("fish", "3.3.1", False),
    ("fish", "3.5.1", False),
    ("fish", "3.6.0", True),
    ("fish", "3.10.0", True),
    ("fish", "4.0b1", True),
    ("fish", "4.9.3", True),
    ("fish", "10.0", True),
]
OLDEST = {"zsh": "5.3", "fish": "3.6"}
VARIABLE = {"zsh": "$ZSH_VERSION", "fish": "$version"}
IS_LOADED = {"zsh": "functions awsx >/dev/null", "fish": "functions -q awsx"}
NO_RC = {"zsh": ["-f"], "fish": ["--no-config"]}


def of_version(shell: str, version: str, folder: Path) -> Path:
    """A copy of the integration that takes the shell for one of that version."""
    text = (ROOT / "shell" / f"awsx.{shell}").read_text(encoding="utf-8")
    assert text.count(VARIABLE[shell]) == 2  # in the condition, and in the message
    (folder / f"awsx.{shell}").write_text(text.replace(VARIABLE[shell], version), encoding="utf-8")
    return folder / f"awsx.{shell}"


@pytest.mark.parametrize(("shell", "version", "loads"), VERSIONS)
def test_an_old_shell_does_not_load_awsx_and_a_person_is_told_so_in_one_line(
    shell: str, version: str, loads: bool, environment: dict[str, str], tmp_path: Path
) -> None:
    file = of_version(shell, version, tmp_path)
    message = f"awsx: not loaded: {shell} {version} is too old, it takes {OLDEST[shell]} or later\n"
    for is_interactive in (True, False):
        options = [*NO_RC[shell], *(["-i"] if is_interactive else []), "-c"]
        done = subprocess.run(
            [shell_path(shell), *options, f"source {file}; {IS_LOADED[shell]}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        told = "" if loads or not is_interactive else message
        assert (done.returncode, done.stdout, done.stderr) == (0 if loads else 1, "", told)


@pytest.mark.parametrize("shell", list(OLDEST))
def test_a_terminal_of_an_old_shell_shows_the_line_and_goes_on(
    shell: str, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    live = terminal(shell, f"source {of_version(shell, '2.7.1', tmp_path)}\necho the rest runs")
    assert live.started.text == (
        f"awsx: not loaded: {shell} 2.7.1 is too old, it takes {OLDEST[shell]} or later\n"
        "the rest runs"
    )
