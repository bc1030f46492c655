"""How a prompt looks: `{profile} {account} {left} {state}` -> the words that the shells draw.

A format is words between blanks. A word is left out when its first field has nothing to say, and has that field's
colour. What the files tell is filled in here; what changes without them by the shells, each time they draw:

    36:prod RS 0:111122223333 RS L:\\x02 RS S:\\x03 RS      STYLE:TEXT, each ended by RS (\\x1e)

STYLE is the digits of a colour, none for plain text, or L, S, R: the colour of what is left, of the state, of the
region. In TEXT, \\x02, \\x03, \\x04 stand for those three.
"""

from __future__ import annotations

from string import Formatter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

RS = "\x1e"
DRAWN = {"left": ("L", "\x02"), "state": ("S", "\x03"), "region": ("R", "\x04")}
FIELDS = ("profile", "account", "account_id", "role", *DRAWN)
MOST = 12  # words: zsh has a place for each


def words(form: str) -> list[list[tuple[str, str]]]:
    """Each word of a format as pairs of plain text and the field behind it (empty if none). Raises ValueError."""
    found = [
        [(plain, field or "") for plain, field, _, _ in _parsed(word)]
        for word in form.split(" ")
        if word
    ]
    if len(found) > MOST or not form.isprintable():
        raise ValueError
    return found


def _parsed(word: str) -> list[tuple[str, str | None, str | None, str | None]]:
    parts = list(Formatter().parse(word))
    if any(
        field is not None and (field not in FIELDS or spec or kind)
        for _, field, spec, kind in parts
    ):
        raise ValueError
    return parts


def filled(form: str, values: Mapping[str, str], colours: Mapping[str, str]) -> str:
    """The words as the shells read them, with `values` filled in."""
    return "".join(_filled(word, values, colours) for word in words(form))


def _filled(
    word: list[tuple[str, str]], values: Mapping[str, str], colours: Mapping[str, str]
) -> str:
    first = next((field for _, field in word if field), "")
    if first in values and not values[first]:
        return ""
    style = DRAWN[first][0] if first in DRAWN else colours.get(first, "")
    text = "".join(
        plain + (DRAWN[field][1] if field in DRAWN else values.get(field, ""))
        for plain, field in word
    )
    return f"{style}:{text}{RS}"
