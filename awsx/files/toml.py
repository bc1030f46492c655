"""TOML: parse it, and find the line on which a key is set. (tomllib does not keep lines.)"""

from __future__ import annotations

import sys

from awsx.finding import Finding, FindingError

NOT_TOML, CORRECT = "this is not TOML: {}", "correct the line or remove it"
NOT_UTF8, SAVE = "this is not UTF-8", "save the file as UTF-8"


def parse(data: bytes, where: str, code: str) -> dict[str, object]:
    """The values in a file, whose path is `where`. Raises FindingError with `code` and a line."""
    if sys.version_info >= (3, 11):  # only when there is a file: tomllib imports re
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FindingError(Finding(code, "error", place(where, line), NOT_UTF8, SAVE)) from error
    except ValueError as error:  # TOMLDecodeError, or a number with too many digits
        what, _, at = str(error).rpartition(" (at ")
        line = _line(at, data.count(b"\n") + 1) if what else 0
        text = NOT_TOML.format(what or error)
        raise FindingError(Finding(code, "error", place(where, line), text, CORRECT)) from error


def _line(at: str, last: int) -> int:
    """The line in `line 2, column 8)` or, for `end of document)`, the last one."""
    number = at.removeprefix("line ").partition(",")[0]
    return int(number) if number.isdecimal() else last


def place(where: str, line: int) -> str:
    """`~/.config/awsx/config.toml:7`; without the line if that is 0, for unknown."""
    return f"{where}:{line}" if line else where


def line_of(name: str, text: str) -> int:
    """The line on which `table.key`, or a table, is set; else its table's line; else 0.

    Knows `[table]` with `key = ...`, `table.key = ...` and `table = { key = ... }`, each key bare
    or in quotes.
    """
    table, nearest = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line[:1] == "[":
            found = table = _dotted(line.strip("[").partition("]")[0])
        elif "=" in line:
            key = _dotted(line.partition("=")[0])
            found = f"{table}.{key}" if table else key
        else:
            continue
        if f"{found}.".startswith(f"{name}."):
            return number
        if f"{name}.".startswith(f"{found}."):
            nearest = number
    return nearest


def _dotted(key: str) -> str:
    """A key of TOML without its blanks and quotes: `a . "b"` -> `a.b`."""
    return ".".join(part.strip(" \t\"'") for part in key.split("."))
