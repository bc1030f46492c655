"""What the settings of `[populate]` and `[team]` may say: templates, patterns, regions, keys."""

from __future__ import annotations

from awsx.files import own_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = (
    "account",
    "account_name",
    "account_id",
    "email",
    "role",
    "session",
    "region",
    "short_region",
)
# What populate writes itself; a profile with other credentials besides is none of a session's.
OWN_KEYS = ("sso_", "aws_", "credential_", "role_arn", "source_profile", "web_identity", "login_")
REGION = r"[a-z]{2,5}(-[a-z]+)+-\d+"


def fields(value: object) -> str:
    """The template of a name; "" for the usual one. Raises ValueError."""
    from string import Formatter

    if not isinstance(value, str):
        raise ValueError
    parts = list(Formatter().parse(value))
    names = [name for _, name, _, _ in parts if name is not None]
    if any(spec or conversion for _, _, spec, conversion in parts) or not set(FIELDS) >= {*names}:
        raise ValueError
    if value and not names:
        raise ValueError
    return value


def separator(value: object) -> str:
    """One or no character that every SDK reads in a name. Raises ValueError."""
    import re

    if not isinstance(value, str) or not re.fullmatch(r"[_.@+-]{0,3}", value):
        raise ValueError
    return value


def expressions(value: object) -> tuple[str, ...]:
    """Regular expressions, one or a list. Raises ValueError."""
    import re

    found = texts(value)
    try:
        for text in found:
            re.compile(text)
    except re.error as error:
        raise ValueError from error
    return found


def texts(value: object) -> tuple[str, ...]:
    """One text or a list of them. Raises ValueError."""
    found = [value] if isinstance(value, str) and value else value
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise ValueError
    return tuple(found)


def regions(value: object) -> dict[str, tuple[str, ...]]:
    """Regions by a pattern of the accounts they are for: `{"*": ["eu-west-1"]}`.

    A text or a list is for all accounts. Raises ValueError.
    """
    import re

    by_pattern = value if isinstance(value, dict) else {"*": value} if value else {}
    found = {pattern: texts(names) for pattern, names in by_pattern.items()}
    if not all(re.fullmatch(REGION, name) for names in found.values() for name in names):
        raise ValueError
    return found


def extra(value: object) -> dict[str, str]:
    """Further keys of each profile, with their values. Raises ValueError."""
    if not isinstance(value, dict) or not all(map(_is_extra, value.items())):
        raise ValueError
    return {key: str(text) for key, text in value.items()}


def _is_extra(item: tuple[object, object]) -> bool:
    import re

    key, text = item
    if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        return False
    is_line = isinstance(text, str) and text.isprintable() and text == text.strip() != ""
    return is_line and key != "region" and not key.startswith(OWN_KEYS)


def accounts(value: object) -> dict[str, object]:
    """Names of accounts by their numbers, or tables with `name` and `tags`. Raises ValueError."""
    if not isinstance(value, dict) or any(map(own_names.wanted_of_account, value.values())):
        raise ValueError
    return value


def flag(value: object) -> bool:
    """True or false. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError
    return value


READERS: dict[str, tuple[Callable[[object], object], str]] = {
    "template": (fields, "words with " + ", ".join(f"{{{name}}}" for name in FIELDS)),
    "separator": (separator, 'a character of "-_.@+", or "" for none'),
    "trim_account": (expressions, "a regular expression in quotes, or a list of them"),
    "trim_role": (expressions, "a regular expression in quotes, or a list of them"),
    "include": (texts, "a pattern in quotes, or a list of them"),
    "exclude": (texts, "a pattern in quotes, or a list of them"),
    "role": (texts, "a pattern in quotes, or a list of them"),
    "regions": (regions, 'a region, a list of them, or { "PATTERN" = ["REGION"] }'),
    "match": (texts, "a pattern in quotes, or a list of them"),
    "accounts": (accounts, 'names by account: { 111122223333 = "production" }'),
    "on_demand": (flag, "true or false"),
    "extra": (extra, 'keys with texts, as in { output = "json" }; none of those that log in'),
}


def wanted(key: str, value: object) -> str:
    """What a setting of these tables must be, where it is not; empty if the value can be used."""
    read, text = READERS[key]
    try:
        read(value)
    except ValueError:
        return text
    return ""
