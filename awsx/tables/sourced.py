"""A table of values and what says so, as a screen has it: `region  eu-west-1  ~/.aws/config:5`."""

from awsx.tables.columns import GAP, coloured, cut
from awsx.term import screen_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DIM = "2"
LEAST = 8  # columns of the screen: less says nothing of a source


def lines(
    rows: "Sequence[tuple[str, str, str]]",
    width: int,
    colour: "Callable[[str, str], str] | None" = None,
) -> "Iterator[str]":
    """A line for each row of what it is, its value and its source, on a screen of that width.

    A value is whole in any case; its source yields to it. Without `colour` the text is plain; it
    tells the digits of the colour of a value, and is given what it is, too.
    """
    whats = max(len(what) for what, _, _ in rows)
    room = width - whats - GAP
    values = _width_of_values(rows, room)
    for what, value, source in rows:
        filled = value + " " * (values - screen_width(value))
        named, shown = f"{what:<{whats}}", _source(source, room - screen_width(filled))
        if colour:
            digits = colour(what, value)
            named, shown = coloured(named, DIM), coloured(shown, DIM) if shown else ""
            filled = coloured(filled, digits) if digits else filled
        yield f"{named}  {filled}  {shown}".rstrip()


def _width_of_values(rows: "Sequence[tuple[str, str, str]]", room: int) -> int:
    """How wide the column of values is: a value that would push the sources out does not count."""
    most = room - GAP - max(len(source) for _, _, source in rows)
    widths = [screen_width(value) for _, value, _ in rows]
    return max([width for width in widths if width <= most], default=0)


def _source(source: str, room: int) -> str:
    """What a screen has room for of a source, behind its value and a gap."""
    return cut(source, room - GAP) if room - GAP >= min(LEAST, len(source)) else ""
