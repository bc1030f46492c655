"""Every account and role of a session, read whole: several calls under way, one pace for all.

What is read is kept as it comes: who stops in the middle goes on from there.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from awsx.files import disk, paths, temporary, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from awsx.files.profiles import SsoSession
    from awsx.service.accounts import Account, Accounts

    Grants = dict[Account, list[str]]  # the roles of each account
    Told = Callable[[int, int], None]  # accounts that are read, accounts that are known so far

WORKERS = 10  # calls under way at once: half a second of latency costs nothing
TICK = 0.2  # seconds between two looks at the signals and the clock
SAVE_EVERY = 2.0  # seconds
KEPT_FOR = 4 * 3600  # seconds for which roles that were read are taken to be still the same


class Kept:
    """The roles that an earlier run had read when it stopped, by account, in a file (0600)."""

    def __init__(self, env: Mapping[str, str], session: SsoSession, now: float) -> None:
        self._folder = paths.state_folder(env)
        self._path = f"{self._folder}/populate.{tokens.key(session)}.json"
        self._of = {"start_url": session.start_url, "region": session.region}
        self._began, self._saved = now, time.monotonic()
        self.roles: dict[str, list[str]] = {}
        self._load(now)

    def _load(self, now: float) -> None:
        import json

        try:
            found = json.loads(disk.read(self._path, own=True) or b"{}")
            began, roles = found.get("began", 0), found.get("roles", {})
            is_same = all(found.get(key) == value for key, value in self._of.items())
            if is_same and 0 <= now - began < KEPT_FOR:
                self._began, self.roles = began, {**roles}
        except (AwsxError, ValueError, TypeError, AttributeError):  # half written, or not ours
            return

    def save(self, is_due: bool = True) -> None:
        """Write the file, or with `is_due` False only if that has not been done for a while."""
        if not is_due and time.monotonic() - self._saved < SAVE_EVERY:
            return
        import json

        self._saved = time.monotonic()
        data = json.dumps({**self._of, "began": self._began, "roles": self.roles})
        try:
            disk.private_folder(self._folder)
            temporary.sweep(self._folder, self._path.rpartition("/")[2])
            disk.write(self._path, data.encode())
        except OSError:  # no room: the next run begins anew
            return

    def drop(self) -> None:
        """Delete the file: the list is whole, or nobody shall go on from it."""
        disk.remove(self._path)


def read(source: Accounts, kept: Kept, told: Told) -> Grants:
    """The roles of all accounts.

    Raises as `source` does if something is missing; `kept` then has what was read. Ctrl-C may come
    at any time.
    """
    try:
        return _read(source, kept, told)
    finally:
        kept.save()


def _read(source: Accounts, kept: Kept, told: Told) -> Grants:
    pool = ThreadPoolExecutor(WORKERS)
    pages, accounts, waiting = source.pages(), dict[str, "Account"](), deque[str]()
    running: dict[Future[object], str] = {pool.submit(next, pages, None): ""}
    try:
        while running:
            done, _ = wait(running, TICK, FIRST_COMPLETED)
            for future in done:
                account, found = running.pop(future), future.result()
                if account:
                    kept.roles[account] = found  # type: ignore[assignment]
                elif found is not None:
                    new = {a.id: a for a in found if a.id not in accounts}  # type: ignore[attr-defined]
                    accounts |= new
                    waiting.extend(number for number in new if number not in kept.roles)
                    running[pool.submit(next, pages, None)] = ""
            while waiting and len(running) < WORKERS:
                number = waiting.popleft()
                running[pool.submit(source.roles, number)] = number
            told(sum(number in kept.roles for number in accounts), len(accounts))
            kept.save(is_due=False)
    finally:
        source.pace.stop()
        pool.shutdown(wait=False, cancel_futures=True)
    return {account: kept.roles[number] for number, account in accounts.items()}
