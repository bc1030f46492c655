"""One session's token in the cache that AWS's tools share: read with patience, judged, written."""

from __future__ import annotations

import errno
import os
import shlex
import time
from contextlib import ExitStack, contextmanager

from awsx import interrupts
from awsx.files import disk, paths, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.draft import Draft
    from awsx.files.profiles import SsoSession
    from awsx.files.tokens import Token

NO_ROOM = "cannot keep a login in {} ({}), so AWS was not asked for one; {}"
REMEDIES = {
    errno.EROFS: "mount that folder writable, or log in where it is",
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room within your quota",
    errno.EACCES: 'make it yours: sudo chown -R "$(id -un)" {}',
    errno.EPERM: 'make it yours: sudo chown -R "$(id -un)" {}',
}
LOOK = "put right what stands there"
NOT_REPLACED = (
    "AWS has answered, but {} cannot be replaced ({}); the answer lies beside it, and the next awsx"
    " takes it up"
)


class CachedToken:
    """The token file of a session; `key` is its name without `.json`.

    `why_ended` is why AWS refused to renew the session, where it has told a reason.
    """

    __slots__ = ("env", "key", "path", "session", "why_ended")

    def __init__(self, env: Mapping[str, str], session: SsoSession) -> None:
        self.env, self.session = env, session
        self.key = tokens.key(session)
        self.path = tokens.path(env, self.key)
        self.why_ended = ""

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

    @contextmanager
    def reserved(self) -> Iterator[Draft]:
        """In this block there is room for a new token beside the file, so AWS may be asked for one.

        Raises AwsxError before the block, with nothing asked, if a token could not be kept.
        """
        from awsx.files.draft import Draft

        with ExitStack() as opened:
            try:
                place = opened.enter_context(Draft(self.path))
            except OSError as error:
                folder = paths.tilde(os.path.dirname(self.path), self.env)
                remedy = self._remedy(error.errno or 0)
                raise AwsxError(NO_ROOM.format(folder, disk.reason(error), remedy)) from error
            yield place

    def check_room(self) -> None:
        """Raises AwsxError if the AWS CLI, which writes into the file itself, could not do so."""
        with self.reserved():
            pass
        if os.path.exists(self.path) and not os.access(self.path, os.W_OK):
            file, why = paths.tilde(self.path, self.env), os.strerror(errno.EACCES)
            raise AwsxError(NO_ROOM.format(file, why, self._remedy(errno.EACCES)))

    def _remedy(self, number: int) -> str:
        """What a person does about an error with this number: to ~/.aws/sso, or ~/.aws/login."""
        folder = os.path.dirname(self.path).removesuffix("/cache")
        shown = paths.tilde(folder, self.env)
        below_home = shown.lstrip("~")
        is_plain = shlex.quote(below_home) == below_home
        return REMEDIES.get(number, LOOK).format(shown if is_plain else shlex.quote(folder))

    def write(self, content: dict[str, object], place: Draft) -> None:
        """Replace the file, whatever signal comes meanwhile. Raises AwsxError if it cannot."""
        with interrupts.undisturbed():
            try:
                place.fill_in(tokens.text(content))
            except OSError as error:
                raise self.not_replaced(error) from error

    def not_replaced(self, error: OSError) -> AwsxError:
        """The error for an answer of AWS that could not be put in its place."""
        file = paths.tilde(self.path, self.env)
        return AwsxError(NOT_REPLACED.format(file, disk.reason(error)))
