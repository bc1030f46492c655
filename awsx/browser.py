"""Which browser a login opens, and opening it without waiting for its end."""

from __future__ import annotations

import os
import shlex
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NO_DISPLAY = "there is no screen to open one on"
NONE_FOUND = "none was found; set BROWSER, or [browser] in awsx's config.toml"
CANNOT_START = "{} cannot be started: {}"
DEFAULTS = ("wslview", "xdg-open", "gio open", "x-www-browser", "www-browser")


def command(env: Mapping[str, str], chosen: str = "") -> str:
    """The person's own choice as a command with %s for the URL: the setting's, else $BROWSER's first; else empty."""
    wanted = chosen or next((part for part in env.get("BROWSER", "").split(os.pathsep) if part.strip()), "")
    wanted = wanted.strip().removesuffix("&").strip()
    return wanted if not wanted or "%s" in wanted else wanted + " %s"


def is_remote(env: Mapping[str, str], chosen: str = "") -> bool:
    """True where the browser runs on another machine, which cannot come back to this one: over SSH, in a container.

    Whoever sets a browser for a container (as dev containers do) has seen to its way back.
    """
    if env.get("SSH_CONNECTION") or env.get("SSH_TTY"):
        return True
    inside = env.get("container") or os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv")
    return bool(inside) and not command(env, chosen)


def show(url: str, env: Mapping[str, str], chosen: str = "") -> str:
    """Open `url`; empty if a browser was started, else why none was. Never waits: some stay in the foreground."""
    own = command(env, chosen)
    if own:
        return _start([part.replace("%s", url) for part in shlex.split(own)], env)
    if sys.platform == "darwin":
        return _start(["open", url], env)
    if not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME")):
        return NO_DISPLAY
    for candidate in DEFAULTS:
        if not _start([*candidate.split(), url], env):
            return ""
    return NONE_FOUND


def _start(argv: list[str], env: Mapping[str, str]) -> str:
    import subprocess

    try:
        subprocess.Popen(
            argv,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C here is not meant for the browser
        )
    except OSError as error:
        return CANNOT_START.format(argv[0], error.strerror)
    return ""
