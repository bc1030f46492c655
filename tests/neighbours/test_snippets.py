"""The snippets of docs/neighbours.md work: each is read from it, put where it says, and run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import ROOT

from .conftest import PROD, Near, check_segment, check_status, init, prompt, segments
from .test_redrawn_prompts import MARK_P10K, P10K_STAND_IN
from .test_themes import liquidprompt, powerlevel9k, spaceship


def snippet(heading: str, language: str) -> str:
    """The lines of docs/neighbours.md in that language under that heading."""
    text = (ROOT / "docs" / "neighbours.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    (lines,) = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return str(lines)


def test_starship_shows_the_segment_in_its_own_format(
    shell: str,
    near: Near,
    starship_folder: Path,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    config = tmp_path / "starship.toml"
    config.write_text(snippet("starship", "toml"), encoding="utf-8")
    live = near(
        shell,
        init(shell, f"starship init {shell}"),
        again=True,
        above=snippet("starship", shell),
        STARSHIP_CONFIG=str(config),
        PATH=f"{starship_folder}:{environment['PATH']}",
    )
    check_segment(live)
    check_status(live)
    live.run("awsx prod")
    assert re.search(r"~ prod 111122223333 7h", prompt(live))  # after the folder, not before it
    assert live.variable("AWSX_PROMPT") == "prod 111122223333 7h"
    # In a command's environment it would name another profile than the command's own.
    assert live.run("awsx exec dev -- printenv AWSX_PROMPT").status == 1
    live.run("awsx off")
    assert live.variable("AWSX_PROMPT") is None


ABOVE: dict[str, tuple[str, str, Callable[[], str]]] = {
    "liquidprompt-bash": ("liquidprompt", "bash", liquidprompt),
    "liquidprompt-zsh": ("liquidprompt", "zsh", liquidprompt),
    "powerlevel9k": ("powerlevel9k", "zsh", powerlevel9k),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_theme_does_not_show_the_profile_again(name: str, near: Near) -> None:
    heading, shell, lines = ABOVE[name]
    live = near(shell, lines(), again=True, above=snippet(heading, shell))
    check_segment(live)
    check_status(live)
    live.run("awsx prod")
    assert prompt(live).count("prod") == 1  # the theme's own part does not show it again


@pytest.mark.parametrize("order", ["awsx-first"])
def test_the_section_for_spaceship_shows_the_profile_once(near: Near) -> None:
    lines = snippet("pure, spaceship, powerline", "zsh")
    live = near("zsh", f"{spaceship()}\n{lines}", again=True)
    check_segment(live)
    check_status(live)
    live.run("awsx prod")
    assert prompt(live).count("prod") == 1
    assert segments(live, f"source {live.rc_file}") == PROD


def test_the_element_for_powerlevel10k_puts_the_segment_elsewhere(near: Near) -> None:
    elements = snippet("powerlevel10k", "zsh")
    live = near("zsh", f"{P10K_STAND_IN}\n{elements}\n{MARK_P10K}", again=True)
    check_segment(live)
    check_status(live)
    live.run("awsx prod")
    assert live.prompt_line() == "~ prod 111122223333 7h >"


# A stand-in for oh-my-zsh with a theme like its default one: it sets PROMPT while it is sourced.
OMZ_STAND_IN = "setopt prompt_subst\nPROMPT='%(?:%{%F{green}%}➜ :%{%F{red}%}➜ )%c%f '"


@pytest.mark.parametrize("order", ["awsx-last"])
def test_oh_my_zsh_shows_the_segment_first_or_where_the_snippet_puts_it(near: Near) -> None:
    live = near("zsh", OMZ_STAND_IN)
    check_segment(live)
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h ➜ ~"
    elsewhere = near("zsh", f"{OMZ_STAND_IN}\n{snippet('oh-my-zsh', 'zsh')}")
    check_segment(elsewhere)
    elsewhere.run("awsx prod")
    assert elsewhere.prompt_line() == "➜ ~ prod 111122223333 7h"


# What the plugin `aws` of oh-my-zsh does to the prompt.
OMZ_AWS_STAND_IN = """
function aws_prompt_info { [[ -z $AWS_PROFILE ]] || echo "<aws:$AWS_PROFILE>" }
[[ "$SHOW_AWS_PROMPT" == false ]] || RPROMPT='$(aws_prompt_info)'$RPROMPT
"""


def oh_my_zsh(plugin: str) -> str:
    """The lines that load oh-my-zsh with a plugin, from the checkout that a variable names."""
    folder = os.environ.get("AWSX_TEST_OH_MY_ZSH")
    if not folder:
        pytest.skip("AWSX_TEST_OH_MY_ZSH names no checkout")
    return (
        f"ZSH={folder} ZSH_THEME=robbyrussell ZSH_DISABLE_COMPFIX=true plugins=({plugin})\n"
        "zstyle ':omz:update' mode disabled\nsource $ZSH/oh-my-zsh.sh"
    )


@pytest.mark.parametrize("order", ["awsx-last"])
@pytest.mark.parametrize("name", ["a stand-in", "the real one"])
def test_oh_my_zsh_and_its_plugin_aws_show_the_profile_once(name: str, near: Near) -> None:
    lines = oh_my_zsh("aws") if name == "the real one" else OMZ_STAND_IN + "\n" + OMZ_AWS_STAND_IN
    for above, count in (("", 2), ("SHOW_AWS_PROMPT=false", 1)):
        live = near("zsh", lines, above=above)
        check_segment(live)
        check_status(live)
        live.run("clear; awsx prod")
        live.run("clear")
        live.wait_for(lambda lines, count=count: "".join(lines).count("prod") == count)
