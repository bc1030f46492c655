"""The login by the AWS CLI v2: which `aws` can do it, how it is called, and waiting for its end."""

from __future__ import annotations

import os
import shlex
import sys
from typing import NamedTuple

from awsx.environment import INTERNAL, REGIONS, rivals
from awsx.login import awscli_talk, browser, refusals, registrations
from awsx.term import AwsxError, Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from subprocess import Popen

    from awsx.files.profiles import SsoSession
    from awsx.login.options import Login
    from awsx.login.talk import Talk

    Version = tuple[int, ...]

# The versions that can log in to a session with a name, and to a legacy one (AWS CLI changelog).
FIRST_FOR_NAMED, FIRST_FOR_LEGACY = (2, 9, 0), (2, 0, 0)
FIRST_WITH_LOGIN = (2, 32, 0)  # the command `aws login`
FIRST_WITH_DEVICE_FLAG = (2, 22, 0)  # older ones know the device code alone
FIRST_WITH_PORT = (2, 38, 5)  # the first that was seen to know --redirect-port; 2.36.7 does not
# A prompt of its own, and a pager, would stand in the way of a login.
QUIET = {"AWS_CLI_AUTO_PROMPT": "off", "AWS_PAGER": ""}
# `aws login` ends with a question about coding agents.
NO_QUESTION = {"AWS_CLI_AGENT_TOOLKIT_HINT_DISABLED": "true"}
# The AWS CLI opens a link by Python's webbrowser, which waits for the end of the browser's command,
# and hears the browser's answer only after it. So this command ends at once, and keeps the
# browser's output away from the terminal. (With webbrowser's own `&`, a command that has ended
# counts as failed, and webbrowser opens another browser.) The first word is the link, which a
# server has sent: only a web address reaches the browser. (A colon would end the command, so `?`
# stands for it.)
BACKGROUND = (
    """/bin/sh -c 'case $1 in http?//?*|https?//?*) shift;"""
    """ "$@" </dev/null >/dev/null 2>&1 & esac' sh %s {}"""
)
NO_BROWSER = "true"
# `aws login` would ask for a region; this is the one that it proposes.
REGION_WHERE_NONE_IS_SET = "us-east-1"
CANCELLED = (130, -2)  # the exit codes after Ctrl-C
PR_SET_PDEATHSIG = 1  # prctl(2)


class AwsCli(NamedTuple):
    """An AWS CLI on PATH."""

    path: str
    version: Version


def find(env: Mapping[str, str], login: Login) -> AwsCli | None:
    """The first AWS CLI on PATH that can do the login; None if none can."""
    needed = FIRST_FOR_NAMED if login.session.name else FIRST_FOR_LEGACY
    if login.session.is_login:
        needed = FIRST_WITH_LOGIN
    if login.port and login.is_by_browser:
        needed = FIRST_WITH_PORT
    return next((cli for cli in _each(env) if cli.version >= needed), None)


def find_for(env: Mapping[str, str], session: SsoSession) -> AwsCli | None:
    """The first AWS CLI on PATH that knows sessions of `aws login`, such as this one."""
    from awsx.login.options import Login, Wish

    return find(env, Login(env, session, Wish()))


def on_path(env: Mapping[str, str]) -> list[AwsCli]:
    """Every AWS CLI on PATH, in that order; the version is empty where it does not say it."""
    return list(_each(env))


def _each(env: Mapping[str, str]) -> Iterator[AwsCli]:
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", "aws")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            yield AwsCli(path, _version(path, env))


def _version(path: str, env: Mapping[str, str]) -> Version:
    """What `aws --version` says, (2, 38, 5); empty if it says nothing of the kind."""
    import subprocess

    # One bad line in the config ends even `aws --version`.
    bare = {**env, **QUIET}
    bare |= dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
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


def log_in(cli: AwsCli, login: Login, talk: Talk) -> None:
    """Log in by `aws sso login` or `aws login`.

    Raises Cancelled after Ctrl-C, AwsxError if it failed.
    """
    if not login.session.is_login:
        registrations.drop_forgotten(login.env, login.session)
    code = run(command(cli, login), environment(login), login, talk)
    if code in CANCELLED:
        raise Cancelled
    if code:
        raise AwsxError(refusals.explain_exit(code, login.env, login.session))


def command(cli: AwsCli, login: Login) -> list[str]:
    """The words of the `aws sso login` or `aws login` that does this login."""
    session = login.session
    if session.is_login:
        return [cli.path, *_words_of_aws_login(login)]
    words = [cli.path, "sso", "login"]
    words += ["--sso-session", session.name] if session.name else ["--profile", session.holder]
    if session.name and cli.version >= FIRST_WITH_DEVICE_FLAG and not login.is_by_browser:
        words.append("--use-device-code")
    if login.port and login.is_by_browser:
        words += ["--redirect-port", str(login.port)]
    return words if login.opens_browser else [*words, "--no-browser"]


def _words_of_aws_login(login: Login) -> list[str]:
    words = ["login", "--profile", login.session.holder]
    if not (login.session.region or any(map(login.env.get, REGIONS))):
        words += ["--region", REGION_WHERE_NONE_IS_SET]
    if not login.is_by_browser:
        return [*words, "--remote"]
    return [*words, "--redirect-port", str(login.port)] if login.port else words


def environment(login: Login) -> dict[str, str]:
    """The environment of the AWS CLI: the profile that holds the session, and none that beats it.

    That profile may name endpoints. A profile that does not exist fails even a login with
    `--sso-session` (AWS CLI: exit code 255), so no other may stay in AWS_PROFILE.
    """
    env, child = login.env, bare_environment(login.env, login.session)
    words = browser.find(env, login.browser_command).words if login.opens_browser else []
    # The AWS CLI takes a colon for the end of a command.
    if words and not any(os.pathsep in word for word in words):
        child["BROWSER"] = BACKGROUND.format(shlex.join(words))
    elif login.session.is_login and not login.opens_browser:  # `aws login` has no --no-browser
        child["BROWSER"] = NO_BROWSER
    return child


def bare_environment(env: Mapping[str, str], session: SsoSession) -> dict[str, str]:
    """The same without a browser."""
    taken = {*INTERNAL, *rivals(env), "AWS_PROFILE"}
    child = {name: value for name, value in env.items() if name not in taken}
    if session.holder:
        child["AWS_PROFILE"] = session.holder
    return {**child, **QUIET, **(NO_QUESTION if session.is_login else {})}


def run(words: list[str], env: dict[str, str], login: Login, talk: Talk) -> int:
    """Run a command to its end; the exit code, or minus the signal that ended it.

    What it says goes to stderr. If awsx is interrupted, it ends the command first.
    """
    from subprocess import PIPE, Popen

    with Popen(words, env=env, stdout=PIPE, stderr=PIPE, preexec_fn=_die_with_awsx) as process:
        try:
            awscli_talk.follow(process, login, talk)
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
