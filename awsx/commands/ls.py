"""The table of profiles."""

import time

from awsx.commands import before
from awsx.facts import Facts
from awsx.tables import store
from awsx.tables.rows import Rows
from awsx.term import AwsxError, clean, out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsx.tables.rows import Row
    from awsx.tables.store import Columns

NONE_LIKE = "no profile is like '{}'; all of them: awsx ls"
BATCH = 1000  # rows written at once: a person need not wait for all, nor memory hold them


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
    rows = Rows(
        facts.config, facts.account, env, time.time(), facts.patterns, facts.tags, facts.each
    )
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
        from awsx.tables import printed  # only for a table

        for lines in printed.lines(table, rows, facts):
            _print_lines(lines)


def _names(facts: Facts) -> "Sequence[str]":
    """The names, from the list that completion has; it is made here if there is none."""
    kept = facts.stock.kept("names")  # a profile a line: NAME, tab, description
    if not kept:
        from awsx.memos.remember import remember_names  # a table needs none

        remember_names(facts)
    names = kept.replace("\n", "\t").split("\t")[:-1:2]  # with the aliases at the end
    return names[: len(names) - len(facts.aliases)] or facts.names()


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
