"""Themes that make the prompt: the segment is there, once, and the theme sees the status that the person saw."""

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

# liquidprompt in bash stands behind whoever was there before it: so it has to come first.
BEHIND = {"liquidprompt-bash"}


# These tell the status of the last command; the others do so by a colour.
TELLS_STATUS = {"liquidprompt-bash", "liquidprompt-zsh", "powerlevel9k", "powerline"}


@pytest.mark.parametrize("name", THEMES)
def test_beside_a_theme(name: str, near: Near, order: str) -> None:
    if order == "awsx-first" and name in BEHIND:
        pytest.skip("documented: awsx has to be loaded behind it")
    shell, lines = THEMES[name]
    live = near(shell, lines(), again=True)
    check_segment(live)
    check_status(live)
    if name in TELLS_STATUS:
        live.run("clear; sh -c 'exit 73'")
        live.wait_for("73")  # what stands at the right is drawn after the mark


# --- starship -------------------------------------------------------------------------------------------------------

STATUS = "add_newline = false\n[status]\ndisabled = false\npipestatus = true\nformat = '[$symbol$status]($style) '\n"


@pytest.fixture
def starship(
    starship_folder: Path, near: Near, shell: str, environment: dict[str, str], tmp_path: Path
) -> Near:
    """starship("lines above", "lines of starship.toml")"""

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


def test_beside_starship(starship: Near, shell: str) -> None:
    live = starship(toml=STATUS)
    check_segment(live)
    check_status(live)
    assert "73" in prompt(live, "sh -c 'exit 73'")
    if shell != "fish":  # there the mark, which the tests put into the prompt, costs $pipestatus
        assert re.search(r"3.*0.*4", prompt(live, PIPELINE))
