"""[guard] leave_after: after so long at rest, the next prompt leaves a guarded profile."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Words
from terminal import Result, Terminal, version

Loaded = Callable[..., Terminal]
WHY = "at rest for longer than leave_after in [guard]"


@pytest.fixture(autouse=True)
def guard(settings: Callable[[str], Path]) -> None:
    settings('[guard]\nmatch = ["*prod*"]\nleave_after = "2s"\n')


@pytest.fixture
def live(loaded: Loaded) -> Terminal:
    return loaded()


def rest(live: Terminal) -> Result:
    """Leave the keyboard alone for longer than the settings allow, then press Enter."""
    over = time.monotonic() + 3.1
    live.wait_for(lambda _: time.monotonic() > over)
    live.press("enter")
    return live.wait_prompt()


def test_an_empty_line_after_the_rest_leaves_the_profile(live: Terminal) -> None:
    live.run("awsx prod")  # begins and ends within one second
    assert rest(live).text == f"awsx: left prod, {WHY}"
    assert live.variable("AWS_PROFILE") is None
    assert live.prompt_line() == "$"
    live.run("awsx prod")
    assert live.run("true").text == ""
    assert rest(live).text == f"awsx: left prod, {WHY}"


def test_a_running_command_does_not_count_as_rest(live: Terminal) -> None:
    if live.shell == "bash" and version("bash") < (5,):
        pytest.skip("bash before 5 cannot tell how long a command ran")
    live.run("awsx prod")
    assert live.run("sleep 3.1") == Result(0, "prod", "")
    assert live.variable("AWS_PROFILE") == "prod"


@pytest.mark.parametrize(("name", "by_hand"), [("dev", False), ("prod", False), ("dev", True)])
def test_a_profile_chosen_after_the_rest_stays(
    name: str, by_hand: bool, live: Terminal, words: Words
) -> None:
    live.run("awsx prod")
    over = time.monotonic() + 3.1
    live.wait_for(lambda _: time.monotonic() > over)
    assert (
        "left"
        not in live.run(words.export("AWS_PROFILE", name) if by_hand else f"awsx {name}").text
    )
    assert live.variable("AWS_PROFILE") == name


def test_a_guarded_profile_from_before_is_not_given_back(live: Terminal, words: Words) -> None:
    live.run(words.export("AWS_PROFILE", "prod"))
    live.run("awsx prod")
    assert f"awsx: left prod, {WHY}" in rest(live).text
    assert live.variable("AWS_PROFILE") is None


def test_a_profile_from_before_that_is_not_guarded_is_given_back(
    live: Terminal, words: Words
) -> None:
    live.run(words.export("AWS_PROFILE", "dev"))
    live.run("awsx prod")
    assert rest(live).text == f"awsx: left prod, {WHY}"
    assert live.variable("AWS_PROFILE") == "dev"


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_guarded_profile_that_awsx_has_not_set_is_left_too(
    variable: str, live: Terminal, words: Words
) -> None:
    live.run(words.export(variable, "prod"))
    assert rest(live).text == f"awsx: left prod, {WHY}"
    assert live.variable(variable) is None


def test_leaving_a_profile_set_by_hand_after_a_switch_is_told_once(
    live: Terminal, words: Words
) -> None:
    """The message is not `stays; to drop it: ...`, as the profile does not stay."""
    live.run("awsx dev")
    live.run(words.export("AWS_PROFILE", "prod"))
    assert rest(live).text == f"awsx: left prod, {WHY}"
    assert live.variable("AWS_PROFILE") is None


@pytest.mark.parametrize("shell", ["zsh"])
def test_a_redraw_of_the_same_prompt_leaves_no_profile(loaded: Loaded) -> None:
    # Not by TMOUT and TRAPALRM: with them zsh 5.3 ends.
    clock = "zmodload zsh/sched; function tick { drawn+=x; zle reset-prompt; sched +1 tick }"
    prompt = "setopt prompt_subst; PROMPT='${drawn}$(awsx_prompt)%# '"
    live = loaded(after=f"{clock}\n{prompt}\nsched +1 tick")
    live.run("awsx prod")
    live.wait_for("xxxx!prod")
    assert "left" not in "\n".join(live.screen())
    live.press("enter")
    live.wait_for(f"awsx: left prod, {WHY}")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_leaving_works_with_any_ifs(live: Terminal) -> None:
    live.run("IFS=e0123456789")
    live.run("awsx prod")
    assert live.run("false") == Result(1, "prod", "")
    assert rest(live).text == f"awsx: left prod, {WHY}"
    assert live.variable("AWS_PROFILE") is None
