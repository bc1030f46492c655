"""The question before a guarded profile is used, as screens of many widths show it."""

import pytest

from awsx.commands.question import on_screen

WHO, GUARDED = "prod (258132043295, AdministratorAccess)", "is guarded by *prod*: switch to it?"
WIDTHS = {
    100: [f"awsx: {WHO} {GUARDED} [y/N] "],
    84: [f"awsx: {WHO}", f"  {GUARDED} [y/N] "],
    80: [f"awsx: {WHO}", f"  {GUARDED} [y/N] "],
    60: [f"awsx: {WHO}", f"  {GUARDED} [y/N] "],
    40: [
        "awsx: prod (258132043295,",
        "  AdministratorAccess)",
        "  is guarded by *prod*: switch to it?",
        "  [y/N] ",
    ],
}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_terminal_breaks_no_word_of_the_question(width):
    lines = f"awsx: {on_screen([WHO, GUARDED], width)}".split("\n")
    assert lines == WIDTHS[width]
    assert all(len(line) < width for line in lines)


def test_a_question_of_one_part():
    assert on_screen(["write this to ~/.aws/config?"], 80) == "write this to ~/.aws/config? [y/N] "
