"""What is unusual about what a terminal uses: one finding for each state that it can be in."""

from awsx import VERBS
from awsx.environment import REGIONS, RIVALS, asked_regions
from awsx.term import clean
from awsx.truth import credentials
from awsx.truth.tools import AWS_CLI, AWS_DEFAULT_PROFILE, AWS_PROFILE, PUNCTUATION, TOOLS, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from awsx.files.profiles import Config, Profile
    from awsx.finding import Finding
    from awsx.truth.credentials import Seen
    from awsx.truth.tools import Names

# What is wrong. The last {} of most texts is what other tools than the AWS CLI use.
BY_HAND = "AWS_PROFILE was not set by awsx but by hand, direnv or a plugin"
INHERITED = "AWS_PROFILE was inherited from what started this shell"
DEFAULT = "no variable names a profile, so [default] is used"
ALONE = "AWS_DEFAULT_PROFILE alone names profile {}; {}"
DIFFERS = "AWS_DEFAULT_PROFILE={} differs from AWS_PROFILE; {}"
BEFORE = "{} in the environment ({}) comes before {}{}"
NOT_BEFORE = "{} ({}) counts for some tools only; {}"
HALF = "{} without {}: the AWS CLI gives up{}"
HALF_ROLE = (
    "role_arn without exactly one of source_profile and credential_source: the AWS CLI gives up{}"
)
HIDES = "{} is set to nothing, which hides what profile {} says{}"
NOTHING = "profile {} holds no credentials, and no variable does: the AWS CLI fails except on EC2{}"
CONTAINER = "no profile gives credentials, so the container does ({}){}"
MIXED = "profile {}{} holds {}; the AWS CLI takes {}; {}"
SOURCE = ", which the role of profile {} is assumed with,"
ODD_NAME = "{} cannot see a profile of this name, only letters, digits and {}, without quotes"
REGION = "the profile's {} gives way to {}{}"
ONLY_REGION = "{} is set, and the profile has no region{}"
EMPTY_REGION = "{} is set to nothing, which is taken for a region{}"

# What to do about it.
MAKE_OURS = "make it this terminal's: {}"
NAME_ONE = "name one: awsx"
FOR_EVERY_TOOL = "for every tool: {}"
CLEAR_THE_WAY = "clear the way: {}, or {}"
SET_BOTH = "set both, or {}"
EXACTLY_ONE = "give it exactly one"
ADD = "add {} = ..."
TAKE_ANOTHER = "take another: awsx"
TAKE_A_PROFILE = "take a profile: awsx"
KEEP_ONE = "keep only one kind"
REMOVE = "remove {}"
RENAME = "rename it"
BACK = "back to it: {}"
SET_REGION = "set it for every tool: awsx region {}"

WHAT = {"keys": "the key", "web-identity": "the web identity"}
KEYS = tuple(
    name
    for name in RIVALS
    if name.startswith(("AWS_ACCESS", "AWS_SEC", "AWS_SESSION", "AWS_CREDENTIAL"))
)
# The variables that make an identity other than a profile.
IDENTITIES = {
    "keys": KEYS,
    "web-identity": tuple(name for name in RIVALS if "ROLE" in name or "WEB" in name),
}


class Terminal:
    """One environment, and what every tool will use in it; `aws` is what the AWS CLI v2 will."""

    __slots__ = ("aws", "config", "env", "seen")

    def __init__(self, env: "Mapping[str, str]", config: "Config") -> None:
        self.env, self.config = env, config
        self.seen = {tool: credentials.seen(tool, env, config) for tool in TOOLS}
        self.aws = self.seen[AWS_CLI]

    @property
    def profile(self) -> "Profile | None":
        """The profile that the AWS CLI is given; None if there is no such profile."""
        return self.config.profile(self.aws.profile)

    def others(
        self, words: "Callable[[Seen], str]", key: "Callable[[Seen], str] | None" = None
    ) -> str:
        """`boto3/CLI v1: profile dev; Rust SDK: ...`: the tools that differ from the AWS CLI.

        `words` says what a tool uses. Tools differ if `key` does; without a key, if the words do.
        """
        key = key or words
        titles: dict[str, list[str]] = {}
        for tool, seen in self.seen.items():
            if key(seen) != key(self.aws):
                titles.setdefault(words(seen), []).append(tool.title)
        return together(titles)

    def unset(self, names: "Names") -> str:
        """`unset A B`, as it is written in this shell, or in every shell if it is unknown."""
        these = " ".join(name for name in names if name in self.env)
        shell = self.env.get("AWSX_SHELL")
        if shell == "fish":
            return f"set -e {these}"
        return f"unset {these}" + ("" if shell else f" (fish: set -e {these})")


def together(titles: "Mapping[str, list[str]]") -> str:
    """`JavaScript SDK, Go SDK: keys; Rust SDK: nothing`: the words, each after its tools."""
    return "; ".join(f"{', '.join(tools)}: {words}" for words, tools in titles.items())


def states(terminal: Terminal) -> "list[Finding]":
    """Every state this terminal is in, the most important first."""
    return [
        finding
        for state in (_origin, _profiles, _identities, _mixed, _name, _regions)
        for finding in state(terminal)
    ]


def use(name: str) -> str:
    """The command that switches to a profile, quoted so that it can be copied."""
    word = name if is_plain(name) else "'" + clean(name, 300).replace("'", "'\\''") + "'"
    if name[:1] == "-":
        return f"awsx use -- {word}"
    return f"awsx use {word}" if name in VERBS else f"awsx {word}"


def _finding(code: str, severity: str, place: str, text: str, remedy: str) -> "Finding":
    from awsx.finding import Finding  # in most terminals there is nothing to find

    return Finding(code, severity, place, text, remedy)


def _origin(terminal: Terminal) -> "Iterator[Finding]":
    origin, aws = terminal.env.get("AWSX_ORIGIN"), terminal.aws
    remedy = MAKE_OURS.format(use(aws.profile))
    if aws.profile_source == AWS_PROFILE and origin == "hand":
        yield _finding("by-hand", "info", AWS_PROFILE, BY_HAND, remedy)
    elif aws.profile_source == AWS_PROFILE and origin == "inherited":
        yield _finding("inherited", "info", AWS_PROFILE, INHERITED, remedy)
    elif aws.identity == "profile" and aws.profile_source not in AWS_CLI.profiles:
        yield _finding("default", "info", aws.profile_source, DEFAULT, NAME_ONE)


def _profiles(terminal: Terminal) -> "Iterator[Finding]":
    """Where AWS_DEFAULT_PROFILE names the profile, or another one."""
    aws, other = terminal.aws, terminal.env.get(AWS_DEFAULT_PROFILE)
    name = use(aws.profile)
    if aws.profile_source == AWS_DEFAULT_PROFILE:
        text = ALONE.format(clean(aws.profile), terminal.others(_profile))
        remedy = FOR_EVERY_TOOL.format(name)
        yield _finding("default-profile", "warning", AWS_DEFAULT_PROFILE, text, remedy)
    elif other is not None and other != aws.profile:
        text = DIFFERS.format(clean(other) or "(nothing)", terminal.others(_profile))
        remedy = CLEAR_THE_WAY.format(name, terminal.unset((AWS_DEFAULT_PROFILE,)))
        yield _finding("default-profile-differs", "warning", AWS_DEFAULT_PROFILE, text, remedy)


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


def _identities(terminal: Terminal) -> "Iterator[Finding]":
    """Where something else than the profile gives credentials, or nothing gives whole ones."""
    aws, others = terminal.aws, _and(terminal.others(_credentials))
    if aws.identity == "none" and (aws.profile_source or aws.credentials_source):
        yield _nothing(terminal, others)
    for identity in IDENTITIES:
        found = [seen for seen in terminal.seen.values() if seen.identity == identity]
        if found and (source := found[0].credentials_source):
            yield _rival(terminal, identity, source)
    if aws.identity == "container":
        place = aws.credentials_source
        text = CONTAINER.format(place, others)
        yield _finding("container", "info", place, text, TAKE_A_PROFILE)


def _nothing(terminal: Terminal, others: str) -> "Finding":
    """Why the AWS CLI has no credentials at all."""
    env, aws, profile = terminal.env, terminal.aws, terminal.profile
    name = clean(aws.profile)
    hides = next((n for n in (credentials.TOKEN, credentials.ROLE) if env.get(n) == ""), "")
    if hides and profile and credentials.held(profile, "web-identity"):
        text = HIDES.format(hides, name, others)
        return _finding("half", "error", hides, text, terminal.unset((hides,)))
    if aws.credentials == "none":
        place = profile.place() if profile else ""
        return _finding("nothing", "error", place, NOTHING.format(name, others), TAKE_ANOTHER)
    return _half(terminal, others)


def _half(terminal: Terminal, others: str) -> "Finding":
    """What the AWS CLI gives up at: one of two variables or keys that go together is missing."""
    source, profile = terminal.aws.credentials_source, terminal.profile
    if source in terminal.env:
        missing = credentials.SECRET if source in KEYS else credentials.ROLE
        text, remedy = HALF.format(source, missing, others), terminal.unset((source, missing))
        return _finding("half", "error", source, text, SET_BOTH.format(remedy))
    if profile and credentials.is_half_a_role(profile):
        return _finding("half", "error", source, HALF_ROLE.format(others), EXACTLY_ONE)
    is_pair = profile is not None and source == profile.place(credentials.PAIR[0])
    here, missing = credentials.PAIR if is_pair else ("web_identity_token_file", "role_arn")
    text = HALF.format(here, missing, others)
    return _finding("half", "error", source, text, ADD.format(missing))


def _rival(terminal: Terminal, identity: str, source: str) -> "Finding":
    """Keys or a web identity in the environment, which the AWS CLI or another tool prefers."""
    aws, others = terminal.aws, terminal.others(_credentials)
    switch = use(aws.profile) if aws.profile_source in AWS_CLI.profiles else "awsx"
    remedy = CLEAR_THE_WAY.format(switch, terminal.unset(IDENTITIES[identity]))
    text = NOT_BEFORE.format(WHAT[identity], source, others)
    if aws.identity == identity:
        profile = f"profile {clean(aws.profile)} ({aws.profile_source})"
        beaten = profile if aws.profile else "any profile"
        text = BEFORE.format(WHAT[identity], source, beaten, _and(others))
    return _finding(identity, "warning", source, text, remedy)


def _and(others: str) -> str:
    return f"; {others}" if others else ""


def _mixed(terminal: Terminal) -> "Iterator[Finding]":
    profile = terminal.profile
    if terminal.aws.identity != "profile" or profile is None:
        return
    mixed = credentials.mixed(terminal.config, profile)
    if mixed is None:
        return
    holder, wanted = mixed.profile, mixed.kinds[AWS_CLI]
    held = {kind: credentials.held(holder, kind) for kind in credentials.HOLDS}
    places = {kind: holder.place(key) for kind, key in held.items() if key}
    titles: dict[str, list[str]] = {}
    for tool, kind in mixed.kinds.items():
        if kind != wanted:
            words = "an error" if kind == "error" else kind or "nothing"
            titles.setdefault(words, []).append(tool.title)
    all_kinds = " and ".join(f"{kind} ({place})" for kind, place in places.items())
    surplus = [place for kind, place in places.items() if kind != wanted]
    source = "" if holder is profile else SOURCE.format(clean(profile.name))
    text = MIXED.format(clean(holder.name), source, all_kinds, wanted, together(titles))
    if surplus:
        yield _finding("mixed", "warning", surplus[0], text, KEEP_ONE)
    else:  # Go refuses a key that is no credentials
        key = credentials.unfit(holder)
        yield _finding("mixed", "warning", holder.place(key), text, REMOVE.format(key))


def _name(terminal: Terminal) -> "Iterator[Finding]":
    profile = terminal.profile
    blind = ", ".join(tool.title for tool in TOOLS if profile and not tool.sees(profile))
    if blind and profile and terminal.aws.identity == "profile":
        text = ODD_NAME.format(blind, PUNCTUATION)
        yield _finding("name", "warning", profile.place(), text, RENAME)


def _regions(terminal: Terminal) -> "Iterator[Finding]":
    """Where a region variable is set to nothing, or says something else than the profile."""
    others = _and(terminal.others(_region, lambda seen: seen.region))
    named = {
        seen.region_source: seen.region
        for seen in terminal.seen.values()
        if seen.region_source in REGIONS
    }
    empty = tuple(name for name, region in named.items() if not region)
    if empty:
        text, remedy = EMPTY_REGION.format(" and ".join(empty), others), terminal.unset(empty)
        yield _finding("region-empty", "error", empty[0], text, remedy)
    profile = terminal.profile
    own = profile.get("region") if profile else ""
    names = tuple(name for name, region in named.items() if region not in ("", own))
    values = " and ".join(f"{name}={clean(named[name], 32)}" for name in names)
    if names and profile and own:
        is_asked = set(names) <= set(asked_regions(terminal.env))
        back = "awsx region -" if is_asked else terminal.unset(names)
        text = REGION.format(f"{clean(own, 32)} ({profile.place('region')})", values, others)
        yield _finding("region", "warning", names[0], text, BACK.format(back))
    elif names and others:
        remedy = SET_REGION.format(clean(named[names[0]], 32))
        text = ONLY_REGION.format(values, others)
        yield _finding("region", "warning", names[0], text, remedy)


def _region(seen: "Seen") -> str:
    return f"{clean(seen.region, 32)} ({seen.region_source})" if seen.region else "no region"
