"""What is out of the ordinary with what this terminal uses: a line each, with who sees what and the remedy."""

from awsx import VERBS
from awsx.environment import REGIONS, RIVALS, asked_regions
from awsx.term import clean
from awsx.truth import tools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from awsx.files.profiles import Config, Profile
    from awsx.truth.tools import Seen

    Told = tuple[str, str]  # the state's short name, the sentence

BY_HAND = (
    "AWS_PROFILE was not set by awsx but by hand, direnv or a plugin; make it this terminal's: {}"
)
INHERITED = "AWS_PROFILE was inherited from what started this shell; make it this terminal's: {}"
DEFAULT = "no variable names a profile, so [default] ({}) is used; name one: awsx"
ALONE = "AWS_DEFAULT_PROFILE alone names profile {}; {}; for every tool: {}"
DIFFERS = "AWS_DEFAULT_PROFILE={} beside AWS_PROFILE; {}; clear the way: {}, or {}"
BEFORE = "{} in the environment ({}) comes before {}{}; clear the way: {}"
NOT_BEFORE = "{} ({}) counts for some alone; {}; clear the way: {}"
HALF = "{} without {}: the AWS CLI gives up{}; set both, or {}"
HALF_ROLE = "role_arn goes with one of source_profile and credential_source: the AWS CLI gives up{}; mend it ({})"
HALF_PROFILE = "{0} without {1}: the AWS CLI gives up{2}; add {1} = ... ({3})"
HIDES = "{} is set to nothing, which hides what profile {} says{}; {}"
NOTHING = "profile {} ({}) holds no credentials, and no variable does: the AWS CLI fails, but on EC2{}; take another: awsx"
CONTAINER = "no profile gives credentials, so the container does ({}){}; take a profile: awsx"
MIXED = "profile {}{} holds {}; the AWS CLI takes {}; {}; leave one kind, take out the other ({})"
SOURCE = ", which the role of profile {} is assumed with,"
ODD_NAME = "{} cannot see a profile of this name, only letters, digits and {}, without quotes; rename it ({})"
REGION = "the profile's {} gives way to {}{}; back to it: {}"
ONLY_REGION = "{}, and no region in a profile{}; set it for every tool: awsx region {}"
EMPTY_REGION = "{} is set to nothing, which is taken for a region{}; {}"
WHAT = {"keys": "the key", "web-identity": "the web identity"}
KEYS = tuple(
    name
    for name in RIVALS
    if name.startswith(("AWS_ACCESS", "AWS_SEC", "AWS_SESSION", "AWS_CREDENTIAL"))
)
IDENTITIES = {
    "keys": KEYS,
    "web-identity": tuple(name for name in RIVALS if "ROLE" in name or "WEB" in name),
}


class Scene:
    """What every tool sees in one environment; `aws` is the AWS CLI v2, that `awsx current` speaks of."""

    def __init__(self, env: "Mapping[str, str]", config: "Config") -> None:
        self.env, self.config = env, config
        self.seen = {tool: tools.seen(tool, env, config) for tool in tools.TOOLS}
        self.aws = self.seen[tools.TOOLS[0]]

    @property
    def profile(self) -> "Profile | None":
        return self.config.profile(self.aws.profile)

    def others(
        self, text: "Callable[[Seen], str]", key: "Callable[[Seen], str] | None" = None
    ) -> str:
        """`boto3/CLI v1: profile dev; Rust SDK: ...`: the tools that differ from the AWS CLI (in `key`, if given)."""
        key = key or text
        said: dict[str, list[str]] = {}
        for tool, seen in self.seen.items():
            if key(seen) != key(self.aws):
                said.setdefault(text(seen), []).append(tool.title)
        return together(said)

    def unset(self, names: "tuple[str, ...]") -> str:
        """`unset A B`, in this shell's own words if it is known."""
        these = " ".join(name for name in names if name in self.env)
        shell = self.env.get("AWSX_SHELL")
        if shell == "fish":
            return f"set -e {these}"
        return f"unset {these}" + ("" if shell else f" (fish: set -e {these})")


def together(said: "Mapping[str, list[str]]") -> str:
    return "; ".join(f"{', '.join(titles)}: {words}" for words, titles in said.items())


def states(scene: Scene) -> "list[Told]":
    """Every state this terminal is in, the most telling first."""
    return [
        told
        for state in (_origin, _profiles, _identities, _mixed, _name, _regions)
        for told in state(scene)
    ]


def use(name: str) -> str:
    """The command that switches to a profile, fit to be copied."""
    word = name if tools.is_plain(name) else "'" + clean(name, 300).replace("'", "'\\''") + "'"
    return (
        f"awsx use -- {word}"
        if name[:1] == "-"
        else f"awsx use {word}"
        if name in VERBS
        else f"awsx {word}"
    )


def _origin(scene: Scene) -> "Iterator[Told]":
    origin, aws = scene.env.get("AWSX_ORIGIN"), scene.aws
    if aws.profile_source == "AWS_PROFILE" and origin == "hand":
        yield "by-hand", BY_HAND.format(use(aws.profile))
    elif aws.profile_source == "AWS_PROFILE" and origin == "inherited":
        yield "inherited", INHERITED.format(use(aws.profile))
    elif aws.identity == "profile" and aws.profile_source not in tools.TOOLS[0].profiles:
        yield "default", DEFAULT.format(aws.profile_source)


def _profiles(scene: Scene) -> "Iterator[Told]":
    aws, other = scene.aws, scene.env.get("AWS_DEFAULT_PROFILE")
    if aws.profile_source == "AWS_DEFAULT_PROFILE":
        yield (
            "default-profile",
            ALONE.format(clean(aws.profile), scene.others(_profile), use(aws.profile)),
        )
    elif other is not None and other != aws.profile:
        remedy = use(aws.profile), scene.unset(("AWS_DEFAULT_PROFILE",))
        yield (
            "default-profile-differs",
            DIFFERS.format(clean(other) or "(nothing)", scene.others(_profile), *remedy),
        )


def _profile(seen: "Seen") -> str:
    if seen.credentials == "error" and seen.credentials_source == seen.profile_source:
        return f"an error, there is no profile {clean(seen.profile)}".rstrip()
    return f"profile {clean(seen.profile)}" if seen.profile else "no profile"


def _credentials(seen: "Seen") -> str:
    if seen.credentials == "error":
        return f"an error ({seen.credentials_source})"
    if seen.identity == "none":
        return "nothing"
    of = f" of profile {clean(seen.profile)}" if seen.identity == "profile" else ""
    return f"{seen.credentials}{of} ({seen.credentials_source})"


def _identities(scene: Scene) -> "Iterator[Told]":
    """Where something but the profile counts, or half of it, or nothing at all."""
    aws, others = scene.aws, _and(scene.others(_credentials))
    if aws.identity == "none" and aws.profile_source + aws.credentials_source:
        yield _nothing(scene, others)
    for identity, names in IDENTITIES.items():
        source = next(
            (s.credentials_source for s in scene.seen.values() if s.identity == identity), ""
        )
        if source:
            yield identity, _beats(scene, identity, source, names)
    if aws.identity == "container":
        yield "container", CONTAINER.format(aws.credentials_source, others)


def _nothing(scene: Scene, others: str) -> "Told":
    aws, profile, source = scene.aws, scene.profile, scene.aws.credentials_source
    hides = next((name for name in (tools.TOKEN, tools.ROLE) if scene.env.get(name) == ""), "")
    if hides and profile and tools.held(profile, "web-identity"):
        return "half", HIDES.format(hides, clean(profile.name), others, scene.unset((hides,)))
    if aws.credentials == "none":
        return "nothing", NOTHING.format(
            clean(aws.profile), profile.place() if profile else "", others
        )
    if source not in scene.env:
        if profile and tools.is_half_a_role(profile):
            return "half", HALF_ROLE.format(others, source)
        is_pair = profile is not None and source == profile.place(tools.PAIR[0])
        pair = tools.PAIR if is_pair else ("web_identity_token_file", "role_arn")
        return "half", HALF_PROFILE.format(*pair, others, source)
    missing = "AWS_SECRET_ACCESS_KEY" if source in KEYS else tools.ROLE
    return "half", HALF.format(source, missing, others, scene.unset((source, missing)))


def _beats(scene: Scene, identity: str, source: str, names: "tuple[str, ...]") -> str:
    aws, others = scene.aws, scene.others(_credentials)
    is_named = aws.profile_source in tools.TOOLS[0].profiles
    remedy = f"{use(aws.profile) if is_named else 'awsx'}, or {scene.unset(names)}"
    if aws.identity != identity:
        return NOT_BEFORE.format(WHAT[identity], source, others, remedy)
    beaten = (
        f"profile {clean(aws.profile)} ({aws.profile_source})" if aws.profile else "any profile"
    )
    return BEFORE.format(WHAT[identity], source, beaten, _and(others), remedy)


def _and(others: str) -> str:
    return f"; {others}" if others else ""


def _mixed(scene: Scene) -> "Iterator[Told]":
    profile = scene.profile
    if scene.aws.identity != "profile" or profile is None:
        return
    holder, taken = tools.mixed(scene.config, profile)
    if not taken:
        return
    of = "" if holder is profile else SOURCE.format(clean(profile.name))
    kinds = {kind: holder.place(key) for kind in tools.HOLDS if (key := tools.held(holder, kind))}
    said: dict[str, list[str]] = {}
    for tool, kind in taken.items():
        said.setdefault("an error" if kind == "error" else kind or "nothing", []).append(tool.title)
    wanted = taken[tools.TOOLS[0]]
    others = together({kind: titles for kind, titles in said.items() if kind != wanted})
    held = " and ".join(f"{kind} ({place})" for kind, place in kinds.items())
    surplus = ", ".join(place for kind, place in kinds.items() if kind != wanted)
    yield "mixed", MIXED.format(clean(holder.name), of, held, wanted, others, surplus)


def _name(scene: Scene) -> "Iterator[Told]":
    profile = scene.profile
    blind = ", ".join(tool.title for tool in tools.TOOLS if profile and not tool.sees(profile))
    if blind and profile and scene.aws.identity == "profile":
        yield "name", ODD_NAME.format(blind, tools.PUNCTUATION, profile.place())


def _regions(scene: Scene) -> "Iterator[Told]":
    profile = scene.profile
    own = profile.get("region") if profile else ""
    others = _and(scene.others(_region, lambda seen: seen.region))
    says = {
        seen.region_source: seen.region
        for seen in scene.seen.values()
        if seen.region_source in REGIONS
    }
    empty = tuple(name for name, value in says.items() if not value)
    if empty:
        yield "region-empty", EMPTY_REGION.format(" and ".join(empty), others, scene.unset(empty))
    names = tuple(name for name, value in says.items() if value not in ("", own))
    values = " and ".join(f"{name}={clean(says[name], 32)}" for name in names)
    if names and profile and own:
        back = (
            "awsx region -" if set(names) <= set(asked_regions(scene.env)) else scene.unset(names)
        )
        yield (
            "region",
            REGION.format(f"{clean(own, 32)} ({profile.place('region')})", values, others, back),
        )
    elif names and others:
        yield "region", ONLY_REGION.format(values, others, clean(says[names[0]], 32))


def _region(seen: "Seen") -> str:
    return f"{clean(seen.region, 32)} ({seen.region_source})" if seen.region else "no region"
