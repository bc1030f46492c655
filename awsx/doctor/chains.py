"""What the AWS CLI refuses in a profile or in one that its role is assumed with."""

from __future__ import annotations

from awsx.doctor.codes import found
from awsx.files import chains, refusals
from awsx.files.profiles import SECRET
from awsx.truth import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.files.profiles import Profile
    from awsx.finding import Finding

# The remedy of a refusal tells which one it is; where a name stands in it, its beginning does.
REFUSALS = {
    refusals.ADD_SESSION: "no-session",
    refusals.REMOVE_KEY.partition(" {")[0]: "inconsistent",
    chains.ADD_SOURCE: "no-source",
    chains.BREAK: "loop",
    chains.ADD_CREDENTIALS: "empty-source",
    chains.TAKE_SOURCE: "unknown-source",
    chains.EXACTLY_ONE: "one-source",
    refusals.ADD_KEY.format(SECRET): "half-keys",
    chains.FILL_IN: "blank-key",
    chains.CORRECT_COMMAND: "bad-command",
    refusals.PUT_ABOVE: "bad-region",
    refusals.ADD_KEY.partition(" {")[0] + " ": "missing-key",
}


def refused(world: World) -> Iterator[Finding]:
    """One finding for each mistake; the profiles that depend on it have the same place."""
    told: set[tuple[str, str]] = set()
    for profile in world.profiles:
        finding = credentials.refusal(world.config, profile, {**world.env, **_sources(profile)})
        for each in filter(None, (finding, _odd_region(profile))):
            if (each.place, each.text) not in told:
                told.add((each.place, each.text))
                yield found(_code(each), each.place, each.text, each.remedy)


def _sources(profile: Profile) -> dict[str, str]:
    """Variables that a `credential_source` needs, as if set: they say nothing about the file."""
    from awsx.environment import ONE_OF

    return {names[0]: "set" for names in ONE_OF.values()}


def _odd_region(profile: Profile) -> Finding | None:
    return refusals.odd_region(profile).finding if profile.has_odd_region() else None


def _code(finding: Finding) -> str:
    if finding.code == "bad-region" or finding.remedy == refusals.CORRECT:
        return "bad-region" if "region" in finding.text else "too-short"
    known = (code for start, code in REFUSALS.items() if finding.remedy.startswith(start))
    return next(known, "refused")


CHECKS = (refused,)
