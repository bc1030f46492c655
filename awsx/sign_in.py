"""awsx login: make a session valid because somebody asks, not because a command needs it."""

from __future__ import annotations

import time

from awsx import login as ladder
from awsx import tokens
from awsx.find import Facts
from awsx.oidc import Wish
from awsx.rows import state
from awsx.term import AwsxError, clean, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.profiles import SsoSession

NO_SESSION = "profile {} ({}) has no SSO session to log in to"
WHICH = "which session? name a profile (awsx login NAME) or one of: {}"
NONE = "no [sso-session] in the config; make one with: aws configure sso-session"
DONE = "{}: session {}"
VALID = "{}: session {}, nothing to do (--force logs in all the same)"


def login(
    env: Mapping[str, str],
    name: str = "",
    session_name: str = "",
    force: bool = False,
    browser: bool = True,
    by_device: bool = False,
    as_json: bool = False,
) -> None:
    """Make valid the session of that name, else the one behind profile `name`, else behind this terminal's profile."""
    facts = Facts(env)
    session = facts.config.session(session_name) if session_name else _behind(facts, name or env.get("AWS_PROFILE", ""))
    new = ladder.ensure(env, session, facts.chosen, force, Wish(browser, by_device))
    token = tokens.load(env, tokens.key(session))
    left = tokens.left(token, time.time())
    if as_json:
        import json

        found = {"session": session.label, "expires_at": token and tokens.iso(token.expires), "state": state(left)}
        out(json.dumps({**found, "new": new}, indent=2) + "\n")
    else:
        say((DONE if new else VALID).format(clean(session.label), left))


def _behind(facts: Facts, name: str) -> SsoSession:
    if not name:
        return _only(facts)
    profile = facts.profile(name)
    session = facts.session(profile)
    if session is None:
        raise AwsxError(NO_SESSION.format(clean(name), profile.kind))
    return session


def _only(facts: Facts) -> SsoSession:
    """The one session there is. Raises AwsxError if there is none, or a choice."""
    names = facts.config.sessions()
    if len(names) != 1:
        raise AwsxError(WHICH.format(", ".join(map(clean, names))) if names else NONE)
    return facts.config.session(names[0])
