"""awsx logout: end one session, here and at AWS, and nothing else.

`aws sso logout` deletes the tokens of every session, whoever wrote them, and leaves what assume-role has brought.
Client registrations stay: they are nobody's login, and the next one needs them.
"""

from __future__ import annotations

import os
import time

from awsx.commands import before, which_sessions
from awsx.facts import Facts
from awsx.files import disk, paths, profiles, role_cache, tokens
from awsx.login import ensure
from awsx.term import AwsxError, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.files.profiles import Profile, SsoSession
    from awsx.files.tokens import Token

DONE = "{}: logged out"
ALREADY = "{}: was logged out already"
HERE_ALONE = "{}: logged out on this machine; AWS could not be told: {}"
LEFT = "cannot delete {}; check its permissions"
# What decides upon the name of an assume-role result (botocore/credentials.py, AssumeRoleCredentialFetcher).
KEYS = {"RoleArn": "role_arn", "ExternalId": "external_id", "SerialNumber": "mfa_serial"}
MORE_KEYS = {"RoleSessionName": "role_session_name", "DurationSeconds": "duration_seconds"}


def logout(
    env: Mapping[str, str], name: str = "", session_name: str = "", every: bool = False
) -> None:
    """End the session of that name, else the one behind profile `name`, else behind this terminal's profile.

    Raises AwsxError if a file of it is still there afterwards.
    """
    facts = before.opened(env)
    which_sessions.one_by_one(
        which_sessions.meant(facts, name, session_name, every), lambda session: _end(facts, session)
    )


def _end(facts: Facts, session: SsoSession) -> None:
    env, key = facts.env, tokens.key(session)
    with ensure.alone(env, session, key):
        token = tokens.load(env, key)
        untold = _tell_aws(env, session, token) if token else ""
        paths = [tokens.path(env, key), *_role_files(facts, session)]
        found = [path for path in paths if os.path.lexists(path)]
        for path in found:
            disk.remove(path)
    _check_gone(found, env)
    label = clean(session.label)
    say(HERE_ALONE.format(label, untold) if untold else (DONE if found else ALREADY).format(label))


def _tell_aws(env: Mapping[str, str], session: SsoSession, token: Token) -> str:
    """End the session at AWS; why that was not possible, or nothing.

    AWS takes a valid access token for it, so one that has ended is renewed first: else the session would go on.
    """
    from awsx.service import client, portal

    try:
        if not token.is_valid(time.time()) and ensure.renew(env, session, tokens.key(session)):
            token = tokens.load(env, tokens.key(session)) or token
        portal.logout(session, str(token.raw["accessToken"]))
    except client.Refused:  # it had ended already
        return ""
    except AwsxError as error:
        return str(error)
    return ""


def _role_files(facts: Facts, session: SsoSession) -> Iterator[str]:
    """Where the AWS CLI keeps credentials that came from this session.

    The name of an assume-role result does not tell its source: one that two sources share goes with either.
    """
    for profile in facts.config.profiles().values():
        if _stands_on(facts, profile, session):
            yield (
                _assumed_path(facts.env, profile)
                if profile.kind == "role"
                else role_cache.path(facts.env, profile, session)
            )


def _stands_on(facts: Facts, profile: Profile, session: SsoSession) -> bool:
    if profile.kind not in ("sso", "role"):
        return False
    try:
        found = profiles.sso_session(facts.config, profile)
    except AwsxError:  # a broken one has no credentials
        return False
    return found is not None and found.label == session.label


def _assumed_path(env: Mapping[str, str], profile: Profile) -> str:
    import json

    given: dict[str, object] = {
        name: profile.get(key) for name, key in {**KEYS, **MORE_KEYS}.items()
    }
    seconds = str(given["DurationSeconds"]).strip()
    given["DurationSeconds"] = int(seconds) if seconds.isdecimal() else None
    text = json.dumps({name: value for name, value in given.items() if value}, sort_keys=True)
    return os.path.join(paths.home(env), ".aws/cli/cache", tokens.sha1_hex(text) + ".json")


def _check_gone(found: list[str], env: Mapping[str, str]) -> None:
    for path in found:
        if os.path.lexists(path):
            raise AwsxError(LEFT.format(paths.tilde(path, env)))
