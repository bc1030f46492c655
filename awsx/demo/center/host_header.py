"""What a request's Host header tells: the region it was meant for, and how a browser gets here.

Through a proxy that answers for AWS's host names, the header has such a name. Else it has the
loopback address.
"""

from __future__ import annotations

import re

from awsx.demo.center.organisation import Organisation
from awsx.demo.center.request import Request

AWS_HOST = re.compile(
    r"(?:oidc|portal\.sso)(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)(?::\d+)?"
)


def is_wrong_region(organisation: Organisation, request: Request) -> bool:
    """True if the host name has a region in which this Identity Center does not live."""
    host = AWS_HOST.fullmatch(request.host)
    return host is not None and host["region"] != organisation.sso_region


def origin(request: Request) -> str:
    """Scheme and host by which the client reached us; the person's browser uses them, too."""
    scheme = "https" if AWS_HOST.fullmatch(request.host) else "http"
    return f"{scheme}://{request.host}"
