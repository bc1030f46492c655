"""The regions of AWS: their names, their long names, and short forms such as `euw1`."""

from awsx.files import disk
from awsx.term import AwsxError, clean, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import Config

NO_SUCH_REGION, ALL_REGIONS = "no region {}{}", "all of them: awsx region"
NO_LIST = "the list of regions is not where it belongs ({}); install awsx again"
LETTERS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "gov": "g",
}


def region_named(word: str, config: "Config") -> str:
    """The region whose name or short form `word` is.

    A region that is newer than the list is known as soon as a profile names it. Raises AwsxError
    with the regions that come near.
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
    """The long name of each region, by its name.

    The list lies with the shells' files: inside the package, or beside it in a checkout.
    """
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
    return area + "".join(LETTERS.get(word, word) for word in way) + number
