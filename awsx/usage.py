"""Which profiles a person uses most: one score each, which a use raises by one and a week away halves."""

from __future__ import annotations

from awsx import files
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HALF_LIFE = 7 * 86400  # seconds
KEPT = 500  # profiles; the least used are forgotten


def scores(env: Mapping[str, str], now: float) -> dict[str, float]:
    """The score of every profile ever used, as of `now`. A file that cannot be read counts as empty."""
    try:
        lines = (files.read(_path(env)) or b"").decode("utf-8", "surrogateescape").split("\n")
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
    return found


def count(env: Mapping[str, str], name: str, now: float) -> None:
    """Count one use of `name`. Where nothing can be written, nothing is counted."""
    try:
        folder = files.private_folder(files.state_folder(env))
        with files.Lock(f"{folder}/lock"):
            found = scores(env, now)
            found[name] = found.get(name, 0.0) + 1.0
            most = sorted(found, key=lambda n: -found[n])[:KEPT]
            lines = [f"{found[n]:.4g} {now:.0f} {n}\n" for n in most]
            files.write(_path(env), "".join(lines).encode("utf-8", "surrogateescape"))
    except (OSError, AwsxError):
        pass


def _path(env: Mapping[str, str]) -> str:
    return files.state_folder(env) + "/used"
