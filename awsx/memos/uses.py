"""How often each profile is used: what the picker lists first."""

from awsx.files import disk, paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


HALF_LIFE = 7 * 86400  # seconds after which a use counts half
KEPT = 500  # profiles whose use is counted; the least used are forgotten


def scores(env: "Mapping[str, str]", now: float) -> dict[str, float]:
    """The score of every profile ever used, as of `now`. A file that cannot be read counts as empty.

    A switch by the shell alone has left no more than the name, a line each, in a file beside it.
    """
    try:
        lines = (disk.read(_used_path(env)) or b"").decode("utf-8", "surrogateescape").split("\n")
    except AwsxError:
        return {}
    found: dict[str, float] = {}
    for line in lines:
        score, _, rest = line.partition(" ")
        when, _, name = rest.partition(" ")
        try:
            found[name] = float(score) * 0.5 ** (max(0.0, now - float(when)) / HALF_LIFE)
        except (ValueError, OverflowError):  # a line that is not ours
            continue
    try:
        recent = (disk.read(_recent_path(env)) or b"").decode("utf-8", "surrogateescape")
    except AwsxError:
        return found
    for name in recent.split("\n")[:-1]:
        found[name] = found.get(name, 0.0) + 1.0
    return found


def count(env: "Mapping[str, str]", name: str, now: float) -> None:
    """Count one use of `name`. Where nothing can be written, nothing is counted."""
    try:
        folder = disk.private_folder(paths.state_folder(env))
        with disk.Lock(f"{folder}/lock"):
            found = scores(env, now)
            found[name] = found.get(name, 0.0) + 1.0
            most = sorted(found, key=lambda n: -found[n])[:KEPT]
            lines = [f"{found[n]:.4g} {now:.0f} {n}\n" for n in most]
            disk.write(_used_path(env), "".join(lines).encode("utf-8", "surrogateescape"))
            if disk.size(_recent_path(env)) != 0:
                disk.write(_recent_path(env), b"")
    except (OSError, AwsxError):
        pass


def _recent_path(env: "Mapping[str, str]") -> str:
    return paths.state_folder(env) + "/recent"


def _used_path(env: "Mapping[str, str]") -> str:
    return paths.state_folder(env) + "/used"
