"""`awsx --learn KEY`: what a login starts in the background, to learn the accounts' names."""

from __future__ import annotations

import os
import time

from awsx.commands import before, which_sessions
from awsx.files import account_names, disk, paths, tokens
from awsx.files.memo import SEPARATOR
from awsx.memos.remember import remember, remember_names
from awsx.service.accounts import Accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.files.stock import Stock

PAUSE = 1.0  # seconds, in which the person gets the prompt back
MOST = 200  # memos that are written anew
OPEN = 256  # descriptors that a shell may have handed down


def detach() -> None:
    """Leave the terminal, and all that the shell has open; the others' commands go first."""
    os.setsid()
    os.closerange(3, OPEN)
    os.nice(10)
    time.sleep(PAUSE)


def learn(env: Mapping[str, str], key: str) -> None:
    """Ask AWS for the accounts of the session whose token has this key, and keep their names.

    One process at a time does. Raises AwsxError if the list cannot be had whole; nobody hears it.
    """
    if not disk.is_folder(paths.home(env)):  # a sandbox that has ended meanwhile
        return
    folder, is_done = disk.private_folder(paths.state_folder(env)), False
    with disk.Lock(f"{folder}/accounts.lock", wait=False) as lock:
        try:
            is_done = lock.held and _ask(before.opened_quietly(env), key)
        finally:
            if lock.held and not is_done:
                account_names.forget(env, key)


def _ask(facts: Facts, key: str) -> bool:
    """False if there is no valid session of this key."""
    token = tokens.load(facts.env, key)
    sessions = which_sessions.all_of(facts, "login")
    session = next((each for each in sessions if tokens.key(each) == key), None)
    if session is None or token is None or not token.is_valid(time.time()):
        return False
    pages = list(Accounts(session, str(token.raw["accessToken"])).pages())
    found = {account.id: (account.name, account.email) for page in pages for account in page}
    names = list(_remembered(facts.stock))
    account_names.keep(facts.env, facts.learned, found)
    tell(before.opened_quietly(facts.env), names)
    return True


def _remembered(stock: Stock) -> list[str]:
    """The names whose memos a shell may be drawing from."""
    files = [name for name in os.listdir(stock.folder) if name.startswith("p.")][:MOST]
    lines = (line for file in files for line in stock.kept(file).split("\n")[:-1])
    return [line.partition(SEPARATOR)[0] for line in lines]


def tell(facts: Facts, names: list[str]) -> None:
    """Write the memos anew, now that the accounts have names, so that no prompt has to."""
    for name in names:
        remember(facts, name, facts.find(name))
    remember_names(facts)
