"""awsx logout: end one session, on this machine and at AWS, and nothing else.

`aws sso logout` deletes the tokens of every session, also those that other tools have written, and
leaves the credentials of assumed roles. Client registrations stay here: they log nobody in, and
the next login needs them.
"""

from __future__ import annotations

import os
import time

from awsx.commands import before, which_sessions
from awsx.files import chains, disk, paths, role_cache
from awsx.login import leftover, lock, renewal
from awsx.login.cached_token import CachedToken
from awsx.term import AwsxError, clean, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.commands.which_sessions import Selection
    from awsx.facts import Facts
    from awsx.files.profiles import Profile, SsoSession
    from awsx.files.tokens import Token

DONE = "{}: logged out"
ALREADY = "{}: was logged out already"
GO_ON = "; what has loaded its credentials may use them for up to 15 minutes"
HERE_ALONE = "{}: logged out on this machine; AWS could not be told: {}"
LEFT = "cannot delete {}; check its permissions"


def logout(env: Mapping[str, str], selection: Selection) -> None:
    """End the selected sessions.

    Raises AwsxError if one failed, after the others: a file of it is still there afterwards.
    """
    facts = before.opened(env)
    sessions = which_sessions.selected(facts, selection)
    try:
        which_sessions.one_by_one(sessions, lambda session: _end(facts, session))
    finally:
        if selection.every:
            leftover.sweep_all(env)


def _end(facts: Facts, session: SsoSession) -> None:
    """End the session here and at AWS; AWS knows no end for a session of `aws login`."""
    cached = CachedToken(facts.env, session)
    with lock.hold(cached):
        leftover.take_up(cached)
        token = cached.read()
        why_untold = _tell_aws(cached, token) if token and not session.is_login else ""
        found = [
            path for path in (cached.path, *_role_files(facts, session)) if os.path.lexists(path)
        ]
        for path in found:
            disk.remove(path)
    _check_gone(found, facts.env)
    label = clean(session.label)
    done = (DONE if found else ALREADY).format(label)
    if found and session.is_login:
        done += GO_ON
    if why_untold:
        warn(HERE_ALONE.format(label, why_untold))
    else:
        say(done)


def _tell_aws(cached: CachedToken, token: Token) -> str:
    """End the session at AWS; why that was not possible, or nothing.

    AWS ends it for a valid access token only. So an expired one is renewed first: otherwise its
    refresh token would work for days.
    """
    from awsx.service import portal

    try:
        if not token.is_valid(time.time()) and renewal.renew(cached):
            token = cached.read() or token
        portal.logout(cached.session, str(token.raw["accessToken"]))
    except AwsxError as error:
        return str(error)
    return ""


def _role_files(facts: Facts, session: SsoSession) -> Iterator[str]:
    """Where the AWS CLI keeps credentials that came from this session.

    The name of an assume-role result does not tell which source it came from: a result that two
    sessions share goes with either.
    """
    for profile in facts.config.profiles().values():
        if _uses(facts, profile, session):
            yield role_cache.path(facts.env, profile, session)


def _uses(facts: Facts, profile: Profile, session: SsoSession) -> bool:
    """True if the profile's credentials come from the session."""
    if profile.kind not in ("sso", "role"):
        return False
    try:
        found = chains.sso_session(facts.config, profile)
    except AwsxError:  # a broken profile has no credentials
        return False
    return found is not None and found.label == session.label


def _check_gone(deleted: list[str], env: Mapping[str, str]) -> None:
    """Raises AwsxError if a file is still there."""
    for path in deleted:
        if os.path.lexists(path):
            raise AwsxError(LEFT.format(paths.tilde(path, env)))
