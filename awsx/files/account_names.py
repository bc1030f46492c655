"""The names of accounts as AWS tells them: what awsx keeps of them after a login.

`accounts` in the state folder has a line for each account: `ID, tab, NAME, tab, EMAIL`. It is a
source of the stock: memos and lists are made anew after it has changed. (Facts reads it, since a
switch has no module to spare.) `listed.KEY` beside it is empty; its mtime says when AWS was asked
for the accounts of the session with this key.
"""

import time

from awsx.files import disk, paths
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Names = Mapping[str, tuple[str, str]]  # the name and the email of an account, by its id

OFF = "AWSX_NO_NAMES"
DAY = 86400  # seconds
LONGEST = 256  # characters of a name or an email; AWS has 50 and 64


def is_due(env: "Mapping[str, str]", key: str, now: float) -> bool:
    """True if AWS may be asked: nobody did within a day before `now`, and the person wants it."""
    listed = disk.mtime(_listed(env, key))
    return not env.get(OFF) and (listed is None or not 0 <= now - listed / 1e9 < DAY)


def keep(env: "Mapping[str, str]", known: "Names", found: "Names") -> None:
    """Write the names that AWS has told of accounts, beside those `known` before.

    Only while holding the lock of the names. Raises OSError.
    """
    cleaned = {
        number: (clean(name, LONGEST), clean(email, LONGEST))
        for number, (name, email) in found.items()
    }
    merged = {**known, **cleaned}
    if merged != known:
        lines = (f"{number}\t{name}\t{email}\n" for number, (name, email) in sorted(merged.items()))
        disk.write(paths.names_path(env), "".join(lines).encode("utf-8", "replace"))


def note(env: "Mapping[str, str]", key: str) -> None:
    """Note that AWS is asked now. Raises OSError."""
    disk.stamp(_listed(env, key), time.time_ns())


def forget(env: "Mapping[str, str]", key: str) -> None:
    """Let the next login ask again, as AWS has not told the names."""
    disk.remove(_listed(env, key))


def _listed(env: "Mapping[str, str]", key: str) -> str:
    return f"{paths.state_folder(env)}/listed.{key}"
