"""How often each profile is used: what the picker lists first.

`used` in the state folder has a line `SCORE TIME NAME` for each use, or for many that were added
up: the score as of that time, which halves each week. A shell that switches by itself has no cheap
clock and leaves no more than the name, a line each, in `recent` beside it.
"""

import posix

from awsx.files import disk, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HALF_LIFE = 7 * 86400  # seconds after which a use counts half
KEPT = 500  # profiles whose use is counted; the least used are forgotten
HIGHEST = 1e9  # a higher score (or one that is no number) is not ours
OLDEST = 52 * HALF_LIFE  # seconds; a use before that is as old as this
FULL = 64 * 1024  # bytes of `used`, after which the uses are added up


class Use:
    """The uses of one profile: their score as of now, and when the last was, in epoch seconds."""

    __slots__ = ("last", "score")

    def __init__(self) -> None:
        self.score, self.last = 0.0, 0.0

    def add(self, score: float, when: float) -> None:
        self.score, self.last = self.score + score, max(self.last, when)


def scores(env: "Mapping[str, str]", now: float) -> dict[str, float]:
    """The score of each of the most used profiles, as of `now`, the highest first.

    A file that cannot be read counts as empty.
    """
    return {name: use.score for name, use in _most(env, now)}


def last(env: "Mapping[str, str]", name: str, now: float) -> float:
    """When the profile was used last, in epoch seconds; 0 if that is not known."""
    found = _uses(env, now).get(name)
    return found.last if found else 0.0


def _most(env: "Mapping[str, str]", now: float) -> "list[tuple[str, Use]]":
    return sorted(_uses(env, now).items(), key=lambda pair: -pair[1].score)[:KEPT]


def _uses(env: "Mapping[str, str]", now: float) -> dict[str, Use]:
    """The uses of each profile. A shell's own uses are all as old as the last of them."""
    folder = paths.state_folder(env)
    found: dict[str, Use] = {}
    for line in _lines(f"{folder}/used"):
        score, _, rest = line.partition(" ")
        when, _, name = rest.partition(" ")
        try:
            since = float(when)
            faded = float(score) * 0.5 ** (max(0.0, now - since) / HALF_LIFE)
        except (ValueError, OverflowError):  # a line that is not ours
            continue
        if 0 <= faded < HIGHEST:
            found.setdefault(name, Use()).add(faded, min(now, since))
    since = min(now, (disk.mtime(f"{folder}/recent") or 0) / 1e9)
    for name in _lines(f"{folder}/recent"):
        found.setdefault(name, Use()).add(1.0, since)
    return found


def _lines(path: str) -> list[str]:
    """The whole lines of the file."""
    return disk.read_own(path).decode("utf-8", "surrogateescape").split("\n")[:-1]


def count(env: "Mapping[str, str]", name: str, now: float) -> None:
    """Count one use of `name`. Where nothing can be written, nothing is counted."""
    try:
        folder = disk.private_folder(paths.state_folder(env))
        line = f"1 {now:.0f} {name}\n".encode("utf-8", "surrogateescape")
        is_full = disk.append(f"{folder}/used", line) > FULL
        recent = disk.size(f"{folder}/recent")
        if is_full or recent:
            _add_up(env, folder, now)
        elif recent is None:
            disk.append(f"{folder}/recent", b"")  # the shells count in it only if it is there
    except OSError:
        pass


def _add_up(env: "Mapping[str, str]", folder: str, now: float) -> None:
    """Make one line of all uses of a profile.

    A use that is counted meanwhile may be lost.
    """
    with disk.Lock(f"{folder}/lock"):
        for name in posix.listdir(folder):
            if name[-4:] == ".tmp":  # of a killed process: nobody writes here without the lock
                disk.remove(f"{folder}/{name}")
        lines = [_line(name, use, now) for name, use in _most(env, now)]
        disk.write(f"{folder}/used", "".join(lines).encode("utf-8", "surrogateescape"))
        disk.write(f"{folder}/recent", b"")


def _line(name: str, use: Use, now: float) -> str:
    """All uses of a profile as one line, as of the last of them: so its time is not lost."""
    when = min(max(use.last, now - OLDEST), now)
    return f"{use.score * 2 ** ((now - when) / HALF_LIFE):.4g} {when:.0f} {name}\n"
