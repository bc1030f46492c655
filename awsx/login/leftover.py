"""What a killed login has left beside a token: AWS's answer, or the room for it.

AWS may have taken a refresh token for that answer, and takes it no longer. So an answer that is
whole is taken up instead of a new login.
"""

from __future__ import annotations

import os
import stat
import time

from awsx.files import disk, draft, paths, temporary, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.tokens import Token
    from awsx.login.cached_token import CachedToken

LARGEST = 1024 * 1024  # bytes; what is larger is no token


def take_up(cached: CachedToken) -> None:
    """Put the best answer in its place if it is better than the token there; delete the others.

    Call it while holding the session's lock. Raises AwsxError if a better one cannot be put there.
    """
    for path in _beside(cached.path):
        found = _answer(path)
        if found and _is_better(found, path, cached):
            try:
                draft.put_in_place(path, cached.path)
            except OSError as error:
                raise cached.not_replaced(error) from error
    sweep(cached.path)
    sweep_all(cached.env, keep_answers=True)


def sweep(target: str, keep_answers: bool = False) -> None:
    """Delete what is left beside that file, but not what a live login is about to fill in."""
    for path in _beside(target):
        if not (keep_answers and _answer(path)):
            disk.remove(path)


def sweep_all(env: Mapping[str, str], keep_answers: bool = False) -> None:
    """The same for every file of the SSO cache: registrations, sessions that are no more.

    With `keep_answers` it leaves what a session may still take up.
    """
    folder = paths.token_folder(env)
    targets = {name.rpartition(".")[0].rpartition(".")[0] for name in _temporary(folder)}
    for name in targets:
        if len(name) == len(tokens.sha1_hex("")) + len(".json"):  # not another tool's
            sweep(f"{folder}/{name}", keep_answers)


def _temporary(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(".tmp")]
    except OSError:
        return []


def _beside(target: str) -> Iterator[str]:
    """The temporary files of that file that no live process holds."""
    folder, _, wanted = target.rpartition("/")
    dead = {name for name, _ in temporary.of_dead_processes(folder)}
    for name in _temporary(folder):
        pid = name.removeprefix(wanted + ".").removesuffix(".tmp")
        path = f"{folder}/{name}"
        if name == f"{wanted}.{pid}.tmp" and pid.isdecimal() and _is_left(path, name in dead):
            yield path


def _is_left(path: str, by_a_dead_process: bool) -> bool:
    """True unless somebody holds the file's lock, or has just made it and will lock it."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:  # not ours to lock; or a link
        return by_a_dead_process
    try:
        return (by_a_dead_process or temporary.is_old(path)) and draft.is_free(fd)
    finally:
        os.close(fd)


def _answer(path: str) -> Token | None:
    """The token in a left-over file; None unless it is whole, and nobody else can have made it."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    is_private = stat.S_ISREG(facts.st_mode) and not facts.st_mode & 0o077
    is_ours = facts.st_uid == os.geteuid() and facts.st_nlink == 1
    return tokens.read(path) if is_private and is_ours and facts.st_size <= LARGEST else None


def _is_better(found: Token, path: str, cached: CachedToken) -> bool:
    """True if the answer can be used, and is newer than the token unless that one cannot."""
    token, now = cached.read(), time.time()
    if not (found.is_valid(now) or found.is_renewable(now)):
        return False
    if token is None or not (token.is_valid(now) or token.is_renewable(now)):
        return True
    is_newer = (disk.mtime(path) or 0) >= (disk.mtime(cached.path) or 0)
    return is_newer and found.expires > token.expires
