"""Whether the pins of folders lead anywhere."""

from __future__ import annotations

import os

from awsx.doctor.codes import found
from awsx.files import pins
from awsx.term import AwsxError, clean, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.files.pins import Pin
    from awsx.finding import Finding

GONE, REMOVE = "the folder is not there, and is pinned to {}", "awsx pin --remove {}"
NO_PROFILE = "it is pinned to {}, which is no profile"
CHANGED = "{} is gone, or has changed since you trusted it"
READ = "read it, then run there: awsx pin --trust; or: {}"


def dead(world: World) -> Iterator[Finding]:
    """Pins of folders that are gone, to profiles that are gone, and of files that have changed."""
    for pin in pins.read(world.env):
        if world.name in ("", pin.name) and (wrong := _wrong(world, pin)):
            remedy = REMOVE.format(clean(pins.quoted(pin.folder, world.env), 200))
            if wrong.startswith(pins.FILE):
                remedy = READ.format(remedy)
            yield found("dead-pin", clean(world.place(pin.folder), 200), wrong, remedy)


def _wrong(world: World, pin: Pin) -> str:
    if not os.path.isdir(pin.folder):
        return GONE.format(clean(pin.name))
    if not pin.holds():
        return CHANGED.format(pins.FILE)
    try:
        is_profile = world.config.profile(pin.name) is not None
    except AwsxError:  # other checks tell
        is_profile = True
    return "" if is_profile else NO_PROFILE.format(shown(pin.name))


CHECKS = (dead,)
