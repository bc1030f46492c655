"""The AWS tools: how each looks for a profile, a region and credentials. Tables only.

To find credentials a tool goes down its chain and takes the first that it meets. What a chain gives
in a certain environment is worked out by `awsx/truth/credentials.py`.

Where the chains come from:
- AWS CLI v2 and boto3: botocore, credentials.py, create_credential_resolver.
- JavaScript: credential-provider-node, defaultProvider, and credential-provider-ini,
  resolveProfileData.
- Go: config/resolve_credentials.go; for the check UNFIT, shared_config.go, setFromIniSections.
- Rust: aws-config, default_provider/credentials.rs and profile/credentials/repr.rs.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import Profile

    Names = tuple[str, ...]

AWS_PROFILE, AWS_DEFAULT_PROFILE = "AWS_PROFILE", "AWS_DEFAULT_PROFILE"
AWS_REGION, AWS_DEFAULT_REGION = "AWS_REGION", "AWS_DEFAULT_REGION"

# Where a tool looks for the credentials of a link.
PROFILE = "profile"
ENVIRONMENT = "environment"
BOTH = "both"  # each part of them in the environment, and in the profile what is not there
CHECK = "check"  # nowhere: with this link the tool looks whether it has to give up

# The checks.
MISSING = "missing profile"  # a variable names a profile that does not exist
UNFIT = "unfit profile"  # the profile holds keys that the tool does not accept side by side

PUNCTUATION = "_-@+.%:/"  # a plain name consists of ASCII letters, digits and these
QUOTING = "\"'\\#;"  # whoever does not unquote a section's header finds another name there


class Link:
    """One step of a chain: which kind of credentials a tool looks for, and where.

    kind                   keys, role, web-identity, sso, login, process, boto-config or container;
                           or a check
    half_is_error          the tool gives up if one of two parts is there without the other
    file                   "config" or "credentials": only keys in this file count; empty: in either
    by_presence            a key counts that is there without a value
    with_own_credentials   the role is assumed with what else the same profile holds
    unless_named           the tool skips this link if a variable names a profile
    named_by               this check counts only if this variable names the profile; empty: any
    """

    __slots__ = (
        "by_presence",
        "file",
        "half_is_error",
        "kind",
        "named_by",
        "unless_named",
        "where",
        "with_own_credentials",
    )

    def __init__(
        self,
        kind: str,
        where: str,
        *,
        half_is_error: bool = False,
        by_presence: bool = False,
        file: str = "",
        with_own_credentials: bool = False,
        unless_named: bool = False,
        named_by: str = "",
    ) -> None:
        self.kind, self.where = kind, where
        self.half_is_error, self.by_presence, self.file = half_is_error, by_presence, file
        self.with_own_credentials = with_own_credentials
        self.unless_named, self.named_by = unless_named, named_by


BOTOCORE = (
    Link(MISSING, CHECK),
    Link("keys", ENVIRONMENT, half_is_error=True),
    Link("role", PROFILE, half_is_error=True, by_presence=True),
    Link("web-identity", BOTH, half_is_error=True),
    Link("sso", PROFILE, by_presence=True),
    Link("keys", PROFILE, half_is_error=True, by_presence=True, file="credentials"),
    Link("login", PROFILE, by_presence=True),
    Link("process", PROFILE, by_presence=True),
    Link("keys", PROFILE, half_is_error=True, by_presence=True, file="config"),
    Link("boto-config", ENVIRONMENT),
    Link("container", ENVIRONMENT),
)
JAVASCRIPT = (
    Link("keys", ENVIRONMENT, unless_named=True),
    Link("role", PROFILE),
    Link("keys", PROFILE),
    Link("web-identity", PROFILE),
    Link("process", PROFILE),
    Link("sso", PROFILE),
    Link("login", PROFILE),
    Link("web-identity", ENVIRONMENT),
    Link("container", ENVIRONMENT),
)
GO = (
    Link(MISSING, CHECK, named_by=AWS_PROFILE),
    Link(UNFIT, CHECK),
    Link("keys", ENVIRONMENT),
    Link("web-identity", ENVIRONMENT, half_is_error=True),
    Link("role", PROFILE),
    Link("role", PROFILE, with_own_credentials=True),
    Link("keys", PROFILE),
    Link("web-identity", PROFILE),
    Link("sso", PROFILE),
    Link("login", PROFILE),
    Link("process", PROFILE),
    Link("container", ENVIRONMENT),
)
RUST = (
    Link("keys", ENVIRONMENT),
    Link(MISSING, CHECK),
    Link("role", PROFILE, half_is_error=True),
    Link("web-identity", PROFILE),
    Link("sso", PROFILE),
    Link("login", PROFILE),
    Link("process", PROFILE),
    Link("keys", PROFILE, half_is_error=True),
    Link("web-identity", ENVIRONMENT, half_is_error=True),
    Link("container", ENVIRONMENT),
)


class Tool:
    """One tool: its names, its variables (the one that wins first), its chain and its quirks.

    takes_empty_profile        a variable that is set to nothing names a profile, which is missing
    takes_empty_region         a variable that is set to nothing is the region
    sees_plain_names_only      it finds a profile only if its name has no other characters
    sees_unquoted_names_only   it finds a profile only if nothing in its header is quoted
    takes_source_keys_first    of a role's source_profile it takes keys, whatever else is there
    reads_its_own_way          it reads the files as awsx/truth/javascript.py does
    goes_by_presence           it is botocore: it refuses what awsx/files/chains.py refuses
    """

    __slots__ = (
        "chain",
        "goes_by_presence",
        "name",
        "profiles",
        "reads_its_own_way",
        "regions",
        "sees_plain_names_only",
        "sees_unquoted_names_only",
        "takes_empty_profile",
        "takes_empty_region",
        "takes_source_keys_first",
        "title",
    )

    def __init__(
        self,
        name: str,
        title: str,
        *,
        profiles: "Names",
        regions: "Names",
        chain: "tuple[Link, ...]",
        takes_empty_profile: bool = False,
        takes_empty_region: bool = False,
        sees_plain_names_only: bool = False,
        sees_unquoted_names_only: bool = False,
        takes_source_keys_first: bool = False,
        goes_by_presence: bool = False,
        reads_its_own_way: bool = False,
    ) -> None:
        self.name, self.title = name, title
        self.profiles, self.regions, self.chain = profiles, regions, chain
        self.takes_empty_profile = takes_empty_profile
        self.takes_empty_region = takes_empty_region
        self.sees_plain_names_only = sees_plain_names_only
        self.sees_unquoted_names_only = sees_unquoted_names_only
        self.takes_source_keys_first = takes_source_keys_first
        self.goes_by_presence = goes_by_presence
        self.reads_its_own_way = reads_its_own_way

    def sees(self, profile: "Profile") -> bool:
        """True if the tool finds a profile whose name is spelled like this one's."""
        if self.sees_unquoted_names_only and any(c in QUOTING for c in profile.header):
            return False
        return not self.sees_plain_names_only or is_plain(profile.name)


def is_plain(name: str) -> bool:
    """True for a profile's name that every SDK can see."""
    return name.isascii() and all(c.isalnum() or c in PUNCTUATION for c in name)


AWS_CLI = Tool(
    "aws",
    "AWS CLI v2",
    profiles=(AWS_PROFILE, AWS_DEFAULT_PROFILE),
    regions=(AWS_REGION, AWS_DEFAULT_REGION),
    chain=BOTOCORE,
    takes_empty_profile=True,
    takes_empty_region=True,
    goes_by_presence=True,
)
TOOLS = (
    AWS_CLI,
    Tool(
        "boto3",
        "boto3/CLI v1",
        profiles=(AWS_DEFAULT_PROFILE, AWS_PROFILE),
        regions=(AWS_DEFAULT_REGION,),
        chain=BOTOCORE,
        takes_empty_profile=True,
        takes_empty_region=True,
        goes_by_presence=True,
    ),
    Tool(
        "js",
        "JavaScript SDK",
        profiles=(AWS_PROFILE,),
        regions=(AWS_REGION,),
        chain=JAVASCRIPT,
        reads_its_own_way=True,
        takes_empty_region=True,
        sees_plain_names_only=True,
        takes_source_keys_first=True,
    ),
    Tool(
        "go",
        "Go SDK",
        profiles=(AWS_PROFILE, AWS_DEFAULT_PROFILE),
        regions=(AWS_REGION, AWS_DEFAULT_REGION),
        chain=GO,
        sees_unquoted_names_only=True,
        takes_source_keys_first=True,
    ),
    Tool(
        "rust",
        "Rust SDK",
        profiles=(AWS_PROFILE,),
        regions=(AWS_REGION, AWS_DEFAULT_REGION),
        chain=RUST,
        takes_empty_profile=True,
        takes_empty_region=True,
        sees_plain_names_only=True,
        sees_unquoted_names_only=True,
        takes_source_keys_first=True,
    ),
)
