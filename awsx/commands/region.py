"""Change the region of this terminal alone: a region or its short form, `-` for the profile's own, or choose one."""

from awsx.commands import before
from awsx.environment import REGIONS, RIVALS, asked_regions
from awsx.files.regions import known_regions, region_named
from awsx.memos.handover import check_loaded, hand_over
from awsx.term import AwsxError, clean, on_terminal, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.environment import Change
    from awsx.facts import Facts

NONE = "no region: no variable names one, and neither does profile {}; set one: awsx region R"
NOTHING_TO_LEAVE = "this terminal uses no region of awsx's"
SET_BY_HAND = "{0}={1} was not set by awsx and stays; to drop it: unset {0} (fish: set -e {0})"

WIDEST = (20, 40, 60)  # columns of the screen


def region(env: "Mapping[str, str]", call: "Call") -> None:
    """Change to the region that the call names; `-` goes back to the profile's own.

    Without one the person chooses; where nobody is there to choose, the current one is printed.
    """
    facts = before.opened(env)
    if call.region == "-":
        _back(facts)
    elif call.region:
        _use(facts, call.region)
    elif on_terminal():
        _pick(facts)
    else:
        _print(facts)


def _use(facts: "Facts", word: str) -> None:
    name = region_named(word, facts.config)
    check_loaded(facts.env)
    profile, own = _own(facts)
    hand_over(facts.env, change_to(facts.env, name))
    say(f"region {name}" + (f" ({profile}'s own is {clean(own)})" if own not in ("", name) else ""))


def _back(facts: "Facts") -> None:
    """Leave the region that was asked for. What was there before awsx the shell gives back, and the core cannot see."""
    env = facts.env
    check_loaded(env)
    asked = env.get("AWSX_REGION", "")
    profile, own = _own(facts)
    if asked:
        hand_over(env, change_to(env, ""))
    by_hand = next((name for name in REGIONS if env.get(name, "") not in ("", asked)), "")
    if by_hand:
        say(SET_BY_HAND.format(by_hand, clean(env[by_hand])))
    elif asked:
        say(f"left region {clean(asked)}" + (f" ({profile}'s own is {clean(own)})" if own else ""))
    else:
        say(NOTHING_TO_LEAVE)


def change_to(env: "Mapping[str, str]", name: str) -> "Change":
    """What makes `name` this terminal's region; empty: none that was asked for.

    To name the owner undoes what awsx did in this shell, so the last switch is in it over again. Keys that a person has
    set since then stay. A profile that was inherited stays one.
    """
    pid = env.get("AWSX_PID", "")
    change: Change = {"AWSX_OWNER": env.get("AWSX_OWNER") or pid, "AWSX_REGION": name or None}
    if change["AWSX_OWNER"] != pid:
        change.update(dict.fromkeys(asked_regions(env)))
    elif env.get("AWSX_OWNER"):
        if "\n" not in env.get("AWS_PROFILE", "\n"):  # none of awsx's has one
            change["AWS_PROFILE"] = env["AWS_PROFILE"]
        change.update({n: None for n in RIVALS if n not in env})
    if name:
        change.update(dict.fromkeys(REGIONS, name))
    return change


def _own(facts: "Facts") -> tuple[str, str]:
    """The profile that this terminal uses, and the region which the files give it."""
    name = facts.env.get("AWS_PROFILE", facts.env.get("AWS_DEFAULT_PROFILE", "default"))
    profile = facts.config.profile(name)
    return clean(name), profile.get("region") if profile else ""


def _current(env: "Mapping[str, str]", own: str) -> str:
    return next((env[name] for name in REGIONS if env.get(name)), own)


def _print(facts: "Facts") -> None:
    profile, own = _own(facts)
    current = _current(facts.env, own)
    if not current:
        raise AwsxError(NONE.format(profile))
    out(f"{current}\n")


def _pick(facts: "Facts") -> None:
    from awsx import picker

    check_loaded(facts.env)
    title, *rows = _rows(known_regions(), *_own(facts), facts.env)
    chosen = picker.choose_row(title, rows, facts.env)
    _use(facts, chosen[2:].split()[0])


def _rows(names: dict[str, str], profile: str, own: str, env: "Mapping[str, str]") -> list[str]:
    """The titles, then a line for each region: `*` before the current one, words behind the profile's own."""
    from awsx.columns import aligned

    current = _current(env, own)
    marks = [f"{profile}'s own" if name == own else "" for name in names]
    lines = aligned([["REGION", *names], ["NAME", *names.values()], ["", *marks]], WIDEST)
    return [f"{'*' if name == current else ' '} {line}" for name, line in zip(("", *names), lines)]
