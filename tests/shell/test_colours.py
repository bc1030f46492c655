"""Red means an error alone; talk, questions and errors differ; all states differ without colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Terminal

Loaded = Callable[..., Terminal]
Settings = Callable[[str], Path]

DIM, BOLD, YELLOW, RED = "2", "1", "33", "31"


def styles(live: Terminal, command: str) -> dict[str, str]:
    """What a command says on the terminal: each line that begins with `awsx:`, and its first style.

    The style holds for the whole line if it is dim, else for `awsx:` alone.
    """
    begin = len(live.raw)
    live.run(command)
    text = live.raw[begin:].decode().replace("\r", "")
    found = re.finditer(
        r"\x1b\[(2)m(awsx: [^\x1b\n]*)\x1b\[0m"
        r"|\x1b\[([\d;]+)mawsx:\x1b\[0m( [^\x1b\n]*)"
        r"|(awsx: [^\x1b\n]*)",
        text,
    )
    return {
        (talk or (behind and f"awsx:{behind}") or plain): dim or style or ""
        for dim, talk, style, behind, plain in (line.groups() for line in found)
    }


SWITCHED = "awsx: prod: 111122223333 Admin, eu-west-1, session 7h"
STAYS = (
    "awsx: AWS_PROFILE=dev was not set by awsx and stays;"
    " to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)"
)
UNKNOWN = "awsx: no profile prdo; did you mean prod?"


@pytest.mark.parametrize("by", ["shell", "core"])
def test_talk_and_errors_can_be_told_apart(by: str, loaded: Loaded, words: Words) -> None:
    """The shell and the core use the same colours."""
    never = "function {0}; return 125; end" if words.is_fish else "function {0} {{ return 1; }}"
    after = "\n".join(never.format(name) for name in ("__awsx_switch", "__awsx_leave"))
    live = loaded(after=after if by == "core" else "")
    live.run("awsx dev; awsx prod")
    assert styles(live, "awsx prod") == {SWITCHED: DIM}
    live.run(words.export("AWS_PROFILE", "dev"))
    assert styles(live, "awsx off") == {"awsx: left prod": DIM, STAYS: YELLOW}
    assert styles(live, "awsx exec prdo -- true") == {UNKNOWN: RED}


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_colours_where_none_are_wanted(
    plain: dict[str, str], loaded: Loaded, words: Words
) -> None:
    live = loaded(**plain)
    live.run("awsx dev; awsx prod")
    assert styles(live, "awsx prod") == {SWITCHED: ""}
    live.run(words.export("AWS_PROFILE", "dev"))
    assert styles(live, "awsx off") == {"awsx: left prod": "", STAYS: ""}
    assert styles(live, "awsx exec prdo -- true") == {UNKNOWN: ""}


def test_a_file_gets_no_colours(live: Terminal, tmp_path: Path) -> None:
    live.run("awsx dev; awsx prod")
    for command in ("awsx prod", "awsx exec prdo -- true"):
        live.run(f"{command} 2>>{tmp_path}/told")
    assert (tmp_path / "told").read_text() == f"{SWITCHED}\n{UNKNOWN}\n"


def test_a_question_is_told_from_talk(settings: Settings, loaded: Loaded) -> None:
    settings("[guard]\nmatch = '*prod*'\nconfirm = true\n")
    live = loaded()
    begin = len(live.raw)
    live.type("awsx prod")
    live.press("enter")
    live.wait_for("[y/N]")
    assert b"\x1b[1mawsx:\x1b[0m prod (" in live.raw[begin:]
    live.press("n", "enter")
    live.wait_prompt()


BROKEN = (
    "[profile lost]\nsso_session = gone\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
)
# What is exported, what the prompt shows, and the colour of its first or last word.
STATES: dict[str, tuple[dict[str, str], str, str]] = {
    "valid": ({"AWS_PROFILE": "dev"}, "dev 444455556666 7h *", "7h green"),
    "guarded": ({"AWS_PROFILE": "prod"}, "!prod 111122223333 7h *", "!prod reverse"),
    "no such profile": (
        {"AWS_PROFILE": "nosuch"},
        "nosuch no such profile *",
        "profile red",
    ),
    "broken": ({"AWS_PROFILE": "lost"}, "lost 111122223333 broken *", "broken red"),
    "keys": (
        {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_PROFILE": "dev"},
        "keys, not dev",
        "keys, brown",
    ),
    "half keys": (
        {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_PROFILE": "dev"},
        "keys without a secret, not dev",
        "keys red",
    ),
    "region": (
        {"AWS_PROFILE": "dev", "AWS_REGION": "us-east-1"},
        "dev 444455556666 7h @us-east-1 *",
        "@us-east-1 brown",
    ),
}


@pytest.mark.parametrize("colour", [True, False], ids=["colours", "NO_COLOR"])
def test_red_means_an_error_alone_and_all_states_are_told_without_colour(
    colour: bool, settings: Settings, loaded: Loaded, aws: Aws, words: Words
) -> None:
    aws.config.write_text(aws.config.read_text() + BROKEN)
    settings("[guard]\nmatch = '*prod*'\n")
    live = loaded(**({} if colour else {"NO_COLOR": "1"}))
    shown = {}
    for name, (variables, line, look) in STATES.items():
        setting = "; ".join(words.export(*pair) for pair in variables.items())
        live.run(f"clear; {setting}")
        assert live.prompt_line() == f"{line} $", name
        shown[name] = live.prompt_line()
        word, wanted = look.split()
        cell = live.display.buffer[live.cursor[0]][live.prompt_line().index(word)]
        seen = "reverse" if cell.reverse else cell.fg
        assert seen == (wanted if colour else "default"), name
        live.run("; ".join(words.unset(variable) for variable in variables))
    assert len(set(shown.values())) == len(shown)
    aws.log_in(-1)
    live.run(words.export("AWS_PROFILE", "prod"))
    assert live.prompt_line() == "!prod 111122223333 expired * $"
    row = live.display.buffer[live.cursor[0]]
    assert row[0].reverse == colour
    assert row[live.prompt_line().index("expired")].fg == ("red" if colour else "default")
