"""Which sessions a login or a logout is about, and how it goes through them.

A session of `aws login` is one of all for a logout. For a login it is not, unless there are no
others: the person picks each of them in the browser.
"""

from __future__ import annotations

from typing import NamedTuple

from awsx.commands import before
from awsx.files import chains, login_sessions, paths
from awsx.term import AwsxError, Cancelled, clean, near, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsx.facts import Facts
    from awsx.files.profiles import Profile, SsoSession

NO_SESSION = "profile {} ({}) has no SSO session, so there is nothing to log {}"
NO_SUCH_SESSION = "no [sso-session {}] in {}{}"
WHICH = "which session? name a profile (awsx {} NAME), or say --all or --session with one of: {}"
NONE_TO_BEGIN = "no [sso-session] in {}; make one: awsx setup; to look first: awsx demo"
NONE_TO_END = "no [sso-session] in {}, so there is nothing to log out of"
TOO_MUCH = "--all means every session; leave out {}"
SOME = "{} of {} sessions failed; see above"


class Selection(NamedTuple):
    """The sessions that the person named: by a profile, by an sso-session's name, or all.

    `verb` is what they are for: login or logout.
    """

    profile: str = ""
    session: str = ""
    every: bool = False
    verb: str = "login"


def selected(facts: Facts, selection: Selection) -> list[SsoSession]:
    """The selected sessions.

    Where nothing is named: the one behind this terminal's profile, else the only one there is.
    Raises AwsxError if there is none, or no telling which.
    """
    name, session_name, every, verb = selection
    if every:
        if name or session_name:
            raise AwsxError(TOO_MUCH.format(clean(name or session_name)), 2)
        return all_of(facts, verb)
    if session_name:
        _check_session(facts, session_name)
        return [facts.config.session(session_name)]
    name = facts.named(name) if name else facts.env.get("AWS_PROFILE", "")
    return [_behind(facts, name, verb) if name else _only(facts, verb)]


def _check_session(facts: Facts, name: str) -> None:
    """Raises AwsxError if the config has no sso-session of a name that the person typed."""
    names = facts.config.sessions()
    if name not in names:
        has = f"it has: {', '.join(map(clean, names))}" if names else "it has none"
        file = paths.tilde(facts.config.config.path, facts.env)
        raise AwsxError(NO_SUCH_SESSION.format(clean(name), file, near(name, names, has)))


def all_of(facts: Facts, verb: str = "login") -> list[SsoSession]:
    """Every sso-session and every legacy start URL, each with the first profile that holds it.

    Says what is broken in the config and leaves it out. Raises AwsxError where no session is left.
    """
    found: dict[str, SsoSession] = {}
    sources: list[Profile | str] = [*_holders(facts), *facts.config.sessions()]
    for source in sources:
        try:
            session = _session_of(facts, source)
        except AwsxError as error:
            refuse(str(error))
            continue
        if session:
            found.setdefault(session.label, session)
    if verb == "logout" or not found:
        for profile in facts.config.profiles().values():
            if profile.own_kind() == "login":
                found.setdefault(profile.get("login_session"), login_sessions.of(profile))
    if not found:
        text = NONE_TO_END if verb == "logout" else NONE_TO_BEGIN
        raise AwsxError(text.format(paths.tilde(facts.config.config.path, facts.env)))
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
            refuse(str(error))
    if failed:
        raise AwsxError(SOME.format(failed, len(sessions)))


def _behind(facts: Facts, name: str, verb: str) -> SsoSession:
    """The session behind the profile of that name."""
    if verb == "login":
        before.write_chosen(facts, [name])
    profile = facts.profile(name)
    session = chains.login_session(facts.config, profile)
    if session is None:
        deed = "out of" if verb == "logout" else "in to"
        raise AwsxError(NO_SESSION.format(clean(name), profile.kind, deed))
    return session


def _only(facts: Facts, verb: str) -> SsoSession:
    """The one sso-session there is, else the one legacy start URL."""
    names = facts.config.sessions()
    if len(names) == 1:
        return facts.config.session(names[0])
    found = all_of(facts, verb)
    if len(found) != 1:
        raise AwsxError(WHICH.format(verb, ", ".join(clean(session.label) for session in found)))
    return found[0]
