"""The variables that decide which account and region a command uses, and the change that leaves one profile alone."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Change = dict[str, str | None]  # a variable's new value; None: unset it

# Each of these beats AWS_PROFILE, or stands beside it, in the AWS CLI or in one of the SDKs.
RIVALS = (
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")

# Between the shell function and the core; nothing that the core starts shall see them.
INTERNAL = (
    "AWSX_HANDOVER",
    "AWSX_PREVIOUS",
    "AWSX_OWNER",
    "AWSX_ORIGIN",
    "AWSX_REGION",
    "AWSX_SHELL",
    "AWSX_CACHE",
    "AWSX_PID",
    "AWSX_PROMPT",
)


def rivals(env: "Mapping[str, str]") -> list[str]:
    """The names to take out of the way: all that are known, and any further container token that is set."""
    more = [n for n in env if n.startswith("AWS_CONTAINER_AUTHORIZATION_TOKEN") and n not in RIVALS]
    return [*RIVALS, *more]


def asked_regions(env: "Mapping[str, str]") -> list[str]:
    """The region variables that stand as `-r` or `awsx region` has set them for this terminal's own profile."""
    return [name for name in REGIONS if env.get(name) and env[name] == env.get("AWSX_REGION")]


def pointing_at(name: str, region: str, env: "Mapping[str, str]") -> "Change":
    """The change after which every tool uses profile `name`, in `region` if one was asked for."""
    change: Change = {"AWS_PROFILE": name, "AWSX_REGION": None}
    change.update(dict.fromkeys(rivals(env)))
    if region:
        # boto3 and CLI v1 read only the second, CLI v2 and Go the first, JS only the first: set both.
        change.update(dict.fromkeys(REGIONS, region), AWSX_REGION=region)
    return change
