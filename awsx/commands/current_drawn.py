"""What `awsx current` prints on a terminal: in colours, and each remedy on a line of its own."""

import time

from awsx.term import clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsx.commands.current import Line
    from awsx.facts import Facts
    from awsx.finding import Finding

DIM, RESET = "\x1b[2m", "\x1b[m"
SEVERITIES = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[1m"}


def text(facts: "Facts", lines: "list[Line]", found: "Iterable[Finding]") -> str:
    """The table, and below it what is unusual."""
    coloured = colour_wanted(1, dict(facts.env))
    told = [line for each in found for line in _told(each, coloured)]
    return "".join(f"{line}\n" for line in (*_table(facts, lines, coloured), *told))


def _table(facts: "Facts", lines: "list[Line]", coloured: bool) -> "Iterator[str]":
    whats = max(len(line.what) for line in lines)
    values = max(len(line.value) for line in lines)
    for line in lines:
        what, value, source = f"{line.what:<{whats}}", f"{line.value:<{values}}", line.source
        if coloured:
            what, source = f"{DIM}{what}{RESET}", f"{DIM}{source}{RESET}" if source else ""
            colour = _colour(facts, line) if line.what == "left" else ""
            value = f"\x1b[{colour}m{value}{RESET}" if colour else value
        yield f"{what}  {value}  {source}".rstrip()


def _colour(facts: "Facts", line: "Line") -> str:
    """The colour that the prompt has for this time left."""
    from awsx.files.tokens import epoch
    from awsx.tables.left import Lefts

    left, _, ends = line.value.partition(" (")
    left = left.partition(",")[0]
    return Lefts(facts, time.time()).told(left, epoch(ends.rstrip(")"))).colour


def _told(found: "Finding", coloured: bool) -> "Iterator[str]":
    """An empty line, what is unusual, and what to do about it."""
    begin = found.place + ": " if found.place and not found.place.isidentifier() else ""
    code = f"{found.code}:"
    yield ""
    if coloured:
        code = f"{SEVERITIES.get(found.severity, '')}{code}{RESET}"
    yield f"{code} {clean(begin + found.text, 2000)}"
    if found.remedy:
        yield f"  {clean(found.remedy, 2000)}"
