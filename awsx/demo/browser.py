"""A stand-in for $BROWSER that needs no screen: it opens links as a person would, and returns at once.

Returning at once matters: the AWS CLI serves its callback only when the browser's command has ended.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

LINKS = "links.txt"


def install(folder: Path) -> Path:
    """An executable to name in $BROWSER; the links that it was given stand in `links(folder)`."""
    script = folder / "browser"
    command = shlex.join(
        [sys.executable, "-I", "-S", os.path.abspath(__file__), str(folder / LINKS)]
    )
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return script


def links(folder: Path) -> list[str]:
    written = folder / LINKS
    return written.read_text(encoding="utf-8").splitlines() if written.exists() else []


def main(argv: list[str]) -> int:
    note, *urls = argv
    for url in urls:
        with open(note, "a", encoding="utf-8") as written:
            written.write(f"{url}\n")
        if may_fetch(url) and os.fork() == 0:
            leave()
            fetch(url)
            os._exit(0)
    return 0


def may_fetch(url: str) -> bool:
    """Loopback, or whatever a proxy answers for: this browser never goes to the real AWS."""
    return urlsplit(url).hostname == "127.0.0.1" or "HTTPS_PROXY" in os.environ


def leave() -> None:
    """Out of the terminal's process group, and out of the pipes that somebody reads to their end."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def fetch(url: str) -> None:
    """Follows redirects: the last of them is the callback of whoever waits for a login."""
    trust = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust))
    # A refused login is an HTTP error page, as a person would see it.
    with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
        opener.open(url, timeout=30).close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
