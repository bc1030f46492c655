"""`awsx current` as a person sees it on a terminal, and its one line."""

import time

import pytest
from drawn import CORE, Drawn
from sample import CORP, PROD

from awsx.files import tokens

CONFIG = f"""\
{CORP}{PROD}[profile bare]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
"""


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CONFIG)
    content = {"accessToken": "SECRET", "expiresAt": tokens.iso(int(time.time()) + 6 * 3600 + 60)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), content)
    return {**environment, "AWSX_SHELL": "bash", "AWS_PROFILE": "prod"}


def seen(env, *words, columns=160):
    with Drawn([*CORE, "current", *words], env, columns, 40) as drawn:
        assert drawn.wait_end() == 0
    return drawn


SHORT = [
    ({}, "prod 111122223333 eu-west-1 6h"),
    ({"AWS_PROFILE": "bare"}, "bare 111122223333 6h"),
    ({"AWS_REGION": "us-east-1"}, "prod 111122223333 us-east-1 6h"),
    (
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"},
        "key AKIAIOSFODNN7EXAMPLE eu-west-1",
    ),
]


@pytest.mark.parametrize(("more", "line"), SHORT)
def test_one_line(more, line, env):
    assert [text for text in seen({**env, **more}, "--short").lines() if text] == [line]


def test_it_says_that_there_is_no_region(env):
    lines = seen({**env, "AWS_PROFILE": "bare"}).lines()
    assert "region   none" in [line[:13] for line in lines]


def test_left_has_the_prompts_colour_and_the_sources_are_dim(env):
    drawn = seen(env)
    left = next(n for n, line in enumerate(drawn.lines()) if line.startswith("left"))
    assert drawn.cell(left, "6h (").fg == "green"
    assert "\x1b[2m~/.aws/config:" in drawn.raw
    assert "\x1b" not in seen({**env, "NO_COLOR": "1"}).raw


def test_a_remedy_stands_on_a_line_of_its_own(env):
    keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}
    drawn = seen({**env, **keys}, columns=300)
    lines = drawn.lines()
    at = next(n for n, line in enumerate(lines) if line.startswith("keys: "))
    assert lines[at - 1] == ""
    assert lines[at + 1].startswith("  ") and "unset" in lines[at + 1]
    assert drawn.cell(at, "keys:").fg == "brown"


KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("more", [{}, KEYS], ids=["profile", "keys"])
def test_no_line_runs_out_of_the_screen_and_no_word_is_broken(columns, more, env):
    wide, drawn = seen({**env, **more}, columns=500), seen({**env, **more}, columns=columns)
    assert {word for word in drawn.words() if "…" not in word} <= wide.words()
    assert not drawn.display.wrapped


def test_one_long_value_cuts_its_own_source_alone(env):
    """The value is whole, and the sources of the others stay where they are."""
    lines = seen(env, columns=60).lines()
    left = next(line for line in lines if line.startswith("left"))
    assert "Z)  ~/.aws/sso/cache" in left and left.endswith("…")
    assert "…" not in "".join(line for line in lines if line != left)
    places = {line.index("~/.aws/config:") for line in lines if "~/.aws/config:" in line}
    assert len(places) == 1


def test_a_source_that_has_no_room_is_left_out(env):
    lines = [line for line in seen(env, columns=24).lines() if line]
    assert lines[:2] == ["profile  prod  AWS_PROF…", "account  111122223333"]
