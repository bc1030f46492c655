"""The tables of the settings with a person's own names: for accounts, profiles and regions.

[accounts]
111122223333 = "payments"
444455556666 = { name = "web", tags = ["prod", "pci"] }

[profiles]
payments-prod-AdministratorAccess = "pay"

[regions]
eu-west-1 = "euw1"

In the last two the pair may be the other way round: a profile, or a region, tells itself.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

A_NAME, A_WORD = "text in quotes", "a word in quotes"
A_TABLE = '{ name = "payments", tags = ["prod", "pci"] }'
TABLES = ("accounts", "profiles", "regions")
KEYS = {"name", "tags"}


def wanted(table: str, key: str, value: object) -> str:
    """What a value of one of the tables must be, for one that is not; empty if it can be used."""
    if table == "accounts":
        return wanted_of_account(value)
    if not (isinstance(value, str) and value and f"{key}{value}".isprintable()):
        return A_WORD
    # The shells find a short region between a `=` and a blank.
    return A_WORD if table == "regions" and {*" ="} & {*f"{key}{value}"} else ""


def wanted_of_account(value: object) -> str:
    """The same of an account's value."""
    if not isinstance(value, dict):
        return "" if isinstance(value, str) else A_NAME
    if KEYS.isdisjoint(value):
        return A_NAME
    found = [value.get("name", ""), *_listed(value.get("tags", []))]
    return "" if value.keys() <= KEYS and all(isinstance(text, str) for text in found) else A_TABLE


def _listed(tags: object) -> list[object]:
    """The tags; one text stands for a list of one. None, which is no tag, for another type."""
    return tags if isinstance(tags, list) else [tags if isinstance(tags, str) else None]


def names(accounts: "Mapping[str, object]") -> dict[str, str]:
    """The name of each account that has one, by its id."""
    named = {
        number: str(value.get("name", "")) if isinstance(value, dict) else str(value)
        for number, value in accounts.items()
    }
    return {number: name for number, name in named.items() if name}


def tags(accounts: "Mapping[str, object]") -> dict[str, list[str]]:
    """The tags of each account that has some, by its id."""
    found = {
        number: [str(tag) for tag in _listed(value.get("tags", [])) if tag]
        for number, value in accounts.items()
        if isinstance(value, dict)
    }
    return {number: some for number, some in found.items() if some}


def aliases(table: "Mapping[str, str]", profile: "Callable[[str], object]") -> dict[str, str]:
    """The names of profiles by their aliases. A profile of that name makes an alias none.

    `profile` says by a true value whether there is a profile of a name.
    """
    pairs = ((one, two) if profile(one) else (two, one) for one, two in table.items())
    return {alias: name for name, alias in pairs if profile(name) and not profile(alias)}


def regions(table: "Mapping[str, object]") -> dict[str, str]:
    """The short name of each region that has one."""
    pairs = [(one, str(other)) for one, other in table.items()]
    return dict(
        (two, one) if _is_region(two) and not _is_region(one) else (one, two) for one, two in pairs
    )


def _is_region(text: str) -> bool:
    return text.count("-") > 1 and text[-1:].isdecimal()
