"""What is unusual about what a terminal uses: one finding for each state that it can be in."""

from awsx import VERBS
from awsx.environment import REGIONS, RIVALS, SHELL_OF, asked_regions
from awsx.files.profiles import is_region
from awsx.term import AwsxError, clean
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
OF_EXEC, LEAVE = "this shell was opened by awsx exec {}", "leave it: exit"
INHERITED = "AWS_PROFILE was inherited from what started this shell"
DEFAULT = "no variable names a profile, so [default] is used"
ALONE = "AWS_DEFAULT_PROFILE alone names profile {}; {}"
DIFFERS = "AWS_DEFAULT_PROFILE={} differs from AWS_PROFILE; {}"
BEFORE = "{} in the environment ({}) comes before {}{}"
NOT_BEFORE = "{} ({}) counts for some tools only; {}"
HALF = "{} without {}: the AWS CLI gives up{}"
GIVES_UP = "{}: the AWS CLI gives up{}"
REFUSED = "{}: AWS refuses that{}"
HIDES = "{} is set to nothing, which hides what profile {} says{}"
NOTHING = "profile {} holds no credentials, and no variable does: the AWS CLI fails except on EC2{}"
BOTO_CONFIG = "no profile gives credentials, so the keys of an old file do ({}){}"
KEYS_ENDED = "the keys in the environment ended at {} ({})"
CONTAINER = "no profile gives credentials, so the container does ({}){}"
MIXED = "profile {}{} holds {}; the AWS CLI takes {}; {}"
SOURCE = ", which the role of profile {} is assumed with,"
ODD_NAME = "{} cannot see a profile of this name, only letters, digits and {}, without quotes"
REGION = "the profile's {} gives way to {}{}"
ONLY_REGION = "{} is set, and the profile has no region{}"
EMPTY_REGION = "{} is set to nothing, which is taken for a region{}"

# What to do about it.
MAKE_OURS = "make it this terminal's: {}"
PICK_ONE = "pick one: awsx"
FOR_EVERY_TOOL = "for every tool: {}"
AS_OPTION = "its role is assumed with that key by: aws --profile {}"
CLEAR_THE_WAY = "clear the way: {}, or {}"
SET_BOTH = "set both, or {}"
PICK_ANOTHER = "pick another: awsx"
PICK_A_PROFILE = "pick a profile: awsx"
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
    """One environment, and what every tool will use in it; `aws` is what the AWS CLI v2 will.

    `now` is in epoch seconds; 0: nothing has ended yet.
    """

    __slots__ = ("aws", "config", "env", "now", "seen")

    def __init__(self, env: "Mapping[str, str]", config: "Config", now: float = 0) -> None:
        self.env, self.config, self.now = env, config, now
        self.seen = {tool: credentials.seen(tool, env, config) for tool in TOOLS}
        self.aws = self.seen[AWS_CLI]

    @property
    def profile(self) -> "Profile | None":
        """The profile that the AWS CLI is given; None if there is no such profile."""
        return self.config.profile(self.aws.profile)

    @property
    def refusal(self) -> "Finding | None":
        """Why the AWS CLI refuses its profile; None if it takes it, or has none."""
        profile = self.profile
        return credentials.refusal(self.config, profile, self.env) if profile else None

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
        for state in (_origin, _profiles, _identities, _mixed, _name, _odd_regions, _regions)
        for finding in state(terminal)
    ]


def use(name: str) -> str:
    """The command that switches to a profile, quoted so that it can be copied."""
    word = quoted(name)
    if name[:1] == "-":
        return f"awsx use -- {word}"
    return f"awsx use {word}" if name in VERBS else f"awsx {word}"


def quoted(name: str) -> str:
    """A profile's name as one word of a shell."""
    return name if is_plain(name) else "'" + clean(name, 300).replace("'", "'\\''") + "'"


def _finding(code: str, severity: str, place: str, text: str, remedy: str) -> "Finding":
    from awsx.finding import Finding  # in most terminals there is nothing to find

    return Finding(code, severity, place, text, remedy)


def _origin(terminal: Terminal) -> "Iterator[Finding]":
    origin, aws = terminal.env.get("AWSX_ORIGIN"), terminal.aws
    remedy, is_execs = MAKE_OURS.format(use(aws.profile)), terminal.env.get(SHELL_OF) == aws.profile
    if aws.profile_source == AWS_PROFILE and origin == "hand":
        yield _finding("by-hand", "info", AWS_PROFILE, BY_HAND, remedy)
    elif aws.profile_source == AWS_PROFILE and origin == "inherited" and is_execs:
        yield _finding("exec", "info", AWS_PROFILE, OF_EXEC.format(clean(aws.profile)), LEAVE)
    elif aws.profile_source == AWS_PROFILE and origin == "inherited":
        yield _finding("inherited", "info", AWS_PROFILE, INHERITED, remedy)
    elif aws.identity == "profile" and aws.profile_source not in AWS_CLI.profiles:
        yield _finding("default", "info", aws.profile_source, DEFAULT, PICK_ONE)


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
    if aws.identity == "keys" and (ended := _ended(terminal)):
        text = KEYS_ENDED.format(clean(terminal.env[ended]), ended)
        remedy = terminal.unset((ended,))
        yield _finding("keys-ended", "error", ended, text, remedy)
    for identity in IDENTITIES:
        found = [seen for seen in terminal.seen.values() if seen.identity == identity]
        if found and (source := found[0].credentials_source):
            yield _rival(terminal, identity, source)
    refused = terminal.refusal if aws.identity == "profile" else None
    if refused:
        text = REFUSED.format(refused.text, others)
        yield _finding(refused.code, "error", refused.place, text, refused.remedy)
    if aws.identity == "boto-config":
        text = BOTO_CONFIG.format(aws.credentials_source, others)
        yield _finding("boto-config", "warning", aws.credentials_source, text, PICK_A_PROFILE)
    if aws.identity == "container":
        place = aws.credentials_source
        text = CONTAINER.format(place, others)
        yield _finding("container", "info", place, text, PICK_A_PROFILE)


def _ended(terminal: Terminal) -> str:
    from awsx.truth import makers  # only for keys in the environment

    return makers.ended(terminal.env, terminal.now)


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
        return _finding("nothing", "error", place, NOTHING.format(name, others), PICK_ANOTHER)
    return _half(terminal, others)


def _half(terminal: Terminal, others: str) -> "Finding":
    """What the AWS CLI gives up at: two variables of which one is missing, or the profile."""
    source, refused = terminal.aws.credentials_source, terminal.refusal
    if source in terminal.env:
        missing = credentials.SECRET if source in KEYS else credentials.ROLE
        text, remedy = HALF.format(source, missing, others), terminal.unset((source, missing))
        return _finding("half", "error", source, text, SET_BOTH.format(remedy))
    if refused is None:  # a web identity of which one half is in the profile
        text = HALF.format("web_identity_token_file", "role_arn", others)
        return _finding("half", "error", source, text, "")
    text = GIVES_UP.format(refused.text, others)
    return _finding(refused.code, "error", source, text, refused.remedy)


def _rival(terminal: Terminal, identity: str, source: str) -> "Finding":
    """Keys or a web identity in the environment, which the AWS CLI or another tool prefers."""
    aws, others = terminal.aws, terminal.others(_credentials)
    switch = use(aws.profile) if aws.profile_source in AWS_CLI.profiles else "awsx"
    remedy = CLEAR_THE_WAY.format(switch, terminal.unset(IDENTITIES[identity]))
    if identity == "keys" and _needs_keys(terminal):
        remedy = AS_OPTION.format(quoted(aws.profile))
    text = NOT_BEFORE.format(WHAT[identity], source, others)
    if aws.identity == identity:
        profile = f"profile {clean(aws.profile)} ({aws.profile_source})"
        beaten = profile if aws.profile else "any profile"
        text = BEFORE.format(WHAT[identity], source, beaten, _and(others))
    return _finding(identity, "warning", source, text, remedy)


def _needs_keys(terminal: Terminal) -> bool:
    """True if the profile's role is assumed with the keys in the environment."""
    profile = terminal.profile
    if profile is None or not profile.assumes_role():
        return False
    from awsx.files import chains

    try:
        return chains.follow(terminal.config, profile).source == "Environment"
    except AwsxError:
        return False


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
    key = credentials.unfit(holder)  # Go refuses a key that is no credentials
    if surplus or not key:
        place = surplus[0] if surplus else holder.place()
        yield _finding("mixed", "warning", place, text, KEEP_ONE)
    else:
        yield _finding("mixed", "warning", holder.place(key), text, REMOVE.format(key))


def _name(terminal: Terminal) -> "Iterator[Finding]":
    profile = terminal.profile
    blind = profile and ", ".join(
        tool.title
        for tool in TOOLS
        if not (tool.sees(profile) or credentials.view(tool, terminal.config, profile))
    )
    if blind and profile and terminal.aws.identity == "profile":
        text = ODD_NAME.format(blind, PUNCTUATION)
        yield _finding("name", "warning", profile.place(), text, RENAME)


def _odd_regions(terminal: Terminal) -> "Iterator[Finding]":
    """A region that the AWS CLI refuses, in the profile or in a variable."""
    aws, profile = terminal.aws, terminal.profile
    if aws.region_source in REGIONS and aws.region and not is_region(aws.region):
        from awsx.files.refusals import NO_REGION

        text = NO_REGION.format(aws.region_source, clean(aws.region, 32))
        remedy = terminal.unset((aws.region_source,))
        yield _finding("bad-region", "error", aws.region_source, text, remedy)
    if profile and profile.has_odd_region():
        from awsx.files.refusals import odd_region

        found = odd_region(profile).finding
        if aws.region_source in REGIONS:
            found.severity = "warning"
        yield found


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
