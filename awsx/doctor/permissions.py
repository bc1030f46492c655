"""Who may read and write the files, and what the disk allows."""

from __future__ import annotations

import os
import stat

from awsx.doctor.codes import found
from awsx.files import disk, paths, temporary
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.finding import Finding

OPEN, CLOSE = "others may read it (mode {:03o})", "chmod 600 {}"
OWNER, GIVE = "it belongs to user {}, not to you", "sudo chown $(id -u) {}"
READ_ONLY, ALLOW = "you may not write there", "let your user write there, or mount it writable"
LOCKS, MOVE = "this file system has no locks ({})", "set XDG_CACHE_HOME to a local folder"
SPARE, MEND = "{} cannot be used, {} takes its place", "make it a folder of your own"
LEFT, DELETE = "a killed program left this file", "rm {}"
AHEAD, SET_CLOCK = "it was changed {} s from now", "set the clock"
FUTURE = 600  # seconds; AWS refuses a request whose clock is off by more than 5 minutes


def _files(world: World) -> Iterator[tuple[str, str]]:
    """Each file that may hold a secret, with the code of the finding for one that is open."""
    if path := world.config.credentials.path:
        yield path, "open-credentials"
    for folder in (paths.token_folder(world.env), f"{world.aws}/cli/cache"):
        for name in _names(folder):
            if name.endswith(".json"):
                yield f"{folder}/{name}", "open-token"


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def modes(world: World) -> Iterator[Finding]:
    """Files of secrets that others may read, or that belong to somebody else."""
    for path, code in _files(world):
        facts = _facts(path)
        place = world.place(path)
        if facts and facts.st_mode & 0o077:
            text = OPEN.format(stat.S_IMODE(facts.st_mode))
            yield found(code, place, text, CLOSE.format(place))
        if facts and facts.st_uid != os.getuid():
            text, remedy = OWNER.format(facts.st_uid), GIVE.format(place)
            yield found("other-owner", place, text, remedy)


def _facts(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def folders(world: World) -> Iterator[Finding]:
    """Folders of AWS that awsx cannot write in."""
    for folder in (world.aws, paths.token_folder(world.env)):
        if os.path.isdir(folder) and not os.access(folder, os.W_OK):
            yield found("read-only", world.place(folder), READ_ONLY, ALLOW)


def locks(world: World) -> Iterator[Finding]:
    """A cache folder in which nobody can hold a lock."""
    import fcntl

    try:
        path = f"{disk.private_folder(paths.cache_folder(world.env))}/doctor.lock"
        with open(path, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        disk.remove(path)
    except BlockingIOError:
        return
    except (OSError, AwsxError) as error:
        text = LOCKS.format(clean(disk.reason(error), 200))
        yield found("no-locks", world.place(paths.cache_folder(world.env)), text, MOVE)


def spare(world: World) -> Iterator[Finding]:
    """A cache folder that is not the usual one."""
    usual = f"{world.env.get('XDG_CACHE_HOME') or paths.home(world.env) + '/.cache'}/awsx"
    used = paths.cache_folder(world.env)
    if os.path.lexists(usual) and used == paths.spare_folder(world.env):
        text = SPARE.format(world.place(usual), world.place(used))
        yield found("spare-cache", world.place(usual), text, MEND)


def left_over(world: World) -> Iterator[Finding]:
    """Temporary files of dead processes."""
    for folder in (paths.token_folder(world.env), paths.state_folder(world.env), world.aws):
        for name, _ in temporary.of_dead_processes(folder):
            if temporary.is_old(f"{folder}/{name}"):
                place = world.place(f"{folder}/{name}")
                yield found("left-over", place, LEFT, DELETE.format(place))


def clock(world: World) -> Iterator[Finding]:
    """Files that were changed in the future."""
    for source in world.sources:
        changed = disk.mtime(source.path) or 0
        if (ahead := int(changed / 1e9 - world.now)) > FUTURE:
            yield found("clock", world.place(source.path), AHEAD.format(ahead), SET_CLOCK)


CHECKS = (modes, folders, locks, spare, left_over, clock)
