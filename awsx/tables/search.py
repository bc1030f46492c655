"""Which profiles a query finds, and which comes first: the same in the picker and in `awsx ls`.

fzf does both, with the same options and the same rows.
"""

from awsx.tables import fzf, listing
from awsx.tables.pasted import account_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts

# Each term must stand in one field as it is. The best match is a profile of exactly that name, then
# one at the beginning of a field, then of a word in it; of equal ones, the one that is used most.
OPTIONS = [
    f"--delimiter={listing.VT}",
    f"--nth={','.join(map(str, listing.SEARCHED))}",
    "--exact",
    "--ignore-case",
    "--tiebreak=index",
]


def meant(query: str) -> str:
    """The account id that somebody pasted in some form, else the query as it is."""
    return account_in(query) or query


def asked(query: str) -> str:
    """What fzf is asked for a query: a profile of exactly this name is the best match.

    A query in fzf's own signs (`^web`, `!dev`, `prod$`, `a | b`) names no profile.
    """
    name = "\\ ".join(query.split())  # fzf's sign for a blank within a term
    if not name or name[0] in "^!'" or name[-1] == "$" or "|" in name:
        return query
    return f"^{name}{listing.NAME_END} | {query}"


def names(facts: "Facts", query: str, now: float) -> list[str]:
    """The names of the profiles that the query finds, the best first."""
    found, is_new = listing.current(facts, now)
    if is_new:
        found.keep(facts.stock)
    rows = b"".join(listing.arranged(found.rows, facts, now))
    query = meant(query)
    lines = fzf.filtered([*OPTIONS, "--ansi"], asked(query), [rows], facts.env)
    if lines is not None:
        return [listing.name_of(line) for line in lines]
    plain = map(listing.name_of, _without_fzf(rows, query.lower().split()))
    return sorted(plain, key=lambda name: name.lower() != query.lower())


def _without_fzf(rows: bytes, terms: list[str]) -> list[str]:
    """The rows in which each term stands in one field, in the order of the list."""
    return [line for line in rows.decode().split("\n")[:-1] if _has(line.lower(), terms)]


def _has(line: str, terms: list[str]) -> bool:
    fields = line.split(listing.VT)
    searched = [fields[number - 1] for number in listing.SEARCHED]
    return all(any(term in field for field in searched) for term in terms)
