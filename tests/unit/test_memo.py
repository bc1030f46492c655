"""The line that a memo is written as, and the name of the memos' format."""

import pytest

from awsx import VERBS
from awsx.files import memo
from awsx.files.memo import (
    END,
    FIELDS,
    FORMAT,
    SEPARATOR,
    SESSION_FIELDS,
    Memo,
    is_format,
    session_line,
)


def test_the_line_has_every_field_in_order():
    found = Memo("", "")
    for field in FIELDS:
        setattr(found, field, f"the {field}")
    values = [f"the {field}" for field in FIELDS]
    assert found.line() == SEPARATOR.join([*values, END]) + "\n"


def test_a_memo_has_its_fields_and_nothing_else():
    assert tuple(vars(Memo("prod", "1"))) == FIELDS
    assert not set(FIELDS) & set(SESSION_FIELDS)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("end", [SEPARATOR, "\n"])
def test_a_value_with_a_separator_or_newline_makes_no_line(field, end):
    found = Memo("", "")
    setattr(found, field, f"a{end}b")
    assert found.line() == ""


def test_the_line_of_a_sessions_memo_has_its_fields_in_order():
    assert session_line(7, 8, 255) == SEPARATOR.join(("7", "8", "ff", END)) + "\n"
    assert len(SESSION_FIELDS) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERBS", VERBS | {"greet"}),
        ("VERBS", VERBS - {"demo"}),
        ("FIELDS", (*FIELDS, "more")),
        ("FIELDS", FIELDS[::-1]),
        ("SESSION_FIELDS", SESSION_FIELDS[::-1]),
        ("GENERATION", memo.GENERATION + 1),
    ],
)
def test_a_change_of_what_a_memo_means_changes_the_format(name, value, monkeypatch):
    assert memo._format() == FORMAT
    monkeypatch.setattr(memo, name, value)
    assert memo._format() != FORMAT
    assert is_format(memo._format())


@pytest.mark.parametrize("name", ["v1", "v3", "v12", FORMAT, "v4-0123abcd", "v99-ffffffff"])
def test_every_format_so_far_is_recognised(name):
    assert is_format(name)


@pytest.mark.parametrize(
    "name", ["", "v", "other", "v4-", "v4-0123abc", "v4-0123abcg", "v4-0123ABCD", "v-0123abcd"]
)
def test_no_other_folder_is_taken_for_a_format(name):
    assert not is_format(name)
