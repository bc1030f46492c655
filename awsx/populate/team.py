"""A team's file: profiles, sessions, names of accounts, patterns of guarded profiles.

TOML has `[profiles.NAME]`, `[sso-sessions.NAME]`, `[accounts]` and `[guard]`; an INI file has
`[profile NAME]` and `[sso-session NAME]` as ~/.aws/config, `[accounts]` and `[guard]`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from awsx.files import ini, toml
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Keys = dict[str, str]

UNKNOWN = "{}: no place for [{}]; a team's file has profiles, sso-sessions, accounts and guard"
FLAW = "{}:{}: {}; {}"
ODD_NAME = "{}: {} is no name for a profile that every SDK reads"
ODD_VALUE = "{}: {} in {} must be one line of text"
ODD_ACCOUNT = "{}: accounts: {} needs 12 digits, and a name or {{ name = ..., tags = [...] }}"
ODD_GUARD = "{}: guard has match alone: a list of patterns"
EMPTY = "{} has no profiles, no accounts and no guard"
REFUSED = "{}: {} in {} {}, so it is not taken from a file of others; if you trust it: --allow {}"
# What a key of a profile may do besides naming an account: patterns, and why it is refused.
DANGERS = {
    "runs a program": ("*_process", "*_command", "cli_pager", "cli_auto_prompt", "plugins"),
    "sends requests elsewhere": ("*endpoint_url*", "ca_bundle", "services", "*proxy*"),
    "is a secret": ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
}
IN_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-@+.%/:")


class Team(NamedTuple):
    """What the file says. `sections` are those of ~/.aws/config, by their headers."""

    sections: dict[str, Keys]
    accounts: dict[str, object]  # a name, or a table with name and tags
    guard: list[str]


def read(data: bytes, is_toml: bool, where: str, allowed: tuple[str, ...] = ()) -> Team:
    """The file's content; `where` names it. Raises AwsxError for all that has no place in it."""
    team = _from_toml(data, where) if is_toml else _from_ini(data, where)
    if not any(team):
        raise AwsxError(EMPTY.format(where))
    for header, keys in team.sections.items():
        _check_name(header, where)
        for key, value in keys.items():
            _check_key(key, value, header, where, allowed)
    for number, named in team.accounts.items():
        _check_account(number, named, where)
    if not all(isinstance(text, str) and text and text.isprintable() for text in team.guard):
        raise AwsxError(ODD_GUARD.format(where))
    return team


def _from_toml(data: bytes, where: str) -> Team:
    tables = toml.parse(data, where, "bad-team-file")
    sections: dict[str, Keys] = {}
    kinds = {"sso-sessions": "sso-session", "profiles": "profile"}
    for name in tables:
        if name not in (*kinds, "accounts", "guard") or not isinstance(tables[name], dict):
            raise AwsxError(UNKNOWN.format(where, clean(name)))
    for table, kind in kinds.items():
        for name, keys in _table(tables, table).items():
            if not isinstance(keys, dict):
                raise AwsxError(UNKNOWN.format(where, clean(f"{table}.{name}")))
            sections[_header(kind, name)] = {
                key.lower(): value if isinstance(value, str) else _plain(value)
                for key, value in keys.items()
            }
    guard = _table(tables, "guard")
    match = guard.get("match", [])
    if guard.keys() - {"match"} or not isinstance(match, list):
        raise AwsxError(ODD_GUARD.format(where))
    return Team(sections, _table(tables, "accounts"), match)


def _table(tables: Mapping[str, object], name: str) -> dict[str, object]:
    found = tables.get(name, {})
    return found if isinstance(found, dict) else {}


def _plain(value: object) -> str:
    """A number or a boolean as ~/.aws/config has it; a newline, which is refused, for others."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else "\n"


def _from_ini(data: bytes, where: str) -> Team:
    reader = ini.Reader()
    text, flaws = ini.decode(data)
    reader.read(text)
    for flaw in (*flaws, *reader.flaws):
        raise AwsxError(FLAW.format(where, flaw.line, flaw.text, flaw.remedy))
    team = Team({}, {}, [])
    for header, section in reader.sections.items():
        kind, _, name = header.partition(" ")
        if header == "accounts":
            team.accounts.update(section.keys)
        elif header == "guard":
            if section.keys.keys() - {"match"}:
                raise AwsxError(ODD_GUARD.format(where))
            words = section.keys.get("match", "").replace(",", " ").split()
            team.guard.extend(words)
        elif header == "default" or (kind in ("profile", "sso-session") and name.strip()):
            words = ini.words(name) if name else ["default"]
            team.sections[_header(kind if name else "profile", " ".join(words))] = dict(
                section.keys
            )
        else:
            raise AwsxError(UNKNOWN.format(where, clean(header)))
    if reader.defaults.keys:
        raise AwsxError(UNKNOWN.format(where, "DEFAULT"))
    return team


def _header(kind: str, name: str) -> str:
    return "default" if (kind, name) == ("profile", "default") else f"{kind} {name}"


def _check_name(header: str, where: str) -> None:
    name = header.partition(" ")[2]
    # `default` is every terminal's profile without a name: nobody but the person sets it.
    if not name or not IN_NAME.issuperset(name) or name[0] == "-":
        raise AwsxError(ODD_NAME.format(where, clean(name or header)))


def _check_key(key: str, value: str, header: str, where: str, allowed: tuple[str, ...]) -> None:
    """Raises AwsxError for a key that does more than to describe a profile, or that is odd."""
    is_word = key.replace("_", "").isalnum() and key.isascii()
    if not (is_word and value.isprintable() and value.strip()):
        raise AwsxError(ODD_VALUE.format(where, clean(key), clean(header)))
    for why, patterns in DANGERS.items():
        if key not in allowed and any(fnmatchcase(key, pattern) for pattern in patterns):
            raise AwsxError(REFUSED.format(where, key, clean(header), why, key))


def _check_account(number: str, named: object, where: str) -> None:
    is_name = isinstance(named, str) and named.isprintable() and named
    tags = named.get("tags", []) if isinstance(named, dict) else []
    is_table = (
        isinstance(named, dict)
        and not named.keys() - {"name", "tags"}
        and isinstance(tags, list)
        and all(
            isinstance(text, str) and text.isprintable() for text in (named.get("name", ""), *tags)
        )
    )
    if not (len(number) == 12 and number.isdecimal() and (is_name or is_table)):
        raise AwsxError(ODD_ACCOUNT.format(where, clean(number)))
