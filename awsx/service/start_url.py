"""The start URL of an access portal: AWS's own, or an organisation's that leads there.

The rules are the AWS CLI's (awscli/customizations/sso/resolve.py, since 2.35.13): https alone, one
redirect, and AWS learns the address that it leads to.
"""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import urlsplit

from awsx.service import errors, web
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from awsx.files.profiles import SsoSession

NO_TLS = "sso_start_url = {} ({}) must begin with https:// and name a host"
UNREACHABLE = "sso_start_url = {} ({}) cannot be reached: {}; check the network or the VPN"
NOT_AWS = "sso_start_url = {} ({}) leads to {}, which is no address of AWS's access portals"

HOSTS = (
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
)
DOMAINS = (
    "app.aws",
    "portal.amazonaws.com",
    "portal.amazonaws.com.cn",
    "app.amazonwebservices.com.cn",
    "portal.amazonaws.eu",
    "api.amazonwebservices.eu",
    "awsapps.com",
    "awsapps.cn",
)
# Where the host names the region: ssoins-1.portal.REGION.app.aws, ssoins-1.REGION.portal.amazon...
REGION = r"(?P<region>[a-z0-9]+(?:-[a-z0-9]+)+)"
NAMING_REGION = (
    rf"[^.]+\.portal\.{REGION}\.(?:app\.aws|(?:app|api)\.amazonwebservices\.(?:com\.cn|eu))",
    rf"[^.]+\.{REGION}\.portal\.amazonaws\.(?:com|com\.cn|eu)",
    rf"start\.{REGION}\.us-gov-home\.awsapps\.com",
)


class Portal(NamedTuple):
    """The address under which AWS knows an access portal, and the region that it is in."""

    url: str
    region: str


def resolve(session: SsoSession) -> Portal:
    """The portal that a session's start URL leads to.

    Raises AwsxError for a start URL that leads to none.
    """
    place = errors.place(os.environ, session, "sso_start_url")
    shown = (clean(session.start_url, 200), place)
    url = _split(session.start_url)
    if url is None or url.scheme != "https":
        raise AwsxError(NO_TLS.format(*shown))
    if _is_of_aws(url):
        return Portal(session.start_url, session.region)
    target = _follow(session.start_url, shown)
    found = _split(target)
    if found is None or found.scheme != "https" or not _is_of_aws(found):
        raise AwsxError(NOT_AWS.format(*shown, clean(target, 200)))
    port = f":{found.port}" if found.port not in (None, 443) else ""
    address = f"https://{found.hostname}{port}{found.path.rstrip('/')}"
    return Portal(address, region_in_host(target) or session.region)


def region_in_host(url: str) -> str:
    """The region that the host of a start URL names; empty if it names none."""
    import re

    host = (urlsplit(url).hostname or "").rstrip(".") if _split(url) else ""
    found = (re.fullmatch(pattern, host) for pattern in NAMING_REGION)
    return next((match["region"] for match in found if match), "")


def _follow(url: str, shown: tuple[str, str]) -> str:
    """Where an organisation's own start URL leads: itself if it redirects nowhere."""
    reply = web.ask("HEAD", url)
    if reply.status in (405, 501):
        reply = web.ask("GET", url)
    if reply.status == 0 or reply.status >= 400:
        why = clean(reply.text, 200) or f"HTTP {reply.status}"
        raise AwsxError(UNREACHABLE.format(*shown, why))
    return reply.location if reply.status in web.REDIRECTS else url


def _split(url: str) -> SplitResult | None:
    """The parts of an address with a host; None if it is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _is_of_aws(url: SplitResult) -> bool:
    host = (url.hostname or "").rstrip(".")
    return host in HOSTS or any(host == name or host.endswith(f".{name}") for name in DOMAINS)
