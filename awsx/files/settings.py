"""config.toml -> Settings. All optional; a key nobody knows is an error with a suggestion."""

from __future__ import annotations

import sys

from awsx.files import disk, paths
from awsx.term import AwsxError, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNKNOWN = "unknown setting {} in {}{}"
WRONG_TYPE = "{} in {} must be {}"
NOT_TOML = "{} is not TOML: {}; mend the line or remove it"

# Every setting: its default, and by that its type. A table with an empty default takes any names of a person's own.
DEFAULTS: dict[str, dict[str, object]] = {
    "picker": {"single": "confirm", "order": "used", "preview": True},
    "login": {"auto": True, "prefer": "cli", "commands": ["aws"]},
    "guard": {"match": [], "confirm": False, "color": "red", "leave_after": ""},
    "prompt": {
        "format": "{profile} {account} {left} {state}",
        "narrow": "{profile} {left} {state}",
        "narrow_below": 60,
        "soon": "30m",
    },
    "colors": {
        "profile": "cyan",
        "account": "",
        "account_id": "",
        "role": "",
        "region": "",
        "good": "green",
        "soon": "yellow",
        "expired": "red",
        "state": "yellow",
    },
    "browser": {},
    "accounts": {},
}
CHOICES = {
    "login.prefer": ("cli", "own"),
    "picker.single": ("confirm", "switch"),
    "picker.order": ("used", "file"),
}
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = {name: 30 + n for n, name in enumerate(NAMES)} | {
    f"bright-{name}": 90 + n for n, name in enumerate(NAMES)
}
UNITS = {"s": 1, "m": 60, "h": 3600}


def sgr(value: object) -> str:
    """How a terminal is told a colour: `31` for red, `1;31` for bold red, `38;5;208` for 208. Raises ValueError."""
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    bold, name = "1;" if text.startswith("bold ") else "", text.removeprefix("bold ")
    if name in COLOURS:
        return f"{bold}{COLOURS[name]}"
    if not 0 <= _number(name) <= 255:
        raise ValueError
    return f"{bold}38;5;{_number(name)}"


def seconds(value: object) -> int:
    """1800 for "30m"; 0, which is never, for "". Raises ValueError."""
    if value == "":
        return 0
    if (
        not isinstance(value, str)
        or value[-1] not in UNITS
        or not 0 < _number(value[:-1]) < 100_000
    ):
        raise ValueError
    return _number(value[:-1]) * UNITS[value[-1]]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else -1


def texts(value: object) -> list[str]:
    """A list of texts, which may also be one text alone. Raises ValueError."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise ValueError
    return found


def commands(value: object) -> list[str]:
    """Names that a shell may give a function, with nothing in them that it would expand. Raises ValueError."""
    found = texts(value)
    if not all(name.isascii() and name[0] != "-" and _is_plain(name) for name in found):
        raise ValueError
    return found


def _is_plain(name: str) -> bool:
    return all(c.isalnum() or c in "_.+-" for c in name)


def form(value: object) -> str:
    """How a prompt looks. Raises ValueError."""
    from awsx import segment  # string: only after tomllib, which has loaded most of it

    if not isinstance(value, str):
        raise ValueError
    segment.words(value)
    return value


def columns(value: object) -> int:
    """Columns of the screen. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 1000:
        raise ValueError
    return value


def colour(value: object) -> str:
    """The digits of a colour, none for "". Raises ValueError."""
    return sgr(value) if value != "" else ""


A_FORMAT = "words with {profile}, {account}, {account_id}, {role}, {region}, {left} or {state}, at most 12 of them"
A_SPAN = '"30m", "2h", "90s" or the like, or "" for never'
A_COLOUR = f'{", ".join(NAMES)}, bright-red, "bold red" or a number from 0 to 255'

# What is more than one of a few words: how it is read, and what a mistake is told.
READERS: dict[str, tuple[Callable[[object], object], str]] = {
    "prompt.format": (form, A_FORMAT),
    "prompt.narrow": (form, A_FORMAT),
    "prompt.narrow_below": (columns, "a number of columns below 1000"),
    "prompt.soon": (seconds, A_SPAN),
    **{f"colors.{name}": (colour, f'{A_COLOUR}, or "" for none') for name in DEFAULTS["colors"]},
    "guard.match": (texts, "a pattern in quotes, or a list of them"),
    "guard.color": (sgr, A_COLOUR),
    "guard.leave_after": (seconds, A_SPAN),
    "login.commands": (commands, 'a list of names: ["aws", "terraform"]'),
}


class Guard:
    """Which profiles ask for care, and what is done about it."""

    __slots__ = ("color", "confirm", "leave_after", "patterns")

    def __init__(self, table: Mapping[str, object]) -> None:
        chosen = {**DEFAULTS["guard"], **table}
        self.patterns = texts(chosen["match"])
        self.confirm = bool(chosen["confirm"])
        self.color = sgr(chosen["color"])  # the digits
        self.leave_after = seconds(chosen["leave_after"])  # 0: never


class Prompt:
    """How the prompt looks."""

    __slots__ = ("colours", "format", "narrow", "narrow_below", "soon")

    def __init__(self, table: Mapping[str, object], colours: Mapping[str, object]) -> None:
        chosen = {**DEFAULTS["prompt"], **table}
        self.format, self.narrow = str(chosen["format"]), str(chosen["narrow"])
        self.narrow_below = columns(chosen["narrow_below"])
        self.soon = seconds(chosen["soon"])
        self.colours = {
            name: colour(value) for name, value in {**DEFAULTS["colors"], **colours}.items()
        }


class Settings:
    """What the person chose; every attribute has a default."""

    __slots__ = (
        "accounts",
        "auto_login",
        "browsers",
        "guard",
        "login_commands",
        "picker_order",
        "picker_preview",
        "prefer_own_login",
        "prompt",
        "switch_on_single_match",
    )

    def __init__(self, tables: Mapping[str, Mapping[str, object]]) -> None:
        picker = {**DEFAULTS["picker"], **tables.get("picker", {})}
        self.switch_on_single_match = picker["single"] == "switch"
        self.picker_order = str(picker["order"])
        self.picker_preview = bool(picker["preview"])
        login = {**DEFAULTS["login"], **tables.get("login", {})}
        self.auto_login = bool(login["auto"])
        self.prefer_own_login = login["prefer"] == "own"
        self.login_commands = commands(login["commands"])
        self.guard = Guard(tables.get("guard", {}))
        self.prompt = Prompt(tables.get("prompt", {}), tables.get("colors", {}))
        self.browsers = {str(k): str(v) for k, v in tables.get("browser", {}).items()}
        self.accounts = {str(k): str(v) for k, v in tables.get("accounts", {}).items()}

    def account(self, number: str) -> str:
        """The alias a person gave an account, else its id."""
        return self.accounts.get(number, number)


def load(env: Mapping[str, str]) -> Settings:
    """The settings; the defaults where there is no file. Raises AwsxError for what it cannot use, with the key."""
    path = paths.settings_path(env)
    data = disk.read(path)
    if not data:
        return Settings({})
    where = paths.tilde(path, env)
    found = _parse(data, where)
    for name, table in found.items():
        _check_name(name, list(DEFAULTS), where)
        if not isinstance(table, dict):
            raise AwsxError(WRONG_TYPE.format(name, where, f"a table: [{name}]"))
        for key, value in table.items():
            _check(name, key, value, where)
    return Settings(found)  # type: ignore[arg-type]  # every value was seen to be a table


def _parse(data: bytes, where: str) -> dict[str, object]:
    if sys.version_info >= (3, 11):  # only when there is a file: tomllib imports re
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode())
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise AwsxError(NOT_TOML.format(where, error)) from error


def _check(table: str, key: str, value: object, where: str) -> None:
    name = f"{table}.{key}"
    if not DEFAULTS[table]:
        if not isinstance(value, str):
            raise AwsxError(WRONG_TYPE.format(name, where, "text in quotes"))
        return
    _check_name(name, [f"{table}.{k}" for k in DEFAULTS[table]], where)
    default = DEFAULTS[table][key]
    if name in READERS:
        _check_reads(name, value, where)
    elif name in CHOICES and value not in CHOICES[name]:
        raise AwsxError(
            WRONG_TYPE.format(name, where, " or ".join(f'"{c}"' for c in CHOICES[name]))
        )
    elif type(value) is not type(default):
        raise AwsxError(WRONG_TYPE.format(name, where, "true or false"))


def _check_reads(name: str, value: object, where: str) -> None:
    read, form = READERS[name]
    try:
        read(value)
    except ValueError as error:
        raise AwsxError(WRONG_TYPE.format(name, where, form)) from error


def _check_name(name: str, known: list[str], where: str) -> None:
    if name not in known:
        raise AwsxError(UNKNOWN.format(name, where, near(name, known)))
