"""Make a session valid: one login however many terminals need it.

Valid -> nothing. A refresh token -> renewed silently. Else `aws sso login` of the AWS CLI v2, whose stdout is talk and
goes to stderr. All under one lock per session, which its holder's death frees; the token is read again once it is got.
"""

from __future__ import annotations

import os
import time
from contextlib import nullcontext

from awsx import files, term, tokens
from awsx.environment import INTERNAL, rivals
from awsx.term import AwsxError, Cancelled, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.profiles import SsoSession

LOGGING_IN = "the session {} has expired; logging in"
WAITING = "another terminal is logging in to {}; waiting for it (Ctrl-C to stop)"
NO_TERMINAL = "the session {} has expired, and there is no terminal to log in from; run: awsx login{}"
BACKGROUND = "the session {} has expired, and a background job cannot log in; run: awsx login{}"
NO_CLI = "cannot log in to {}: no AWS CLI v2 on PATH; install it (https://aws.amazon.com/cli/), or add --no-login"
OLD_CLI = "cannot log in to {}: {} is the AWS CLI {}; install {} or later (https://aws.amazon.com/cli/), or add --no-login"
FAILED = "login to {} failed (aws sso login ended with {}); nothing was changed"
NO_TOKEN = "aws sso login ended well, yet {} holds no valid token; try: awsx login --force{}"
NEEDED = {True: (2, 9, 0), False: (2, 0, 0)}  # with an sso-session, without (AWS CLI changelog)


def ensure(env: Mapping[str, str], session: SsoSession, force: bool = False, browser: bool = True) -> bool:
    """Make the session valid; False if it was so already.

    Raises Cancelled, or AwsxError if it could not be done or nobody is there to do it.
    """
    key = tokens.key(session)
    if not force and _is_valid(env, key):
        return False
    with _lock(env, session, key) or nullcontext():
        if not force and (_is_valid(env, key) or _renew(env, session, key)):
            return True
        _check_terminal(session)
        _run_aws(env, session, browser)
        if not _is_valid(env, key):
            raise AwsxError(NO_TOKEN.format(files.tilde(tokens.path(env, key), env), _named(session)))
        return True


def _is_valid(env: Mapping[str, str], key: str) -> bool:
    token = tokens.load(env, key)
    return token is not None and token.is_valid(time.time())


def _lock(env: Mapping[str, str], session: SsoSession, key: str) -> files.Lock | None:
    """The session's lock, waited for; None where none can be made (a read-only cache): better two logins than none."""
    try:
        path = files.private_folder(files.cache_folder(env)) + f"/login.{key}.lock"
        lock = files.Lock(path, wait=False)
        if not lock.held:
            say(WAITING.format(clean(session.label)))
            lock = files.Lock(path)
        return lock
    except OSError:
        return None


def _renew(env: Mapping[str, str], session: SsoSession, key: str) -> bool:
    """Renew with the refresh token, silently; False if there is none or it is refused."""
    token = tokens.load(env, key)
    if token is None or not token.is_renewable(time.time()):
        return False
    from awsx import aws  # imports boto3, ten times the price of a start: only when a session has ended

    renewed = aws.renew(session, token.raw)
    if renewed:
        tokens.save(env, key, renewed)
    return renewed is not None


def _check_terminal(session: SsoSession) -> None:
    label, named = clean(session.label), _named(session)
    if not term.on_terminal():
        raise AwsxError(NO_TERMINAL.format(label, named))
    if not term.in_foreground():
        raise AwsxError(BACKGROUND.format(label, named))


def _named(session: SsoSession) -> str:
    return f" {clean(session.holder)}" if session.holder else f" --session {clean(session.name)}"


def _run_aws(env: Mapping[str, str], session: SsoSession, browser: bool) -> None:
    command = [_find_aws(env, session), "sso", "login"]
    command += ["--sso-session", session.name] if session.name else ["--profile", session.holder]
    command += [] if browser else ["--no-browser"]
    say(LOGGING_IN.format(clean(session.label)))
    code = _wait(command, _environment(env, session))
    if code in (130, -2):
        raise Cancelled
    if code:
        raise AwsxError(FAILED.format(clean(session.label), code))


def _environment(env: Mapping[str, str], session: SsoSession) -> dict[str, str]:
    """The profile that holds the SSO keys also holds their endpoint settings; an AWS_PROFILE that does not exist fails
    even `--sso-session` (AWS-CLI: rc 255)."""
    child = {n: v for n, v in env.items() if n not in INTERNAL and n not in rivals(env) and n != "AWS_PROFILE"}
    if session.holder:
        child["AWS_PROFILE"] = session.holder
    return child


def _wait(command: list[str], env: dict[str, str]) -> int:
    import signal
    import subprocess

    # Ctrl-C reaches the AWS CLI as well: let it end in its own way, then say so.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, env=env, stdout=2)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _find_aws(env: Mapping[str, str], session: SsoSession) -> str:
    """The first AWS CLI on PATH that can log in to this session."""
    needed, seen = NEEDED[bool(session.name)], ""
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", "aws")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            version = _version(path, env)
            if version >= needed:
                return path
            seen = seen or OLD_CLI.format(
                clean(session.label), path, ".".join(map(str, version)) or "?", ".".join(map(str, needed))
            )
    raise AwsxError(seen or NO_CLI.format(clean(session.label)))


def _version(path: str, env: Mapping[str, str]) -> tuple[int, ...]:
    """What `aws --version` says: (2, 38, 5); empty if nothing. (A broken config file fails even that: it gets none.)"""
    import subprocess

    quiet = {**env, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    quiet.pop("AWS_PROFILE", None)
    quiet.pop("AWS_DEFAULT_PROFILE", None)
    try:
        told = subprocess.run([path, "--version"], env=quiet, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    mark = "aws-cli/"
    words = (told.stdout + told.stderr).partition(mark)[2].split()
    numbers = words[0].split(".") if words else []
    return tuple(int(n) for n in numbers if n.isdecimal())
