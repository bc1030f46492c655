"""What `awsx current` prints on a terminal: in colours, and each remedy on a line of its own."""

import time

from awsx.tables.columns import coloured
from awsx.term import clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsx.commands.current import Line
    from awsx.facts import Facts
    from awsx.finding import Finding

DIM = "2"
SEVERITIES = {"error": "31", "warning": "33", "info": "1"}


def text(facts: "Facts", lines: "list[Line]", found: "Iterable[Finding]") -> str:
    """The table, and below it what is unusual."""
    has_colours = colour_wanted(1, dict(facts.env))
    told = [line for each in found for line in _told(each, has_colours)]
    return "".join(f"{line}\n" for line in (*_table(facts, lines, has_colours), *told))


def _table(facts: "Facts", lines: "list[Line]", has_colours: bool) -> "Iterator[str]":
    whats = max(len(line.what) for line in lines)
    values = max(len(line.value) for line in lines)
    for line in lines:
        what, value, source = f"{line.what:<{whats}}", f"{line.value:<{values}}", line.source
        if has_colours:
            what, source = coloured(what, DIM), coloured(source, DIM) if source else ""
            colour = _colour(facts, line) if line.what == "left" else ""
            value = coloured(value, colour) if colour else value
        yield f"{what}  {value}  {source}".rstrip()


def _colour(facts: "Facts", line: "Line") -> str:
    """The colour that the prompt has for this time left."""
    from awsx.files.tokens import epoch
    from awsx.tables.left import Lefts

    left, _, ends = line.value.partition(" (")
    left = left.partition(",")[0]
    return Lefts(facts, time.time()).told(left, epoch(ends.rstrip(")"))).colour


def _told(found: "Finding", has_colours: bool) -> "Iterator[str]":
    """An empty line, what is unusual, and what to do about it."""
    code = f"{found.code}:"
    yield ""
    if has_colours:
        code = coloured(code, SEVERITIES[found.severity])
    yield f"{code} {clean(found.told(), 2000)}"
    if found.remedy:
        yield f"  {clean(found.remedy, 2000)}"
