"""Change the region of this terminal alone: a region or its short form, `-` for the profile's own, or choose one."""

from awsx import files
from awsx.environment import REGIONS, RIVALS, asked_regions
from awsx.find import Facts
from awsx.switch import check_loaded, hand_over
from awsx.term import AwsxError, clean, near, on_terminal, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsx.environment import Change

UNKNOWN = "no region {}{}"
NEW = "awsx knows no region {} and takes it as it is{}"
NONE = "no region: no variable names one, and neither does profile {}; set one: awsx region R"
NOTHING_TO_LEAVE = "this terminal uses no region of awsx's"
SET_BY_HAND = "{0}={1} was not set by awsx and stays; to drop it: unset {0} (fish: set -e {0})"
MISSING = "the list of regions is not where it belongs ({}); install awsx again"

COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
COMPASS.update({ns + ew: COMPASS[ns] + COMPASS[ew] for ns in ("north", "south") for ew in ("east", "west")})
WIDEST = (20, 40, 60)  # columns of the screen


def region(env: "Mapping[str, str]", word: "str | None") -> None:
    """Change to the region that `word` stands for; without one let the person choose, or print the current one."""
    if word == "-":
        _back(env)
    elif word is not None:
        _use(env, known(), word)
    elif on_terminal():
        _pick(env)
    else:
        _print(env)


def known() -> dict[str, str]:
    """Every region's long name by its name. The list lies with the shells' files, beside the package in a checkout."""
    package = __file__.rpartition("/")[0]
    for folder in (package, package.rpartition("/")[0]):
        listed = files.read(f"{folder}/shell/regions")
        if listed:
            lines = listed.decode().splitlines()
            return {name: long for name, _, long in (line.partition("\t") for line in lines)}
    raise AwsxError(MISSING.format(f"{package}/shell/regions"))


def short(name: str) -> str:
    """`euw1`, `usgw1`, `apse2`."""
    area, *way, number = name.split("-")
    return area + "".join("g" if word == "gov" else COMPASS.get(word, word) for word in way) + number


def find(word: str, names: "Iterable[str]") -> str:
    """The region that `word` is or is short for. Raises AwsxError unless it could be one that AWS has added since."""
    by_short = {short(name): name for name in names}
    if word in names or word in by_short:
        return by_short.get(word, word)
    meant = near(word, [*names, *by_short])
    if not _could_be(word):
        raise AwsxError(UNKNOWN.format(clean(word), meant))
    say(NEW.format(word, meant))
    return word


def _could_be(word: str) -> bool:
    """`xx-west-1`: two letters or a few more, words of which the last is a direction, a number."""
    *words, number = word.split("-")
    if len(words) < 2:
        return False
    letters = all(part.isalpha() and part.islower() for part in words)
    return word.isascii() and letters and number.isdecimal() and 1 < len(words[0]) < 5 and words[-1] in COMPASS


def _use(env: "Mapping[str, str]", names: "Iterable[str]", word: str) -> None:
    name = find(word, names)
    check_loaded(env)
    profile, own = _own(env)
    hand_over(env, change_to(env, name))
    say(f"region {name}" + (f" ({profile}'s own is {clean(own)})" if own not in ("", name) else ""))


def _back(env: "Mapping[str, str]") -> None:
    """Leave the region that was asked for. What was there before awsx the shell gives back, and the core cannot see."""
    check_loaded(env)
    asked = env.get("AWSX_REGION", "")
    profile, own = _own(env)
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


def _own(env: "Mapping[str, str]") -> tuple[str, str]:
    """The profile that this terminal uses, and the region which the files give it."""
    name = env.get("AWS_PROFILE", "default")
    profile = Facts(env).config.profile(name)
    return clean(name), profile.get("region") if profile else ""


def _current(env: "Mapping[str, str]", own: str) -> str:
    return next((env[name] for name in REGIONS if env.get(name)), own)


def _print(env: "Mapping[str, str]") -> None:
    profile, own = _own(env)
    current = _current(env, own)
    if not current:
        raise AwsxError(NONE.format(profile))
    out(f"{current}\n")


def _pick(env: "Mapping[str, str]") -> None:
    from awsx import picker

    check_loaded(env)
    names = known()
    title, *rows = _rows(names, *_own(env), env)
    chosen = picker.choose_row(title, rows, env)
    _use(env, names, chosen[2:].split()[0])


def _rows(names: dict[str, str], profile: str, own: str, env: "Mapping[str, str]") -> list[str]:
    """The titles, then a line for each region: `*` before the current one, words behind the profile's own."""
    from awsx.rows import aligned

    current = _current(env, own)
    marks = [f"{profile}'s own" if name == own else "" for name in names]
    lines = aligned([["REGION", *names], ["NAME", *names.values()], ["", *marks]], WIDEST)
    return [f"{'*' if name == current else ' '} {line}" for name, line in zip(("", *names), lines)]
