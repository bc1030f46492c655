"""One session's token in the cache that AWS's tools share: read with patience, judged, written."""

from __future__ import annotations

import os
import time

from awsx import interrupts
from awsx.files import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.files.tokens import Token


class CachedToken:
    """The token file of a session; `key` is its name without `.json`."""

    __slots__ = ("env", "key", "path", "session")

    def __init__(self, env: Mapping[str, str], session: SsoSession) -> None:
        self.env, self.session = env, session
        self.key = tokens.key(session)
        self.path = tokens.path(env, self.key)

    def read(self) -> Token | None:
        """The token; None if there is none that can be read."""
        return tokens.read(self.path)

    def read_patiently(self) -> Token | None:
        """The token; waits up to 0.3 s for a file that holds none.

        Another tool may be writing it: the AWS CLI truncates the file first.
        """
        for _ in range(10):
            token = self.read()
            if token or not os.path.exists(self.path):
                return token
            time.sleep(0.03)
        return None

    def is_valid(self) -> bool:
        """True if a command that starts now can use the token."""
        token = self.read_patiently()
        return token is not None and token.is_valid(time.time())

    def write(self, content: dict[str, object]) -> None:
        """Replace the file, whatever signal comes meanwhile. Raises AwsxError if it cannot."""
        with interrupts.undisturbed():
            tokens.write_cache(self.path, content, self.env)
