"""Which sessions a login or a logout is about: the named one, the one behind a profile, the only one, or all."""

from __future__ import annotations

from awsx.facts import Facts
from awsx.files import profiles
from awsx.term import AwsxError, Cancelled, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsx.files.profiles import Profile, SsoSession

NO_SESSION = "profile {} ({}) has no SSO session to log in to"
WHICH = "which session? name a profile (awsx login NAME), or say --all or --session with one of: {}"
NONE = "no [sso-session] in the config; make one with: aws configure sso-session"
TOO_MUCH = "--all means every session; leave out {}"
SOME = "{} of {} sessions failed; see above"


def meant(facts: Facts, name: str, session_name: str, every: bool) -> list[SsoSession]:
    """By session name, else behind profile `name`, else behind this terminal's profile, else the only one."""
    if every:
        if name or session_name:
            raise AwsxError(TOO_MUCH.format(clean(name or session_name)), 2)
        return all_of(facts)
    if session_name:
        return [facts.config.session(session_name)]
    name = name or facts.env.get("AWS_PROFILE", "")
    return [_behind(facts, name) if name else _only(facts)]


def all_of(facts: Facts) -> list[SsoSession]:
    """Every sso-session and every legacy start URL, each with the first profile that holds it.

    Raises AwsxError where there is none; what is broken in the config is said and left out.
    """
    found: dict[str, SsoSession] = {}
    for look in [*_holders(facts), *_unheld(facts)]:
        try:
            session = look()
        except AwsxError as error:
            say(str(error))
            continue
        if session:
            found.setdefault(session.label, session)
    if not found:
        raise AwsxError(NONE)
    return list(found.values())


def _holders(facts: Facts) -> list[Callable[[], SsoSession | None]]:
    """One look for each session that a profile holds, not for each of its thousand profiles."""
    first: dict[tuple[str, str], Profile] = {}
    for profile in facts.config.profiles().values():
        if profile.kind == "sso":
            first.setdefault((profile.get("sso_session"), profile.get("sso_start_url")), profile)
    return [lambda p=profile: profiles.sso_session(facts.config, p) for profile in first.values()]  # type: ignore[misc]


def _unheld(facts: Facts) -> list[Callable[[], SsoSession | None]]:
    return [lambda n=name: facts.config.session(n) for name in facts.config.sessions()]  # type: ignore[misc]


def one_by_one(found: list[SsoSession], act: Callable[[SsoSession], None]) -> None:
    """Do it for each; one that fails does not hold up the others. Raises AwsxError at the end, Cancelled at once."""
    failed = 0
    for session in found:
        try:
            act(session)
        except Cancelled:
            raise
        except AwsxError as error:
            if len(found) == 1:
                raise
            failed += 1
            say(str(error))
    if failed:
        raise AwsxError(SOME.format(failed, len(found)))


def _behind(facts: Facts, name: str) -> SsoSession:
    profile = facts.profile(name)
    session = facts.session(profile)
    if session is None:
        raise AwsxError(NO_SESSION.format(clean(name), profile.kind))
    return session


def _only(facts: Facts) -> SsoSession:
    """The one sso-session there is, else the one legacy start URL. Raises AwsxError if there is none, or a choice."""
    names = facts.config.sessions()
    if len(names) == 1:
        return facts.config.session(names[0])
    found = all_of(facts)
    if len(found) != 1:
        raise AwsxError(WHICH.format(", ".join(clean(session.label) for session in found)))
    return found[0]
