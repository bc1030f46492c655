"""Which accounts, roles and regions a person wants profiles for."""

from __future__ import annotations

from typing import NamedTuple

from awsx import guard
from awsx.populate import names
from awsx.populate.names import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.profiles import SsoSession
    from awsx.populate.names import Naming
    from awsx.populate.reading import Grants
    from awsx.service.accounts import Account


class Selection(NamedTuple):
    """Patterns as for file names; none means all.

    `include` and `exclude` are for an account's name, id or email, or the name of the profile;
    `roles` for a role. `regions` are those by a pattern of the accounts they are for.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    regions: Mapping[str, tuple[str, ...]] = {}


def entries(
    grants: Grants, selection: Selection, naming: Naming, session: SsoSession
) -> list[Entry]:
    """The selected entries, in an order of their own, whatever the order of AWS's lists."""
    found = [
        entry
        for account, roles in grants.items()
        for entry in _of_account(account, roles, selection, session)
        if _is_selected(entry, selection, naming, session)
    ]
    return sorted(found, key=lambda entry: entry.key)


def _of_account(
    account: Account, roles: list[str], selection: Selection, session: SsoSession
) -> Iterator[Entry]:
    regions = _regions(account, selection) or (session.region,)
    for role in dict.fromkeys(roles):
        if not selection.roles or guard.matching(selection.roles, (role,)):
            yield from (Entry(account, role, region) for region in dict.fromkeys(regions))


def _regions(account: Account, selection: Selection) -> tuple[str, ...]:
    """The regions of the first pattern that the account matches; none if it matches none."""
    pattern = guard.matching(selection.regions, account)
    return selection.regions[pattern] if pattern else ()


def _is_selected(entry: Entry, selection: Selection, naming: Naming, session: SsoSession) -> bool:
    if not (selection.include or selection.exclude):
        return True
    texts = (*entry.account, names.name(naming, entry, session.name))
    is_in = not selection.include or guard.matching(selection.include, texts)
    return bool(is_in) and not guard.matching(selection.exclude, texts)
