"""Which profiles and regions a person means by names, patterns and filters."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from awsx.files import regions
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts, Target
    from awsx.many.form import Wish

NONE, SEE = "no profile matches {}", "all of them: awsx ls"
BROKEN, GUARDED = "{}: {}", "{} is guarded; to use it, too: --include-guarded"
WILD = "*?["
# The regions of a partition begin like this; all others are commercial ones.
PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


class Job(NamedTuple):
    """A profile in a region; an empty one is the profile's own."""

    target: Target
    region: str

    @property
    def name(self) -> str:
        return self.target.profile.name

    @property
    def label(self) -> str:
        """`prod`, or `prod@eu-west-1` if a region was asked for."""
        return clean(f"{self.name}@{self.region}" if self.region else self.name)


class Chosen(NamedTuple):
    """The jobs, and a line about each profile that was left out."""

    jobs: list[Job]
    left_out: list[str]


def is_pattern(name: str) -> bool:
    return any(c in name for c in WILD)


def choose(facts: Facts, wish: Wish) -> Chosen:
    """The jobs for a wish, in the order of the files.

    Raises AwsxError for a name that is no profile or cannot be used, for a region that nobody
    knows, and if no profile is left.
    """
    wish = wish._replace(names=tuple(map(facts.named, wish.names)))
    exact = [name for name in wish.names if facts.choosable(name) or not is_pattern(name)]
    named = {name: _target(facts, name, wish.region) for name in exact}
    found, left_out = [], []
    for name in dict.fromkeys([*named, *_matching(facts, wish, exact)]):
        target = named.get(name) or facts.resolve(facts.choosable(name) or facts.profile(name))
        if not _passes(facts, wish, target):
            continue
        if why := "" if name in named else _why_not(wish, target):
            left_out.append(why)
        else:
            found.append(target)
    if not (found or left_out):
        raise AwsxError(f"{NONE.format(wish.told())}; {SEE}")
    jobs = [Job(target, region) for target in found for region in _regions(facts, wish, target)]
    return Chosen(jobs, left_out)


def _target(facts: Facts, name: str, region: str) -> Target:
    """The profile of exactly this name, be it in awsx's catalogue alone. Raises AwsxError."""
    if not facts.is_listed(name):
        return facts.target(name, region)
    target = facts.resolve(facts.choosable(name) or facts.profile(name))
    target.check(region)
    return target


def _matching(facts: Facts, wish: Wish, exact: list[str]) -> list[str]:
    """The names that the patterns match; all where the person gives nothing but filters."""
    patterns = [name for name in wish.names if name not in exact]
    if not wish.names or wish.every:
        return facts.names()
    return [name for name in facts.names() if any(fnmatchcase(name, p) for p in patterns)]


def _passes(facts: Facts, wish: Wish, target: Target) -> bool:
    session = target.session
    if wish.session and (session is None or wish.session not in (session.name, session.label)):
        return False
    if wish.role and not fnmatchcase(target.role.lower(), wish.role.lower()):
        return False
    if wish.tag and wish.tag not in facts.tags(target.account):
        return False
    return not wish.account or _is_account(facts, wish.account, target)


def _is_account(facts: Facts, wanted: str, target: Target) -> bool:
    """True if that is the account's id, with or without dashes, or its name."""
    number = wanted.replace("-", "").replace(" ", "")
    return target.account == number or facts.account_name(target.profile) == wanted


def _why_not(wish: Wish, target: Target) -> str:
    """Why a profile that the person has not named is left out; empty if it is not."""
    name = clean(target.profile.name)
    try:
        target.check(wish.region)
    except AwsxError as error:
        return BROKEN.format(name, error)
    return GUARDED.format(name) if target.pattern and not wish.includes_guarded else ""


def _regions(facts: Facts, wish: Wish, target: Target) -> list[str]:
    """The regions asked for; one empty one if none was."""
    if wish.region == "all":
        return _of_partition(target.region)
    words = [word for word in wish.region.split(",") if word]
    return [regions.region_named(word, facts.config) for word in dict.fromkeys(words)] or [""]


def _of_partition(region: str) -> list[str]:
    """Every known region of the partition in which a region is."""
    wanted = _partition(region)
    return [name for name in regions.known_regions() if _partition(name) == wanted]


def _partition(region: str) -> str:
    return next((start for start in PARTITIONS if region.startswith(start)), "")
