"""After a login: a process of its own asks AWS for the names of the session's accounts.

It is started at most once a day for each session, unless it fails. Nobody waits for it, and it has
no terminal.
"""

import posix
import sys
import time

from awsx import process
from awsx.files import account_names, disk, paths, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession

# The process is the child of a shell that ends at once: what awsx becomes after the login must not
# have a child that it never started. It leaves the terminal by itself, and may be late for that.
START = """trap '' HUP; "$@" </dev/null >/dev/null 2>&1 &"""


def begin(env: "Mapping[str, str]", session: "SsoSession") -> None:
    """Start the process unless one was started within a day, or the person wants none."""
    key = tokens.key(session)
    if session.is_login or not sys.executable or not account_names.is_due(env, key, time.time()):
        return
    try:
        disk.private_folder(paths.state_folder(env))
        account_names.note(env, key)
        words = ["sh", "-c", START, "sh", *process.core("--learn", key)]
        shell = posix.posix_spawn("/bin/sh", words, dict(env))
        posix.waitpid(shell, 0)
    except OSError:  # no folder, no shell, no room for a process: the names are a comfort
        pass
