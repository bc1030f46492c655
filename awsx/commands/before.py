"""What every command does first: ask about a guarded profile, and log in where a session has ended."""

import _signal
import time

from awsx.facts import Facts
from awsx.files import tokens
from awsx.term import AwsxError, Cancelled, in_foreground, on_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Profile, SsoSession


def confirm(facts: Facts, profile: "Profile", deed: str, always: bool = False) -> None:
    """Ask before a guarded profile is used, if the settings want that or `always`.

    Raises as `question.ask` does.
    """
    found = facts.guarding(profile)
    if found and (always or facts.chosen.guard.confirm):
        from awsx.commands import question

        question.ask(profile, facts.account_name(profile), found, deed)


def log_in(facts: Facts, session: "SsoSession | None") -> None:
    """Make sure that the session is valid, unless the settings leave that to the person.

    Ctrl-C ends a core that a shell's function has started: then the shell gives up the line or the
    loop, too.
    """
    if session is None:
        return
    token = tokens.load(facts.env, tokens.key(session))
    if (token is None or not token.is_valid(time.time())) and facts.chosen.auto_login:
        from awsx.login import ensure  # subprocess, boto3: only when a session has ended

        try:
            ensure.ensure(facts.env, session, facts.chosen)
        except Cancelled:
            if "AWSX_SHELL" in facts.env:
                _signal.raise_signal(_signal.SIGINT)
            raise


def ensure(env: "Mapping[str, str]", name: str) -> None:
    """Before a command that uses profile `name`: log in if its session has ended and a person is there.

    What no login mends (no such profile, another kind, a mistake in the files) the command tells by
    itself. Raises AwsxError if the login came to nothing.
    """
    facts = Facts(env, silent=True)
    profile = facts.config.profile(name)
    try:
        session = facts.session(profile) if profile else None
    except AwsxError:
        session = None
    if on_terminal() and in_foreground():
        log_in(facts, session)
    facts.remember(name)
