"""Change this terminal: NAME, `-`, off -> the variables to set and unset -> lines that the shell assigns."""

import posix
import time

from awsx import files, index, tokens
from awsx.environment import REGIONS, asked_regions, pointing_at, region_named, rivals
from awsx.find import Facts
from awsx.term import AwsxError, clean, on_terminal, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.environment import Change
    from awsx.profiles import Profile, SsoSession

NOT_LOADED = (
    "the shell integration is not loaded, so nothing was switched; run: awsx install, and open a new terminal "
    "(or: awsx exec NAME -- COMMAND)"
)
NO_PREVIOUS = "this terminal has no previous profile; pick one: awsx"
NOTHING_TO_LEAVE = "this terminal uses no profile of awsx's"
SET_BY_HAND = "AWS_PROFILE={} was not set by awsx and stays; to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)"
LEFT = "left {}"
DEED = "switch to it"
BROKEN_CHANNEL = "cannot hand the switch over to the shell: {}; nothing was changed"


def use(
    env: "Mapping[str, str]",
    name: str,
    region: str = "",
    may_login: bool = True,
    sure: bool = False,
    exactly: bool = False,
) -> None:
    """Switch this terminal to the profile `name`; a name that is none opens the picker, filtered by it.

    Raises AwsxError for it where there is nobody to pick, or nothing but `exactly` that name is wanted.
    """
    facts = Facts(env)
    region = region and region_named(region, facts.config)
    if facts.config.profile(name) is None:
        if exactly or not on_terminal():
            facts.profile(name)  # tells what comes near
        check_loaded(env)
        _choose(facts, name, region, may_login, sure)
        return
    check_loaded(env)
    profile = facts.profile(name)
    if not sure:
        facts.confirm(profile, DEED)
    _switch(facts, profile, region, may_login)


def pick(env: "Mapping[str, str]", region: str = "", may_login: bool = True, sure: bool = False) -> None:
    """Let the person choose; where there is none, print the names."""
    facts = Facts(env)
    if not on_terminal():
        out("".join(f"{name}\n" for name in facts.names()))
        return
    check_loaded(env)
    _choose(facts, "", region and region_named(region, facts.config), may_login, sure)


def back(env: "Mapping[str, str]", region: str = "", may_login: bool = True, sure: bool = False) -> None:
    """Switch to the profile that this terminal used before."""
    check_loaded(env)
    if not env.get("AWSX_PREVIOUS"):
        raise AwsxError(NO_PREVIOUS)
    use(env, env["AWSX_PREVIOUS"], region, may_login, sure, exactly=True)


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
    _tell_left("" if stays else profile, env.get("AWSX_REGION", ""), stays)


def _tell_left(profile: str, region: str, stays: str) -> None:
    left = profile or (region and f"region {region}")
    if left:
        say(LEFT.format(clean(left)))
    if stays:
        say(SET_BY_HAND.format(clean(stays)))
    elif not left:
        say(NOTHING_TO_LEAVE)


def _choose(facts: Facts, query: str, region: str, may_login: bool, sure: bool) -> None:
    """Switch to what the person chooses. A guarded profile that nobody has seen before it is chosen is asked about."""
    from awsx import picker

    name, at_once = picker.choose(facts, query)
    profile = facts.profile(name)
    if not sure:
        facts.confirm(profile, DEED, always=at_once)
    _switch(facts, profile, region, may_login)


def _switch(facts: Facts, profile: "Profile", region: str, may_login: bool) -> None:
    session = facts.session(profile)
    if may_login and on_terminal():
        facts.log_in(session)
    facts.remember(profile.name)
    index.count_use(facts.env, profile.name, time.time())
    change: Change = {"AWSX_OWNER": facts.env.get("AWSX_PID", "")}
    hand_over(facts.env, change | pointing_at(profile.name, region, facts.env))
    say(_confirmation(facts, profile, session, region))


def _confirmation(facts: Facts, profile: "Profile", session: "SsoSession | None", region: str) -> str:
    """`prod: 111122223333 (Production) Admin, eu-west-1, session 7h`"""
    parts = [facts.describe(profile), _region(facts.env, profile, region)]
    if session:
        left = tokens.left(tokens.load(facts.env, tokens.key(session)), time.time())
        parts.append(f"session {left}" + (" (awsx login)" if left == "expired" else ""))
    aside = [name for name in rivals(facts.env) if facts.env.get(name)]
    if aside:
        parts.append(f"put aside until `awsx off`: {' '.join(aside)}")
    return ", ".join(parts)


def _region(env: "Mapping[str, str]", profile: "Profile", region: str) -> str:
    own = clean(region or profile.get("region"), 32)
    for name in REGIONS:
        if not region and env.get(name, "") not in ("", profile.get("region"), env.get("AWSX_REGION")):
            return f"{clean(env[name], 32)} (from {name}, not the profile's {own or 'none'})"
    return own or "no region"


def check_loaded(env: "Mapping[str, str]") -> None:
    """Raises AwsxError if no shell waits for an answer: then a switch could only be pretended."""
    if not env.get("AWSX_HANDOVER"):
        raise AwsxError(NOT_LOADED)


def hand_over(env: "Mapping[str, str]", change: "Change") -> None:
    """Write the change for the shell: `NAME=VALUE` to export, `NAME` to unset, `.` to end, one a line.

    Data that is assigned, never evaluated. Raises AwsxError if the shell's folder is not ours alone.
    """
    lines = [name if value is None else f"{name}={value}" for name, value in change.items()]
    path = env["AWSX_HANDOVER"]
    try:
        folder = files.private_folder(path.rpartition("/")[0])
        if files.mtime(path) is None:
            _sweep(folder)
        files.write(path, "".join(f"{line}\n" for line in (*lines, ".")).encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise AwsxError(BROKEN_CHANNEL.format(files.reason(error))) from error


def _sweep(folder: str) -> None:
    """A new shell's first switch: take away the files of shells that are gone (`shell.PID`)."""
    for name in posix.listdir(folder):
        kind, _, pid = name.partition(".")
        if kind == "shell" and pid.isdecimal():
            try:
                posix.kill(int(pid), 0)
            except ProcessLookupError:
                files.remove(f"{folder}/{name}")
            except OSError:
                continue
