"""Make a session valid: one login, however many terminals need it.

Three ways, the first that works: the session's refresh token; `aws sso login` of the AWS CLI v2;
awsx's own login. A session of `aws login` has the first, and `aws login` (signin.py). All under one
lock per session; whoever gets the lock reads the token again first.
"""

from __future__ import annotations

import time

from awsx import term
from awsx.files import paths, tokens
from awsx.login import learning, leftover, lock, renewal
from awsx.login.cached_token import CachedToken
from awsx.login.lock import NotTried
from awsx.login.options import Login, Wish, login_command
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.files.settings import Settings
    from awsx.files.tokens import Token

DONE = "logged in to {}"
NO_TERMINAL = "{}, and there is no terminal to log in from; run: {}"
BACKGROUND = "{}, and a background job cannot log in; run: {}"
# For `awsx login` itself, which must not be told to run `awsx login`.
NEEDS_TERMINAL = (
    "a login to {} needs a person at a terminal, and stdin or stderr is none here; log in from one,"
    " and whatever runs on this machine has the session; or add --wait"
)
NEEDS_FOREGROUND = "a background job cannot log in to {}; bring it back with fg, or leave out the &"
NO_TOKEN = "the login seemed to work, yet {} holds no valid token; try: {} --force --device-code"


def valid_session(
    env: Mapping[str, str],
    session: SsoSession,
    settings: Settings,
    wish: Wish | None = None,
    says_done: bool = False,
) -> bool:
    """Make the session valid; False if it was valid already.

    `wish` is what a person asked for who wants a login; None: a command needs the session.
    `says_done`: say it when a login is over, as the caller will not. Raises Cancelled, and
    AwsxError if the login failed or nobody is there to log in.
    """
    is_due, wish = wish is None, wish or Wish()
    cached = CachedToken(env, session)
    seen = cached.read()
    if not wish.force and seen and seen.is_valid(time.time()):
        return False
    if is_due and session.is_login and _is_left_to_the_command(cached):
        return False
    with lock.hold_for_login(cached, wish.until):
        leftover.take_up(cached)
        may_renew = not wish.force or _is_new(cached, seen)
        if not (may_renew and (cached.is_valid() or renewal.renew(cached))):
            reason = cached.why_ended or tokens.why_due(seen, session.label)
            why = f"{reason}; " if is_due else ""
            browser_command = settings.browsers.get(session.label, "")
            login = Login(env, session, wish, browser_command, settings.login_port, why)
            if not wish.until or login.is_by_paste:
                _check_terminal(session, reason if is_due else "")
            _log_in(login, cached, settings.prefer_own_login)
            _check_token(cached)
            learning.begin(env, session)
            if says_done:
                term.say(DONE.format(clean(session.label)))
    return True


def _is_left_to_the_command(cached: CachedToken) -> bool:
    from awsx.login import signin

    return signin.is_left_to_the_command(cached)


def _is_new(cached: CachedToken, seen: Token | None) -> bool:
    """True if somebody has logged in since the token was seen."""
    token = cached.read_patiently()
    return token is not None and (seen is None or token.raw != seen.raw)


def _log_in(login: Login, cached: CachedToken, prefer_own: bool) -> None:
    """Log in by the AWS CLI if there is one that can, else by awsx itself."""
    from awsx.login import awscli, own
    from awsx.login.talk import Talk

    if login.session.is_login:
        _log_in_by_aws_login(login, cached)
        return
    with Talk(login) as talk:
        cli = None if prefer_own else awscli.find(login.env, login)
        if cli:
            cached.check_room()
            awscli.log_in(cli, login, talk)
        else:
            own.log_in(login, talk)


def _log_in_by_aws_login(login: Login, cached: CachedToken) -> None:
    from awsx.login import awscli, signin
    from awsx.login.talk import Talk

    cli = awscli.find(login.env, login)
    if cli is None:
        raise signin.no_cli(login)
    cached.check_room()
    before = cached.read()
    with Talk(login) as talk:
        awscli.log_in(cli, login, talk)
    signin.check_login(login, cached, before)


def _check_terminal(session: SsoSession, reason: str) -> None:
    """Raises NotTried unless a person can log in at this terminal.

    `reason` says why a login is due; it is empty where the person asked for one.
    """
    if term.on_terminal() and term.in_foreground():
        return
    if reason:
        text = BACKGROUND if term.on_terminal() else NO_TERMINAL
        raise NotTried(text.format(reason, login_command(session)))
    text = NEEDS_FOREGROUND if term.on_terminal() else NEEDS_TERMINAL
    raise NotTried(text.format(clean(session.label)))


def _check_token(cached: CachedToken) -> None:
    """Raises AwsxError unless the login has left a valid token."""
    if not cached.is_valid():
        file = paths.tilde(cached.path, cached.env)
        raise AwsxError(NO_TOKEN.format(file, login_command(cached.session)))
