"""The accounts and roles that a person may use, as the access portal lists them.

https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html
"""

from __future__ import annotations

import time
from typing import NamedTuple

from awsx.service.client import Client
from awsx.service.errors import Throttled
from awsx.service.pace import Pace
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsx.files.profiles import SsoSession
    from awsx.service.answers import Answer

ODD_ACCOUNT = "AWS's answer for the session {} has an account without a number of 12 digits: {}"
ODD_ROLE = "AWS's answer for the session {} has a role with an odd name in the account {}: {}"
ENDLESS = "AWS's list for the session {} never ends: it names the same next page twice; try again"

PAGE = 100  # entries, the most that AWS gives at once
PATIENCE = 60.0  # seconds in which a call is asked again that AWS refuses as one too many
TRIES, PAUSE = 3, 0.4  # of a call that fails for another reason; seconds after the first
IN_ROLE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-")


class Account(NamedTuple):
    """An account as ListAccounts tells it. Name and email are data from outside: any characters."""

    id: str
    name: str
    email: str


class Accounts:
    """Lists accounts and roles, at one pace. Made in the main thread; several threads may ask.

    Each method raises AwsxError if the list cannot be had whole, Refused if AWS says no
    (UnauthorizedException: the session has ended), and Stopped after `pace.stop()`.
    """

    def __init__(self, session: SsoSession, access_token: str, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._session, self._token = session, access_token
        self._client = Client("sso", session, attempts=1)  # a repeated call keeps the pace, too

    def pages(self) -> Iterator[list[Account]]:
        """ListAccounts, page by page."""
        for page in self._pages("list_accounts"):
            yield [self._account(entry) for entry in page["accountList"]]

    def roles(self, account_id: str) -> list[str]:
        """ListAccountRoles: the names of the roles in one account."""
        return [
            self._role(entry, account_id)
            for page in self._pages("list_account_roles", accountId=account_id)
            for entry in page["roleList"]
        ]

    def _pages(self, operation: str, **given: str) -> Iterator[Answer]:
        seen: set[str] = set()
        more = dict(given)
        while True:
            page = self._ask(operation, more)
            yield page
            token = page.get("nextToken")
            if not token:
                return
            if token in seen:
                raise AwsxError(ENDLESS.format(clean(self._session.label)))
            seen.add(token)
            more["nextToken"] = token

    def _ask(self, operation: str, given: dict[str, str]) -> Answer:
        def call() -> Answer:
            return self._client.ask(operation, accessToken=self._token, maxResults=PAGE, **given)

        return _patiently(self.pace, call)

    def _account(self, entry: Answer) -> Account:
        number = entry.get("accountId")
        if not (isinstance(number, str) and len(number) == 12 and number.isdecimal()):
            shown = clean(str(number), 60)
            raise AwsxError(ODD_ACCOUNT.format(clean(self._session.label), shown))
        return Account(number, _text(entry.get("accountName")), _text(entry.get("emailAddress")))

    def _role(self, entry: Answer, account_id: str) -> str:
        name = entry.get("roleName")
        if not (isinstance(name, str) and 0 < len(name) <= 64 and IN_ROLE.issuperset(name)):
            shown = clean(str(name), 60)
            raise AwsxError(ODD_ROLE.format(clean(self._session.label), account_id, shown))
        return name


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _patiently(pace: Pace, call: Callable[[], Answer]) -> Answer:
    """The call's answer: asked again where AWS slows down or fails. Raises as the last call did."""
    tries, until = 1, time.monotonic() + PATIENCE
    while True:
        pace.wait()
        try:
            return call()
        except Throttled:
            if time.monotonic() > until:
                raise
            pace.slow_down()
        except AwsxError:
            if tries == TRIES:
                raise
            pace.pause(PAUSE * tries)
            tries += 1
