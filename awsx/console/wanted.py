"""What a person asks the console for by one word: an account id, an ARN, or a URL."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from awsx.console import pages
from awsx.files.profiles import is_region
from awsx.tables import pasted
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from urllib.parse import SplitResult

NO_CONSOLE = "{} is no address of AWS's console or of an access portal"


class Wanted(NamedTuple):
    """An account, a role in it, and a page of the console; each is empty where nothing is said.

    `arn` is a resource, whose page depends on a region that it may not name.
    """

    account: str = ""
    role: str = ""
    page: str = ""
    arn: pages.Arn | None = None


def wanted(word: str) -> Wanted | None:
    """What a word asks for; None if it is none of these, but perhaps a profile's name.

    Raises AwsxError for a text that begins like an ARN or a URL and cannot be used.
    """
    word = word.strip()
    if word.startswith("arn:"):
        return Wanted(pasted.account_in(word), arn=pages.Arn(word))
    if "://" in word:
        return _of_url(word)
    account = word if pasted.is_account(word) else pasted.account_in(word)
    return Wanted(account) if account else None


def _of_url(text: str) -> Wanted:
    url = _split(text)
    if url is None:
        raise AwsxError(NO_CONSOLE.format(clean(text)), 2)
    where, _, query = url.fragment.partition("?")
    if where.strip("/") == "console":
        given = {name: values[0] for name, values in parse_qs(query).items()}
        page = given.get("destination", "")
        return Wanted(given.get("account_id", ""), given.get("role_name", ""), _checked(page))
    account = pasted.account_in(text)
    # A sign-in page of one account is no page of its console.
    return Wanted(account, page="" if ".signin." in str(url.hostname) else _checked(text))


def _checked(text: str) -> str:
    """A page of the console without the account of a multi-session console in its host.

    Raises AwsxError for a page of anybody else: the link would sign in, and then lead there.
    """
    url = _split(text) if text else None
    if text and (url is None or not is_console(url)):
        raise AwsxError(NO_CONSOLE.format(clean(text)), 2)
    return url._replace(netloc=_single(str(url.hostname))).geturl() if url else ""


def _single(host: str) -> str:
    """111122223333-ab12cd34.eu-west-1.console.aws.amazon.com, without the first label."""
    first, _, rest = host.partition(".")
    return rest if pasted.is_account(first.partition("-")[0]) and "-" in first else host


def is_console(url: SplitResult) -> bool:
    """True for an https address of AWS's console: `console.aws.amazon.com` and below."""
    # Some services have hosts of their own beside it: lightsail.aws.amazon.com.
    names = [each.console.removeprefix("console.") for each in pages.PARTITIONS.values()]
    host = f".{url.hostname}"
    return url.scheme == "https" and any(host.endswith(f".{name}") for name in names)


def region_of(page: str) -> str:
    """The region that a page of the console names in its host or its query; empty if in neither."""
    url = urlsplit(page)
    named = parse_qs(url.query).get("region", [""])[0]
    first = str(url.hostname).partition(".console.")[0]
    return next((text for text in (named, first) if "-" in text and is_region(text)), "")


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None if it is none that a browser may be given."""
    if not text.isprintable() or " " in text:
        return None
    try:
        url = urlsplit(text)
        return url if url.hostname and url.port is None and "@" not in url.netloc else None
    except ValueError:
        return None
