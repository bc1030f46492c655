"""What doctor mends by itself, because nothing can be lost by it."""

from __future__ import annotations

import difflib
import os
import shutil
from functools import partial
from typing import NamedTuple

from awsx.files import disk, ini, pins, profiles
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsx.doctor.world import World
    from awsx.finding import Finding

BACKUP = ".before-doctor"
OF_PROFILES = ("header-without-profile", "header-case", "header-words")


class Repair(NamedTuple):
    """What is done: `title` for a person, `diff` (of a text, else empty), and the deed itself."""

    title: str
    diff: str
    do: Callable[[], None]


def repairs(world: World, findings: list[Finding]) -> list[Repair]:
    """What can be mended of the findings."""
    found = [_of_file(world, finding) for finding in findings]
    return [*filter(None, found), *_of_texts(world, findings)]


def _of_file(world: World, finding: Finding) -> Repair | None:
    path = _absolute(world, finding.place)
    if finding.code in ("open-credentials", "open-token"):
        return Repair(finding.remedy, "", lambda: os.chmod(path, 0o600))
    if finding.code == "dead-pin":
        return _of_pin(world, finding)
    if finding.code == "left-over":
        return Repair(finding.remedy, "", lambda: disk.remove(path))
    return None


def _of_pin(world: World, finding: Finding) -> Repair | None:
    """Forget the pin of a folder that is gone. What a person may yet mend stays."""
    for pin in pins.read(world.env):
        if clean(world.place(pin.folder), 200) == finding.place and not os.path.isdir(pin.folder):
            return Repair(finding.remedy, "", partial(pins.remove, world.env, pin))
    return None


def _absolute(world: World, place: str) -> str:
    from awsx.files import paths

    return paths.home(world.env) + place[1:] if place[:2] == "~/" else place


def _of_texts(world: World, findings: list[Finding]) -> list[Repair]:
    """One repair for each file whose text can be mended."""
    found = []
    for source in world.sources:
        place = world.place(source.path)
        here = [finding for finding in findings if finding.place.rpartition(":")[0] == place]
        wanted = mended(source.data, here)
        if wanted != source.data:
            found.append(_rewriting(source, place, wanted))
    return found


def mended(data: bytes, findings: list[Finding]) -> bytes:
    """The text of a file with those of its findings mended that can be."""
    if any(finding.code == "byte-order-mark" for finding in findings):
        data = data.removeprefix(b"\xef\xbb\xbf")
    lines = data.split(b"\n")
    for finding in findings:
        if finding.code in OF_PROFILES:
            number = int(finding.place.rpartition(":")[2])
            lines[number - 1] = _header(lines[number - 1], finding)
    return b"\n".join(lines)


def _header(line: bytes, finding: Finding) -> bytes:
    """The line with the header that a profile of that name has."""
    start, end = line.index(b"["), line.rindex(b"]")
    name = line[start + 1 : end].strip()
    if finding.code != "header-without-profile":
        name = name[len("profile") :].strip()
    text = name.decode("utf-8", "surrogateescape")
    if ini.words(text) != [text]:
        name = b"'" + name + b"'"
    return line[: start + 1] + b"profile " + name + line[end:]


def _rewriting(source: profiles.Source, place: str, wanted: bytes) -> Repair:
    before, after = (
        text.decode("utf-8", "replace").splitlines(keepends=True) for text in (source.data, wanted)
    )
    diff = "".join(difflib.unified_diff(before, after, place, place, n=0))
    path, old = os.path.realpath(source.path), source.data

    def write() -> None:
        if disk.read(path) != old:
            from awsx.term import AwsxError

            raise AwsxError(f"{place} has changed meanwhile; run awsx doctor --fix again")
        shutil.copy2(path, path + BACKUP)
        mode = os.stat(path).st_mode & 0o777
        disk.write(path, wanted)
        os.chmod(path, mode)

    return Repair(f"rewrite {place} (the old one: {place}{BACKUP})", diff, write)
