"""A stand-in for a browser that needs no screen: it requests each link in the background.

The Identity Center then acts as if a person had clicked. The command returns at once, as it has to:
the AWS CLI receives the redirect of a login only after the browser's command has ended.

The file also runs as a script, outside of the package.
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
TIMEOUT = 30  # seconds


def install(folder: Path) -> Path:
    """Make a program to be named in $BROWSER; `links(folder)` tells what it was asked to open."""
    program = folder / "browser"
    command = [sys.executable, "-I", "-S", os.path.abspath(__file__), str(folder / LINKS)]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    return program


def links(folder: Path) -> list[str]:
    path = folder / LINKS
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def main(argv: list[str]) -> int:
    """`argv`: the file that records the links, and the links to open."""
    record, *urls = argv
    for url in urls:
        with open(record, "a", encoding="utf-8") as file:
            file.write(f"{url}\n")
        if may_fetch(url) and os.fork() == 0:
            detach()
            fetch(url)
            os._exit(0)
    return 0


def may_fetch(url: str) -> bool:
    """Only loopback, and what a test's proxy answers for: it must never reach the real AWS."""
    return urlsplit(url).hostname == "127.0.0.1" or "HTTPS_PROXY" in os.environ


def detach() -> None:
    """Leave the terminal's process group, and close the pipes that somebody reads to their end."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def fetch(url: str) -> None:
    """Request `url` and follow redirects; the last leads to the program that waits for a login."""
    trust = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust))
    # Without an error message: a person would see a refused login as a page.
    with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
        opener.open(url, timeout=TIMEOUT).close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
