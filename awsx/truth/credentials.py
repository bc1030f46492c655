"""What each AWS tool will use: its profile, credentials and region, and what says so. Offline.

This module follows the chains of `awsx/truth/tools.py`.
"""

from awsx.environment import CONTAINER, KEY_ID
from awsx.files.profiles import PAIR, own_session
from awsx.term import AwsxError
from awsx.truth.tools import AWS_CLI, BOTH, CHECK, ENVIRONMENT, MISSING, PROFILE, TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Config, Profile
    from awsx.finding import Finding
    from awsx.truth.tools import Link, Names, Tool

SECRET = "AWS_SECRET_ACCESS_KEY"
TOKEN, ROLE = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"

# A profile holds a kind of credentials if it has one of these keys; the first gives the line.
HOLDS = {
    "role": ("role_arn",),
    "web-identity": ("web_identity_token_file",),
    "sso": ("sso_account_id", "sso_role_name"),
    "keys": PAIR[:1],
    "login": ("login_session",),
    "process": ("credential_process",),
}
# Go assumes a role that has no source with one of these, if the same profile holds them.
OWN = ("keys", "sso", "login", "process")
# Go accepts one of these in a profile, and all but the last only beside a role_arn.
EITHER = ("source_profile", "credential_source", "web_identity_token_file", "credential_process")


class Value:
    """A value and what says so: a variable, or a file and line. Both are empty if nothing does."""

    __slots__ = ("source", "value")

    def __init__(self, value: str = "", source: str = "") -> None:
        self.value, self.source = value, source


class Found:
    """Whose credentials a tool takes (`identity`), of which kind, and what says so.

    `identity` is profile, keys, web-identity, container or none; `credentials` is a kind of
    credentials, error if the tool gives up, or none.
    """

    __slots__ = ("credentials", "identity", "source")

    def __init__(self, identity: str, credentials: str, source: str) -> None:
        self.identity, self.credentials, self.source = identity, credentials, source


class Seen:
    """Everything that one tool will use, each with what says so.

    `identity` and `credentials` are those of `Found`. `profile` is empty if no variable names one
    and there is no [default].
    """

    __slots__ = (
        "credentials",
        "credentials_source",
        "identity",
        "profile",
        "profile_source",
        "region",
        "region_source",
    )

    def __init__(self, profile: Value, found: Found, region: Value) -> None:
        self.profile, self.profile_source = profile.value, profile.source
        self.identity, self.credentials = found.identity, found.credentials
        self.credentials_source = found.source
        self.region, self.region_source = region.value, region.source

    def as_json(self) -> "dict[str, str | None]":
        return {name: getattr(self, name) or None for name in self.__slots__}


class Mixed:
    """A profile from which the tools take different kinds of credentials: each tool with its kind.

    A kind is empty for a tool that finds nothing, and `error` for one that refuses the profile.
    """

    __slots__ = ("kinds", "profile")

    def __init__(self, profile: "Profile", kinds: "dict[Tool, str]") -> None:
        self.profile, self.kinds = profile, kinds


def seen(tool: "Tool", env: "Mapping[str, str]", config: "Config") -> Seen:
    """What a tool uses that is started in this environment without options that say otherwise."""
    named = first(tool.profiles, env, tool.takes_empty_profile)
    profile = config.profile(named.value or "default")
    if named.source and not named.value:
        profile = None
    profile = view(tool, config, profile) if profile else None
    region = first(tool.regions, env, tool.takes_empty_region)
    takes_blank = tool.goes_by_presence and profile is not None and profile.has("region")
    if not region.source and profile and (profile.get("region") or takes_blank):
        region = Value(profile.get("region"), profile.place("region"))
    found = _credentials(tool, env, profile, named.source)
    if found.identity == "profile" and tool.goes_by_presence and profile:
        refused = refusal(config, profile, env)
        if refused and refused.code != "blank":  # that one is up to AWS, which refuses it
            found = _error(refused.place)
    if not named.source and profile:
        named = Value("default", profile.place())
    return Seen(named, found, region)


def view(tool: "Tool", config: "Config", profile: "Profile") -> "Profile | None":
    """The profile as a tool reads it; None if it does not see it."""
    if tool.reads_its_own_way:
        from awsx.truth import javascript  # who marks a profile in the prompt does without

        return javascript.seen(config, profile)  # type: ignore[return-value]
    return profile if tool.sees(profile) else None


def first(variables: "Names", env: "Mapping[str, str]", takes_empty: bool = False) -> Value:
    """The value of the first variable that counts; an empty one does only with `takes_empty`."""
    return next(
        (Value(env[v], v) for v in variables if v in env and (env[v] or takes_empty)), Value()
    )


def _credentials(
    tool: "Tool", env: "Mapping[str, str]", profile: "Profile | None", variable: str
) -> Found:
    """What a tool takes with this profile, which `variable` names (empty: none does)."""
    for link in tool.chain:
        if link.unless_named and variable:
            continue
        if link.where == CHECK:
            found = _failed(link, profile, variable)
        elif link.where == PROFILE:
            found = _in_profile(profile, link) if profile else None
        else:
            found = _in_environment(link, env, profile if link.where == BOTH else None)
        if found:
            return found
    return Found("none", "none", "")


def _error(source: str) -> Found:
    return Found("none", "error", source)


def _failed(check: "Link", profile: "Profile | None", variable: str) -> "Found | None":
    """The error of a check that fails; None if it does not."""
    if check.kind != MISSING:
        key = unfit(profile) if profile else ""
        return _error(profile.place(key)) if profile and key else None
    is_missing = profile is None and variable and check.named_by in ("", variable)
    return _error(variable) if is_missing else None


def _in_environment(
    link: "Link", env: "Mapping[str, str]", profile: "Profile | None"
) -> "Found | None":
    if link.kind == "keys":
        return _keys(link, env)
    if link.kind == "web-identity":
        return _web_identity(link, env, profile)
    if link.kind == "boto-config":
        from awsx.truth import boto_config  # only if nothing else gives credentials

        place = boto_config.place(env)
        return Found("boto-config", "keys", place) if place else None
    return next(
        (Found("container", "container", name) for name in CONTAINER if env.get(name)), None
    )


def _keys(link: "Link", env: "Mapping[str, str]") -> "Found | None":
    if not env.get(KEY_ID):
        return None
    if env.get(SECRET):
        return Found("keys", "keys", KEY_ID)
    return _error(KEY_ID) if link.half_is_error else None


def _web_identity(
    link: "Link", env: "Mapping[str, str]", profile: "Profile | None"
) -> "Found | None":
    """botocore takes token and role each from the environment, else from the profile.

    A variable that is set to nothing hides what the profile says.
    """
    token, role = env.get(TOKEN), env.get(ROLE)
    source = TOKEN if token else ROLE if role is not None else ""
    if profile:
        token = profile.get("web_identity_token_file") if token is None else token
        role = profile.get("role_arn") if role is None else role
    if not token or not (role or link.half_is_error):
        return None
    if not role:
        return _error(source or (profile.place("web_identity_token_file") if profile else ""))
    if source or profile is None:
        return Found("web-identity", "web-identity", source)
    return _in_profile(profile, link)


def _in_profile(profile: "Profile", link: "Link") -> "Found | None":
    key = _key(profile, link)
    if key:
        return Found("profile", link.kind, profile.place(key))
    half = half_of(profile, link) if link.half_is_error else ""
    return _error(profile.place(half)) if half else None


def refusal(config: "Config", profile: "Profile", env: "Mapping[str, str]") -> "Finding | None":
    """Why the AWS CLI refuses a profile, or one that its role is assumed with; None if it works."""
    try:
        if profile.kind == "sso":
            own_session(config, profile)
        else:
            from awsx.files import chains  # most profiles have a session of their own

            chains.check_source(chains.follow(config, profile), env)
    except AwsxError as error:
        found: Finding = error.finding  # type: ignore[attr-defined]
        return found
    return None


def mark(config: "Config", profile: "Profile") -> str:
    """`js:keys` if the tools take different kinds of credentials from this profile, else empty.

    It names the first tool that differs from the AWS CLI, and what that tool takes.
    """
    found = mixed(config, profile)
    if found is None:
        return ""
    from awsx.finding import MARKS  # few profiles have one

    return next(
        MARKS["mixed"].format(tool.name, kind or "nothing")
        for tool, kind in found.kinds.items()
        if kind != found.kinds[AWS_CLI]
    )


def mixed(config: "Config", profile: "Profile") -> "Mixed | None":
    """This profile or the last of its source_profiles, if the tools differ there; else None."""
    source = profile
    if profile.assumes_role():
        from awsx.files import chains

        try:
            source = chains.links(config, profile)[-1]
        except AwsxError:  # a broken chain: the commands report it
            pass
    for holder in (profile, source):
        kinds = {tool: _inside(tool, config, holder, holder is not profile) for tool in TOOLS}
        if kinds[AWS_CLI] and len(set(kinds.values())) > 1:
            return Mixed(holder, kinds)
    return None


def _inside(tool: "Tool", config: "Config", profile: "Profile", is_source: bool) -> str:
    """The same of a profile as the tool reads it, whether or not it sees its name."""
    as_read = None if profile.is_simple() else view(tool, config, profile)
    return inside(tool, as_read or profile, is_source)


def inside(tool: "Tool", profile: "Profile", is_source: bool = False) -> str:
    """The kind of credentials that a tool takes from a profile; empty if it finds none.

    `is_source`: as the source_profile of a role. There a role beside keys does not count.
    """
    has_keys = is_source and _has_keys(tool, profile)
    if has_keys and tool.takes_source_keys_first:
        return "keys"
    for link in tool.chain:
        if link.where == CHECK:
            if _failed(link, profile, ""):
                return "error"
        elif link.where != ENVIRONMENT and not (has_keys and link.kind == "role"):
            if _key(profile, link):
                return link.kind
            if link.half_is_error and half_of(profile, link):
                return ""
    return ""


def _has_keys(tool: "Tool", profile: "Profile") -> bool:
    if tool.goes_by_presence:
        return any(map(profile.has, PAIR))
    return held(profile, "keys") != ""


def unfit(profile: "Profile") -> str:
    """The key for which Go refuses to work with a profile at all; empty if there is none."""
    if len(keys := [key for key in PAIR if profile.get(key)]) == 1:
        return keys[0]
    found = [key for key in EITHER if profile.get(key)]
    if found and not profile.get("role_arn") and found != ["credential_process"]:
        return found[0]
    return found[1] if len(found) > 1 else ""


def half_of(profile: "Profile", link: "Link") -> str:
    """The key of a link that a profile has without the other key it needs; empty if none is."""
    if link.kind == "role":
        return "role_arn" if is_half_a_role(profile, link.by_presence) else ""
    if link.kind != "keys":
        return ""
    keys = _part(profile, link.file)
    first, second = (key in keys if link.by_presence else keys.get(key, "") != "" for key in PAIR)
    return PAIR[0] if first and not second else ""


def is_half_a_role(profile: "Profile", by_presence: bool = False) -> bool:
    """True for a role_arn without exactly one of the sources that it can be assumed with."""
    has = profile.has if by_presence else profile.get
    is_role = has("role_arn") and not has("web_identity_token_file")
    return bool(is_role) and bool(has("source_profile")) == bool(has("credential_source"))


def _key(profile: "Profile", link: "Link") -> str:
    """The key that gives a profile this link; empty if none does."""
    if link.with_own_credentials:
        own = OWN[:1] if profile.get("web_identity_token_file") else OWN
        has_own = profile.get("role_arn") and any(held(profile, kind) for kind in own)
        return "role_arn" if has_own else ""
    return held(profile, link.kind, link.file, link.by_presence)


def held(profile: "Profile", kind: str, file: str = "", by_presence: bool = False) -> str:
    """The key that gives a profile credentials of this kind (in this file); empty if none does.

    `by_presence`: a key counts that is there without a value, as it does for botocore.
    """
    has = profile.has if by_presence else profile.get
    if kind == "role" and (has("web_identity_token_file") or is_half_a_role(profile, by_presence)):
        return ""
    if kind == "keys":
        keys = _part(profile, file)
        is_pair = all(key in keys if by_presence else keys.get(key) for key in PAIR)
        return PAIR[0] if is_pair else ""
    if kind == "web-identity":
        has = profile.get
    return next((key for key in HOLDS.get(kind, ()) if has(key)), "")


def _part(profile: "Profile", file: str) -> "Mapping[str, str]":
    """What one file says of a profile; what both say together if `file` is empty."""
    if file:
        return profile.in_credentials() if file == "credentials" else profile.in_config()
    return profile.settings
