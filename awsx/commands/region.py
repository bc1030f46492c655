"""Change the region of this terminal alone."""

from awsx import term
from awsx.commands import before
from awsx.environment import REGIONS, RIVALS, SET_BY_HAND, asked_regions
from awsx.files.regions import known_regions, region_named
from awsx.memos.handover import check_loaded, hand_over
from awsx.term import AwsxError, clean, on_terminal, out, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.environment import Change
    from awsx.facts import Facts
    from awsx.files.profiles import Config

NONE = "no region: no variable names one, and neither does profile {}; set one: awsx region R"
NOTHING_TO_LEAVE = "this terminal uses no region of awsx's"

WIDEST = (20, 40, 60)  # columns of the screen
PROMPT, KEYS = "region> ", "enter use it · esc leave"
SEPARATE = (
    "cn-",
    "us-gov-",
    "us-iso",
    "eu-isoe-",
    "eusc-",
)  # partitions with accounts of their own


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
    """Go back to the profile's own region.

    The shell gives back what was set before awsx; the core cannot see that.
    """
    env = facts.env
    check_loaded(env)
    asked = env.get("AWSX_REGION", "")
    profile, own = _own(facts)
    exported = _exported(facts)
    if asked and asked != exported:
        hand_over(env, change_to(env, exported))
    by_hand = next((name for name in REGIONS if env.get(name, "") not in ("", asked)), "")
    if by_hand:
        warn(SET_BY_HAND.format(by_hand, clean(env[by_hand])))
    elif asked != exported:
        say(f"left region {clean(asked)}" + (f" ({profile}'s own is {clean(own)})" if own else ""))
    else:
        say(NOTHING_TO_LEAVE)


def _exported(facts: "Facts") -> str:
    """The region that the switch to this terminal's profile has exported by itself; or none."""
    target = facts.find(facts.env.get("AWS_PROFILE", "")) if facts.env.get("AWSX_OWNER") else None
    return target.exports if target else ""


def change_to(env: "Mapping[str, str]", name: str) -> "Change":
    """The change that makes `name` this terminal's region, or if it is empty, that asks for none.

    Setting AWSX_OWNER makes the shell undo its last switch, so this change repeats that switch.
    Keys that a person has set since then stay as they are, and an inherited profile stays
    inherited.
    """
    pid = env.get("AWSX_PID", "")
    change: Change = {"AWSX_OWNER": env.get("AWSX_OWNER") or pid, "AWSX_REGION": name or None}
    if change["AWSX_OWNER"] != pid:
        change.update(dict.fromkeys(asked_regions(env)))
    elif env.get("AWSX_OWNER"):
        if "\n" not in env.get("AWS_PROFILE", "\n"):  # a hand-over has no value with a newline
            change["AWS_PROFILE"] = env["AWS_PROFILE"]
        change.update({n: None for n in RIVALS if n not in env})
    if name:
        change.update(dict.fromkeys(REGIONS, name))
    return change


def _own(facts: "Facts") -> tuple[str, str]:
    """The name of the profile that this terminal uses, and the region that the files give it."""
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
    from awsx.tables import fzf

    check_loaded(facts.env)
    names = in_order(known_regions(), facts.config)
    title, *rows = _rows(names, *_own(facts), facts.env)
    chosen = fzf.choose_row(PROMPT, KEYS, f"  {title[2:]}", rows, facts.env)
    _use(facts, chosen[2:].split()[0])


def in_order(names: dict[str, str], config: "Config") -> dict[str, str]:
    """The regions with their long names: those of profiles first, the most used before the others.

    Then come the other commercial ones, and those of the separate partitions last.
    """
    uses: dict[str, int] = {}
    for profile in config.each():
        region = profile.get("region")
        uses[region] = uses.get(region, 0) + 1
    rank = {prefix: n for n, prefix in enumerate(SEPARATE, 1)}

    def place(name: str) -> tuple[int, int]:
        partition = next((n for prefix, n in rank.items() if name.startswith(prefix)), 0)
        return -uses.get(name, 0), partition

    return {name: names[name] for name in sorted(names, key=place)}


def _rows(names: dict[str, str], profile: str, own: str, env: "Mapping[str, str]") -> list[str]:
    """The titles, then a line for each region.

    A `*` stands before the current region, and words behind the profile's own.
    """
    from awsx.tables.columns import MARKS, aligned
    from awsx.tables.fzf import FRAME

    current = _current(env, own)
    marks = [f"{profile}'s own" if name == own else "" for name in names]
    table = [["REGION", *names], ["NAME", *names.values()], ["", *marks]]
    lines = aligned(table, WIDEST, term.columns(2) - FRAME - MARKS)
    return [f"{'*' if name == current else ' '} {line}" for name, line in zip(("", *names), lines)]
