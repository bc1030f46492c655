"""The regions of AWS: their names, long and short."""

from awsx.files import disk
from awsx.term import AwsxError, clean, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import Config

NO_SUCH_REGION, ALL_REGIONS = "no region {}{}", "all of them: awsx region"
NO_LIST = "the list of regions is not where it belongs ({}); install awsx again"
COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
COMPASS.update(
    {ns + ew: COMPASS[ns] + COMPASS[ew] for ns in ("north", "south") for ew in ("east", "west")}
)


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
    package = __file__.rpartition("/files/")[0]
    for folder in (package, package.rpartition("/")[0]):
        listed = disk.read(f"{folder}/shell/regions")
        if listed:
            lines = listed.decode().splitlines()
            return {name: long for name, _, long in (line.partition("\t") for line in lines)}
    raise AwsxError(NO_LIST.format(f"{package}/shell/regions"))


def short(name: str) -> str:
    """`euw1`, `usgw1`, `apse2`."""
    area, *way, number = name.split("-")
    return (
        area + "".join("g" if word == "gov" else COMPASS.get(word, word) for word in way) + number
    )
