"""The variables that decide which account and region a command uses.

scripts/generate writes the lists into the shell files.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Change = dict[str, str | None]  # a variable's new value; None: unset it

# Each of these beats AWS_PROFILE, or stands beside it, in the AWS CLI or in one of the SDKs. (The
# EB CLI, ebcli/lib/aws.py of awsebcli 3.27.5, takes AWS_EB_PROFILE and does not read AWS_PROFILE.)
RIVALS = (
    "AWS_DEFAULT_PROFILE",
    "AWS_EB_PROFILE",
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
# Every variable whose name begins like this is a rival, too.
RIVAL_PREFIX = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

# These name the profile, and those the region. The AWS CLI v2 takes the first one that is set.
PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")

# The first of these variables that is set decides whether there are keys, or a container.
KEY_ID = "AWS_ACCESS_KEY_ID"
CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")

# These decide, besides AWS_PROFILE, what a command uses: a change of one draws the prompt anew. A
# shell compares the values of the first ones. The others may be secret, so it only looks whether
# commands see them.
DECIDING_BY_VALUE = ("AWS_DEFAULT_PROFILE", *REGIONS, "AWS_CREDENTIAL_EXPIRATION")
DECIDING_BY_PRESENCE = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    *CONTAINER,
)

# What else another tool sets beside keys: until when they last (the AWS tools read the first one),
# and for which profile it has made them.
ENDS_OF_KEYS = ("AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION")
MAKERS = (
    ("AWS_VAULT", "aws-vault"),
    ("AWSUME_PROFILE", "awsume"),
    ("AWS_SSO_PROFILE", "aws-sso"),
    ("AWSU_PROFILE", "awsu"),
)
GRANTED = (
    "GRANTED_SSO",
    "GRANTED_SSO_ROLE_NAME",
    "GRANTED_SSO_START_URL",
    "GRANTED_SSO_ACCOUNT_ID",
)
BESIDE_KEYS = (ENDS_OF_KEYS[1], *(name for name, _ in MAKERS), *GRANTED)

# Set in the shell that `awsx exec NAME` opens, to that name: the prompt says so, and so does `off`.
SHELL_OF = "AWSX_EXEC"

# These pass between the shell function and the core. Nothing that the core starts shall see them.
# The first ones stay exported in the terminal, the others are there for the core alone.
EXPORTED = ("AWSX_OWNER", "AWSX_REGION", "AWSX_PROMPT", SHELL_OF)
INTERNAL = (
    *EXPORTED,
    "AWSX_HANDOVER",
    "AWSX_SPARE",
    "AWSX_PREVIOUS",
    "AWSX_SWITCHED_TO",
    "AWSX_ORIGIN",
    "AWSX_PINNED",
    "AWSX_SHELL",
    "AWSX_CACHE",
    "AWSX_PID",
)

# With this credential_source a role needs one of these variables.
ONE_OF = {"Environment": (KEY_ID,), "EcsContainer": CONTAINER}
# It is assumed with what these variables say: they stay.
NEEDED = {
    "Environment": (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
    ),
    "EcsContainer": ("AWS_CONTAINER_CREDENTIALS_", "AWS_CONTAINER_AUTHORIZATION_"),
}

SET_BY_HAND = "{0}={1} was not set by awsx and stays; to drop it: unset {0} (fish: set -e {0})"


def rivals(env: "Mapping[str, str]") -> list[str]:
    """The variables to put aside: all that are known, and each container token that is set."""
    return [*RIVALS, *sorted(n for n in env if n.startswith(RIVAL_PREFIX) and n not in RIVALS)]


def asked_regions(env: "Mapping[str, str]") -> list[str]:
    """The region variables that still have the value which `-r` or `awsx region` gave them."""
    return [name for name in REGIONS if env.get(name) and env[name] == env.get("AWSX_REGION")]


def pointing_at(
    name: str, region: str, env: "Mapping[str, str]", credential_source: str = ""
) -> "Change":
    """The change after which every tool uses profile `name`, in `region` if one was asked for.

    The variables that the profile's `credential_source` needs stay as they are.
    """
    change: Change = {"AWS_PROFILE": name, "AWSX_REGION": None}
    change.update(dict.fromkeys(rivals(env)))
    if needed := NEEDED.get(credential_source):
        change = {n: value for n, value in change.items() if not n.startswith(needed)}
    if region:
        # boto3 and the AWS CLI v1 read the second one alone, JavaScript the first one alone.
        change.update(dict.fromkeys(REGIONS, region), AWSX_REGION=region)
    return change
