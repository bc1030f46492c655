"""The table of profiles."""

from __future__ import annotations

import sys
import time

from awsx.find import Facts
from awsx.rows import Row, Rows, state
from awsx.term import AwsxError, clean, colour_wanted, out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.text import Text

NONE_LIKE = "no profile is like '{}'; all of them: awsx ls"
TITLES = ("", "PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION", "LEFT", "KIND", "SESSION")
YIELDING = ("ROLE", "KIND", "SESSION")  # to what a narrow screen must show
COLOURS = {"expired": "red", "renewable": "yellow", "valid": "green"}


def ls(env: Mapping[str, str], query: str = "", as_json: bool = False, names: bool = False) -> None:
    """Print the profiles that have every word of `query` somewhere: a table, JSON, or names alone.

    Raises AwsxError where there is none to print.
    """
    facts = Facts(env)
    if names and not query:
        out("".join(f"{name}\n" for name in facts.names()))
        return
    rows = [row for row in Rows(facts.config, facts.chosen, env, time.time()).all() if _is_like(row, query)]
    if as_json:
        _print_json(rows, env)
    elif not rows:
        facts.names()  # none at all is another matter
        raise AwsxError(NONE_LIKE.format(clean(query)))
    elif names:
        out("".join(f"{row.name}\n" for row in rows))
    else:
        _print_table(rows, env)


def _is_like(row: Row, query: str) -> bool:
    text = " ".join((row.name, row.account, row.account_name, row.role, row.region, row.session)).lower()
    return all(word in text for word in query.lower().split())


def _print_json(rows: list[Row], env: Mapping[str, str]) -> None:
    import json

    out(json.dumps([row.as_json(env.get("AWS_PROFILE", "")) for row in rows], indent=2) + "\n")


def _print_table(rows: list[Row], env: Mapping[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colour = colour_wanted(1, dict(env))
    table = Table(box=None, pad_edge=False, header_style="bold" if colour else "")
    for title in TITLES:
        table.add_column(title, no_wrap=True, overflow="ellipsis")
    for row in rows:
        mark = "*" if row.name == env.get("AWS_PROFILE") else ""
        texts = (row.name, row.account, row.account_name, row.role, row.region)
        left = Text(row.left, style=COLOURS.get(state(row.left) or "", ""))
        table.add_row(mark, *map(_text, texts), left, row.kind, _text(row.session))
    for column in table.columns:
        if column.header not in YIELDING:
            column.min_width = max(len(str(cell)) for cell in (column.header, *column.cells))
    width = None if sys.stdout.isatty() else 1000  # whoever reads a pipe wants whole lines
    Console(width=width, no_color=not colour, highlight=False).print(table)


def _text(text: str) -> Text:
    from rich.text import Text

    return Text(clean(text, 200))
