"""Make a session valid: one login however many terminals need it.

Valid -> nothing. A refresh token -> renewed silently. Else `aws sso login` of the AWS CLI v2, else awsx's own login.
All under one lock per session, which its holder's death frees; the token is read again once the lock is got.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

from awsx import interrupts, term
from awsx.files import disk, paths, tokens
from awsx.term import AwsxError, Cancelled, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.profiles import SsoSession
    from awsx.files.settings import Settings
    from awsx.files.tokens import Token
    from awsx.login.options import Wish

LOGGING_IN = "the session {} has expired; logging in"
WAITING = "another terminal is logging in to {}; waiting for it (Ctrl-C to stop)"
FAILED_THERE = "the login to {} in another terminal came to nothing; run: awsx login{}"
NO_TERMINAL = (
    "the session {} has expired, and there is no terminal to log in from; run: awsx login{}"
)
BACKGROUND = "the session {} has expired, and a background job cannot log in; run: awsx login{}"
NO_TOKEN = "the login seemed to work, yet {} holds no valid token; try: awsx login{} --force"
SESSION_ENDED = ("InvalidGrantException", "InvalidClientException", "ExpiredTokenException")
QUIET = 1.0  # seconds in which another terminal's renewal is over: not worth a word


class NobodyThere(AwsxError):
    """There is no person at this terminal to log in; there may be one at the next."""


def ensure(
    env: Mapping[str, str],
    session: SsoSession,
    chosen: Settings,
    force: bool = False,
    wish: Wish | None = None,
) -> bool:
    """Make the session valid; False if it was so already.

    Raises Cancelled, or AwsxError if it could not be done or nobody is there to do it.
    """
    key = tokens.key(session)
    seen = tokens.load(env, key)
    if not force and _is_good(seen):
        return False
    with _locked(env, session, key):
        token = _load(env, key)
        if (not force or _is_another(token, seen)) and (
            _is_good(token) or renew(env, session, key)
        ):
            return True
        _check_terminal(session)
        if not force:
            say(LOGGING_IN.format(clean(session.label)))
        _log_in(env, session, chosen, wish)
        if not _is_valid(env, key):
            raise AwsxError(
                NO_TOKEN.format(paths.tilde(tokens.path(env, key), env), _named(session))
            )
        return True


def _is_good(token: Token | None) -> bool:
    return token is not None and token.is_valid(time.time())


def _is_another(token: Token | None, seen: Token | None) -> bool:
    """True if somebody has logged in while we waited."""
    return token is not None and (seen is None or token.raw != seen.raw)


def _load(env: Mapping[str, str], key: str) -> Token | None:
    """The token; where there is a file and no token in it, another tool may be writing: the AWS CLI truncates first."""
    for _ in range(10):
        token = tokens.load(env, key)
        if token or not os.path.exists(tokens.path(env, key)):
            return token
        time.sleep(0.03)
    return None


def _is_valid(env: Mapping[str, str], key: str) -> bool:
    return _is_good(_load(env, key))


@contextmanager
def _locked(env: Mapping[str, str], session: SsoSession, key: str) -> Iterator[None]:
    """Hold the session's lock.

    Who fails leaves a mark, so that forty-nine others do not open forty-nine browsers after the first was closed.
    Raises AwsxError in those.
    """
    with alone(env, session, key) as (path, since):
        if since and (disk.mtime(path) or 0) >= since and not _is_valid(env, key):
            raise AwsxError(FAILED_THERE.format(clean(session.label), _named(session)))
        try:
            yield
        except NobodyThere:
            raise
        except (AwsxError, KeyboardInterrupt):
            _mark(path)
            raise


@contextmanager
def alone(env: Mapping[str, str], session: SsoSession, key: str) -> Iterator[tuple[str, int]]:
    """Hold the session's lock, its path and since when it was waited for (ns; 0: not at all).

    Without one where none can be made (a read-only cache): better two logins than none.
    """
    with interrupts.tidy():
        try:
            path = disk.private_folder(paths.cache_folder(env)) + f"/login.{key}.lock"
            lock, since = _wait_for(path, session)
        except OSError:
            yield "", 0
        else:
            with lock:
                yield path, since


def _mark(path: str) -> None:
    try:
        os.utime(path)
    except OSError:  # the cache was deleted meanwhile
        pass


def _wait_for(path: str, session: SsoSession) -> tuple[disk.Lock, int]:
    """The lock, and since when it was waited for (0: not at all). Silent at first. Raises OSError."""
    since, until = 0, time.monotonic() + QUIET
    while time.monotonic() < until:
        lock = disk.Lock(path, wait=False)
        if lock.held:
            return lock, since
        lock.__exit__(None)
        since = since or time.time_ns()
        time.sleep(0.05)
    say(WAITING.format(clean(session.label)))
    return disk.Lock(path), since


def renew(env: Mapping[str, str], session: SsoSession, key: str) -> bool:
    """Renew with the refresh token, silently; False if there is none or it is refused: then the session has ended.

    Raises AwsxError if AWS cannot be asked.
    """
    token = _load(env, key)
    if token is None or not token.is_renewable(time.time()):
        return False
    from awsx.service import (
        client,  # boto3: ten times the price of a start
        oidc,
    )

    try:
        answer = oidc.Oidc(session).token(
            token.raw, "refresh_token", refreshToken=str(token.raw["refreshToken"])
        )
    except client.Refused as refusal:
        return _renewed_by_another(env, key) or _give_up(env, key, token, refusal.code)
    renewed = {
        "accessToken": answer["accessToken"],
        "expiresAt": tokens.iso(int(time.time() + answer["expiresIn"])),
        "refreshToken": answer.get("refreshToken"),
    }
    with interrupts.undisturbed():  # the old refresh token may be worth nothing from now on
        tokens.save(env, key, {**token.raw, **{k: v for k, v in renewed.items() if v}})
    return True


def _renewed_by_another(env: Mapping[str, str], key: str) -> bool:
    """A refresh token may work once only, and the AWS CLI takes no lock: see whether it was faster, and has written."""
    for _ in range(10):
        if _is_valid(env, key):
            return True
        time.sleep(0.1)
    return False


def _give_up(env: Mapping[str, str], key: str, refused: Token, code: str) -> bool:
    """The session has ended: no prompt shall go on saying that it renews itself. False."""
    token = tokens.load(env, key)
    if code in SESSION_ENDED and token and token.raw == refused.raw:
        with interrupts.undisturbed():
            tokens.save(env, key, {k: v for k, v in token.raw.items() if k != "refreshToken"})
    return False


def _check_terminal(session: SsoSession) -> None:
    label, named = clean(session.label), _named(session)
    if not term.on_terminal():
        raise NobodyThere(NO_TERMINAL.format(label, named))
    if not term.in_foreground():
        raise NobodyThere(BACKGROUND.format(label, named))


def _named(session: SsoSession) -> str:
    return f" {clean(session.holder)}" if session.holder else f" --session {clean(session.name)}"


def _log_in(
    env: Mapping[str, str], session: SsoSession, chosen: Settings, wish: Wish | None
) -> None:
    from awsx.login import awscli, options, own, refusals

    asked = wish or options.Wish()
    wish = options.Wish(
        asked.browser, asked.by_device, asked.command or chosen.browsers.get(session.label, "")
    )
    cli = None if chosen.prefer_own_login else awscli.find(env, session)
    if cli is None:
        own.log_in(env, session, wish)
        return
    own.drop_stale_registration(env, session)
    code = awscli.run(
        awscli.command(cli, env, session, wish), awscli.environment(env, session, wish)
    )
    if code in awscli.CANCELLED:
        raise Cancelled
    if code:
        raise AwsxError(refusals.failure_of_cli(code, env, session))
