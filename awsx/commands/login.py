"""awsx login: make sessions valid because the person asks, not because a command needs them."""

from __future__ import annotations

import time

from awsx.commands import before, which_sessions
from awsx.files import tokens
from awsx.login import ensure
from awsx.tables.rows import state
from awsx.term import clean, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.commands.which_sessions import Selection
    from awsx.files.profiles import SsoSession
    from awsx.login.options import Wish

DONE = "{}: {}"
VALID = "{}: {}, nothing to do (--force logs in all the same)"


def login(env: Mapping[str, str], selection: Selection, wish: Wish, as_json: bool = False) -> None:
    """Make the selected sessions valid, and say or print as JSON what each is now.

    Raises AwsxError if one failed, after the others; Cancelled at once.
    """
    facts = before.opened(env)
    told: list[dict[str, object]] = []

    def act(session: SsoSession) -> None:
        is_new = ensure.valid_session(env, session, facts.settings, wish)
        told.append(_tell(env, session, is_new, as_json))

    try:
        which_sessions.one_by_one(which_sessions.selected(facts, selection), act)
    finally:
        if as_json:
            _print(told, selection.every, indent=None if wish.until else 2)


def _tell(
    env: Mapping[str, str], session: SsoSession, is_new: bool, as_json: bool
) -> dict[str, object]:
    """Say what the session is now, unless it is printed as JSON; return the same for JSON."""
    token, now = tokens.load(env, tokens.key(session)), time.time()
    if not as_json:
        say((DONE if is_new else VALID).format(clean(session.label), tokens.told(token, now)))
    ends = tokens.iso(token.expires) if token else None
    return {
        "session": session.label,
        "expires_at": ends,
        "state": state(tokens.left(token, now)),
        "new": is_new,
    }


def _print(told: list[dict[str, object]], is_list: bool, indent: int | None) -> None:
    """Print one object, or a list of them with --all; nothing if there is no object.

    With --wait it has one line, as a link may stand on a line before it.
    """
    import json

    if told or is_list:
        out(json.dumps(told if is_list else told[0], indent=indent) + "\n")
