"""config.toml -> Settings. All optional; a key nobody knows is an error with a suggestion."""

from __future__ import annotations

import sys

from awsx import files
from awsx.term import AwsxError, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "unknown setting {} in {}{}"
WRONG_TYPE = "{} in {} must be {}"
NOT_TOML = "{} is not TOML: {}; mend the line or remove it"

# Every setting: its default, and by that its type. A table with an empty default takes any names of a person's own.
DEFAULTS: dict[str, dict[str, object]] = {
    "picker": {"single": "confirm", "order": "used", "preview": True},
    "login": {"auto": True, "prefer": "cli"},
    "browser": {},
    "accounts": {},
}
CHOICES = {"login.prefer": ("cli", "own"), "picker.single": ("confirm", "switch"), "picker.order": ("used", "file")}


class Settings:
    """What the person chose; every attribute has a default."""

    __slots__ = (
        "accounts",
        "auto_login",
        "browsers",
        "picker_order",
        "picker_preview",
        "prefer_own_login",
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
        self.browsers = {str(k): str(v) for k, v in tables.get("browser", {}).items()}
        self.accounts = {str(k): str(v) for k, v in tables.get("accounts", {}).items()}

    def account(self, number: str) -> str:
        """The alias a person gave an account, else its id."""
        return self.accounts.get(number, number)


def load(env: Mapping[str, str]) -> Settings:
    """The settings; the defaults where there is no file. Raises AwsxError for what it cannot use, with the key."""
    path = files.settings_path(env)
    data = files.read(path)
    if not data:
        return Settings({})
    where = files.tilde(path, env)
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
    if name in CHOICES and value not in CHOICES[name]:
        raise AwsxError(WRONG_TYPE.format(name, where, " or ".join(f'"{c}"' for c in CHOICES[name])))
    if type(value) is not type(default):
        raise AwsxError(WRONG_TYPE.format(name, where, "true or false"))


def _check_name(name: str, known: list[str], where: str) -> None:
    if name not in known:
        raise AwsxError(UNKNOWN.format(name, where, near(name, known)))
