"""`awsx status`: whether a profile can be used now, on one line and as an exit code. Offline.

For scripts, hooks and agents: 0 usable, or renewed without a person; 1 not; 3 usable, but guarded.
"""

import time

from awsx.commands import before
from awsx.environment import PROFILES, rivals
from awsx.files import tokens
from awsx.term import Told, clean, out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts, Target

NOT_USABLE, GUARDED = 1, 3  # exit codes
USABLE, IS_GUARDED, UNUSABLE, MAY_BE = "usable", "guarded by {}", "not usable", "perhaps usable"
NOBODY = "no profile"


class Status:
    """`name` is the profile's, or what is used in its place: keys, container.

    `usable` and `reason` are those of a Verdict.
    """

    __slots__ = ("name", "reason", "target", "usable")

    def __init__(
        self, name: str, target: "Target | None", usable: "bool | str", reason: str
    ) -> None:
        self.name, self.target, self.usable, self.reason = name, target, usable, reason

    @property
    def code(self) -> int:
        if self.usable in (False, "login"):
            return NOT_USABLE
        return GUARDED if self.target and self.target.pattern else 0

    @property
    def verdict(self) -> str:
        if self.code:
            pattern = self.target.pattern if self.target else ""
            return UNUSABLE if self.code == NOT_USABLE else IS_GUARDED.format(clean(pattern))
        return USABLE if self.usable is True else MAY_BE


def status(env: "Mapping[str, str]", name: str = "", as_json: bool = False) -> None:
    """Print one line about profile `name`, else about what this terminal uses.

    Raises Told with the exit code where that is not 0, AwsxError for a profile that is not there.
    """
    facts, now = before.opened_quietly(env), time.time()
    name = facts.named(name) if name else ""
    wanted = name or _plainly_named(env)
    target = facts.resolve(facts.profile(wanted)) if wanted else None
    found = _of_session(facts, target, now) if target else None
    found = found or _of_terminal(facts, name, now)
    out(_json(found, now) if as_json else _line(found, now))
    if found.code:
        raise Told(found.verdict, found.code)


def _plainly_named(env: "Mapping[str, str]") -> str:
    """The terminal's profile, if AWS_PROFILE names it and nothing can come before it."""
    if any(name in env for name in rivals(env)):
        return ""
    return env.get(PROFILES[0], "")


def _of_session(facts: "Facts", target: "Target", now: float) -> "Status | None":
    """The status by the session alone, which most profiles have; None if that does not tell it.

    It is what truth/usable.py says, without the start-up time of that.
    """
    token, session, name = target.token, target.session, target.profile.name
    if target.file_error or target.region_error or target.settings_error or session is None:
        return None
    if token and (token.is_valid(now, 0) or token.is_renewable(now)):
        return Status(name, target, True, "")
    why = tokens.why_due(token, session.label)
    if until := facts.aws_until(target, now):
        return Status(name, target, True, tokens.GOES_ON.format(why, tokens.iso(until)))
    if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        return None  # a command with this name needs quotes
    return Status(name, target, "login", tokens.LOG_IN.format(why, name))


def _of_terminal(facts: "Facts", name: str, now: float) -> Status:
    """The status of a profile of any kind, or of the identity that the variables make."""
    from awsx.truth.findings import Terminal
    from awsx.truth.usable import usable

    env = _switched(facts, name) if name else facts.env
    terminal = Terminal(env, facts.config, now)
    profile = terminal.profile if name or terminal.aws.identity == "profile" else None
    target, verdict = facts.resolve(profile) if profile else None, usable(terminal, now)
    if target and target.settings_error:
        return Status(target.profile.name, target, False, str(target.settings_error))
    name = target.profile.name if target else terminal.aws.identity.replace("none", NOBODY)
    return Status(name, target, verdict.usable, verdict.reason)


def _switched(facts: "Facts", name: str) -> "Mapping[str, str]":
    """The environment as a switch to the profile leaves it."""
    from awsx.environment import pointing_at

    env, source = facts.env, facts.resolve(facts.profile(name)).source
    change = pointing_at(name, "", env, source)
    return {**{n: v for n, v in env.items() if n not in change}, PROFILES[0]: name}


def _line(found: Status, now: float) -> str:
    """`prod: usable, session 6h`, `prod: not usable, the session corp has expired; run: ...`."""
    told = [found.verdict]
    if found.reason:
        told.append(clean(found.reason, 500))
    elif found.target and found.target.lasts:
        told.append(f"session {tokens.left(tokens.Token(found.target.lasts, 0, {}), now)}")
    elif found.target and found.target.session:
        told.append(tokens.told(found.target.token, now))
    return f"{clean(found.name)}: {', '.join(told)}\n"


def _json(found: Status, now: float) -> str:
    import json

    from awsx.tables.rows import state

    target = found.target
    token = target.token if target else None
    left = tokens.left(token, now) if target and target.session else ""
    values = {
        "profile": target.profile.name if target else None,
        "account_id": (target.account or None) if target else None,
        "usable": found.usable,
        "guarded": bool(target and target.pattern),
        "reason": found.reason or None,
        "state": state(left),
        "left": left or None,
        "expires_at": tokens.iso(token.expires) if token else None,
    }
    return json.dumps(values) + "\n"
