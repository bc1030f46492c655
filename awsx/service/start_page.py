"""The start page of an access portal, which names the region that the portal is in."""

from __future__ import annotations

import time

from awsx.service import start_url, web

PATIENCE = 5  # seconds after which no further redirect is followed
REDIRECTS = 4  # followed on the way to a start page
META = r"<meta\b[^>]*>"
NAMES_REGION = r"""\bname\s*=\s*["']?region\b"""
CONTENT = r"""\bcontent\s*=\s*["']?([a-z]{2,4}(?:-[a-z]+)+-\d+)\b"""


def region(url: str) -> str:
    """The region that the start page names, in its host or its `<meta name="region">`.

    Empty if it cannot be read.
    """
    import re

    if named := start_url.region_in_host(url):
        return named
    for tag in re.findall(META, _page(url), re.IGNORECASE):
        if re.search(NAMES_REGION, tag, re.IGNORECASE):
            found = re.search(CONTENT, tag, re.IGNORECASE)
            return found[1] if found else ""
    return ""


def _page(url: str) -> str:
    """The page at `url`; empty if there is none.

    Follows a few redirects, because a start URL may be an organisation's own.
    """
    until = time.monotonic() + PATIENCE
    for _ in range(REDIRECTS):
        reply = web.ask("GET", url)
        if reply.status not in web.REDIRECTS:
            return reply.text if reply.status == 200 else ""
        url = reply.location
        if time.monotonic() > until:
            break
    return ""
