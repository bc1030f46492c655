"""The table [accounts] of the settings: a name for an account id, or a table with name and tags.

111122223333 = "payments"
444455556666 = { name = "web", tags = ["prod", "pci"] }
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

A_NAME = "text in quotes"
A_TABLE = '{ name = "payments", tags = ["prod", "pci"] }'
KEYS = {"name", "tags"}


def wanted(value: object) -> str:
    """What the value of an account must be, for one that is not; empty if it can be used."""
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
