"""Change this terminal: NAME, `-` and off become variables to set and unset."""

import time

from awsx.commands import before
from awsx.environment import KEY_ID, REGIONS, SET_BY_HAND, SHELL_OF, asked_regions, pointing_at
from awsx.files import tokens
from awsx.memos import uses
from awsx.memos.handover import check_loaded, hand_over
from awsx.memos.remember import remember
from awsx.term import AwsxError, clean, on_terminal, out, say, shown, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.environment import (
        Change,
    )
    from awsx.facts import Facts, Target

NO_PREVIOUS = "this terminal has no previous profile; pick one: awsx"
NOTHING_TO_LEAVE = "this terminal uses no profile of awsx's"
LEFT = "left {}"
SET_OUTSIDE = (
    "AWS_PROFILE={} came with this shell and stays; leave the shell (exit), or drop it here: "
    "unset AWS_PROFILE (fish: set -e AWS_PROFILE)"
)
KEYS_EXPIRED = "its keys have expired"
SHELL_OF_EXEC = "this shell was opened by awsx exec {} and keeps that profile; leave it: exit"
BY_PIN = "by the pin of {}"
PIN_LEADS_NOWHERE = "{} is pinned to {}, which is no profile; nothing was changed"
DEED = "switch to it"


def use(env: "Mapping[str, str]", call: "Call") -> None:
    """Switch this terminal to the profile that the call names, by name, alias or account.

    Where there is none of that name, the picker opens, filtered by it. Raises AwsxError with the
    names that come near where nobody is there to pick.
    """
    facts = before.opened(env)
    target = facts.find(call.name)
    if target is None and facts.is_listed(call.name):
        check_loaded(env, call.name)
        target = before.chosen(facts, call.name, call.region)
    if target is None:
        from awsx.commands import help as helping  # only for a word that is no name
        from awsx.commands import meant

        if call.name not in facts.aliases:
            helping.check_word(call.name)
            helping.check_spelling(facts, call.name)
        if meant.is_meant(facts, call.name):
            if on_terminal():  # the picker may open
                check_loaded(env)
            target = before.target_of(facts, call.name, call.region)
    if target is None and on_terminal():
        _choose(facts, call)
    else:
        target = target or facts.target(call.name, call.region)
        check_loaded(env, target.profile.name)
        _switch_to(facts, target, call)


def pick(env: "Mapping[str, str]", call: "Call") -> None:
    """Let the person choose; where nobody is there to choose, print the names."""
    facts = before.opened(env)
    if on_terminal():
        _choose(facts, call)
    else:
        out("".join(f"{name}\n" for name in facts.names()))


def back(env: "Mapping[str, str]", call: "Call") -> None:
    """Switch to the profile that this terminal used before."""
    check_loaded(env)
    if not env.get("AWSX_PREVIOUS"):
        raise AwsxError(NO_PREVIOUS)
    facts = before.opened(env)
    _switch_to(facts, facts.target(env["AWSX_PREVIOUS"], call.region), call)


def pinned(env: "Mapping[str, str]", call: "Call") -> None:
    """Switch to the profile that a folder is pinned to, as the terminal enters the folder.

    That opens no browser: a command that needs the session logs in. Raises AwsxError.
    """
    facts = before.opened(env)
    target = facts.find(call.name)
    if target is None:
        raise AwsxError(PIN_LEADS_NOWHERE.format(clean(call.form), shown(call.name)))
    check_loaded(env)
    _switch_to(facts, target, call)


def off(env: "Mapping[str, str]") -> None:
    """Unset what awsx set; the shell gives back what it put aside."""
    check_loaded(env)
    owner, profile = env.get("AWSX_OWNER"), env.get("AWS_PROFILE", "")
    stays = profile if not owner or env.get("AWSX_ORIGIN") == "hand" else ""
    if owner:
        change: Change = {"AWSX_OWNER": None, "AWSX_REGION": None}
        if owner != env.get("AWSX_PID"):  # inherited: this shell has put nothing aside
            change.update(dict.fromkeys(asked_regions(env)))
            if not stays:
                change["AWS_PROFILE"] = None
        hand_over(env, change)
    _tell_left(env, "" if stays else profile, stays)


def _tell_left(env: "Mapping[str, str]", profile: str, stays: str) -> None:
    """Say which profile this terminal leaves, or which region alone, and what stays."""
    region = env.get("AWSX_REGION", "")
    left = env.get("AWSX_SWITCHED_TO") or profile or (region and f"region {region}")
    if left:
        say(LEFT.format(clean(left)))
    if stays and env.get(SHELL_OF) == stays:
        warn(SHELL_OF_EXEC.format(clean(stays)))
    elif stays and env.get("AWSX_ORIGIN") == "inherited":
        warn(SET_OUTSIDE.format(clean(stays)))
    elif stays:
        warn(SET_BY_HAND.format("AWS_PROFILE", clean(stays)))
    elif not left:
        say(NOTHING_TO_LEAVE)


def _choose(facts: "Facts", call: "Call") -> None:
    """Switch to what the person chooses in the picker, which the call's name filters.

    A guarded profile that fzf chose because it alone matches is asked about in any case.
    """
    from awsx.tables import picker

    check_loaded(facts.env)
    name, at_once = picker.choose(facts, call.name)
    _switch_to(facts, before.chosen(facts, name, call.region), call, unseen=at_once)


def _switch_to(facts: "Facts", target: "Target", call: "Call", unseen: bool = False) -> None:
    """Ask, log in, write the memos, and hand the change over to the shell.

    `unseen`: the person has not seen which profile it is.
    """
    name, env = target.profile.name, facts.env
    region = before.region_of(facts, call) if call.region else ""
    target.check(region)
    if target.pattern and before.must_ask(call.is_sure):
        before.confirm(facts, target, DEED, always=unseen)
    if call.may_login and on_terminal():
        before.log_in(facts, target, call.login_by, says_done=False)
    remember(facts, name, target)
    uses.count(env, name, time.time())
    region = region or target.exports
    change = pointing_at(name, region, env, target.source)
    hand_over(env, {"AWSX_OWNER": env.get("AWSX_PID", ""), **change})
    aside = [n for n, value in change.items() if value is None and n[:4] == "AWS_" and env.get(n)]
    by = [BY_PIN.format(clean(call.form))] if call.form else []
    say(", ".join([*_confirmation(facts, target, region, aside), *by]))


def _confirmation(facts: "Facts", target: "Target", region: str, aside: list[str]) -> list[str]:
    """`prod: 111122223333 (Production) Admin`, `eu-west-1`, `session 59m, renews itself`"""
    env = facts.env
    parts = [target.description, _told_region(env, target, region)]
    if target.session:
        now = time.time()
        parts.append(tokens.told(target.token, now, lambda: facts.aws_until(target, now)))
    elif target.lasts:
        left = tokens.left(tokens.Token(target.lasts, 0, {}), time.time())
        parts.append(KEYS_EXPIRED if left == "expired" else f"session {left}")
    if target.source == "Environment" and env.get(KEY_ID):
        parts.append(before.KEYS_FIRST.format(clean(target.profile.name)))
    if aside:
        parts.append(f"put aside until `awsx off`: {' '.join(aside)}")
    return parts


def _told_region(env: "Mapping[str, str]", target: "Target", region: str) -> str:
    """The region that the next command uses, and where it comes from if not from the profile."""
    own = region or target.shown_region
    for name in REGIONS:
        if not region and env.get(name, "") not in ("", target.region, env.get("AWSX_REGION")):
            return f"{clean(env[name], 32)} (from {name}, not the profile's {own or 'none'})"
    return own or "no region"
