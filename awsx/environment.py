"""The variables that decide which account and region a command uses, and what must change so that it is one profile
alone. (The regions' names are here for `-r`: a module of their own would be one more to load.)
"""

from awsx import files
from awsx.term import AwsxError, clean, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.profiles import Config

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
# Every variable whose name begins like this is a rival, too.
RIVAL_PREFIX = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

# scripts/generate writes RIVALS and the following lists into shell/awsx.*.
# These name the profile, and those the region. The AWS CLI v2 takes the first one that is set.
PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")

# These decide, besides AWS_PROFILE, what a command uses: a change of one draws the prompt anew. A
# shell compares the values of the first ones. The others may be secret, so it only looks whether
# commands see them.
DECIDING_BY_VALUE = ("AWS_DEFAULT_PROFILE", *REGIONS)
DECIDING_BY_PRESENCE = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
)

# These pass between the shell function and the core. Nothing that the core starts shall see them.
# The first ones stay exported in the terminal, the others are there for the core alone.
EXPORTED = ("AWSX_OWNER", "AWSX_REGION", "AWSX_PROMPT")
INTERNAL = (
    *EXPORTED,
    "AWSX_HANDOVER",
    "AWSX_PREVIOUS",
    "AWSX_ORIGIN",
    "AWSX_SHELL",
    "AWSX_CACHE",
    "AWSX_PID",
)

NO_SUCH_REGION, ALL_REGIONS = "no region {}{}", "all of them: awsx region"
NO_LIST = "the list of regions is not where it belongs ({}); install awsx again"

COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
COMPASS.update({ns + ew: COMPASS[ns] + COMPASS[ew] for ns in ("north", "south") for ew in ("east", "west")})


def rivals(env: "Mapping[str, str]") -> list[str]:
    """The names to take out of the way: all that are known, and any further container token that is set."""
    return [*RIVALS, *sorted(n for n in env if n.startswith(RIVAL_PREFIX) and n not in RIVALS)]


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


def region_named(word: str, config: "Config") -> str:
    """The region that `word` is or is short for. Raises AwsxError with what comes near.

    One that AWS has added since is known too, as soon as a profile names it.
    """
    by_short = {short(name): name for name in known_regions()}
    names = list(by_short.values())
    if word in by_short or word in names:
        return by_short.get(word, word)
    if word and any(profile.get("region") == word for profile in config.each()):
        return word
    meant = near(word, [*names, *by_short] if word else [], ALL_REGIONS)
    raise AwsxError(NO_SUCH_REGION.format(clean(word) or "''", meant))


def known_regions() -> dict[str, str]:
    """Every region's long name by its name. The list lies with the shells' files, beside the package in a checkout."""
    package = __file__.rpartition("/")[0]
    for folder in (package, package.rpartition("/")[0]):
        listed = files.read(f"{folder}/shell/regions")
        if listed:
            lines = listed.decode().splitlines()
            return {name: long for name, _, long in (line.partition("\t") for line in lines)}
    raise AwsxError(NO_LIST.format(f"{package}/shell/regions"))


def short(name: str) -> str:
    """`euw1`, `usgw1`, `apse2`."""
    area, *way, number = name.split("-")
    return area + "".join("g" if word == "gov" else COMPASS.get(word, word) for word in way) + number
