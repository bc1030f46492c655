"""The words of the prompt: a format such as `{profile} {account} {left} {state}`, filled in.

A format is words with blanks between them. A word has the colour of its first field, and the shells
leave it out while that field is empty. The core fills in what the files tell. What changes without
the files, a shell fills in each time it draws. So the core hands this to the shells:

    36:prod RS 0:111122223333 RS L:\\x02 RS S:\\x03 RS      STYLE:TEXT, each ended by RS (\\x1e)

STYLE is a colour in digits, or empty for plain text, or L, S or R: the colour of the time left, of
the state, of the region. In TEXT, \\x02, \\x03 and \\x04 stand for the time left, the state, the
region.
"""

from __future__ import annotations

from string import Formatter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RS = "\x1e"
FILLED_BY_SHELLS = {"left": ("L", "\x02"), "state": ("S", "\x03"), "region": ("R", "\x04")}
FIELDS = ("profile", "account", "account_id", "role", *FILLED_BY_SHELLS)
MOST_WORDS = 12  # zsh has that many places for them


class Piece:
    """Plain text, and the field behind it; either may be empty."""

    __slots__ = ("field", "plain")

    def __init__(self, plain: str, field: str) -> None:
        self.plain, self.field = plain, field


def words(form: str) -> list[list[Piece]]:
    """The pieces of each word of a format. Raises ValueError if it is none."""
    found = [list(_pieces(word)) for word in form.split(" ") if word]
    if len(found) > MOST_WORDS or not form.isprintable():
        raise ValueError
    return found


def _pieces(word: str) -> Iterator[Piece]:
    for plain, field, spec, conversion in Formatter().parse(word):
        if field is not None and (field not in FIELDS or spec or conversion):
            raise ValueError
        yield Piece(plain, field or "")


def filled(form: str, values: Mapping[str, str], colours: Mapping[str, str]) -> str:
    """The words as the shells read them, with `values` filled in."""
    return "".join(_filled(word, values, colours) for word in words(form))


def _filled(word: list[Piece], values: Mapping[str, str], colours: Mapping[str, str]) -> str:
    first = next((piece.field for piece in word if piece.field), "")
    if first in values and not values[first]:
        return ""
    style = FILLED_BY_SHELLS[first][0] if first in FILLED_BY_SHELLS else colours.get(first, "")
    text = "".join(piece.plain + _value(piece.field, values) for piece in word)
    return f"{style}:{text}{RS}"


def _value(field: str, values: Mapping[str, str]) -> str:
    return FILLED_BY_SHELLS[field][1] if field in FILLED_BY_SHELLS else values.get(field, "")
