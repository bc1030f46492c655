"""The segment's format, filled in as far as the core can, for the shells to draw."""

import pytest

from awsx import segment
from awsx.facts import Facts
from awsx.files import settings
from awsx.files.memo import Memo
from awsx.memos import remember

KNOWN = {"profile": "prod", "account": "Production", "account_id": "111122223333", "role": ""}
COLOURS = {"profile": "36", "role": "1;34"}
FILLED = {
    "": [],
    "{profile}": ["36:prod"],
    "{profile} {account} {left} {state}": ["36:prod", ":Production", "L:\x02", "S:\x03"],
    "{role} ({role}) [{profile}|{role}]": ["36:[prod|]"],  # an empty first field drops its word
    "  on   {account_id}/{profile}@{region}": [":on", ":111122223333/prod@\x04"],
    "{region}:{left}{state} {{{left}}}": ["R:\x04:\x02\x03", "L:{\x02}"],
    "$(x) `x` %n": [":$(x)", ":`x`", ":%n"],
}


@pytest.mark.parametrize(("form", "words"), FILLED.items())
def test_a_format_is_filled_with_what_the_core_knows(form, words):
    assert segment.filled(form, KNOWN, COLOURS) == "".join(f"{word}\x1e" for word in words)


def test_braces_in_a_value_are_text():
    known = {**KNOWN, "profile": "{left}", "account": "{0}"}
    assert segment.filled("{profile} {account}", known, COLOURS) == "36:{left}\x1e:{0}\x1e"


@pytest.mark.parametrize("account", ["", "111122223333"])
def test_without_settings_the_segment_has_the_default_format(account, home):
    section = f"sso_account_id = {account}\n" if account else ""
    (home / ".aws" / "config").write_text(f"[profile prod]\nsso_role_name = Admin\n{section}")
    plain = _drawing(home)
    (home / ".config" / "awsx").mkdir(parents=True)
    (home / ".config" / "awsx" / "config.toml").write_text("# nothing\n")
    assert _drawing(home) == plain
    assert plain[4].split("\x1e")[0] == "36:prod"


def _drawing(home, name="prod"):
    """The fields of a memo by which a shell draws the segment."""
    memo, facts = Memo(name, ""), Facts({"HOME": str(home)})
    remember._draw(memo, facts, facts.find(name))
    return memo.leave, memo.soon, memo.below, memo.colours, memo.look, memo.narrow


def test_a_guarded_profile_has_the_guards_colour(home):
    (home / ".aws" / "config").write_text("[profile prod]\n[profile dev]\n")
    (home / ".config" / "awsx").mkdir(parents=True)
    text = (
        "[guard]\nmatch = 'pr*'\ncolor = 'bold red'\nleave_after = '2m'\n[colors]\nprofile = 208\n"
    )
    (home / ".config" / "awsx" / "config.toml").write_text(text)
    drawn = {name: _drawing(home, name) for name in ("prod", "dev")}
    assert {name: (said[0], said[4].split("\x1e")[0]) for name, said in drawn.items()} == {
        "prod": ("120", "1;31:!prod"),
        "dev": ("", "38;5;208:dev"),
    }


def test_the_default_format_is_valid():
    assert segment.words(str(settings.DEFAULTS["prompt"]["format"]))
