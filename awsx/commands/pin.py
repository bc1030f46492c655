"""awsx pin: which profile a folder uses, and all below it."""

from __future__ import annotations

from awsx.commands import before
from awsx.environment import SET_BY_HAND
from awsx.files import paths, pins
from awsx.term import AwsxError, Told, clean, out, say, shown, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.files.pins import Pin

PINNED = "{} and all below it use {} from now on"
TRUSTED = "{} is trusted as it is: {} and all below it use {}"
REMOVED = "{} is no longer pinned to {}"
NOT_PINNED = "no pin on {}"
ELSEWHERE = "no pin on {}; the one in force is that of {}; to drop it: awsx pin --remove {}"
NONE = "no pin here; make one: awsx pin NAME"
NO_FILE = "no file .awsx here or above; one that holds a profile's name can be trusted"
UNTRUSTED = "{} names {}, and is not trusted; read it, then: awsx pin --trust"
CHANGED = "{} has changed since you trusted it; read it, then: awsx pin --trust"
GONE = "{} is pinned to {}, which is no profile, so the pin changes nothing"
ONE_AT_A_TIME = "a pin by NAME, --trust and --remove: one at a time"


def pin(env: Mapping[str, str], name: str, remove: bool, trust: bool, as_json: bool) -> None:
    """Pin this folder to a profile, trust its file `.awsx`, forget the pin, or tell what is so.

    With `remove`, `name` is a folder, empty for this one. Raises AwsxError.
    """
    if trust and (name or remove):
        raise AwsxError(ONE_AT_A_TIME, 2)
    if remove:
        _remove(env, name)
    elif trust:
        _trust(before.opened(env))
    elif name:
        _pin(before.opened(env), name)
    else:
        _tell(before.opened(env), as_json)


def _pin(facts: Facts, word: str) -> None:
    folder, real = pins.here(facts.env)
    name = before.target_of(facts, word).profile.name
    found = pins.Pin(folder, real, name)
    pins.put(facts.env, found)
    say(PINNED.format(found.told(facts.env), clean(name)))
    _warn_of_hand(facts.env)


def _trust(facts: Facts) -> None:
    folder = _folder_of_file(*pins.here(facts.env))
    if not folder:
        raise AwsxError(NO_FILE)
    content = pins.content_of(folder)
    file = clean(paths.tilde(f"{folder}/{pins.FILE}", facts.env))
    name = before.chosen(facts, pins.name_in(content, file)).profile.name
    pins.put(facts.env, pins.Pin(folder, _real(folder), name, content))
    say(TRUSTED.format(file, clean(paths.tilde(folder, facts.env)), clean(name)))
    _warn_of_hand(facts.env)


def _folder_of_file(folder: str, real: str) -> str:
    return pins.file_above(folder) or pins.file_above(real)


def _real(folder: str) -> str:
    from os.path import realpath

    return realpath(folder)


def _warn_of_hand(env: Mapping[str, str]) -> None:
    """Say that a profile which was set by hand comes before the pin."""
    profile = env.get("AWS_PROFILE")
    if profile and env.get("AWSX_ORIGIN") == "hand":
        warn(SET_BY_HAND.format("AWS_PROFILE", clean(profile)))


def _remove(env: Mapping[str, str], word: str) -> None:
    known = pins.read(env)
    folder, real = _absolute(word) if word else pins.here(env)
    found = pins.of(known, folder, real)
    place = clean(paths.tilde(folder, env))
    if found is None:
        inherited = pins.nearest(known, folder, real)
        if inherited is None:
            raise AwsxError(NOT_PINNED.format(place))
        at = clean(pins.quoted(inherited.folder, env), 200)
        raise AwsxError(ELSEWHERE.format(place, inherited.told(env), at))
    pins.remove(env, found)
    say(REMOVED.format(clean(paths.tilde(found.folder, env)), clean(found.name)))


def _absolute(word: str) -> tuple[str, str]:
    """A folder that need not be there any more, and the same with every link followed."""
    from os.path import abspath

    folder = abspath(word)
    return folder, _real(folder)


def _tell(facts: Facts, as_json: bool) -> None:
    """Print the pin that is in force here. Raises AwsxError, or Told as JSON, if there is none."""
    env, known = facts.env, pins.read(facts.env)
    folder, real = pins.here(env)
    found = pins.nearest(known, folder, real)
    if as_json:
        _print_json(found)
        return
    waiting = _waiting(known, found, folder, real, env)
    if found is None:
        raise AwsxError(waiting or NONE)
    out(f"{clean(found.name)}  the pin of {found.told(env)}\n")
    if waiting:
        warn(waiting)
    if facts.find(found.name) is None:
        warn(GONE.format(found.told(env), shown(found.name)))
    _warn_of_hand(env)


def _waiting(
    known: list[Pin], found: Pin | None, folder: str, real: str, env: Mapping[str, str]
) -> str:
    """What is to be said of a file `.awsx` nearer than the pin in force; empty for nothing."""
    at = _folder_of_file(folder, real)
    if not at or (found and pins.is_within(found.real, _real(at))):
        return ""
    file = clean(paths.tilde(f"{at}/{pins.FILE}", env))
    trusted = pins.of(known, at, _real(at))
    if trusted and trusted.content:
        return CHANGED.format(file)
    return UNTRUSTED.format(file, shown(pins.name_in(pins.content_of(at), file)))


def _print_json(found: Pin | None) -> None:
    import json

    row: dict[str, str | None] = dict.fromkeys(("profile", "folder", "file"))
    if found:
        file = f"{found.folder}/{pins.FILE}" if found.content else None
        row = {"profile": found.name, "folder": found.folder, "file": file}
    out(json.dumps(row, indent=2) + "\n")
    if found is None:
        raise Told(NONE)
