"""Which browser a login opens, and opening it without waiting for its end.

`setting` is the command that the settings name for a session; it may be empty.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import NamedTuple

from awsx.environment import INTERNAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

NO_DISPLAY = "there is no screen to open one on"
NONE_FOUND = "none was found; set BROWSER, or [browser] in awsx's config.toml"
NOT_FOUND = "{} cannot be found"
UNREADABLE = "{} cannot be read: {}"
ENDED = "{} ended with {}"
DEFAULTS = ("wslview", "xdg-open", "gio open", "x-www-browser", "www-browser")
CONTAINER_SIGNS = ("/.dockerenv", "/run/.containerenv")
# The browser becomes a child of this shell, not of awsx: the program that awsx becomes after the
# login must not have a child that it never started. `echo` tells awsx that the browser has started;
# awsx then need not wait for a browser that stays in the foreground.
START = '"$@" </dev/null >/dev/null 2>&1 & echo; wait $!'


class Found(NamedTuple):
    """The command that opens a link, with `%s` for the link; or why there is none."""

    words: list[str]
    why_none: str = ""


class Opened:
    """A browser that was started."""

    __slots__ = ("_process", "_program")

    def __init__(self, program: str, process: Popen[bytes]) -> None:
        self._program, self._process = program, process

    def failure(self) -> str:
        """How the browser's command failed; empty while it runs and after it ended well."""
        code = self._process.poll()
        return ENDED.format(self._program, code) if code else ""

    def leave(self) -> None:
        """Stop watching the browser, which runs on by itself."""
        self._process.kill()
        self._process.wait()


def command(env: Mapping[str, str], setting: str = "") -> str:
    """The command that the person named, `%s` for the link; empty if they named none.

    The setting comes first, then the first command in $BROWSER.
    """
    named = [setting, *env.get("BROWSER", "").split(os.pathsep)]
    wanted = next((text.strip() for text in named if text.strip()), "")
    wanted = wanted.removesuffix("&").strip()
    return wanted if not wanted or "%s" in wanted else wanted + " %s"


def is_ssh(env: Mapping[str, str]) -> bool:
    return bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))


def is_remote(env: Mapping[str, str], setting: str = "") -> bool:
    """True where the person's browser cannot come back to this machine.

    That is over SSH, in a container, and without a screen. Where somebody named a browser in a
    container (dev containers do), they have made sure that it can come back.
    """
    if is_ssh(env) or find(env, setting).why_none:
        return True
    in_container = env.get("container") or any(map(os.path.exists, CONTAINER_SIGNS))
    return bool(in_container) and not command(env, setting)


def may_open(env: Mapping[str, str], setting: str = "") -> bool:
    """True if awsx may open a browser: on a remote machine only one that the person named."""
    named = command(env, setting) and not find(env, setting).why_none
    return bool(named) or not is_remote(env, setting)


def find(env: Mapping[str, str], setting: str = "") -> Found:
    """The browser that a link is opened with: the person's own, else the desktop's."""
    own = command(env, setting)
    if own:
        return _own(own, env)
    if sys.platform == "darwin":
        return Found(["open", "%s"])
    if not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME")):
        return Found([], NO_DISPLAY)
    for candidate in DEFAULTS:
        if _is_installed(candidate.split()[0], env):
            return Found([*candidate.split(), "%s"])
    return Found([], NONE_FOUND)


def _own(wanted: str, env: Mapping[str, str]) -> Found:
    try:
        words = shlex.split(wanted)
    except ValueError as error:  # a quotation that does not end
        return Found([], UNREADABLE.format(wanted.removesuffix(" %s"), str(error).lower()))
    return Found(words) if _is_installed(words[0], env) else Found([], NOT_FOUND.format(words[0]))


def _is_installed(program: str, env: Mapping[str, str]) -> bool:
    from shutil import which

    return which(os.path.expanduser(program), path=env.get("PATH", os.defpath)) is not None


def show(url: str, env: Mapping[str, str], setting: str = "") -> Opened | None:
    """Open `url` without waiting for the browser's end; None if there is no browser."""
    import subprocess

    words = find(env, setting).words
    if not words:
        return None
    argv = [os.path.expanduser(words[0]), *(word.replace("%s", url) for word in words[1:])]
    process = subprocess.Popen(
        ["/bin/sh", "-c", START, "sh", *argv],
        env={name: value for name, value in env.items() if name not in INTERNAL},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in this terminal must not reach the browser
    )
    if process.stdout:
        with process.stdout as started:
            started.read(1)
    return Opened(words[0], process)
