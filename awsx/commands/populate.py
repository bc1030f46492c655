"""awsx populate: a profile for each account and role of a session, in one block of the config."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from awsx import interrupts
from awsx.commands import before, question, which_sessions
from awsx.files import disk, marked_block, naming, paths, regions, rewrite, tokens
from awsx.login import ensure
from awsx.login.options import login_command
from awsx.populate import block, reading, selection, writing
from awsx.populate.bar import bar
from awsx.populate.names import Naming
from awsx.populate.selection import Selection
from awsx.service.accounts import Accounts
from awsx.service.errors import Refused
from awsx.term import AwsxError, clean, in_foreground, on_terminal, out, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from awsx.facts import Facts
    from awsx.files.profiles import SsoSession
    from awsx.populate.block import Plan, Wish
    from awsx.populate.reading import Grants

LEGACY = "profiles of {} have no [sso-session]; give it a name first: awsx setup --start-url {}"
WHICH = "which session? say --session with one of: {}"
UNASKED = (
    "there is nobody to ask here before {} is written; if you mean it: --yes; to look: --dry-run"
)
NO_CONFIG = "AWS_CONFIG_FILE is set to nothing, so no file can be written; unset it"
QUESTION = "write to {}?"
NO_PROFILE = "AWS lists no account with a role that is asked for in {}; nothing was changed"
SAME = "{} has the {} of {}; nothing to change"
DONE = "{}: {} for {}; as it was before: {}"
DONE_NEW = "{}: {} for {}"
SUGGESTED = (
    "{:,} profiles make each aws command slow to start; to write one when it is first chosen:"
    " --on-demand"
)
ASK = (
    "{:,} profiles make each aws command slow to start; write one when you first choose it? [Y/n] "
)
LATER = "awsx lists and completes all of them, and writes one to {} when you first choose it"
GONE = "{} in the block, but not among what AWS lists or what was asked for: {}; to remove: --prune"
LEFT = "{} of your own for the same account and role, left alone: {}"
COLLISION = "{} would be the name of {}: {}"
MORE_COLLISIONS = "and {} more names that several would have had"
ENDED = "AWS has ended the session {} in the middle; run: {} --force"
REFUSED = "AWS refuses to list the accounts of {} ({}: {})"
GOES_ON = "{}; nothing was changed; {} read so far: run it again to go on from there"

SHOWN = 5  # names in one message, and messages of one kind
MANY = 300  # profiles, from which on they are better written on demand
SCREEN = 40  # lines of a diff on a terminal
RENEWALS = 3  # of a session, in one run


class Order(NamedTuple):
    """What the person asks for; what is left out, the settings say."""

    session: str = ""
    template: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    prune: bool = False
    dry_run: bool = False
    is_sure: bool = False
    on_demand: bool | None = None
    may_ask: bool = False  # whether many profiles are better written on demand


def populate(env: Mapping[str, str], order: Order) -> None:
    """Show what would change in the config, ask, and write it.

    Raises AwsxError, and changes nothing, if the list of accounts cannot be read whole.
    """
    facts = before.opened(env)
    config = paths.config_path(env)
    if not config:
        raise AwsxError(NO_CONFIG)
    session, shown = _session(facts, order.session), paths.tilde(config, env)
    _check(config, shown, session)
    wish, select = wishes(facts, order)
    if not (order.dry_run or order.is_sure or (on_terminal() and in_foreground())):
        raise AwsxError(UNASKED.format(shown), 2)
    entries = selection.entries(grants(facts, session), select, wish.naming, session)
    if not entries and not order.prune:
        raise AwsxError(NO_PROFILE.format(clean(session.label)))
    files = writing.Files(facts, session, entries, wish, _is_on_demand(facts, order, len(entries)))
    plans = files.plans()
    _tell(plans[0].plan)
    lines = [line for change in plans for line in change.plan.diff(change.where)]
    total = plans[-1].plan.total
    if not lines:
        say(SAME.format(plans[-1].where, _profiles(total), clean(session.name)))
    elif not files.is_on_demand and total > MANY:
        say(SUGGESTED.format(total))
    show(lines, order.dry_run)
    if order.dry_run:
        return
    told = {change.where: _told(change.plan) for change in plans if change.plan.is_change}
    if told and not order.is_sure:
        question.confirm(QUESTION.format(", and to ".join(map(": ".join, told.items()))))
    for where, backup in files.write():
        if where in told:
            done = DONE if backup else DONE_NEW
            say(done.format(where, told[where], clean(session.name), backup))
    if lines and files.is_on_demand:
        say(LATER.format(shown))
    _list_names(env)


def _is_on_demand(facts: Facts, order: Order, count: int) -> bool:
    """True if the person wants profiles on demand: by the option, the settings, or when asked."""
    if order.on_demand is not None:
        return order.on_demand
    if facts.settings.populate["on_demand"]:
        return True
    if not (order.may_ask and count > MANY):
        return False
    return question.answered(ASK.format(count)).strip().lower() in ("", "y", "yes")


def _list_names(env: Mapping[str, str]) -> None:
    """Make the list that completion reads, so that the next Tab knows the profiles."""
    from awsx.memos.remember import remember_names

    remember_names(before.opened_quietly(env))


def _session(facts: Facts, name: str) -> SsoSession:
    """The sso-session that is named; else the only one, or the one behind this terminal."""
    names = facts.config.sessions()
    if not name and len(names) == 1:
        name = names[0]
    if not name and names and not facts.env.get("AWS_PROFILE"):
        raise AwsxError(WHICH.format(", ".join(map(clean, names))), 2)
    session = which_sessions.selected(
        facts, which_sessions.Selection(session=name, verb="populate")
    )[0]
    if not session.name:
        url = clean(session.start_url, 200)
        raise AwsxError(LEGACY.format(url, url))
    return session


def _check(config: str, shown: str, session: SsoSession) -> None:
    """Raises AwsxError for a config that cannot be written: before the minutes of reading."""
    marked_block.find(disk.read(config) or b"", shown, block.label(session.name))
    if os.path.exists(config) and not os.access(os.path.dirname(os.path.realpath(config)), os.W_OK):
        raise AwsxError(rewrite.CANNOT_WRITE.format(shown, "its folder is read-only"))


def wishes(facts: Facts, order: Order) -> tuple[Wish, Selection]:
    """What the options say, and where they say nothing, the settings. Raises AwsxError."""
    said: Mapping[str, Any] = facts.settings.populate
    named = Naming(
        order.template or said["template"],
        said["separator"],
        said["case"],
        naming.expressions(said["trim_account"]),
        naming.expressions(said["trim_role"]),
    )
    named.check()
    words = [word for given in order.regions for word in given.split(",")]
    asked = tuple(regions.region_named(word, facts.config) for word in words)
    select = Selection(
        order.include or naming.texts(said["include"]),
        order.exclude or naming.texts(said["exclude"]),
        order.roles or naming.texts(said["role"]),
        {"*": asked} if asked else naming.regions(said["regions"]),
    )
    return block.Wish(named, order.prune, naming.extra(said["extra"])), select


def grants(facts: Facts, session: SsoSession) -> Grants:
    """Every account and role of the session; logs in first where that is due.

    Raises AwsxError if the list is not whole; what was read is kept for the next run.
    """
    kept = reading.Kept(facts.env, session, time.time())
    ensure.valid_session(facts.env, session, facts.settings, says_done=True)
    try:
        with interrupts.tidy():
            found = _read(facts, session, kept)
    except AwsxError as error:
        if error.code == 1 and kept.roles:
            count = _count(len(kept.roles), "account")
            raise AwsxError(GOES_ON.format(error, count)) from error
        raise
    kept.drop()
    return found


def _read(facts: Facts, session: SsoSession, kept: reading.Kept) -> Grants:
    label, left = clean(session.label), RENEWALS
    while True:
        token = tokens.load(facts.env, tokens.key(session))
        source = Accounts(session, str(token.raw["accessToken"]) if token else "")
        try:
            with bar(session.label) as told:
                return reading.read(source, kept, told)
        except Refused as refusal:
            if refusal.code != "UnauthorizedException":
                text = clean(str(refusal), 200)
                raise AwsxError(REFUSED.format(label, refusal.code, text)) from refusal
            left -= 1
            if left == 0 or not ensure.valid_session(facts.env, session, facts.settings):
                raise AwsxError(ENDED.format(label, login_command(session))) from refusal


def _tell(plan: Plan) -> None:
    """Say what is not in the diff: names that collide, profiles that stay as they are."""
    for name, found in sorted(plan.collisions.items())[:SHOWN]:
        say(COLLISION.format(name, _profiles(len(found)), some(found)))
    if len(plan.collisions) > SHOWN:
        say(MORE_COLLISIONS.format(len(plan.collisions) - SHOWN))
    if plan.left:
        say(LEFT.format(_profiles(len(plan.left)), some(plan.left)))
    stays = [name for name in plan.gone if name not in plan.removed]
    if stays:
        warn(GONE.format(_profiles(len(stays)), some(stays)))


def show(lines: list[str], is_whole: bool) -> None:
    """Print a diff; on a terminal its beginning, unless the person asked for it alone."""
    most = SCREEN if on_terminal() and not is_whole else len(lines)
    more = [f"... and {len(lines) - most} lines more: --dry-run"] * (len(lines) > most)
    out("".join(f"{line}\n" for line in [*lines[:most], *more]))


def _told(plan: Plan) -> str:
    """`24 profiles added, 1 changed`"""
    counts = {"added": plan.added, "changed": plan.changed, "removed": plan.removed}
    told = [(len(names), deed) for deed, names in counts.items() if names]
    first, *rest = told
    return ", ".join([f"{_profiles(first[0])} {first[1]}", *(f"{n} {deed}" for n, deed in rest)])


def _profiles(count: int) -> str:
    return _count(count, "profile")


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count:,} {what}s"


def some(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(clean(name, 60) for name in names[:SHOWN]) + more
