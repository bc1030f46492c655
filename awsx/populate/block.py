"""The block of one session in ~/.aws/config: read, and written anew; all else stays as it is."""

from __future__ import annotations

from typing import NamedTuple

from awsx.files import ini, marked_block
from awsx.files.profiles import ConfigFile
from awsx.populate import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from awsx.files.profiles import SsoSession
    from awsx.populate.names import Entry, Naming

NOTE = "# Written by `awsx populate`, which replaces this block: see [populate] in awsx's settings."
LONGEST = 128  # characters of an account's name

Keys = dict[str, str]


class Wish(NamedTuple):
    """What a person wants in the block besides the entries."""

    naming: Naming
    prune: bool = False
    extra: Mapping[str, str] = {}


class Plan(NamedTuple):
    """The config's new bytes, and what is different: profiles by name.

    `left` are entries for which the person has a profile already, by that one's name; `gone` are
    profiles of the block for which AWS lists no role any more.
    """

    text: bytes
    added: list[str]
    changed: list[str]
    removed: list[str]
    gone: list[str]
    left: list[str]
    collisions: dict[str, list[str]]
    total: int  # of profiles in the block
    before: dict[str, Keys]  # the profiles of the block as it was, and as it will be
    after: dict[str, Keys]

    @property
    def is_change(self) -> bool:
        """True if any profile is different."""
        return self.before != self.after

    def diff(self, where: str) -> list[str]:
        """What changes, as a diff by profiles: nothing outside the block ever does."""
        before, after = (
            {f"profile {name}": keys for name, keys in found.items()}
            for found in (self.before, self.after)
        )
        return diff(before, after, where)


class Text(ConfigFile):
    """A config file whose bytes are at hand."""

    def __init__(self, data: bytes) -> None:
        super().__init__("")
        self._data = data


def label(session: str) -> bytes:
    """What stands in the block's markers: `populate corp`."""
    text = session if session.isprintable() and session == session.strip() else ascii(session)
    return f"populate {text}".encode("utf-8", "surrogateescape")


def plan(
    text: bytes,
    session: SsoSession,
    entries: Iterable[Entry],
    wish: Wish,
    where: str,
    credentials: bytes = b"",
    reserved: Collection[str] = (),
) -> Plan:
    """What the config, now `text`, will be; no profile gets a name that is `reserved`.

    Raises AwsxError if the block's markers are broken.
    """
    mark = label(session.name)
    found = marked_block.find(text, where, mark)
    outside = text[: found.start] + text[found.end :] if found else text
    before = sections(found.body) if found else {}
    others = Text(outside).named("profile")
    entries, left = _without_own(list(entries), others, session)
    listed = {entry.key[:2] for entry in entries}
    gone = {name: keys for name, keys in before.items() if key(keys)[:2] not in listed}
    taken = {*others, *reserved, *ini_names(credentials), *({} if wish.prune else gone)}
    named = _named(entries, session, wish.naming, taken)
    new = {name: keys(entry, session, wish.extra) for entry, name in named.names.items()}
    if not wish.prune:
        new |= gone
    return Plan(
        put(text, {f"profile {name}": new[name] for name in sorted(new)}, where, mark, NOTE),
        added=sorted(new.keys() - before),
        changed=sorted(name for name in new.keys() & before if new[name] != before[name]),
        removed=sorted(before.keys() - new.keys()),
        gone=sorted(gone),
        left=left,
        collisions=named.collisions,
        total=len(new),
        before=before,
        after=new,
    )


def _changed(before: Keys, after: Keys) -> list[str]:
    gone = [f"-{key} = {value}" for key, value in before.items() if after.get(key) != value]
    new = [f"+{key} = {value}" for key, value in after.items() if before.get(key) != value]
    return gone + new


def ini_names(data: bytes) -> Iterable[str]:
    """The sections of a credentials file."""
    reader = ini.Reader()
    reader.read(ini.decode(data)[0])
    return reader.sections


def sections(body: bytes) -> dict[str, Keys]:
    """The profiles of a block's lines, by name."""
    return {name: section.keys for name, section in Text(body).named("profile").items()}


def put(text: bytes, given: Mapping[str, Keys], where: str, mark: bytes, note: str) -> bytes:
    """`text` with these sections, by header, in the block of that mark; without it for none."""
    if not given:
        return marked_block.remove(text, where, mark) or b""
    lines = "\n".join(_section(header, keys) for header, keys in given.items())
    return marked_block.add(text, f"{note}\n\n{lines}".encode(), True, where, mark)


def _section(header: str, keys: Keys) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f"[{header}]\n{lines}"


def diff(before: Mapping[str, Keys], after: Mapping[str, Keys], where: str) -> list[str]:
    """How two blocks differ, section by section; no line if they do not."""
    lines = [f"--- {where}", f"+++ {where}"]
    for header in sorted(before.keys() - after.keys()):
        lines += [f"-{line}" for line in _section(header, before[header]).splitlines()]
    for header in sorted(before.keys() & after.keys()):
        if before[header] != after[header]:
            lines += [f" [{header}]", *_changed(before[header], after[header])]
    for header in sorted(after.keys() - before.keys()):
        lines += [f"+{line}" for line in _section(header, after[header]).splitlines()]
    return lines if len(lines) > 2 else []


def keys(entry: Entry, session: SsoSession, extra: Mapping[str, str]) -> Keys:
    """The keys of one profile."""
    shown = account_name(entry.account.name)
    return {
        "sso_session": session.name,
        "sso_account_id": entry.account.id,
        **({"sso_account_name": shown} if shown else {}),
        "sso_role_name": entry.role,
        "region": entry.region,
        **extra,
    }


def account_name(text: str) -> str:
    """An account's name as one line of ASCII, which every SDK can read in any locale.

    Several SDKs take what follows a blank and `#` or `;` for a comment: a dash stands there.
    """
    import re
    import unicodedata

    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    line = re.sub(r"[^ -~]+", "?", " ".join(plain.split()))
    return re.sub(r"(^| )[#;]", r"\1-", line)[:LONGEST].strip()


def key(keys: Mapping[str, str]) -> tuple[str, str, str]:
    """What AWS knows a profile by, and its region, as `Entry.key` has it."""
    return tuple(keys.get(key, "") for key in ("sso_account_id", "sso_role_name", "region"))  # type: ignore[return-value]


def _named(
    entries: list[Entry], session: SsoSession, naming: Naming, taken: set[str]
) -> names.Named:
    has_regions = len({entry.key[:2] for entry in entries}) < len(entries)
    wanted = {entry: names.name(naming, entry, session.name, has_regions) for entry in entries}
    return names.assign(wanted, taken, naming.separator)


def _without_own(
    entries: list[Entry], others: Mapping[str, ini.Section], session: SsoSession
) -> tuple[list[Entry], list[str]]:
    """The entries for which there is no profile by hand, and the names of those that there are.

    One for the same account and role stands for all regions, unless several are wanted and it has
    one of these.
    """
    own: dict[tuple[str, str], dict[str, str]] = {}  # names by region
    for name, section in others.items():
        account, role, region = key(section.keys)
        if account and role and _is_of(section.keys, session):
            own.setdefault((account, role), {})[region] = name
    wanted: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        wanted.setdefault(entry.key[:2], set()).add(entry.region)
    rest, left = [], set()
    for entry in entries:
        mine = own.get(entry.key[:2], {})
        is_one_of = len(wanted[entry.key[:2]]) > 1 and not wanted[entry.key[:2]].isdisjoint(mine)
        if mine and (not is_one_of or entry.region in mine):
            left |= {mine[entry.region]} if entry.region in mine else {*mine.values()}
        else:
            rest.append(entry)
    return rest, sorted(left)


def _is_of(keys: Mapping[str, str], session: SsoSession) -> bool:
    """True if a profile's session is this one, be it in the way before there were sso-sessions."""
    named = keys.get("sso_session")
    if named is not None:
        return named == session.name
    return keys.get("sso_start_url", "").rstrip("/#") == session.start_url.rstrip("/#")
