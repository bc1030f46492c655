"""Links from the demo's shell open in the person's own browser, started from outside the sandbox.

Started inside, with the sandbox's HOME, a browser would not find the one that is already running,
and would open a new one without the person's bookmarks.
"""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.folder import PROGRAM, write
from awsx.login import browser

# The AWS CLI sets Python's webbrowser not to wait for the browser. webbrowser then takes a command
# that has ended already for a failure and opens the next browser: lynx, in the person's terminal.
# Hence the sleep.
SCRIPT = """\
#!/bin/sh
printf '%s\\n' "$1" >{}
sleep 1
"""


class LinkRelay:
    """`program`, to be named in $BROWSER, writes links into `fifo`; they are opened from here.

    `env` is the person's environment.
    """

    def __init__(
        self, program: Path, fifo: Path, center: IdentityCenter, env: Mapping[str, str]
    ) -> None:
        self._program, self._fifo = program, fifo
        self._center, self._env = center, env

    def install(self) -> None:
        """Make the program and the FIFO."""
        os.mkfifo(self._fifo, 0o600)
        # Open it for writing, too: the FIFO would end after the first link without a second writer.
        self._fd = os.open(self._fifo, os.O_RDWR | os.O_CLOEXEC)
        write(self._program, SCRIPT.format(shlex.quote(str(self._fifo))), PROGRAM)

    def start(self) -> None:
        """Open links from now on, in a thread of its own; also those that wait in the FIFO."""
        threading.Thread(target=self._open_links, daemon=True).start()

    def _open_links(self) -> None:
        with open(self._fd, encoding="utf-8", errors="replace") as links:
            for link in links:
                # If no browser opens it, the person still has the link that every login prints.
                browser.show(on_loopback(link.strip(), self._center), self._env)


def on_loopback(url: str, center: IdentityCenter) -> str:
    """Where the made-up organisation answers for AWS's access portal and console sign-in.

    Other URLs stay as they are. The portal's shortcut links name account and role after a `#`,
    which no server sees: they move into the query.
    """
    parts = urlsplit(url)
    if parts.hostname == urlsplit(center.start_url).hostname:
        return f"{center.url}/start?{parts.fragment.partition('?')[2]}"
    if f".{parts.hostname}".endswith(".signin.aws.amazon.com"):
        return f"{center.url}{parts.path}?{parts.query}"
    return url
