"""The table of profiles."""

import posix
import time

from awsx.commands import before
from awsx.facts import Facts
from awsx.tables import store
from awsx.tables.columns import fitted, padded
from awsx.tables.rows import Rows, state
from awsx.term import AwsxError, clean, colour_wanted, out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsx.tables.rows import Row
    from awsx.tables.store import Columns

NONE_LIKE = "no profile is like '{}'; all of them: awsx ls"
TITLES = ("", "PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION", "LEFT", "KIND", "SESSION")
YIELDING = ("SESSION", "KIND", "ROLE")  # to what a narrow screen must show, down to the titles
WIDEST = 200
BATCH = 1000  # rows written at once: a person need not wait for all, nor memory hold them
BOLD, RESET = "\x1b[1m", "\x1b[0m"
COLOURS = {"expired": "\x1b[31m", "renewable": "\x1b[33m", "valid": "\x1b[32m"}


def ls(
    env: "Mapping[str, str]", query: str = "", as_json: bool = False, names: bool = False
) -> None:
    """Print the profiles that have every word of `query` somewhere: a table, JSON, or names alone.

    Raises AwsxError where there is none to print.
    """
    facts = before.opened(env)
    if names and not query:
        _print_lines(_names(facts))
        return
    rows = Rows(facts.config, facts.account, env, time.time(), facts.patterns)
    table = store.table(facts.stock, rows)
    if query.strip():
        table = _found(facts, table, query)
    if as_json:
        _print_json([rows.row(texts) for texts in zip(*table)], env)
    elif not any(table):
        facts.names()  # none at all is another matter
        raise AwsxError(NONE_LIKE.format(clean(query)))
    elif names:
        _print_lines(table[0])
    else:
        _print_table(table, rows, env)


def _names(facts: Facts) -> "Sequence[str]":
    """The names, from the list that completion has; it is made here if there is none."""
    kept = facts.stock.kept("names")  # a profile a line: NAME, tab, description
    if not kept:
        from awsx.memos.remember import remember_names  # a table needs none

        remember_names(facts)
    return kept.replace("\n", "\t").split("\t")[:-1:2] or facts.names()


def _found(facts: Facts, table: "Columns", query: str) -> "Columns":
    """The profiles that the query finds, in the picker's order: the best match first."""
    from awsx.tables import search  # only for a query

    places = {name: n for n, name in enumerate(table[0])} if any(table) else {}
    found = [places[name] for name in search.names(facts, query, time.time())] if places else []
    return [[column[n] for n in found] for column in table]


def _print_lines(lines: "Sequence[str]") -> None:
    out("\n".join(lines) + "\n")


def _print_json(rows: "list[Row]", env: "Mapping[str, str]") -> None:
    import json

    current = env.get("AWS_PROFILE", "")
    before = "["
    for at in range(0, len(rows), BATCH):
        objects = [row.as_json(current) for row in rows[at : at + BATCH]]
        out(before + json.dumps(objects, indent=2)[1:-2])
        before = ","
    out("\n]\n" if rows else "[]\n")


def _print_table(table: "Columns", rows: Rows, env: "Mapping[str, str]") -> None:
    cells = _cells(table, rows, env.get("AWS_PROFILE"))
    columns = {title: fitted([title, *texts], WIDEST) for title, texts in zip(TITLES, cells)}
    _give_way(columns)
    drawn = {title: padded(*column) for title, column in columns.items()}
    colour = colour_wanted(1, dict(env))
    if colour:
        drawn["LEFT"] = list(map(_coloured, drawn["LEFT"]))
    for at in range(0, len(table[0]) + 1, BATCH):
        part = zip(*[texts[at : at + BATCH] for texts in drawn.values()])
        lines = [line.rstrip() for line in map("  ".join, part)]
        if colour and at == 0:
            lines[0] = f"{BOLD}{lines[0]}{RESET}"
        _print_lines(lines)


def _cells(table: "Columns", rows: Rows, current: "str | None") -> "Columns":
    """The columns in the order of TITLES."""
    names, accounts, account_names, roles, regions, kinds, sessions = table
    marks = ["*" if name == current else "" for name in names]
    guarded = map(rows.is_guarded, zip(*table)) if rows.patterns else ()
    for at in [at for at, is_guarded in enumerate(guarded) if is_guarded]:
        marks[at] = f"{marks[at] or ' '}!"
    left = [rows.ends(session)[0] for session in sessions]
    return marks, names, accounts, account_names, roles, regions, left, kinds, sessions


def _coloured(left: str) -> str:
    colour = COLOURS.get(state(left.rstrip()) or "")
    return f"{colour}{left}{RESET}" if colour else left


def _give_way(columns: "dict[str, tuple[Sequence[str], int]]") -> None:
    """Make the yielding columns as narrow as the screen asks. A pipe gets whole lines."""
    try:
        screen = posix.get_terminal_size(1).columns
    except OSError:
        return
    over = sum(width + 2 for _, width in columns.values()) - 2 - screen
    for title in YIELDING if screen else ():
        texts, width = columns[title]
        if over > 0:
            columns[title] = fitted(texts, max(len(title), width - over))
            over -= width - columns[title][1]
