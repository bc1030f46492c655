"""Make a session valid: one login however many terminals need it.

Valid -> nothing. A refresh token -> renewed silently. Else `aws sso login` of the AWS CLI v2, else awsx's own login.
All under one lock per session, which its holder's death frees; the token is read again once the lock is got.
"""

from __future__ import annotations

import os
import time
from contextlib import nullcontext

from awsx import browser, files, term, tokens
from awsx.environment import INTERNAL, rivals
from awsx.term import AwsxError, Cancelled, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.oidc import Wish
    from awsx.profiles import SsoSession
    from awsx.settings import Settings

LOGGING_IN = "the session {} has expired; logging in"
WAITING = "another terminal is logging in to {}; waiting for it (Ctrl-C to stop)"
NO_TERMINAL = "the session {} has expired, and there is no terminal to log in from; run: awsx login{}"
BACKGROUND = "the session {} has expired, and a background job cannot log in; run: awsx login{}"
FAILED = "login to {} failed (aws sso login ended with {}); nothing was changed"
NO_TOKEN = "the login seemed to work, yet {} holds no valid token; try: awsx login{} --force"
NEEDED = {True: (2, 9, 0), False: (2, 0, 0)}  # with an sso-session, without (AWS CLI changelog)
DEVICE_FLAG = (2, 22, 0)  # older ones know no other flow


def ensure(
    env: Mapping[str, str], session: SsoSession, chosen: Settings, force: bool = False, wish: Wish | None = None
) -> bool:
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
        if not force:
            say(LOGGING_IN.format(clean(session.label)))
        _log_in(env, session, chosen, wish)
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
    """Renew with the refresh token, silently; False if there is none or it is refused: then the session has ended.

    Raises AwsxError if AWS cannot be asked.
    """
    token = tokens.load(env, key)
    if token is None or not token.is_renewable(time.time()):
        return False
    from awsx import aws  # boto3: ten times the price of a start

    try:
        answer = aws.Oidc(session).token(token.raw, "refresh_token", refreshToken=str(token.raw["refreshToken"]))
    except aws.Refused:
        return _renewed_by_another(env, key)
    renewed = {
        "accessToken": answer["accessToken"],
        "expiresAt": tokens.iso(int(time.time() + answer["expiresIn"])),
        "refreshToken": answer.get("refreshToken"),
    }
    tokens.save(env, key, {**token.raw, **{k: v for k, v in renewed.items() if v}})
    return True


def _renewed_by_another(env: Mapping[str, str], key: str) -> bool:
    """A refresh token may work once only, and the AWS CLI takes no lock: see whether it was faster, and has written."""
    for _ in range(5):
        if _is_valid(env, key):
            return True
        time.sleep(0.1)
    return False


def _check_terminal(session: SsoSession) -> None:
    label, named = clean(session.label), _named(session)
    if not term.on_terminal():
        raise AwsxError(NO_TERMINAL.format(label, named))
    if not term.in_foreground():
        raise AwsxError(BACKGROUND.format(label, named))


def _named(session: SsoSession) -> str:
    return f" {clean(session.holder)}" if session.holder else f" --session {clean(session.name)}"


def _log_in(env: Mapping[str, str], session: SsoSession, chosen: Settings, wish: Wish | None) -> None:
    import signal

    from awsx import oidc

    # Ctrl-C reaches the AWS CLI too, and our own flow has a line to clear: nobody is to be cut off.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    wish = wish or oidc.Wish()
    wish.command = wish.command or chosen.browsers.get(session.label, "")
    cli = None if chosen.prefer_own_login else _find_aws(env, NEEDED[bool(session.name)])
    if cli is None:
        oidc.log_in(env, session, wish)
        return
    oidc.drop_stale_registration(env, session)
    code = _wait(_command(cli, env, session, wish), _environment(env, session, wish))
    if code in (130, -2):
        raise Cancelled
    if code:
        raise AwsxError(FAILED.format(clean(session.label), code))


def _command(cli: tuple[str, tuple[int, ...]], env: Mapping[str, str], session: SsoSession, wish: Wish) -> list[str]:
    path, version = cli
    command = [path, "sso", "login"]
    command += ["--sso-session", session.name] if session.name else ["--profile", session.holder]
    by_device = wish.by_device or not wish.browser or browser.is_remote(env, wish.command)
    if by_device and session.name and version >= DEVICE_FLAG:  # the browser flow ends on this machine alone
        command.append("--use-device-code")
    return command if wish.browser else [*command, "--no-browser"]


def _environment(env: Mapping[str, str], session: SsoSession, wish: Wish) -> dict[str, str]:
    """The profile that holds the SSO keys also holds their endpoint settings; an AWS_PROFILE that does not exist fails
    even `--sso-session` (AWS CLI: rc 255). With `&` the CLI does not wait for a browser that stays in the foreground:
    it would serve the answer only afterwards, and hang."""
    child = {n: v for n, v in env.items() if n not in INTERNAL and n not in rivals(env) and n != "AWS_PROFILE"}
    if session.holder:
        child["AWS_PROFILE"] = session.holder
    own = browser.command(env, wish.command)
    return {**child, "BROWSER": f"{own} &"} if own else child


def _wait(command: list[str], env: dict[str, str]) -> int:
    """Run the AWS CLI; what it prints is talk and goes to stderr. It has had any Ctrl-C itself: wait for its end."""
    import subprocess

    process = subprocess.Popen(command, env=env, stdout=2)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _find_aws(env: Mapping[str, str], needed: tuple[int, ...]) -> tuple[str, tuple[int, ...]] | None:
    """The first AWS CLI on PATH that can log in, with its version; None if none can."""
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", "aws")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            version = _version(path, env)
            if version >= needed:
                return path, version
    return None


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
    words = (told.stdout + told.stderr).partition("aws-cli/")[2].split()
    numbers = words[0].split(".") if words else []
    return tuple(int(n) for n in numbers if n.isdecimal())
