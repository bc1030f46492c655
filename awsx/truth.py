"""What each tool will use of the environment and the files: a table of the tools, and how to read it. Offline.

A tool looks for credentials link by link, in the order of its chain: in the environment (`env:`), in the profile (no
prefix; `keys@credentials` only in the credentials file) or in either (`any:`); a container's come last.

AWS CLI v2 and boto3: botocore, credentials.py, create_credential_resolver. JavaScript: credential-provider-node,
defaultProvider, and credential-provider-ini, resolveProfileData. Go: config/resolve_credentials.go. Rust: aws-config,
default_provider/credentials.rs and profile/credentials/repr.rs.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.profiles import Profile

BOTOCORE = "env:keys role any:web-identity sso keys@credentials login process keys@config container"
JAVASCRIPT = "env:keys role keys web-identity process sso login env:web-identity container"
GO = "env:keys env:web-identity role keys web-identity sso login process container"
RUST = "env:keys role web-identity sso login process keys env:web-identity container"

# The keys of a profile that make the link; the first that is there says where it is written.
HOLDS = {
    "role": ("role_arn",),
    "web-identity": ("web_identity_token_file",),
    "sso": ("sso_account_id", "sso_role_name"),
    "keys": ("aws_access_key_id",),
    "login": ("login_session",),
    "process": ("credential_process",),
}


class Tool:
    """One row of the table."""

    __slots__ = ("chain", "name", "profiles", "regions", "title")

    def __init__(self, name: str, title: str, profiles: str, regions: str, chain: str) -> None:
        self.name, self.title = name, title
        self.profiles, self.regions = profiles.split(), regions.split()  # variables, the one that wins first
        self.chain = chain.split()


TOOLS = (
    Tool("aws", "AWS CLI v2", "AWS_PROFILE AWS_DEFAULT_PROFILE", "AWS_REGION AWS_DEFAULT_REGION", BOTOCORE),
    Tool("boto3", "boto3, AWS CLI v1", "AWS_DEFAULT_PROFILE AWS_PROFILE", "AWS_DEFAULT_REGION", BOTOCORE),
    Tool("js", "JavaScript SDK v3", "AWS_PROFILE", "AWS_REGION", JAVASCRIPT),
    Tool("go", "Go SDK v2", "AWS_PROFILE AWS_DEFAULT_PROFILE", "AWS_REGION AWS_DEFAULT_REGION", GO),
    Tool("rust", "Rust SDK", "AWS_PROFILE", "AWS_REGION AWS_DEFAULT_REGION", RUST),
)


def mixed(profile: "Profile") -> str:
    """`js:keys` if the tools take different credentials from this very profile: who differs first, and by what."""
    first = inside(TOOLS[0], profile)
    for tool in TOOLS[1:]:
        taken = inside(tool, profile)
        if taken != first:
            return f"{tool.name}:{taken}"
    return ""


def inside(tool: Tool, profile: "Profile") -> str:
    """The kind of credentials that a tool takes from a profile; empty if there are none in it."""
    for link in tool.chain:
        where, _, kind = link.rpartition(":")
        if where != "env" and held(profile, kind):
            return kind.partition("@")[0]
    return ""


def held(profile: "Profile", link: str) -> str:
    """The key that gives a profile this link (`sso`, `keys@credentials`); empty if none does."""
    kind, _, file = link.partition("@")
    if kind == "role" and profile.get("web_identity_token_file"):
        return ""
    key = next((key for key in HOLDS.get(kind, ()) if profile.get(key)), "")
    if file and profile.is_in_credentials(key) != (file == "credentials"):
        return ""
    return key
