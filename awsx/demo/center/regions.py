"""The region that a request was meant for, where its Host header tells one."""

from __future__ import annotations

import re

from awsx.demo.center.organisation import Organisation
from awsx.demo.center.wire import Request

AWS_HOST = re.compile(r"(?:oidc|portal\.sso)\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?::\d+)?")


def wrong_region(organisation: Organisation, request: Request) -> bool:
    """An Identity Center lives in one region. Loopback addresses name none, true host names (a proxy) do."""
    host = AWS_HOST.fullmatch(request.host)
    return host is not None and host["region"] != organisation.sso_region


def origin(request: Request) -> str:
    """Where the person's browser reaches the pages: by the name that the client used."""
    return f"{'https' if AWS_HOST.fullmatch(request.host) else 'http'}://{request.host}"
