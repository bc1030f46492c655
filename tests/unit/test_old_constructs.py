"""Constructs that an old bash or zsh does not know or reads in another way.

No such shell can be installed here. scripts/test-shells runs the live tests in those that were
built (docs/shells.md).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import ROOT

FILES = sorted((ROOT / "shell").glob("*.bash"))
# Where IFS has no blank, bash 3.2 makes one word of these.
JOINED = re.compile(r'"\$\{(?:\w+\[@\]|@)[:%#/]')
BLANK = "IFS=$' \\t\\n'"
# Functions that are called only where a caller has set IFS so.
CALLED = {"__awsx_try_memos": "awsx", "__awsx_find_profile": "__awsx_before"}
UNKNOWN = {
    "declare -A": r"(?:declare|local) -\w*A",
    "declare -g": r"declare -\w*g",
    "declare -n": r"(?:declare|local) -\w*n ",
    "[[ -v": r"\[\[ -v ",
    "${x,,} or ${x^^}": r"\$\{\w+(?:,,|\^\^)",
    "a negative index": r"\w\[-\d",
    "$'\\u'": r"\$'[^']*\\u",
    "&>>": r"&>>",
    "|&": r"[^|]\|&",
    ";& or ;;&": r";&",
    "coproc": r"\bcoproc\b",
}


def functions(path: Path) -> dict[str, str]:
    """The text of each function, without comments."""
    text = re.sub(r"(?m)(^|\s)# .*$", "", path.read_text(encoding="utf-8"))
    found = re.finditer(r"(?ms)^( *)function (\w+) \{(?:[^\n]*\}$|.*?^\1\}$)", text)
    return {match[2]: match[0] for match in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_bash_3_joins_stands_where_ifs_has_a_blank(path: Path) -> None:
    joined = {name for name, text in functions(path).items() if JOINED.search(text)}
    assert {name for name in joined if BLANK not in functions(path)[name]} <= CALLED.keys()


def test_the_callers_of_the_others_have_set_ifs() -> None:
    texts = {name: text for path in FILES for name, text in functions(path).items()}
    for name, caller in CALLED.items():
        assert BLANK in texts[caller]
        assert [
            other for other, text in texts.items() if f" {name} " in text and other != name
        ] == [caller]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("construct", UNKNOWN.values(), ids=UNKNOWN)
def test_bash_3_knows_the_constructs(construct: str, path: Path) -> None:
    texts = functions(path).values()
    assert not [text for text in texts if re.search(construct, text)]


def test_zsh_returns_from_awsx_at_the_end_of_a_function() -> None:
    """zsh 5.3 goes on with a `set -e` script after a `return 1` in a condition."""
    text = (ROOT / "shell" / "awsx.zsh").read_text(encoding="utf-8")
    assert '  function awsx {\n    __awsx_do "$@"\n    return\n  }\n' in text
