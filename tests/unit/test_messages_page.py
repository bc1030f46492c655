"""docs/messages.md lists every message of the program, as scripts/messages finds them."""

import importlib.machinery
import importlib.util
import re
from pathlib import Path

import pytest

from awsx import environment, facts
from awsx.login import ensure, talk
from awsx.truth import findings

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "messages"


@pytest.fixture(scope="module")
def messages():
    loader = importlib.machinery.SourceFileLoader("messages", str(SCRIPT))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("messages", loader)  # type: ignore[arg-type]
    )
    loader.exec_module(module)
    return module


def test_the_page_is_current(messages):
    assert messages.PAGE.read_text(encoding="utf-8") == messages.page(), "run scripts/messages"


@pytest.mark.parametrize(
    "text",
    [
        facts.NONE_YET,
        environment.SET_BY_HAND,
        ensure.NO_TERMINAL,
        talk.HERE,
        findings.BY_HAND,
        "$name is readonly in this shell; start a new one without it",
        "Leave an expired session as it is.",  # the help of an option
    ],
)
def test_messages_of_every_kind_are_on_it(text, messages):
    assert f"\n{text}\n" in messages.page()


def test_what_is_said_by_a_literal_is_found_and_code_is_not(messages, tmp_path):
    path = tmp_path / "x.py"
    path.write_text(
        '"""A module of one line."""\n'
        'TEXT = "went {} well"\n'
        'def f(a: "Mapping[str, str]") -> "str | None":\n'
        '    """Not this one."""\n'
        '    say(f"left {a} behind")\n'
        '    raise AwsxError("could " "not")\n'
        '    return run("x", "yy zz")\n'
    )
    assert [text for _, text in sorted(messages.texts(path))] == [
        "went {} well",
        "left {} behind",
        "could not",
        "yy zz",
    ]


def test_no_message_ends_with_a_full_stop_or_asks_politely(messages):
    """One line on the terminal, in one voice. (The help of a command is made of sentences.)"""
    said = {
        text
        for name, lines in messages.of_python().items()
        if not name.startswith(("awsx/cli/", "awsx/login/callback.py", "awsx/commands/demo.py"))
        for _, text in lines
    }
    assert [
        text
        for text in said
        if (text.endswith(".") and text[-3:] != "...") or re.search(r"(?i)\bplease\b", text)
    ] == []
