"""Links that the demo's shell opens go to the person's own browser, outside the sandbox: with its own HOME, it is the
one that is running already and not a fresh one without bookmarks.
"""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.home import write
from awsx.login import browser

# The AWS CLI is told not to wait for a browser. Then Python's webbrowser takes one that has ended already for one that
# failed, and opens the next: lynx, in the middle of the terminal.
SCRIPT = """\
#!/bin/sh
printf '%s\\n' "$1" >{}
sleep 1
"""


class Links:
    """A FIFO, and a program that writes the links into it; opened here, by the environment from outside."""

    def __init__(
        self, program: Path, fifo: Path, center: IdentityCenter, env: Mapping[str, str]
    ) -> None:
        self._center, self._env = center, env
        os.mkfifo(fifo, 0o600)
        # For both: without a writer of our own the first one's end would be the end of it.
        self._fd = os.open(fifo, os.O_RDWR | os.O_CLOEXEC)
        write(program, SCRIPT.format(shlex.quote(str(fifo))), 0o700)

    def start(self) -> None:
        threading.Thread(target=self._open_each, daemon=True).start()

    def _open_each(self) -> None:
        with open(self._fd, encoding="utf-8", errors="replace") as links:
            for link in links:
                # Whoever wants a link opened has printed it, too: no word if it cannot be.
                browser.show(on_loopback(link.strip(), self._center), self._env)


def on_loopback(url: str, center: IdentityCenter) -> str:
    """Where the made-up organisation answers for a host of AWS's: its access portal, and the console's sign-in.

    The portal's shortcut links name account and role behind a `#`, which no server sees: they go into the query.
    """
    parts = urlsplit(url)
    if parts.hostname == urlsplit(center.start_url).hostname:
        return f"{center.url}/start?{parts.fragment.partition('?')[2]}"
    if f".{parts.hostname}".endswith(".signin.aws.amazon.com"):
        return f"{center.url}{parts.path}?{parts.query}"
    return url
