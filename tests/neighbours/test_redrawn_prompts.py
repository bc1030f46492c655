"""Themes that set PROMPT after the hooks of a prompt have run: the segment stands there once.

No registry has powerlevel10k, zsh-transient-prompt and oh-my-zsh. So stand-ins hook in as they do;
where AWSX_TEST_POWERLEVEL10K, AWSX_TEST_TRANSIENT_PROMPT or AWSX_TEST_OH_MY_ZSH names a checkout,
the real thing is tested, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from terminal import Terminal

from . import fetch
from .conftest import DEV, PROD, Near, check_status, npm, shown

# powerlevel10k keeps its hook last, reads its settings in there once, and makes PROMPT from the
# functions `prompt_NAME`.
P10K_STAND_IN = r"""
function p10k {
  case "$1 $2 $4" in
    'segment -f -t') __p9k_prompt+="$5 " ;;
    'reload ') unset __p9k_elements ;;
  esac
}
function prompt_dir { p10k segment -f blue -t '%c' }
function _p9k_precmd {
  local name __p9k_prompt=
  [[ -n ${__p9k_elements+x} ]] ||
    typeset -ga __p9k_elements=(${POWERLEVEL9K_LEFT_PROMPT_ELEMENTS-context dir vcs})
  for name in $=__p9k_elements; do
    (($+functions[prompt_$name])) && prompt_$name
  done
  PROMPT="$__p9k_prompt> "
  precmd_functions=(${precmd_functions:#_p9k_precmd} _p9k_precmd)
}
precmd_functions=(${precmd_functions:#_p9k_precmd} _p9k_precmd)
"""
# These settings are sourced after the theme, and awsx may be loaded between the two.
P10K_SETTINGS = """
POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(dir)
POWERLEVEL9K_DISABLE_GITSTATUS=true
POWERLEVEL9K_DISABLE_CONFIGURATION_WIZARD=true
! (($+functions[p10k])) || p10k reload
"""
# The tests' mark has to follow the last hook.
MARK_P10K = r"""
functions[_p9k_precmd]+=$'\n(($+functions[__terminal_again])) && __terminal_again'
"""
# zsh-transient-prompt shortens the prompt when a line ends, and restores it when the next begins.
TRANSIENT_STAND_IN = r"""
typeset -g TRANSIENT_PROMPT_PROMPT=${TRANSIENT_PROMPT_PROMPT-$PROMPT}
function __transient_restore {
  zle -F $1
  exec {1}<&-
  PROMPT=$TRANSIENT_PROMPT_PROMPT
  zle reset-prompt
  zle -R
}
function __transient_finish {
  local fd
  exec {fd}</dev/null
  zle -F $fd __transient_restore
  PROMPT=$TRANSIENT_PROMPT_TRANSIENT_PROMPT
  zle reset-prompt
  zle -R
}
zle -N zle-line-finish __transient_finish
"""
TRANSIENT_SETTINGS = "PROMPT='long %c> '\nTRANSIENT_PROMPT_TRANSIENT_PROMPT='> '\n"


def checkout(variable: str, file: str) -> str:
    """The line that sources a file of a real theme."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{variable} names no checkout")
    return f"source {folder}/{file}\n"


def spaceship() -> str:
    return f"source {npm(fetch.SPACESHIP)}/spaceship.zsh"


def powerlevel10k() -> str:
    theme = checkout("AWSX_TEST_POWERLEVEL10K", "powerlevel10k.zsh-theme")
    return theme + P10K_SETTINGS + MARK_P10K


def transient_prompt() -> str:
    theme = checkout("AWSX_TEST_TRANSIENT_PROMPT", "transient-prompt.zsh-theme")
    return TRANSIENT_SETTINGS + theme


# For each theme, what is on the screen once it has set PROMPT for the last time.
THEMES: dict[str, tuple[Callable[[], str], str]] = {
    "spaceship": (spaceship, "using"),  # a part that it draws later: the profile, as it knows it
    "powerlevel10k's stand-in": (lambda: P10K_STAND_IN + P10K_SETTINGS + MARK_P10K, "~"),
    "powerlevel10k": (powerlevel10k, "~"),
    "zsh-transient-prompt's stand-in": (lambda: TRANSIENT_SETTINGS + TRANSIENT_STAND_IN, "long ~"),
    "zsh-transient-prompt": (transient_prompt, "long ~"),
}


@pytest.fixture(params=THEMES)
def themed(request: pytest.FixtureRequest, near: Near) -> tuple[Terminal, str]:
    lines, last = THEMES[request.param]
    return near("zsh", lines(), again=True), last


def draw(live: Terminal, command: str, last: str) -> None:
    """Run the command, and wait until the theme has set PROMPT for the last time.

    Now and then spaceship loses a part that it draws later, without awsx, too, and draws it at the
    next prompt. Raises TimeoutError if it never does.
    """
    live.run(f"clear; {command}")
    for _ in range(4):
        try:
            live.wait_for(last, timeout=4)
        except TimeoutError:
            live.run("clear; true")
        else:
            return
    live.wait_for(last)


def test_the_segment_stays_when_the_theme_sets_the_prompt_later(
    themed: tuple[Terminal, str],
) -> None:
    live, last = themed
    for command, wanted in (("awsx prod", PROD), ("true", PROD), ("awsx dev", DEV)):
        draw(live, command, last)
        assert shown(live) == wanted, command
    check_status(live)


def test_the_segment_is_drawn_once_after_the_rc_file_is_read_again(
    themed: tuple[Terminal, str],
) -> None:
    live, last = themed
    live.run("awsx prod")
    for _ in range(2):
        draw(live, f"source {live.rc_file}", last)
        assert shown(live) == PROD


def test_the_segment_shows_beside_settings_of_powerlevel10k_that_come_after_awsx(
    near: Near,
) -> None:
    """`p10k configure` adds its line to the end of ~/.zshrc, behind the block of awsx."""
    live = near("zsh", P10K_STAND_IN + MARK_P10K, again=True, behind=P10K_SETTINGS)
    assert live.run("awsx prod").status == 0
    assert live.prompt_line() == "prod 111122223333 7h ~ >"
    live.run("POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(dir); p10k reload")  # as `p10k configure` ends
    assert live.prompt_line() == "prod 111122223333 7h ~ >"


def test_a_persons_own_function_for_powerlevel10k_is_kept(near: Near) -> None:
    own = """
    AWSX_NO_PROMPT=1
    function prompt_awsx {
      local segment=$(awsx_prompt)
      [[ -z $segment ]] || p10k segment -f cyan -t "own ${segment% }"
    }
    """
    settings = f"{P10K_SETTINGS}\nPOWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(dir awsx)"
    live = near("zsh", P10K_STAND_IN + settings + MARK_P10K, again=True, above=own)
    live.run("awsx prod")
    assert live.prompt_line() == "~ own prod 111122223333 7h >"
