"""The table of `awsx ls`, as lines."""

import posix
import time

from awsx import term
from awsx.tables import columns
from awsx.tables.columns import LONGEST, MARKS, TITLES, WIDEST, coloured
from awsx.term import clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsx.facts import Facts
    from awsx.tables.rows import Rows
    from awsx.tables.store import Columns

BATCH = 1000  # rows at once: memory need not hold them all as lines
BOLD = "1"


def lines(table: "Columns", rows: "Rows", facts: "Facts") -> "Iterator[list[str]]":
    """The lines of the table, many at a time: a person need not wait for all.

    On a terminal they are as wide as that; elsewhere they are whole, with a TAB between the
    columns.
    """
    names, accounts, account_names, roles, regions, kinds, sessions = table
    marks = _marks(table, rows, facts.env.get("AWS_PROFILE"))
    ends = [rows.ends(session) for session in sessions]
    left = ["broken" if kind == "broken" else end[0] for kind, end in zip(kinds, ends)]
    if not posix.isatty(1):
        cells = (names, left, account_names, roles, regions, sessions, accounts, kinds, marks)
        yield from _with_tabs((*TITLES, "KIND", "MARKS"), cells)
        return
    called = [name or number for name, number in zip(account_names, accounts)]
    numbers = accounts if any(account_names) else ()
    texts = (names, left, called, roles, regions, sessions, numbers, kinds)
    drawn = _fitting(texts, any(account_names))
    if colour_wanted(1, dict(facts.env)):
        _colour(drawn, [expires for _, expires in ends], marks, facts)
    drawn["PROFILE"] = [f"{mark:2}{text}" for mark, text in zip(("", *marks), drawn["PROFILE"])]
    for at in range(0, len(names) + 1, BATCH):
        part = zip(*[column[at : at + BATCH] for column in drawn.values()])
        yield [line.rstrip() for line in map("  ".join, part)]


def _with_tabs(titles: "Sequence[str]", cells: "Columns") -> "Iterator[list[str]]":
    for at in range(-1, len(cells[0]), BATCH):
        part = zip(*[column[max(at, 0) : at + BATCH] for column in cells])
        whole = ["\t".join([clean(text, LONGEST) for text in line]) for line in part]
        yield ["\t".join(titles), *whole] if at < 0 else whole


def _marks(table: "Columns", rows: "Rows", current: "str | None") -> list[str]:
    marks = ["*" if name == current else "" for name in table[0]]
    guarded = map(rows.is_guarded, zip(*table)) if rows.patterns else ()
    for at in [at for at, is_guarded in enumerate(guarded) if is_guarded]:
        marks[at] = f"{marks[at] or ' '}!"
    return marks


def _fitting(texts: "Columns", has_names: bool) -> "dict[str, Sequence[str]]":
    """The columns that the screen has room for, by their titles, cut and filled up."""
    room = term.columns(1) - MARKS
    titles = [*TITLES, "KIND"]
    if not has_names:
        titles[2] = "ACCOUNT"
    used = [
        (title, [title, *column], bound)
        for title, column, bound in zip(titles, texts, (*WIDEST, 12))
        if any(column)
    ]
    drawn = columns.within([texts for _, texts, _ in used], [bound for *_, bound in used], room)
    return {title: column for (title, *_), column in zip(used, drawn)}


def _colour(
    drawn: "dict[str, Sequence[str]]",
    expires: "Sequence[int | None]",
    marks: list[str],
    facts: "Facts",
) -> None:
    """Titles in bold, LEFT in the prompt's colours, guarded names in the guard's."""
    from awsx.tables.left import Lefts  # not for a pipe

    lefts = Lefts(facts, time.time())
    if "LEFT" in drawn:
        title, *cells = drawn["LEFT"]
        told = (lefts.told(text.rstrip(), until) for text, until in zip(cells, expires))
        filled = (each.cell(len(title)) if each.text else " " * len(title) for each in told)
        drawn["LEFT"] = [title, *filled]
    if facts.patterns:
        colour = facts.settings.guard.color
        profiles = zip(drawn["PROFILE"], ("", *marks))
        drawn["PROFILE"] = [
            coloured(text, colour) if "!" in mark else text for text, mark in profiles
        ]
    for title, column in drawn.items():
        drawn[title] = [coloured(column[0], BOLD), *column[1:]]
