"""`awsx settings`: each value and where it is set, and the file in an editor."""

from __future__ import annotations

import os
import shlex
from typing import NamedTuple

from awsx.files import disk, paths, settings, toml
from awsx.tables import sourced
from awsx.term import AwsxError, clean, colour_wanted, columns, out, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT = "default"
NO_EDITOR = "no editor could be started ({}): {}; set EDITOR, or edit {}"
SOUND = "{}: no mistakes"


class Value(NamedTuple):
    """One setting: its name, its value as JSON has it, and `default` or `FILE:LINE`."""

    name: str
    value: str
    source: str


def show(env: Mapping[str, str], as_json: bool = False) -> None:
    """Print each setting with its source, and each mistake on stderr.

    Raises AwsxError if the file cannot be read or is no TOML.
    """
    values = list(_values(env))
    if as_json:
        import json

        found = [{"name": n, "value": json.loads(v), "source": s} for n, v, s in values]
        out(json.dumps(found, indent=2) + "\n")
    else:
        out("".join(f"{line}\n" for line in _table(env, values)))
    for mistake in settings.problems(env):
        warn(mistake.as_text())


def _table(env: Mapping[str, str], values: list[Value]) -> Iterator[str]:
    """The lines; on a terminal they are as wide as that."""
    if os.isatty(1):
        rows = [(name, clean(value, 60), source) for name, value, source in values]
        has_colours = colour_wanted(1, dict(env))
        yield from sourced.lines(rows, columns(1), (lambda *_: "") if has_colours else None)
        return
    width = max(len(value.name) for value in values)
    for name, value, source in values:
        yield f"{name:<{width}}  {clean(value, 60):<30}  {source}"


def _values(env: Mapping[str, str]) -> Iterator[Value]:
    import json

    path = paths.settings_path(env)
    where, data = paths.tilde(path, env), disk.read(path) or b""
    found = toml.parse(data, where, settings.CODE)
    text = data.decode("utf-8", "replace")
    for table, defaults in settings.DEFAULTS.items():
        given = found.get(table)
        own = given if isinstance(given, dict) else {}
        for key, default in {**defaults, **own}.items():
            name = f"{table}.{key}"
            place = toml.place(where, toml.line_of(name, text)) if key in own else DEFAULT
            yield Value(name, json.dumps(own.get(key, default), default=str), place)


def edit(env: Mapping[str, str]) -> None:
    """Open the settings in the person's editor, and tell the mistakes afterwards.

    Raises AwsxError if there is no editor.
    """
    import subprocess

    path = paths.settings_path(env)
    shown = paths.tilde(path, env)
    editor = env.get("VISUAL") or env.get("EDITOR") or "vi"
    try:
        words = shlex.split(editor)
        disk.make_folders(os.path.dirname(path))
        subprocess.run([*words, path], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise AwsxError(NO_EDITOR.format(clean(editor), clean(str(error), 200), shown)) from error
    mistakes = settings.problems(env)
    for mistake in mistakes:
        warn(mistake.as_text())
    if not mistakes:
        say(SOUND.format(shown))
