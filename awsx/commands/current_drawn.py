"""What `awsx current` prints on a terminal: in colours, and each remedy on a line of its own."""

import time

from awsx import term
from awsx.tables.columns import GAP, coloured, cut, screen_width, wrapped
from awsx.term import clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsx.commands.current import Line
    from awsx.facts import Facts
    from awsx.finding import Finding

DIM = "2"
INDENT = "  "  # before a remedy
LEAST = 8  # columns of the screen: less says nothing of a source
SEVERITIES = {"error": "31", "warning": "33", "info": "1"}


def text(facts: "Facts", lines: "list[Line]", found: "Iterable[Finding]") -> str:
    """The table, and below it what is unusual."""
    has_colours, width = colour_wanted(1, dict(facts.env)), term.columns(1)
    told = [line for each in found for line in _told(each, has_colours, width)]
    return "".join(f"{line}\n" for line in (*_table(facts, lines, has_colours, width), *told))


def _table(facts: "Facts", lines: "list[Line]", has_colours: bool, width: int) -> "Iterator[str]":
    """The lines, as wide as the screen. A value is whole in any case; its source yields to it."""
    whats = max(len(line.what) for line in lines)
    room = width - whats - GAP
    values = _width_of_values(lines, room)
    for line in lines:
        value = line.value + " " * (values - screen_width(line.value))
        what, source = f"{line.what:<{whats}}", _source(line.source, room - screen_width(value))
        if has_colours:
            what, source = coloured(what, DIM), coloured(source, DIM) if source else ""
            colour = _colour(facts, line) if line.what == "left" else ""
            value = coloured(value, colour) if colour else value
        yield f"{what}  {value}  {source}".rstrip()


def _width_of_values(lines: "list[Line]", room: int) -> int:
    """How wide the column of values is: a value that would push the sources out does not count."""
    most = room - GAP - max(len(line.source) for line in lines)
    widths = [screen_width(line.value) for line in lines]
    return max([width for width in widths if width <= most], default=0)


def _source(source: str, room: int) -> str:
    """What a screen has room for of a source, behind its value and a gap."""
    return cut(source, room - GAP) if room - GAP >= min(LEAST, len(source)) else ""


def _colour(facts: "Facts", line: "Line") -> str:
    """The colour that the prompt has for this time left."""
    from awsx.files.tokens import epoch
    from awsx.tables.left import Lefts

    left, _, ends = line.value.partition(" (")
    left = left.partition(",")[0]
    return Lefts(facts, time.time()).told(left, epoch(ends.rstrip(")"))).colour


def _told(found: "Finding", has_colours: bool, width: int) -> "Iterator[str]":
    """An empty line, what is unusual, and what to do about it."""
    code = f"{found.code}:"
    yield ""
    first, *more = wrapped(f"{code} {clean(found.told(), 2000)}", width)
    if has_colours:
        first = coloured(code, SEVERITIES[found.severity]) + first[len(code) :]
    yield from (first, *more)
    if found.remedy:
        yield from wrapped(f"{INDENT}{clean(found.remedy, 2000)}", width, INDENT)
