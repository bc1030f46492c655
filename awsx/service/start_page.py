"""The start page of an access portal, which names the region that the portal is in."""

from __future__ import annotations

import os

from awsx import packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REDIRECTS = 4  # followed on the way to a start page
META = r"<meta\b[^>]*>"
NAMES_REGION = r"""\bname\s*=\s*["']?region\b"""
CONTENT = r"""\bcontent\s*=\s*["']?([a-z]{2,4}(?:-[a-z]+)+-\d+)\b"""


def region(start_url: str) -> str:
    """The region in the start page's `<meta name="region">`; empty if it cannot be read."""
    import re

    for tag in re.findall(META, _page(start_url), re.IGNORECASE):
        if re.search(NAMES_REGION, tag, re.IGNORECASE):
            found = re.search(CONTENT, tag, re.IGNORECASE)
            return found[1] if found else ""
    return ""


def _page(url: str) -> str:
    """The page at `url`; empty if there is none.

    Follows a few redirects, because a start URL may be an organisation's own.
    """
    packages.add()
    from urllib.parse import urljoin

    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    trusted: Any = os.environ.get("AWS_CA_BUNDLE") or True
    for _ in range(REDIRECTS):
        try:
            http = URLLib3Session(proxies=get_environ_proxies(url), verify=trusted, timeout=5)
            answer = http.send(AWSRequest("GET", url).prepare())
        except (BotoCoreError, ValueError):
            return ""
        if answer.status_code not in (301, 302, 303, 307, 308):
            return str(answer.text) if answer.status_code == 200 else ""
        url = urljoin(url, str(answer.headers.get("location", "")))
    return ""
