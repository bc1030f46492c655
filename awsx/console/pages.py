"""Pages of the web console: of a service by its name, of a resource by its ARN.

The tables `services` and `resources` lie beside this file.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from awsx.files.profiles import is_region
from awsx.term import AwsxError, clean, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NO_SUCH_SERVICE, ALL_SERVICES = "no service {}{}", "a Tab after -s completes their names"
NO_ARN = "{} is no ARN: it needs arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE"


class Partition:
    """A part of AWS with consoles and accounts of its own.

    `console` and `signin` are the hosts of the console and of the federation endpoint; `home` is
    the region in which pages live that are the same for all regions.
    """

    __slots__ = ("console", "home", "prefix", "signin")

    def __init__(self, prefix: str, console: str, signin: str, home: str) -> None:
        self.prefix, self.console, self.signin, self.home = prefix, console, signin, home


PARTITIONS = {
    "aws-cn": Partition("cn-", "console.amazonaws.cn", "signin.amazonaws.cn", "cn-north-1"),
    "aws-us-gov": Partition(
        "us-gov-", "console.amazonaws-us-gov.com", "signin.amazonaws-us-gov.com", "us-gov-west-1"
    ),
    "aws-eusc": Partition(
        "eusc-", "console.amazonaws-eusc.eu", "signin.amazonaws-eusc.eu", "eusc-de-east-1"
    ),
    "aws": Partition("", "console.aws.amazon.com", "signin.aws.amazon.com", "us-east-1"),
}


def partition(region: str) -> Partition:
    """The partition of a region; `aws` for one that no other has, or for none."""
    return next(each for each in PARTITIONS.values() if region.startswith(each.prefix))


def service_names() -> list[str]:
    """The names that `service` knows, in the order of the table."""
    return [row[0] for row in _rows("services")]


def service(name: str, region: str) -> str:
    """The page of a service. Raises AwsxError with the names that come near if there is none."""
    found = {row[0]: row[1:] for row in _rows("services")}
    if name not in found:
        text = NO_SUCH_SERVICE.format(clean(name), near(name, list(found), ALL_SERVICES))
        raise AwsxError(text, 2)
    path, *is_global = found[name]
    return _page(path, region, bool(is_global), partition(region))


def home(region: str) -> str:
    """The first page of the console in a region; empty without one: the console remembers."""
    return service("home", region) if region else ""


class Arn:
    """The parts of an ARN. Raises AwsxError for a text that is none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    __slots__ = ("account", "id", "partition", "region", "service", "text", "type")

    def __init__(self, text: str) -> None:
        parts = text.strip().split(":", 5)
        if len(parts) < 6 or parts[0] != "arn" or (parts[3] and not is_region(parts[3])):
            raise AwsxError(NO_ARN.format(clean(text)), 2)
        _, self.partition, self.service, self.region, self.account, resource = parts
        self.text = text.strip()
        resource = resource.removeprefix("/")
        at = min((resource.find(c) for c in "/:" if c in resource), default=-1)
        self.type, self.id = (resource[:at], resource[at + 1 :]) if at >= 0 else ("*", resource)

    @property
    def resource(self) -> str:
        return self.id if self.type == "*" else self.text.split(":", 5)[5]


def resource(arn: Arn, region: str) -> str:
    """The page of a resource, else of its service, else the first page; in the ARN's region.

    `region` is for an ARN that names none.
    """
    region = arn.region or region
    of = PARTITIONS.get(arn.partition) or partition(region)
    if arn.region == "" and not region.startswith(of.prefix):
        region = of.home
    for its, kind, path, *is_global in _rows("resources"):
        if its == arn.service and kind in (arn.type, "*"):
            return _page(path.format_map(_fields(arn, kind)), region, bool(is_global), of)
    names = service_names()
    return service(arn.service, region) if arn.service in names else home(region)


def _fields(arn: Arn, kind: str) -> dict[str, str]:
    """What stands for the names in a path of the table `resources`, percent-encoded."""
    found = arn.resource if kind == "*" else arn.id
    parts = found.replace(":", "/").split("/")
    suffix = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}.get(arn.partition)
    host = f"sqs.{arn.region}.{suffix or 'amazonaws.com'}"
    texts = {
        "id": found,
        "first": parts[0],
        "last": parts[-1],
        "arn": arn.text,
        "account": arn.account,
        "region": arn.region,
        "secret": found[:-7] if found[-7:-6] == "-" else found,  # AWS adds six random characters
        "queue": f"https://{host}/{arn.account}/{found}",
        "parameter": f"/{found}" if "/" in found else found,
    }
    fields = {name: quote(text, safe="") for name, text in texts.items()}
    # The console of CloudWatch encodes twice, with a $ for the second %.
    group = quote(found.removesuffix(":*"), safe="")
    return {**fields, "group": quote(group, safe="").replace("%", "$")}


def _page(path: str, region: str, is_global: bool, of: Partition) -> str:
    """The URL of a path in the console of a region."""
    where = of.home if is_global else region
    host = f"{where}.{of.console}" if where else of.console
    path, cut, fragment = path.partition("#")
    if where:
        path += f"{'&' if '?' in path else '?'}region={where}"
    return f"https://{host}/{path}{cut}{fragment}"


def _rows(table: str) -> Iterator[list[str]]:
    text = (Path(__file__).parent / table).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line[:1] != "#")
