"""The login by the AWS CLI v2: which `aws` can do it, how it is called, and waiting for its end."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from awsx.environment import INTERNAL, rivals
from awsx.login import browser, refusals, registrations
from awsx.term import AwsxError, Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

    from awsx.files.profiles import SsoSession
    from awsx.login.options import Login

    Version = tuple[int, ...]

# The versions that can log in to a session with a name, and to a legacy one (AWS CLI changelog).
FIRST_FOR_NAMED, FIRST_FOR_LEGACY = (2, 9, 0), (2, 0, 0)
FIRST_WITH_DEVICE_FLAG = (2, 22, 0)  # older ones know the device code alone
# The AWS CLI opens a link by Python's webbrowser, which waits for the end of the browser's command,
# and hears the browser's answer only after it. So this command ends at once, and keeps the
# browser's output away from the terminal. (With webbrowser's own `&`, a command that has ended
# counts as failed, and webbrowser opens another browser.)
BACKGROUND = """/bin/sh -c '"$@" </dev/null >/dev/null 2>&1 &' sh {}"""
CANCELLED = (130, -2)  # the exit codes after Ctrl-C
PR_SET_PDEATHSIG = 1  # prctl(2)


class AwsCli(NamedTuple):
    """An AWS CLI on PATH."""

    path: str
    version: Version


def find(env: Mapping[str, str], session: SsoSession) -> AwsCli | None:
    """The first AWS CLI on PATH that can log in to the session; None if none can."""
    needed = FIRST_FOR_NAMED if session.name else FIRST_FOR_LEGACY
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", "aws")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            cli = AwsCli(path, _version(path, env))
            if cli.version >= needed:
                return cli
    return None


def _version(path: str, env: Mapping[str, str]) -> Version:
    """What `aws --version` says, (2, 38, 5); empty if it says nothing of the kind."""
    import subprocess

    # One bad line in the config ends even `aws --version`.
    bare = {**env, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    bare.pop("AWS_PROFILE", None)
    bare.pop("AWS_DEFAULT_PROFILE", None)
    words, no_input = [path, "--version"], subprocess.DEVNULL
    try:
        done = subprocess.run(
            words, env=bare, stdin=no_input, capture_output=True, text=True, timeout=60
        )
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        return ()
    after = (done.stdout + done.stderr).partition("aws-cli/")[2].split()
    numbers = after[0].split(".") if after else []
    return tuple(int(number) for number in numbers if number.isdecimal())


def log_in(cli: AwsCli, login: Login) -> None:
    """Log in by `aws sso login`. Raises Cancelled after Ctrl-C, AwsxError if it failed."""
    registrations.drop_forgotten(login.env, login.session)
    code = run(command(cli, login), environment(login))
    if code in CANCELLED:
        raise Cancelled
    if code:
        raise AwsxError(refusals.explain_exit(code, login.env, login.session))


def command(cli: AwsCli, login: Login) -> list[str]:
    """The words of the `aws sso login` that does this login."""
    session = login.session
    words = [cli.path, "sso", "login"]
    words += ["--sso-session", session.name] if session.name else ["--profile", session.holder]
    if session.name and cli.version >= FIRST_WITH_DEVICE_FLAG and not login.is_by_browser:
        words.append("--use-device-code")
    return words if login.opens_browser else [*words, "--no-browser"]


def environment(login: Login) -> dict[str, str]:
    """The environment of the AWS CLI: the profile that holds the session, and none that beats it.

    That profile may name endpoints. A profile that does not exist fails even a login with
    `--sso-session` (AWS CLI: exit code 255), so no other may stay in AWS_PROFILE.
    """
    env, taken = login.env, {*INTERNAL, *rivals(login.env), "AWS_PROFILE"}
    child = {name: value for name, value in env.items() if name not in taken}
    if login.session.holder:
        child["AWS_PROFILE"] = login.session.holder
    own = browser.command(env, login.browser_command)
    return {**child, "BROWSER": BACKGROUND.format(own)} if own else child


def run(words: list[str], env: dict[str, str]) -> int:
    """Run a command to its end; the exit code, or minus the signal that ended it.

    What it prints goes to stderr. If awsx is interrupted, it ends the command first.
    """
    import subprocess

    with subprocess.Popen(words, env=env, stdout=2, preexec_fn=_die_with_awsx) as process:
        try:
            return process.wait()
        finally:
            _end(process)


def _die_with_awsx() -> None:
    """Ask Linux to end this process when awsx is killed: the next terminal then logs in."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(process: Popen[bytes]) -> None:
    """End a command that still runs. Ctrl-C has reached it too: it gets a second to clean up."""
    from subprocess import TimeoutExpired

    for stop in (process.poll, process.terminate, process.kill):
        stop()
        try:
            process.wait(1)
            return
        except TimeoutExpired:
            continue
