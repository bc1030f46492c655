"""The start page of an access portal, which names the region that the portal is in."""

from __future__ import annotations

import os

from awsx import packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Answer = dict[str, Any]

REDIRECTS = 4  # followed on the way to a start page


def region(start_url: str) -> str:
    """The region that the access portal's start page names in its head; or nothing."""
    import re

    page = _page(start_url)
    for tag in re.findall(r"<meta\b[^>]*>", page, re.IGNORECASE):
        if re.search(r"""\bname\s*=\s*["']?region\b""", tag, re.IGNORECASE):
            found = re.search(
                r"""\bcontent\s*=\s*["']?([a-z]{2,4}(?:-[a-z]+)+-\d+)\b""", tag, re.IGNORECASE
            )
            return found[1] if found else ""
    return ""


def _page(url: str) -> str:
    """The page of that address, or nothing. Follows a few redirects: a start URL may be an organisation's own."""
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
