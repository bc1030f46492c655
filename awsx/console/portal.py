"""The access portal's link that opens the console of one account with one role.

The browser signs in with its own session: no credentials are needed here.
https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import SsoSession

NO_URL = "the session {} has no start URL that a browser could open: {}"


def link(session: SsoSession, account: str, role: str, page: str) -> str:
    """The link; without a page it leads to the first one.

    Raises AwsxError if the session's start URL is none.
    """
    values = {"account_id": account, "role_name": role, "destination": page}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in values.items() if text)
    return f"{_bare(session)}/#/console?{query}"


def _bare(session: SsoSession) -> str:
    """The start URL without what people copy with it: `/`, `#`, `/#/`, `#/?tab=accounts`."""
    url = session.start_url.strip().partition("#")[0].rstrip("/")
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good or not url.isprintable() or " " in url:
        raise AwsxError(NO_URL.format(clean(session.label), clean(session.start_url, 200)))
    return url
