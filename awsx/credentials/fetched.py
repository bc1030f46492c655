"""Credentials that AWS has to be asked for, and that are then kept where the AWS CLI keeps them."""

from __future__ import annotations

import os
import shlex
import time

from awsx import process
from awsx.credentials.cli_cache import CliCache
from awsx.credentials.keys import Keys, Need, kept, read
from awsx.credentials.mfa import Codes
from awsx.credentials.turn import Turn
from awsx.environment import REGIONS
from awsx.files import chains, role_cache, tokens
from awsx.login import ensure
from awsx.login.options import login_command, wish_of
from awsx.service import portal, resolver
from awsx.service.errors import Refused
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsx.facts import Facts, Target
    from awsx.files.profiles import Profile, SsoSession

ENDED = "{}; run: {}"
NOT_ACCEPTED = "AWS no longer accepts the session {}; run: {} --force"
LEADS_BACK = "the credential_process of profile {} leads back to this profile; break the loop"
# The profiles whose credentials are being looked for, for a credential_process that is awsx itself.
LOOKED_FOR = "AWSX_CREDENTIALS_OF"


def keys(facts: Facts, target: Target, need: Need) -> Keys:
    """New credentials of a profile, as `valid.keys` says; those of another process if it was
    faster.
    """
    _check_loop(facts, target.profile.name)
    if target.session and target.session.is_login:
        return _of_aws_login(facts, target, need)
    link = _sso_link(facts, target)
    if target.session and not (link and _lasting(facts, link, target.session)):
        _log_in(facts, target, need)
    with Turn(facts.env, target.profile.name):
        found = kept(facts, target, need)
        if found and found.last(need.expires_within, time.time()):
            return found
        if link and target.session:
            is_own = link is target.profile
            own = None if is_own else _lasting(facts, link, target.session)
            own = own or _of_portal(facts, target, link)
            if is_own:
                return own
        return _of_botocore(facts, target, need)


def _check_loop(facts: Facts, name: str) -> None:
    """Raises AwsxError if this process was started to find the credentials of the same profile.

    Such a process would wait for its own turn.
    """
    looked_for = facts.env.get(LOOKED_FOR, "").split("\n")
    if name in looked_for:
        raise AwsxError(LEADS_BACK.format(clean(name)))
    os.environ[LOOKED_FOR] = "\n".join([*looked_for, name]).strip()


def _of_aws_login(facts: Facts, target: Target, need: Need) -> Keys:
    """The credentials of a session of `aws login`, or of a role that is assumed with them."""
    _log_in(facts, target, need)
    if target.kind == "login":
        found = kept(facts, target, need)
        if found and found.last(0, time.time()):
            return found
    with Turn(facts.env, target.profile.name):
        found = kept(facts, target, need) if target.kind == "role" else None
        if found and found.last(need.expires_within, time.time()):
            return found
        return _of_botocore(facts, target, need)


def _process_of_source(facts: Facts, target: Target) -> dict[str, str]:
    """A command for the source of a role, where that is a session of `aws login`.

    botocore itself can read one only with awscrt, and would renew it without our lock.
    """
    if target.kind != "role" or not (target.session and target.session.is_login):
        return {}
    name = chains.links(facts.config, target.profile)[-1].name
    return {name: shlex.join(process.core("creds", name, "--format", "process"))}


def _sso_link(facts: Facts, target: Target) -> Profile | None:
    """The profile at the end of the chain, if its credentials come from a session."""
    if target.session is None:
        return None
    if target.kind == "sso":
        return target.profile
    last = chains.links(facts.config, target.profile)[-1]
    return last if last.own_kind() == "sso" else None  # else it is behind a credential_process


def _lasting(facts: Facts, link: Profile, session: SsoSession) -> Keys | None:
    """The role credentials that are kept of a profile, if botocore takes them from the cache."""
    found = read(role_cache.path(facts.env, link, session), link.account)
    return found if found and found.last(role_cache.NEEDED_SECONDS, time.time()) else None


def _log_in(facts: Facts, target: Target, need: Need) -> None:
    """Make the session valid. Raises AwsxError if it has ended and that is left to the person."""
    session, token = target.session, target.token
    if session is None or (token and token.is_valid(time.time())):
        return
    if not (need.login_by or (need.may_login and facts.settings.auto_login)):
        reason = tokens.why_due(token, session.label)
        raise AwsxError(ENDED.format(reason, login_command(session)), kind="login-needed")
    ensure.valid_session(facts.env, session, facts.settings, wish_of(need.login_by))
    target.token = tokens.read(target.token_path)


def _of_portal(facts: Facts, target: Target, link: Profile) -> Keys:
    """The role credentials that the session gives for a profile, which are kept, too."""
    session, token = target.session, target.token
    if session is None or token is None:
        raise AwsxError(ENDED.format(tokens.why_due(token, target.key), "awsx login"))
    account, role = link.get("sso_account_id"), link.get("sso_role_name")
    try:
        given = portal.role_credentials(session, str(token.raw["accessToken"]), account, role)
    except Refused as refusal:
        text = NOT_ACCEPTED.format(clean(session.label), login_command(session))
        raise AwsxError(text) from refusal
    found = Keys(
        str(given["accessKeyId"]),
        str(given["secretAccessKey"]),
        str(given["sessionToken"]),
        int(given["expiration"]) // 1000,
        account,
    )
    # As the AWS CLI writes it (botocore/credentials.py, SSOCredentialFetcher._get_credentials).
    credentials = {
        "AccessKeyId": found.access_key,
        "SecretAccessKey": found.secret_key,
        "SessionToken": found.token,
        "Expiration": tokens.iso(found.expires),
        "AccountId": account,
    }
    path = role_cache.path(facts.env, link, session)
    name = path.rpartition("/")[2].removesuffix(".json")
    CliCache(facts.env)[name] = {"ProviderType": "sso", "Credentials": credentials}
    return found


def _resolved(asked: resolver.Asked, codes: Codes) -> Mapping[str, object]:
    """botocore's answer, after another question if AWS refuses the code that a person typed."""
    while True:
        try:
            return resolver.resolve(asked)
        except resolver.WrongCode:
            if not codes.may_ask_again():
                raise


def _of_botocore(facts: Facts, target: Target, need: Need) -> Keys:
    name = target.profile.name
    region = next((facts.env[n] for n in REGIONS if facts.env.get(n)), target.region)
    cache = CliCache(facts.env, need.expires_within)
    codes = Codes(facts)
    processes = _process_of_source(facts, target)
    asked = resolver.Asked(name, region, need.duration, cache, codes, processes)
    found = _resolved(asked, codes)
    expires: datetime | None = found["expires"]  # type: ignore[assignment]
    return Keys(
        str(found["access_key"]),
        str(found["secret_key"]),
        str(found["token"] or ""),
        int(expires.timestamp()) if expires else 0,
        str(found["account_id"] or target.account),
    )
