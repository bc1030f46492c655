"""Beside themes that build the prompt: the segment stands there once, and the status is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal

from . import fetch
from .conftest import PIPELINE, Near, check_segment, check_status, init, installed, npm, prompt


def liquidprompt() -> str:
    return "source " + installed("/usr/share/liquidprompt/liquidprompt", "liquidprompt")


def powerlevel9k() -> str:
    theme = installed("/usr/share/powerlevel9k/powerlevel9k.zsh-theme", "zsh-theme-powerlevel9k")
    return f"POWERLEVEL9K_MODE=compatible\nsource {theme}"


def powerline() -> str:
    return "source " + installed("/usr/share/powerline/bindings/bash/powerline.sh", "powerline")


def pure() -> str:
    return f"fpath+=({npm(fetch.PURE)})\nautoload -U promptinit\npromptinit\nprompt pure"


def spaceship() -> str:
    return f"source {npm(fetch.SPACESHIP)}/spaceship.zsh"


THEMES: dict[str, tuple[str, Callable[[], str]]] = {
    "liquidprompt-bash": ("bash", liquidprompt),
    "liquidprompt-zsh": ("zsh", liquidprompt),
    "powerlevel9k": ("zsh", powerlevel9k),
    "powerline": ("bash", powerline),
    "pure": ("zsh", pure),
    "spaceship": ("zsh", spaceship),
}

# In bash, liquidprompt's hook runs after the existing ones, so awsx has to be loaded after it.
BEHIND = {"liquidprompt-bash"}


# These print the status of the last command; the others show it by a colour.
TELLS_STATUS = {"liquidprompt-bash", "liquidprompt-zsh", "powerlevel9k", "powerline"}


@pytest.mark.parametrize("name", THEMES)
def test_segment_and_status_are_right_beside_a_theme(name: str, near: Near, order: str) -> None:
    if order == "awsx-first" and name in BEHIND:
        pytest.skip("documented: awsx has to be loaded behind it")
    shell, lines = THEMES[name]
    live = near(shell, lines(), again=True)
    check_segment(live)
    check_status(live)
    if name in TELLS_STATUS:
        live.run("clear; sh -c 'exit 73'")
        live.wait_for("73")  # a right prompt is drawn after the tests' mark


# --- starship -------------------------------------------------------------------------------------

STATUS = (
    "add_newline = false\n[status]\ndisabled = false\npipestatus = true\n"
    "format = '[$symbol$status]($style) '\n"
)


@pytest.fixture
def starship(
    starship_folder: Path, near: Near, shell: str, environment: dict[str, str], tmp_path: Path
) -> Near:
    """starship("lines above", "lines of starship.toml") starts a terminal."""

    def start(above: str = "", toml: str = "") -> Terminal:
        config = tmp_path / "starship.toml"
        config.write_text(toml, encoding="utf-8")
        return near(
            shell,
            init(shell, f"starship init {shell}"),
            again=True,
            above=above,
            STARSHIP_CONFIG=str(config),
            PATH=f"{starship_folder}:{environment['PATH']}",
        )

    return start


def test_segment_and_status_are_right_beside_starship(starship: Near, shell: str) -> None:
    live = starship(toml=STATUS)
    check_segment(live)
    check_status(live)
    assert "73" in prompt(live, "sh -c 'exit 73'")
    if shell != "fish":  # in fish the tests' mark, which the prompt prints, resets $pipestatus
        assert re.search(r"3.*0.*4", prompt(live, PIPELINE))
