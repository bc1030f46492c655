"""The keys that the server gives: fetched when they are asked for, renewed before they end."""

from __future__ import annotations

import time

from awsx.credentials import valid
from awsx.facts import Facts
from awsx.files.role_cache import NEEDED_SECONDS
from awsx.server.exchange import NOT_SERVED, Answer, granted, path_of, refused
from awsx.term import AwsxError, Cancelled, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsx.credentials.keys import Keys

CANCELLED = "the login to {} was cancelled"


class Giver:
    """Answers for these profiles. It keeps the keys in memory, and reads the files anew when they
    are about to end: a login in another terminal counts here, too.
    """

    def __init__(self, env: Mapping[str, str], names: Iterable[str]) -> None:
        self._env = env
        self._names = {path_of(name): name for name in names}
        self._kept: dict[str, Keys] = {}
        self._said: dict[str, str] = {}

    def answer(self, path: str) -> Answer:
        """The answer to a request for this path, whose sender has the token."""
        name = self._names.get(path)
        if name is None:
            return refused(404, "NotFound", NOT_SERVED)
        try:
            return granted(self._keys(name), time.time())
        except Cancelled:
            return refused(500, "LoginCancelled", CANCELLED.format(name))
        except AwsxError as error:
            self._tell(name, str(error))
            return refused(500, "NoCredentials", str(error))

    def _keys(self, name: str) -> Keys:
        """Valid keys: the old ones in their last minutes, if there are no newer ones.

        Raises as `valid.keys` does.
        """
        kept, now = self._kept.get(name), time.time()
        if kept and kept.last(NEEDED_SECONDS, now):
            return kept
        try:
            facts = Facts(self._env)
            self._kept[name] = valid.keys(facts, facts.target(name))
        except AwsxError as error:
            if kept is None or not kept.last(0, now):
                raise
            self._tell(name, str(error))
            return kept
        self._said.pop(name, None)
        return self._kept[name]

    def _tell(self, name: str, text: str) -> None:
        """Say once what only a person can mend: SDKs ask again and again."""
        if self._said.get(name) != text:
            self._said[name] = text
            warn(text)
