"""What a profile is called: a template, filled in so that every SDK reads the name."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from awsx import VERBS
from awsx.files import regions
from awsx.files.naming import FIELDS, fields
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsx.service.accounts import Account

ODD_TEMPLATE = "--template {}: write words with {}"
# The JavaScript SDK reads no other characters in a name. (It takes `%`, `/` and `:`, too, which
# mean something to shells.)
ODD = r"[^A-Za-z0-9_.@+-]+"
LONGEST = 64  # characters of an account's part: a name may have any number of them
RESERVED = {"default", *VERBS}


class Entry(NamedTuple):
    """One profile to be: a role in an account, in a region."""

    account: Account
    role: str
    region: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What AWS knows it by."""
        return self.account.id, self.role, self.region


class Naming(NamedTuple):
    """How the person wants profiles to be called (settings, `[populate]`)."""

    template: str = ""
    separator: str = "-"
    case: str = "keep"
    trim_account: tuple[str, ...] = ()
    trim_role: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises AwsxError, for wrong usage, if the template is none."""
        try:
            fields(self.template)
        except ValueError as error:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise AwsxError(ODD_TEMPLATE.format(self.template, known), 2) from error


def name(naming: Naming, entry: Entry, session: str, has_regions: bool = False) -> str:
    """The name that the template gives; `has_regions`: each role is wanted in several.

    A template of one's own is taken as it is.
    """
    separator = naming.separator
    usual = ["{account}", "{role}", *(["{short_region}"] * has_regions)]
    template = naming.template or separator.join(usual)
    values = dict.fromkeys(FIELDS, "") | _values(naming, entry, session)
    text = fit(template.format(**values), separator)
    case: Callable[[str], str] = {"lower": str.lower, "upper": str.upper}.get(naming.case, str)
    return case(text or entry.account.id)


def _values(naming: Naming, entry: Entry, session: str) -> dict[str, str]:
    account, role, region = entry
    separator = naming.separator
    trimmed = fit(_trim(account.name, naming.trim_account), separator)[:LONGEST] or account.id
    return {
        "account": fit(trimmed, separator).lower(),
        "account_name": trimmed,
        "account_id": account.id,
        "email": fit(account.email, separator)[:LONGEST],
        "role": fit(_trim(role, naming.trim_role), separator) or role,
        "session": fit(session, separator),
        "region": region,
        "short_region": regions.short(region),
    }


def fit(text: str, separator: str) -> str:
    """`text` with the separator in place of what no name may hold; `Zürich` becomes `Zurich`."""
    import re

    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(ODD, lambda _: separator, plain).strip("-. " + separator)


def _trim(text: str, patterns: Iterable[str]) -> str:
    """`text` without what the patterns match; as it was if nothing would be left."""
    import re

    for pattern in patterns:
        text = re.sub(pattern, "", text) or text
    return text


class Named(NamedTuple):
    """Each entry with its name, and the names that several entries would have had, with those."""

    names: dict[Entry, str]
    collisions: dict[str, list[str]]


def assign(wanted: dict[Entry, str], taken: set[str], separator: str) -> Named:
    """A name for each entry that no other has, nor anybody in `taken`.

    All that would be called alike get their account's id behind the name, where that is the same
    the role, then the region: whatever AWS lists first, the names are the same.
    """
    names, used = dict(wanted), taken | RESERVED
    qualifiers: list[Callable[[Entry], str]] = [
        lambda entry: entry.account.id,
        lambda entry: fit(entry.role, separator),
        lambda entry: regions.short(entry.region),
    ]
    for qualifier in qualifiers:
        for text, group in _clashing(names, used).items():
            more = {entry: qualifier(entry) for entry in group}
            tells_apart = len({*more.values()}) > 1 or text in used
            for entry in group if tells_apart else ():
                if not text.endswith(more[entry]):
                    names[entry] = f"{text}{separator or '-'}{more[entry]}"
    _number(names, used, separator or "-")
    collisions: dict[str, list[str]] = {}
    for entry, text in wanted.items():
        if names[entry] != text:
            collisions.setdefault(text, []).append(names[entry])
    return Named(names, {text: sorted(found) for text, found in collisions.items()})


def _clashing(names: dict[Entry, str], used: set[str]) -> dict[str, list[Entry]]:
    """The names that several entries have, or that are used already, with these entries."""
    groups: dict[str, list[Entry]] = {}
    for entry, text in names.items():
        groups.setdefault(text, []).append(entry)
    return {text: group for text, group in groups.items() if len(group) > 1 or text in used}


def _number(names: dict[Entry, str], used: set[str], separator: str) -> None:
    """Number what is called alike even then: `Admin role` and `Admin-role` of one account."""
    groups = _clashing(names, used).values()
    clashing = sorted((entry for group in groups for entry in group), key=lambda entry: entry.key)
    taken = used | ({*names.values()} - {names[entry] for entry in clashing})
    for entry in clashing:
        text, number = names[entry], 1
        while text in taken:
            number += 1
            text = f"{names[entry]}{separator}{number}"
        names[entry] = text
        taken.add(text)
