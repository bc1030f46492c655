"""Which sessions a login or a logout is about, and how it goes through them."""

from __future__ import annotations

from typing import NamedTuple

from awsx.files import chains
from awsx.term import AwsxError, Cancelled, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsx.facts import Facts
    from awsx.files.profiles import Profile, SsoSession

NO_SESSION = "profile {} ({}) has no SSO session to log in to"
WHICH = "which session? name a profile (awsx login NAME), or say --all or --session with one of: {}"
NONE = "no [sso-session] in the config; make one with: aws configure sso-session"
TOO_MUCH = "--all means every session; leave out {}"
SOME = "{} of {} sessions failed; see above"


class Selection(NamedTuple):
    """The sessions that the person named: by a profile, by an sso-session's name, or all."""

    profile: str = ""
    session: str = ""
    every: bool = False


def selected(facts: Facts, selection: Selection) -> list[SsoSession]:
    """The selected sessions.

    Where nothing is named: the one behind this terminal's profile, else the only one there is.
    Raises AwsxError if there is none, or no telling which.
    """
    name, session_name, every = selection
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

    Says what is broken in the config and leaves it out. Raises AwsxError where no session is left.
    """
    found: dict[str, SsoSession] = {}
    sources: list[Profile | str] = [*_holders(facts), *facts.config.sessions()]
    for source in sources:
        try:
            session = _session_of(facts, source)
        except AwsxError as error:
            say(str(error))
            continue
        if session:
            found.setdefault(session.label, session)
    if not found:
        raise AwsxError(NONE)
    return list(found.values())


def _holders(facts: Facts) -> list[Profile]:
    """The first profile of each session: a thousand profiles may hold the same one."""
    first: dict[tuple[str, str], Profile] = {}
    for profile in facts.config.profiles().values():
        if profile.kind == "sso" or profile.has("sso_start_url"):
            first.setdefault((profile.get("sso_session"), profile.get("sso_start_url")), profile)
    return list(first.values())


def _session_of(facts: Facts, source: Profile | str) -> SsoSession | None:
    """The session that a profile holds, or the sso-session of that name."""
    if isinstance(source, str):
        return facts.config.session(source)
    return chains.login_session(facts.config, source)


def one_by_one(sessions: list[SsoSession], act: Callable[[SsoSession], None]) -> None:
    """Act on each session; if it fails for one, say so and go on with the next.

    Raises AwsxError at the end if one failed, Cancelled at once.
    """
    failed = 0
    for session in sessions:
        try:
            act(session)
        except Cancelled:
            raise
        except AwsxError as error:
            if len(sessions) == 1:
                raise
            failed += 1
            say(str(error))
    if failed:
        raise AwsxError(SOME.format(failed, len(sessions)))


def _behind(facts: Facts, name: str) -> SsoSession:
    """The session behind the profile of that name."""
    profile = facts.profile(name)
    session = chains.login_session(facts.config, profile)
    if session is None:
        raise AwsxError(NO_SESSION.format(clean(name), profile.kind))
    return session


def _only(facts: Facts) -> SsoSession:
    """The one sso-session there is, else the one legacy start URL."""
    names = facts.config.sessions()
    if len(names) == 1:
        return facts.config.session(names[0])
    found = all_of(facts)
    if len(found) != 1:
        raise AwsxError(WHICH.format(", ".join(clean(session.label) for session in found)))
    return found[0]
