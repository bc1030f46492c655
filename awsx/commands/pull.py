"""awsx pull: profiles, account names and guard patterns from a file that a team shares."""

from __future__ import annotations

import time
from typing import NamedTuple

from awsx.commands import before, populate, question
from awsx.files import disk, paths, rewrite, settings, toml
from awsx.populate import merging, source, team
from awsx.populate.source import Pulled, Unreachable
from awsx.term import AwsxError, clean, in_foreground, on_terminal, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsx.populate.merging import Merged
    from awsx.populate.team import Team

NONE_YET = "name the team's file: a path, an https address or a git repository: awsx pull SOURCE"
QUESTION = "write this to {}?"
SAME = "{} is as it was at {}; nothing to change"
DONE = "{}: pulled {} at {}"
OFFLINE = "{}; what was pulled on {} stays, at {}"
MOVED = "{} has moved from {} to {}"
OWN = "yours of the same name come first: {}"
BAD_SETTINGS = "{} would not be settings any more: {}; nothing was changed"


class Order(NamedTuple):
    """What the person asks for; an empty source is the one of the last pull."""

    source: str = ""
    allowed: tuple[str, ...] = ()
    dry_run: bool = False
    is_sure: bool = False


class State:
    """What the last pull was: the source, its pin, what was allowed, and which sections it wrote.

    The file beside it holds the content, for when the source cannot be reached.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._folder = paths.state_folder(env)
        found = disk.read_json(f"{self._folder}/pull.json")
        self.source, self.pin = str(found.get("source", "")), str(found.get("pin", ""))
        self.when = str(found.get("when", ""))
        self.is_toml = bool(found.get("is_toml"))
        self.allowed, self.written = _texts(found.get("allowed")), _texts(found.get("written"))

    def last(self) -> bytes:
        """The content that was pulled last; empty if there is none."""
        return disk.read_own(f"{self._folder}/pull.last")

    def save(self, pulled: Pulled) -> None:
        """Write the state. Raises AwsxError where that is impossible."""
        import json

        found = {name: getattr(self, name) for name in ("source", "allowed", "written")}
        found |= {"pin": pulled.pin, "is_toml": pulled.is_toml, "when": time.strftime("%Y-%m-%d")}
        try:
            disk.private_folder(self._folder)
            disk.write(f"{self._folder}/pull.last", pulled.data)
            disk.write(f"{self._folder}/pull.json", json.dumps(found).encode())
        except OSError as error:
            raise AwsxError(f"cannot write {self._folder}: {disk.reason(error)}") from error


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


class Part(NamedTuple):
    """One of the two files that a pull writes: its path, what becomes of its bytes, and now."""

    path: str
    merge: Callable[[bytes], Merged]
    now: Merged


def pull(env: Mapping[str, str], order: Order) -> None:
    """Fetch the team's file, show what would change, ask, and write it.

    Raises AwsxError, and changes nothing, if the file holds what has no place in it.
    """
    before.opened(env)
    state = State(env)
    _check(env, order, state)
    wanted = source.absolute(order.source) if order.source else state.source
    if wanted != state.source:
        state.source, state.pin, state.allowed = wanted, "", []
    pulled = _fetched(wanted, state, env)
    state.allowed = sorted({*state.allowed, *order.allowed})
    shown = clean(wanted, 200)
    found = team.read(pulled.data, pulled.is_toml, shown, tuple(state.allowed))
    parts = _parts(env, found, list(state.written))
    if own := parts[0].now.own:
        say(OWN.format(populate.some(list(own))))
    if state.pin not in ("", pulled.pin):
        say(MOVED.format(shown, _short(state.pin), _short(pulled.pin)))
    lines = [line for part in parts for line in part.now.diff]
    if lines:
        populate.show(lines, order.dry_run)
    if order.dry_run:
        return
    changes = [part for part in parts if part.now.diff]
    if changes and not order.is_sure:
        files = [paths.tilde(part.path, env) for part in changes]
        question.confirm(QUESTION.format(" and ".join(files)))
    _write(env, state, pulled, parts)
    if not lines:
        say(SAME.format(shown, _short(pulled.pin)))


def _check(env: Mapping[str, str], order: Order, state: State) -> None:
    """Raises AwsxError where there is nothing to pull, nowhere to write, or nobody to ask."""
    config = paths.config_path(env)
    if not (order.source or state.source):
        raise AwsxError(NONE_YET, 2)
    if not config:
        raise AwsxError(populate.NO_CONFIG)
    if not (order.dry_run or order.is_sure or (on_terminal() and in_foreground())):
        raise AwsxError(populate.UNASKED.format(paths.tilde(config, env)), 2)


def _parts(env: Mapping[str, str], found: Team, written: list[str]) -> list[Part]:
    """The config and the settings, as they are and as they will be."""
    config, chosen = paths.config_path(env), paths.settings_path(env)

    def config_of(text: bytes) -> Merged:
        return merging.config(text, found, paths.tilde(config, env), written)

    def settings_of(text: bytes) -> Merged:
        merged = merging.settings(text, found, paths.tilde(chosen, env))
        _check_settings(merged.text, paths.tilde(chosen, env))
        return merged

    return [
        Part(path, merge, merge(disk.read(path) or b""))
        for path, merge in ((config, config_of), (chosen, settings_of))
    ]


def _write(env: Mapping[str, str], state: State, pulled: Pulled, parts: list[Part]) -> None:
    """Write the files that change, and what has been pulled."""
    new = parts[0].now.written
    state.written = sorted({*state.written, *new})
    state.save(pulled)  # before the files: a section that awsx writes shall be known as its own
    for part in parts:
        if part.now.diff:
            rewrite.change(part.path, env, _bytes(part))
            shown = clean(state.source, 200)
            say(DONE.format(paths.tilde(part.path, env), shown, _short(pulled.pin)))
    state.written = list(new)
    state.save(pulled)


def _bytes(part: Part) -> Callable[[bytes], bytes]:
    return lambda text: part.merge(text).text


def _fetched(wanted: str, state: State, env: Mapping[str, str]) -> Pulled:
    """The source's content; what was pulled last where it cannot be reached. Raises AwsxError."""
    try:
        return source.fetch(wanted, env)
    except Unreachable as error:
        last = state.last()
        if not (state.pin and last):
            raise
        warn(OFFLINE.format(error, state.when, _short(state.pin)))
        return Pulled(last, state.pin, state.is_toml)


def _check_settings(text: bytes, where: str) -> None:
    """Raises AwsxError for settings that awsx itself could not read."""
    tables = toml.parse(text, where, settings.CODE)
    for mistake in settings.mistakes(tables, text.decode(), where):
        raise AwsxError(BAD_SETTINGS.format(where, mistake.text))


def _short(pin: str) -> str:
    """The beginning of a commit, or of a hash."""
    return pin[: 12 + (len(source.SHA256) if pin.startswith(source.SHA256) else 0)]
