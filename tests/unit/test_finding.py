"""A finding in one line, as JSON, and its mark in the prompt."""

from pathlib import Path

import pytest

from awsx.finding import MARKS, Finding, FindingError
from awsx.term import AwsxError

SHELL = Path(__file__).parents[2] / "shell"

# place -> the line for a person
PLACES = {
    "~/.aws/config:12": "~/.aws/config:12: k stands twice; remove one",
    "~/.aws/config": "~/.aws/config: k stands twice; remove one",
    "config:3": "config:3: k stands twice; remove one",
    "AWS_PROFILE": "k stands twice; remove one",
    "": "k stands twice; remove one",
}


@pytest.mark.parametrize(("place", "line"), PLACES.items())
def test_the_line_begins_with_the_place_in_a_file(place, line):
    assert Finding("bad-file", "error", place, "k stands twice", "remove one").as_text() == line


def test_a_finding_without_a_remedy():
    assert Finding("x", "info", "", "it is so", "").as_text() == "it is so"


def test_json_has_every_field():
    found = Finding("by-hand", "info", "AWS_PROFILE", "set by hand", "awsx prod").as_json()
    assert found == {
        "code": "by-hand",
        "severity": "info",
        "place": "AWS_PROFILE",
        "text": "set by hand",
        "remedy": "awsx prod",
    }
    assert set(found) == set(Finding.__slots__)


def test_an_error_carries_its_finding():
    finding = Finding("broken", "error", "~/.aws/config:3", "it is broken", "mend it")
    error = FindingError(finding)
    assert isinstance(error, AwsxError)
    assert (str(error), error.code, error.finding) == (finding.as_text(), 1, finding)


def test_marks_are_short_and_printable():
    for code, mark in MARKS.items():
        assert mark.isprintable(), code
        assert len(mark) <= 15, code


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("code", ["no-such-profile", "default-profile", "default-profile-differs"])
def test_the_shells_draw_the_same_marks(code, shell):
    text = (SHELL / f"segment.{shell}").read_text(encoding="utf-8")
    assert MARKS[code].partition("{")[0] in text
