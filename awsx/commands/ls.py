"""The table of profiles."""

import posix
import time

from awsx.columns import fitted, padded
from awsx.commands import before
from awsx.facts import Facts
from awsx.rows import Rows, state
from awsx.term import AwsxError, clean, colour_wanted, out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsx.rows import Row

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
    rows = _rows(facts, query.lower().split())
    if as_json:
        _print_json(rows, env)
    elif not rows:
        facts.names()  # none at all is another matter
        raise AwsxError(NONE_LIKE.format(clean(query)))
    elif names:
        _print_lines([row.name for row in rows])
    else:
        _print_table(rows, env)


def _names(facts: Facts) -> list[str]:
    kept = facts.stock.kept("names")  # NAME, tab, description, a line each: in C, not line by line
    return kept.replace("\n", "\t").split("\t")[:-1:2] or facts.names()


def _rows(facts: Facts, words: list[str]) -> "list[Row]":
    rows = Rows(facts.config, facts.account, facts.env, time.time(), facts.patterns).all()
    return [row for row in rows if _is_like(row, words)] if words else list(rows)


def _is_like(row: "Row", words: list[str]) -> bool:
    text = " ".join(
        (row.name, row.account, row.account_name, row.role, row.region, row.session)
    ).lower()
    return all(word in text for word in words)


def _print_lines(lines: list[str]) -> None:
    out("\n".join(lines) + "\n")


def _print_json(rows: "list[Row]", env: "Mapping[str, str]") -> None:
    import json

    current = env.get("AWS_PROFILE", "")
    before = "["
    for at in range(0, len(rows), BATCH):
        out(
            before
            + json.dumps([row.as_json(current) for row in rows[at : at + BATCH]], indent=2)[1:-2]
        )
        before = ","
    out("\n]\n" if rows else "[]\n")


def _print_table(rows: "list[Row]", env: "Mapping[str, str]") -> None:
    cells = zip(*[_cells(row, env.get("AWS_PROFILE")) for row in rows])
    columns = {title: fitted([title, *texts], WIDEST) for title, texts in zip(TITLES, cells)}
    _give_way(columns)
    drawn = {title: padded(*column) for title, column in columns.items()}
    colour = colour_wanted(1, dict(env))
    if colour:
        drawn["LEFT"] = list(map(_coloured, drawn["LEFT"]))
    for at in range(0, len(rows) + 1, BATCH):
        part = zip(*[texts[at : at + BATCH] for texts in drawn.values()])
        lines = [line.rstrip() for line in map("  ".join, part)]
        if colour and at == 0:
            lines[0] = f"{BOLD}{lines[0]}{RESET}"
        _print_lines(lines)


def _cells(row: "Row", current: "str | None") -> tuple[str, ...]:
    mark = ("*" if row.name == current else " ") + ("!" if row.is_guarded else "")
    return (
        mark.rstrip(),
        row.name,
        row.account,
        row.account_name,
        row.role,
        row.region,
        row.left,
        row.kind,
        row.session,
    )


def _coloured(left: str) -> str:
    colour = COLOURS.get(state(left.rstrip()) or "")
    return f"{colour}{left}{RESET}" if colour else left


def _give_way(columns: "dict[str, tuple[Sequence[str], int]]") -> None:
    """Make the yielding columns as narrow as the screen asks. Whoever reads a pipe wants whole lines."""
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
