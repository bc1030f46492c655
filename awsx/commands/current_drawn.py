"""What `awsx current` prints on a terminal: in colours, and each remedy on a line of its own."""

import time

from awsx import term
from awsx.tables import sourced
from awsx.tables.columns import coloured
from awsx.term import clean, colour_wanted, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsx.commands.current import Line
    from awsx.facts import Facts
    from awsx.finding import Finding

INDENT = "  "  # before a remedy
SEVERITIES = {"error": "31", "warning": "33", "info": "1"}


def text(facts: "Facts", lines: "list[Line]", found: "Iterable[Finding]") -> str:
    """The table, and below it what is unusual."""
    has_colours, width = colour_wanted(1, dict(facts.env)), term.columns(1)
    rows = [(line.what, line.value, line.source) for line in lines]
    colour = (lambda what, value: _colour(facts, what, value)) if has_colours else None
    told = [line for each in found for line in _told(each, has_colours, width)]
    return "".join(f"{line}\n" for line in (*sourced.lines(rows, width, colour), *told))


def _colour(facts: "Facts", what: str, value: str) -> str:
    """The colour that the prompt has for a time left; any other value has none."""
    from awsx.files.tokens import epoch
    from awsx.tables.left import Lefts

    if what != "left":
        return ""
    left, _, ends = value.partition(" (")
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
