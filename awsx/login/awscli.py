"""Let the AWS CLI v2 log in: which one, how it is asked, and waiting for its end."""

from __future__ import annotations

import os
import sys

from awsx.environment import INTERNAL, rivals
from awsx.login import browser, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

    from awsx.files.profiles import SsoSession
    from awsx.login.options import Wish

    Version = tuple[int, ...]

NEEDED = {True: (2, 9, 0), False: (2, 0, 0)}  # with an sso-session, without (AWS CLI changelog)
DEVICE_FLAG = (2, 22, 0)  # older ones know no other flow
# For Python's webbrowser, which waits for the browser's command: the CLI would answer a browser that stays in the
# foreground only after its end, and hang. So the command ends at once. (webbrowser's own `&` takes a command that has
# ended for one that has failed, and opens another browser.) What a browser has to say is not for this terminal.
BACKGROUND = """/bin/sh -c '"$@" </dev/null >/dev/null 2>&1 &' sh {}"""
CANCELLED = (130, -2)


def find(env: Mapping[str, str], session: SsoSession) -> tuple[str, Version] | None:
    """The first AWS CLI on PATH that can log in to the session, with its version; None if none can."""
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", "aws")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            version = _version(path, env)
            if version >= NEEDED[bool(session.name)]:
                return path, version
    return None


def _version(path: str, env: Mapping[str, str]) -> Version:
    """What `aws --version` says: (2, 38, 5); empty if nothing. (A broken config file fails even that: it gets none.)"""
    import subprocess

    quiet = {**env, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    quiet.pop("AWS_PROFILE", None)
    quiet.pop("AWS_DEFAULT_PROFILE", None)
    command, nothing = [path, "--version"], subprocess.DEVNULL
    try:
        told = subprocess.run(
            command, env=quiet, stdin=nothing, capture_output=True, text=True, timeout=60
        )
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        return ()
    words = (told.stdout + told.stderr).partition("aws-cli/")[2].split()
    numbers = words[0].split(".") if words else []
    return tuple(int(n) for n in numbers if n.isdecimal())


def command(
    cli: tuple[str, Version], env: Mapping[str, str], session: SsoSession, wish: Wish
) -> list[str]:
    path, version = cli
    words = [path, "sso", "login"]
    words += ["--sso-session", session.name] if session.name else ["--profile", session.holder]
    if session.name and version >= DEVICE_FLAG and not options.is_by_browser(env, session, wish):
        words.append("--use-device-code")  # the browser flow ends on this machine alone
    return words if options.opens(env, wish) else [*words, "--no-browser"]


def environment(env: Mapping[str, str], session: SsoSession, wish: Wish) -> dict[str, str]:
    """The profile that holds the SSO keys also holds their endpoint settings; an AWS_PROFILE that does not exist fails
    even `--sso-session` (AWS CLI: rc 255)."""
    child = {
        n: v
        for n, v in env.items()
        if n not in INTERNAL and n not in rivals(env) and n != "AWS_PROFILE"
    }
    if session.holder:
        child["AWS_PROFILE"] = session.holder
    own = browser.command(env, wish.command)
    return {**child, "BROWSER": BACKGROUND.format(own)} if own else child


def run(words: list[str], env: dict[str, str]) -> int:
    """Run it to its end; what it prints is talk and goes to stderr. Nothing of it is left if we are interrupted."""
    import subprocess

    with subprocess.Popen(words, env=env, stdout=2, preexec_fn=_die_with_awsx) as process:
        try:
            return process.wait()
        finally:
            _end(process)


def _die_with_awsx() -> None:
    """Nobody waits for an AWS CLI whose awsx was killed: the next terminal logs in (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(process: Popen[bytes]) -> None:
    """Ctrl-C has reached the AWS CLI too: it gets a moment for its own farewell."""
    from subprocess import TimeoutExpired

    for stop in (process.poll, process.terminate, process.kill):
        stop()
        try:
            process.wait(1)
            return
        except TimeoutExpired:
            continue
