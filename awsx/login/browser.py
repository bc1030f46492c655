"""Which browser a login opens, and opening it without waiting for its end."""

from __future__ import annotations

import os
import shlex
import sys

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
# The browser becomes a child of this shell and not of ours: what awsx turns into afterwards has no stranger among its
# children, and nobody waits for a browser that stays in the foreground. `echo` tells that it was started.
START = '"$@" </dev/null >/dev/null 2>&1 & echo; wait $!'


class Opened:
    """A browser that was started."""

    def __init__(self, program: str, process: Popen[bytes]) -> None:
        self._program, self._process = program, process

    def failure(self) -> str:
        """How the browser's command failed; empty while it runs and after it ended well."""
        code = self._process.poll()
        return ENDED.format(self._program, code) if code else ""

    def leave(self) -> None:
        """Go on without it: it runs on by itself."""
        self._process.kill()
        self._process.wait()


def command(env: Mapping[str, str], chosen: str = "") -> str:
    """The person's own choice as a command with %s for the URL: the setting's, else $BROWSER's first; else empty."""
    wanted = chosen or next(
        (part for part in env.get("BROWSER", "").split(os.pathsep) if part.strip()), ""
    )
    wanted = wanted.strip().removesuffix("&").strip()
    return wanted if not wanted or "%s" in wanted else wanted + " %s"


def is_ssh(env: Mapping[str, str]) -> bool:
    return bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))


def is_remote(env: Mapping[str, str], chosen: str = "") -> bool:
    """True where the person's browser cannot come back to this machine: over SSH, in a container, without a screen.

    Whoever sets a browser for a container (as dev containers do) has seen to its way back.
    """
    if is_ssh(env):
        return True
    inside = (
        env.get("container")
        or os.path.exists("/.dockerenv")
        or os.path.exists("/run/.containerenv")
    )
    return bool(inside and not command(env, chosen)) or bool(find(env, chosen)[1])


def find(env: Mapping[str, str], chosen: str = "") -> tuple[list[str], str]:
    """The command that opens `%s`, and a reason if there is none."""
    own = command(env, chosen)
    if own:
        return _own(own, env)
    if sys.platform == "darwin":
        return ["open", "%s"], ""
    if not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME")):
        return [], NO_DISPLAY
    for candidate in DEFAULTS:
        if _is_there(candidate.split()[0], env):
            return [*candidate.split(), "%s"], ""
    return [], NONE_FOUND


def _own(wanted: str, env: Mapping[str, str]) -> tuple[list[str], str]:
    try:
        words = shlex.split(wanted)
    except ValueError as error:  # a quotation that does not end
        return [], UNREADABLE.format(wanted.removesuffix(" %s"), str(error).lower())
    return (words, "") if _is_there(words[0], env) else ([], NOT_FOUND.format(words[0]))


def _is_there(program: str, env: Mapping[str, str]) -> bool:
    from shutil import which

    return which(os.path.expanduser(program), path=env.get("PATH", os.defpath)) is not None


def show(url: str, env: Mapping[str, str], chosen: str = "") -> Opened | None:
    """Open `url`, never waiting for the browser's end; None if there is no browser (`find` says why)."""
    import subprocess

    words, reason = find(env, chosen)
    if reason:
        return None
    argv = [os.path.expanduser(words[0]), *(word.replace("%s", url) for word in words[1:])]
    process = subprocess.Popen(
        ["/bin/sh", "-c", START, "sh", *argv],
        env={name: value for name, value in env.items() if name not in INTERNAL},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C here is not meant for the browser
    )
    if process.stdout:
        with process.stdout as started:
            started.read(1)
    return Opened(words[0], process)
