"""Pins: which profile a folder, and all below it, uses in this person's terminals.

They stand in one file of the state folder, so that nothing which lies in a folder can choose a
profile by itself. The prompt's hook reads that file without a process:

    G                                                   the name of the stamp `pins.G`
    FOLDER \\x1f REAL \\x1f NAME \\x1f TOLD \\x1f CONTENT \\x1f .     a pin, a line each

FOLDER is the folder as the person saw it ($PWD), REAL the same with every link on the way
followed. TOLD is what a message calls the pin, fit for a screen. CONTENT is empty, or what the
folder's file `.awsx` said when the person trusted it: the pin holds as long as the file says that,
but for newlines at its end. In FOLDER, REAL and CONTENT, `%25`, `%0A` and `%1F` stand for the
characters that would end a field.

The stamp is an empty file beside it. Each change of the file gives it another name, so a shell
learns from one missing file that it has to read the pins again.
"""

from __future__ import annotations

import os
import shlex
import time
from typing import NamedTuple

from awsx.files import disk, paths, rewrite
from awsx.files.memo import END, SEPARATOR
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = ".awsx"
LONGEST = 1000  # bytes of such a file
FIELDS = 6  # of a line
CODES = {"%": "%25", "\n": "%0A", SEPARATOR: "%1F"}
GONE = "this folder is gone; cd to another one"
NO_NAME = "{} does not hold the name of one profile, on a line of its own"


class Pin(NamedTuple):
    """The profile `name` for `folder`; `real` is that folder with every link followed.

    `content` is that of the trusted file `.awsx` which names it; empty: the person did.
    """

    folder: str
    real: str
    name: str
    content: str = ""

    def told(self, env: Mapping[str, str]) -> str:
        """What a message calls it: `~/work/prod`, or `~/work/prod/.awsx`; fit for a screen."""
        return clean(paths.tilde(self.folder, env)) + (f"/{FILE}" if self.content else "")

    def line(self, env: Mapping[str, str]) -> str:
        """Its line of the file."""
        places = _coded(self.folder), _coded(self.real)
        return SEPARATOR.join((*places, self.name, self.told(env), _coded(self.content), END))

    def holds(self) -> bool:
        """False for the pin of a file `.awsx` that is gone, or says something else now."""
        try:
            return not self.content or content_of(self.folder) == self.content
        except AwsxError:
            return False


def quoted(folder: str, env: Mapping[str, str]) -> str:
    """A folder as a person types it: `~/work/prod`, or in quotes."""
    return paths.tilde(folder, env) if shlex.quote(folder) == folder else shlex.quote(folder)


def path(env: Mapping[str, str]) -> str:
    """The file of all pins."""
    return f"{paths.state_folder(env)}/pins"


def here(env: Mapping[str, str]) -> tuple[str, str]:
    """The working folder: as the shell shows it, and with every link followed.

    Raises AwsxError if it is gone.
    """
    try:
        real = os.getcwd()
    except OSError as error:
        raise AwsxError(GONE) from error
    shown = env.get("PWD", "")
    return shown if shown.startswith("/") and _is_same(shown, real) else real, real


def _is_same(folder: str, other: str) -> bool:
    try:
        return os.path.samefile(folder, other)
    except OSError:
        return False


def read(env: Mapping[str, str]) -> list[Pin]:
    """Every pin. A line that is not ours is left out."""
    return list(_pins(disk.read_own(path(env))))


def _pins(data: bytes) -> Iterator[Pin]:
    for line in data.decode("utf-8", "surrogateescape").split("\n")[1:]:
        fields = line.split(SEPARATOR)
        if len(fields) == FIELDS and fields[-1] == END:
            folder, real, name, _, content, _ = fields
            yield Pin(_decoded(folder), _decoded(real), name, _decoded(content))


def nearest(pins: Iterable[Pin], folder: str, real: str) -> Pin | None:
    """The pin that is in force in a folder: that of the nearest folder above, or of itself.

    The path as the shell shows it counts first.
    """
    known = list(pins)
    return _nearest(known, folder) or _nearest(known, real)


def _nearest(pins: list[Pin], folder: str) -> Pin | None:
    above = [(len(at), pin) for pin in pins for at in pin[:2] if is_within(folder, at)]
    return next((pin for _, pin in sorted(above, reverse=True) if pin.holds()), None)


def is_within(folder: str, above: str) -> bool:
    """True if `folder` is `above` or lies in it."""
    return f"{folder}/".startswith(above.rstrip("/") + "/")


def of(pins: Iterable[Pin], folder: str, real: str) -> Pin | None:
    """The pin of exactly this folder."""
    return next((pin for pin in pins if pin.folder == folder or pin.real == real), None)


def put(env: Mapping[str, str], pin: Pin) -> None:
    """Keep a pin in place of that folder's last one. Raises AwsxError."""
    _change(env, pin, [pin])


def remove(env: Mapping[str, str], pin: Pin) -> None:
    """Forget a pin. Raises AwsxError."""
    _change(env, pin, [])


def _change(env: Mapping[str, str], old: Pin, new: list[Pin]) -> None:
    """Replace the pin of a folder. The file is written whole or not at all, under a lock."""

    def changed(data: bytes) -> bytes:
        others = [pin for pin in _pins(data) if old.folder != pin.folder and old.real != pin.real]
        lines = [pin.line(env) for pin in sorted([*others, *new])]
        if not lines:
            return b""
        text = "".join(f"{line}\n" for line in (f"{time.time_ns():x}", *lines))
        return text.encode("utf-8", "surrogateescape")

    rewrite.change(path(env), env, changed, keeps_backup=False)
    _stamp(env)


def _stamp(env: Mapping[str, str]) -> None:
    """Leave the stamp that the file names, and no other one.

    Where that fails, shells read the pins at each prompt.
    """
    file = path(env)
    folder, name = os.path.split(file)
    wanted = f"{name}." + disk.read_own(file).partition(b"\n")[0].decode("ascii", "replace")
    try:
        if wanted != f"{name}.":
            disk.append(f"{folder}/{wanted}", b"")
        for old in os.listdir(folder):
            if old.startswith(f"{name}.") and old != wanted and not old.endswith(".tmp"):
                disk.remove(f"{folder}/{old}")
    except OSError:
        pass


def content_of(folder: str) -> str:
    """What the folder's file `.awsx` says, but for newlines at its end; empty if there is none.

    Raises AwsxError if it cannot be read.
    """
    data = disk.read(f"{folder}/{FILE}", most=LONGEST) or b""
    return data.decode("utf-8", "surrogateescape").rstrip("\n")


def name_in(content: str, shown: str) -> str:
    """The profile that a file `.awsx` with this content names. Raises AwsxError if it names none.

    `shown` is the file as a message has it.
    """
    name = content.strip()
    if not name or not name.isprintable():
        raise AwsxError(NO_NAME.format(shown))
    return name


def file_above(folder: str) -> str:
    """The nearest folder, from `folder` upwards, with a file `.awsx`; empty if there is none."""
    while not os.path.isfile(f"{folder}/{FILE}"):
        if folder in ("", "/"):
            return ""
        folder = os.path.dirname(folder)
    return folder


def _coded(text: str) -> str:
    for character, code in CODES.items():
        text = text.replace(character, code)
    return text


def _decoded(text: str) -> str:
    for character, code in reversed(CODES.items()):
        text = text.replace(code, character)
    return text
