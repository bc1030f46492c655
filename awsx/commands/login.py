"""awsx login: make a session valid because somebody asks, not because a command needs it."""

from __future__ import annotations

import time

from awsx.commands import before, which_sessions
from awsx.files import tokens
from awsx.login import ensure as ladder
from awsx.login.options import Wish
from awsx.rows import state
from awsx.term import clean, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession

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
    every: bool = False,
) -> None:
    """Make valid the session of that name, else the one behind profile `name`, else behind this terminal's profile."""
    facts = before.opened(env)
    found: list[dict[str, object]] = []

    def act(session: SsoSession) -> None:
        new = ladder.ensure(env, session, facts.settings, force, Wish(browser, by_device))
        found.append(_tell(env, session, new, as_json))

    try:
        which_sessions.one_by_one(which_sessions.meant(facts, name, session_name, every), act)
    finally:
        if as_json:
            import json

            out(json.dumps(found if every else found[0], indent=2) + "\n" if every or found else "")


def _tell(
    env: Mapping[str, str], session: SsoSession, new: bool, as_json: bool
) -> dict[str, object]:
    """Say what the session is now; the same for machines."""
    token = tokens.load(env, tokens.key(session))
    left = tokens.left(token, time.time())
    if not as_json:
        say((DONE if new else VALID).format(clean(session.label), left))
    ends = tokens.iso(token.expires) if token else None
    return {"session": session.label, "expires_at": ends, "state": state(left), "new": new}
