"""What each tool will use of the environment and the files: a table of the tools, and how to read it. Offline.

A tool looks for credentials link by link, in the order of its chain. A link without a prefix is looked for in the
profile (`keys@credentials`: only in the credentials file; `role@own`: to be assumed with what else the profile holds),
`env:` in the environment, `any:` in both, a container's come last. `!`: half of it is an error; `?`: only where no
variable names a profile. At `profile` the tool gives up if a profile is named that does not exist (Go: if AWS_PROFILE
names it), at `fit` if it is one that the tool refuses whole.

AWS CLI v2 and boto3: botocore, credentials.py, create_credential_resolver. JavaScript: credential-provider-node,
defaultProvider, and credential-provider-ini, resolveProfileData. Go: config/resolve_credentials.go and, for `fit`,
shared_config.go, setFromIniSections. Rust: aws-config, default_provider/credentials.rs and profile/credentials/repr.rs.
"""

from awsx.files.profiles import chain
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Config, Profile

    Names = tuple[str, ...]
    Found = tuple[str, str, str]  # identity, credentials, source

BOTOCORE = "profile env:keys! role! any:web-identity! sso keys@credentials! login process keys@config! container"
JAVASCRIPT = "env:keys? role keys web-identity process sso login env:web-identity container"
GO = "profile@AWS_PROFILE fit env:keys env:web-identity! role role@own keys web-identity sso login process container"
RUST = "env:keys profile role! web-identity sso login process keys! env:web-identity! container"

PAIR = ("aws_access_key_id", "aws_secret_access_key")
# The keys of a profile that make a link; the first that is there says where it is written.
HOLDS = {
    "role": ("role_arn",),
    "web-identity": ("web_identity_token_file",),
    "sso": ("sso_account_id", "sso_role_name"),
    "keys": PAIR[:1],
    "login": ("login_session",),
    "process": ("credential_process",),
}
OWN = ("keys", "sso", "login", "process")  # beside a role_arn Go assumes the role with these
# Go takes one of these alone, and all but the last for a role_arn only.
EITHER = ("source_profile", "credential_source", "web_identity_token_file", "credential_process")
TOKEN, ROLE = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"
CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
PUNCTUATION = "_-@+.%:/"  # beside letters and digits: all that a name may have for those who see plain ones alone
QUOTING = "\"'\\#;"  # in a header of the config: whoever reads names to the letter finds another one there


class Tool:
    """One row of the table: the variables that name profile and region, the one that wins first, and the chain.

    `takes_empty`: of a variable that is set to nothing it takes the nothing. `takes_keys_of_a_source`: whatever else
    stands in the profile that a role is assumed with.
    """

    __slots__ = (
        "chain",
        "name",
        "profiles",
        "regions",
        "sees_literal_names_alone",
        "sees_plain_names_alone",
        "takes_empty",
        "takes_keys_of_a_source",
        "title",
    )

    def __init__(
        self, name: str, title: str, profiles: "Names", regions: "Names", chain: str, quirks: str
    ) -> None:
        self.name, self.title, self.profiles, self.regions = name, title, profiles, regions
        self.chain = chain.split()
        self.takes_empty = quirks.split()
        self.sees_plain_names_alone = "plain" in quirks
        self.sees_literal_names_alone = "literal" in quirks
        self.takes_keys_of_a_source = chain != BOTOCORE

    def sees(self, profile: "Profile") -> bool:
        if self.sees_literal_names_alone and any(c in QUOTING for c in profile.header):
            return False
        return not self.sees_plain_names_alone or is_plain(profile.name)


PROFILE, OTHER_PROFILE = "AWS_PROFILE", "AWS_DEFAULT_PROFILE"
REGION, OTHER_REGION = "AWS_REGION", "AWS_DEFAULT_REGION"
TOOLS = (
    Tool(
        "aws",
        "AWS CLI v2",
        (PROFILE, OTHER_PROFILE),
        (REGION, OTHER_REGION),
        BOTOCORE,
        "profile region",
    ),
    Tool(
        "boto3",
        "boto3/CLI v1",
        (OTHER_PROFILE, PROFILE),
        (OTHER_REGION,),
        BOTOCORE,
        "profile region",
    ),
    Tool("js", "JavaScript SDK", (PROFILE,), (REGION,), JAVASCRIPT, "region plain"),
    Tool("go", "Go SDK", (PROFILE, OTHER_PROFILE), (REGION, OTHER_REGION), GO, "literal"),
    Tool(
        "rust", "Rust SDK", (PROFILE,), (REGION, OTHER_REGION), RUST, "profile region plain literal"
    ),
)


class Seen:
    """What one tool will use, each with the variable or the file:line that says so.

    `identity` is `profile`, `keys`, `web-identity`, `container` or `none`; `credentials` the kind of them, `error`
    where the tool gives up. `profile` is empty where none is named and there is no [default].
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

    def __init__(
        self, profile: "tuple[str, str]", found: "Found", region: "tuple[str, str]"
    ) -> None:
        self.profile, self.profile_source = profile
        self.identity, self.credentials, self.credentials_source = found
        self.region, self.region_source = region

    def as_json(self) -> "dict[str, str | None]":
        return {name: getattr(self, name) or None for name in self.__slots__}


def seen(tool: Tool, env: "Mapping[str, str]", config: "Config") -> Seen:
    """What a tool uses that is started in this environment and told nothing else."""
    name, variable = first(tool.profiles, env, "profile" in tool.takes_empty)
    profile = config.profile(name or "default")
    if profile and (not tool.sees(profile) or (variable and not name)):
        profile = None
    region, source = first(tool.regions, env, "region" in tool.takes_empty)
    if not source and profile and profile.get("region"):
        region, source = profile.get("region"), profile.place("region")
    named = (name, variable) if variable else ("default", profile.place()) if profile else ("", "")
    return Seen(named, _credentials(tool, env, profile, variable), (region, source))


def first(
    variables: "Names", env: "Mapping[str, str]", takes_empty: bool = False
) -> "tuple[str, str]":
    """The value that wins, and its variable."""
    return next(((env[v], v) for v in variables if v in env and (env[v] or takes_empty)), ("", ""))


def is_plain(name: str) -> bool:
    """True for a profile's name that every SDK can see."""
    return name.isascii() and all(c.isalnum() or c in PUNCTUATION for c in name)


def _credentials(
    tool: Tool, env: "Mapping[str, str]", profile: "Profile | None", variable: str
) -> "Found":
    for spelled in tool.chain:
        if spelled[-1] == "?" and variable:
            continue
        where, _, link = spelled.rstrip("!?").rpartition(":")
        if link.startswith("profile"):
            found = (
                None
                if profile or not variable or link[8:] not in ("", variable)
                else _error(variable)
            )
        elif link == "fit":
            found = _error(profile.place(key)) if profile and (key := unfit(profile)) else None
        elif where:
            found = _in_environment(
                link, env, profile if where == "any" else None, spelled[-1] == "!"
            )
        elif link == "container":
            found = next((("container", link, name) for name in CONTAINER if env.get(name)), None)
        else:
            found = _in_profile(profile, link, spelled[-1] == "!") if profile else None
        if found:
            return found
    return "none", "none", ""


def _error(source: str) -> "Found":
    return "none", "error", source


def _in_environment(
    link: str, env: "Mapping[str, str]", profile: "Profile | None", is_strict: bool
) -> "Found | None":
    return _keys(env, is_strict) if link == "keys" else _web_identity(env, profile, is_strict)


def _keys(env: "Mapping[str, str]", is_strict: bool) -> "Found | None":
    if not env.get("AWS_ACCESS_KEY_ID"):
        return None
    if env.get("AWS_SECRET_ACCESS_KEY"):
        return "keys", "keys", "AWS_ACCESS_KEY_ID"
    return _error("AWS_ACCESS_KEY_ID") if is_strict else None


def _web_identity(
    env: "Mapping[str, str]", profile: "Profile | None", is_strict: bool
) -> "Found | None":
    """botocore takes each of the two from the environment, else from the profile; of nothing it takes the nothing."""
    token, role = env.get(TOKEN), env.get(ROLE)
    source = TOKEN if token else ROLE if role is not None else ""
    if profile:
        token = profile.get("web_identity_token_file") if token is None else token
        role = profile.get("role_arn") if role is None else role
    if not token or not (role or is_strict):
        return None
    if not role:
        return _error(source or (profile.place("web_identity_token_file") if profile else ""))
    if source or profile is None:
        return "web-identity", "web-identity", source
    return _in_profile(profile, "web-identity", is_strict)


def _in_profile(profile: "Profile", link: str, is_strict: bool) -> "Found | None":
    key = held(profile, link)
    if key:
        return "profile", link.partition("@")[0], profile.place(key)
    half = half_of(profile, link) if is_strict else ""
    return _error(profile.place(half)) if half else None


def is_refused(profile: "Profile") -> bool:
    """True if the AWS CLI gives up at a profile for what stands, or is missing, in that itself."""
    return _credentials(TOOLS[0], {}, profile, PROFILE)[1] == "error"


def mark(config: "Config", profile: "Profile") -> str:
    """`js:keys` if the tools take different credentials from this very profile: who differs first, and by what."""
    _, taken = mixed(config, profile)
    return next(
        (f"{tool.name}:{kind}" for tool, kind in taken.items() if kind != taken[TOOLS[0]]), ""
    )


def mixed(config: "Config", profile: "Profile") -> "tuple[Profile, dict[Tool, str]]":
    """A profile of which the tools take different credentials, and who takes what: it or what its role comes from."""
    try:
        source = chain(config, profile)[-1]
    except AwsxError:  # a broken chain, which the verbs tell
        source = profile
    for holder in (profile, source):
        taken = {tool: inside(tool, holder, holder is not profile) for tool in TOOLS}
        if taken[TOOLS[0]] and len(set(taken.values())) > 1:
            return holder, taken
    return profile, {}


def inside(tool: Tool, profile: "Profile", is_source: bool = False) -> str:
    """The kind of credentials that a tool takes from a profile; empty if it finds none.

    Where the source of a role has keys, a role of its own does not count.
    """
    has_keys = is_source and held(profile, "keys") != ""
    if has_keys and tool.takes_keys_of_a_source:
        return "keys"
    for spelled in tool.chain:
        where, _, link = spelled.rstrip("!?").rpartition(":")
        kind = link.partition("@")[0]
        if link == "fit" and unfit(profile):
            return "error"
        if where == "env" or (has_keys and kind == "role"):
            continue
        if held(profile, link):
            return kind
        if spelled[-1] == "!" and half_of(profile, link):
            return ""
    return ""


def unfit(profile: "Profile") -> str:
    """The key for which Go refuses a profile, and with it everything else; empty if there is none."""
    if len(keys := [key for key in PAIR if profile.get(key)]) == 1:
        return keys[0]
    found = [key for key in EITHER if profile.get(key)]
    if found and not profile.get("role_arn") and found != ["credential_process"]:
        return found[0]
    return found[1] if len(found) > 1 else ""


def half_of(profile: "Profile", link: str) -> str:
    """The key that stands there without what it goes with, where a tool looks for this link; empty if none does."""
    kind, _, file = link.partition("@")
    if kind == "role":
        return "role_arn" if is_half_a_role(profile) else ""
    is_half = kind == "keys" and profile.get(PAIR[0]) and not profile.get(PAIR[1])
    return PAIR[0] if is_half and _is_in(profile, PAIR[0], file) else ""


def is_half_a_role(profile: "Profile") -> bool:
    """True for a role_arn without exactly one of what it is to be assumed with."""
    has_source = bool(profile.get("source_profile")) != bool(profile.get("credential_source"))
    return (
        bool(profile.get("role_arn"))
        and not profile.get("web_identity_token_file")
        and not has_source
    )


def held(profile: "Profile", link: str) -> str:
    """The key that gives a profile this link (`sso`, `keys@credentials`); empty if none does."""
    kind, _, file = link.partition("@")
    if file == "own":
        own = OWN[:1] if profile.get("web_identity_token_file") else OWN
        return (
            "role_arn"
            if profile.get("role_arn") and any(held(profile, kind) for kind in own)
            else ""
        )
    if kind == "role" and (profile.get("web_identity_token_file") or is_half_a_role(profile)):
        return ""
    if kind == "keys" and not profile.get(PAIR[1]):
        return ""
    key = next((key for key in HOLDS.get(kind, ()) if profile.get(key)), "")
    return key if _is_in(profile, key, file) else ""


def _is_in(profile: "Profile", key: str, file: str) -> bool:
    return not file or profile.is_in_credentials(key) == (file == "credentials")
