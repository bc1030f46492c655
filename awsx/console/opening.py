"""Open a link in a browser. One that signs in is a secret, and in no program's arguments.

The browser is given a page of this machine then, with mode 0600, that leads on to the link.
"""

from __future__ import annotations

import secrets
from html import escape
from pathlib import Path
from time import time

from awsx import page
from awsx.console.browsers import Browser
from awsx.files import disk, paths
from awsx.login import browser as opener
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CANNOT_OPEN = "no browser can be opened here: {}; print the link: awsx console --print"
FAILED = "the browser failed: {}; print the link: awsx console --print"
REMOTE = "this is another machine than your browser's"

KEPT = 60  # seconds that a browser has for the page; AWS's link is good for 15 minutes
NAMES = "console-*.html"
# The page goes by itself, after this process has ended.
REMOVE = 'sleep "$1"; rm -f -- "$2"'


def open_link(url: str, is_secret: bool, with_: Browser, env: Mapping[str, str]) -> None:
    """Open a link. Raises AwsxError if there is no browser, or it fails at once."""
    found = opener.find(env, with_.command)
    if found.why_none or not opener.may_open(env, with_.command):
        raise AwsxError(CANNOT_OPEN.format(clean(found.why_none or REMOTE, 200)))
    address = with_.address(url)
    opened = opener.show(_hidden(address, env) if is_secret else address, env, with_.command)
    if opened and (failure := opened.failure()):
        raise AwsxError(FAILED.format(clean(failure, 200)))


def _hidden(url: str, env: Mapping[str, str]) -> str:
    """The address of a page that leads to `url`. Raises AwsxError if it cannot be written."""
    try:
        folder = Path(disk.private_folder(paths.cache_folder(env)))
        for old in folder.glob(NAMES):
            if time() - old.stat().st_mtime > KEPT:
                old.unlink(missing_ok=True)
        path = folder / NAMES.replace("*", secrets.token_hex(16))
        disk.write(str(path), leading_to(url).encode())
    except OSError as error:
        raise AwsxError(CANNOT_OPEN.format(disk.reason(error))) from error
    _remove_later(path, env)
    return path.as_uri()


def leading_to(url: str) -> str:
    """A page that leads to `url` at once, and tells that address nothing of where it lies."""
    target = escape(url, quote=True)
    head = (
        '<meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0; url={target}">'
    )
    body = page.status(f'<a href="{target}">Go on to the console</a>')
    return page.document("The console opens", body, head=head)


def _remove_later(path: Path, env: Mapping[str, str]) -> None:
    import subprocess

    nowhere = subprocess.DEVNULL
    subprocess.Popen(
        ["/bin/sh", "-c", REMOVE, "sh", str(KEPT), str(path)],
        env=dict(env),
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        start_new_session=True,
    )
