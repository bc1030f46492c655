"""Make a session valid: one login, however many terminals need it.

Three ways, the first that works: the session's refresh token; `aws sso login` of the AWS CLI v2;
awsx's own login. All under one lock per session; whoever gets the lock reads the token again first.
"""

from __future__ import annotations

import time

from awsx import term
from awsx.files import paths
from awsx.login import leftover, lock, renewal
from awsx.login.cached_token import CachedToken
from awsx.login.lock import NotTried
from awsx.login.options import Login, Wish, login_command
from awsx.term import AwsxError, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.files.settings import Settings
    from awsx.files.tokens import Token

LOGGING_IN = "the session {} has expired; logging in"
NO_TERMINAL = "the session {} has expired, and there is no terminal to log in from; run: {}"
BACKGROUND = "the session {} has expired, and a background job cannot log in; run: {}"
NO_TOKEN = "the login seemed to work, yet {} holds no valid token; try: {} --force"


def valid_session(
    env: Mapping[str, str], session: SsoSession, settings: Settings, wish: Wish | None = None
) -> bool:
    """Make the session valid; False if it was valid already.

    Raises Cancelled, and AwsxError if the login failed or nobody is there to log in.
    """
    wish = wish or Wish()
    cached = CachedToken(env, session)
    seen = cached.read()
    if not wish.force and seen and seen.is_valid(time.time()):
        return False
    with lock.hold_for_login(cached):
        leftover.take_up(cached)
        may_renew = not wish.force or _is_new(cached, seen)
        if not (may_renew and (cached.is_valid() or renewal.renew(cached))):
            browser_command = settings.browsers.get(session.label, "")
            login = Login(env, session, wish, browser_command, settings.login_port)
            _log_in(login, cached, settings.prefer_own_login)
            _check_token(cached)
    return True


def _is_new(cached: CachedToken, seen: Token | None) -> bool:
    """True if somebody has logged in since the token was seen."""
    token = cached.read_patiently()
    return token is not None and (seen is None or token.raw != seen.raw)


def _log_in(login: Login, cached: CachedToken, prefer_own: bool) -> None:
    """Log in by the AWS CLI if there is one that can, else by awsx itself."""
    from awsx.login import awscli, own

    _check_terminal(login.session)
    if not login.wish.force:
        say(LOGGING_IN.format(login.label))
    cli = None if prefer_own else awscli.find(login.env, login)
    if cli:
        cached.check_room()
        awscli.log_in(cli, login)
    else:
        own.log_in(login)


def _check_terminal(session: SsoSession) -> None:
    """Raises NotTried unless a person can log in at this terminal."""
    if not term.on_terminal():
        raise NotTried(NO_TERMINAL.format(clean(session.label), login_command(session)))
    if not term.in_foreground():
        raise NotTried(BACKGROUND.format(clean(session.label), login_command(session)))


def _check_token(cached: CachedToken) -> None:
    """Raises AwsxError unless the login has left a valid token."""
    if not cached.is_valid():
        file = paths.tilde(cached.path, cached.env)
        raise AwsxError(NO_TOKEN.format(file, login_command(cached.session)))
