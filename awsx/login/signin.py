"""What a session of `aws login` has of its own: its renewal, and whose login came back."""

from __future__ import annotations

import time

from awsx.files import login_sessions, profiles, tokens
from awsx.login import awscli
from awsx.login.options import login_command
from awsx.service import errors, signin
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.draft import Draft
    from awsx.files.tokens import Token
    from awsx.login.cached_token import CachedToken
    from awsx.login.options import Login

INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
NO_CLI = "a login to {} takes the AWS CLI 2.32 or later, and {}; install it: " + INSTALL
NONE, OLD = "there is none on PATH", "the one on PATH is {}"
# The three reasons for which AWS refuses to renew such a session.
EXPIRED, CHANGED, NOT_ALLOWED = (
    "TOKEN_EXPIRED",
    "USER_CREDENTIALS_CHANGED",
    "INSUFFICIENT_PERMISSIONS",
)
REASONS = {
    EXPIRED: tokens.EXPIRED,
    CHANGED: "the password or the keys of {} have changed since the login, which ended the session",
    NOT_ALLOWED: (
        "AWS does not let {} have credentials: it lacks the permission signin:CreateOAuth2Token;"
        " ask whoever runs the account"
    ),
}
OTHER = (
    "you logged in as {}, but profile {} is for {}: the AWS CLI has written the new one into the"
    " profile ({}); nothing was run"
)
DECLINED = (
    "the login was not for {}, which profile {} is for ({}), so nothing was changed; choose that"
    " one in the browser: {}"
)
FAILED = "the session {} could not be renewed (aws configure export-credentials: {})"


def no_cli(login: Login) -> AwsxError:
    """The error where no AWS CLI can do this login: what to install."""
    versions = [".".join(map(str, cli.version)) for cli in awscli.on_path(login.env)]
    known = next(filter(None, versions), "")
    there_is = OLD.format(known) if known else NONE
    return AwsxError(NO_CLI.format(clean(login.session.label), there_is))


def renew(cached: CachedToken) -> bool:
    """True if the session has new credentials; False if it has ended, and a person must log in.

    Raises AwsxError if AWS cannot be asked, or a login would not help. Call it while holding the
    session's lock.
    """
    token = cached.read_patiently()
    if token is None or not token.is_renewable(time.time()):
        return False
    if signin.can_renew():
        with cached.reserved() as place:
            return _by_botocore(cached, token, place)
    cli = awscli.find_for(cached.env, cached.session)
    return cli is not None and _by_awscli(cli, cached, token)


def is_left_to_the_command(cached: CachedToken) -> bool:
    """True if nothing here can renew the session, but the command that needs it may."""
    token = cached.read()
    is_renewable = token is not None and token.is_renewable(time.time())
    can_renew = signin.can_renew() or awscli.find_for(cached.env, cached.session)
    return is_renewable and not can_renew


def _by_botocore(cached: CachedToken, token: Token, place: Draft) -> bool:
    try:
        content = signin.renewed(cached.session, token.raw)
    except errors.Refused as refusal:
        return _refused(refusal.code, cached, token, place)
    cached.write(content, place)
    return True


def _by_awscli(cli: awscli.AwsCli, cached: CachedToken, token: Token) -> bool:
    """Let one command of the AWS CLI renew the session; what it prints is secret and not kept."""
    import subprocess

    cached.check_room()
    holder = cached.session.holder
    words = [cli.path, "configure", "export-credentials", "--profile", holder]
    done = subprocess.run(
        words,
        env=awscli.bare_environment(cached.env, cached.session),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if cached.is_valid():
        return True
    if reason := _reason(done.stderr):
        with cached.reserved() as place:
            return _refused(reason, cached, token, place)
    said = clean(" ".join(done.stderr.split()), 200) or f"exit code {done.returncode}"
    raise AwsxError(FAILED.format(clean(cached.session.label), said))


def _reason(said: str) -> str:
    """Which refusal the AWS CLI tells of; of two it tells alike (LoginRefreshRequired)."""
    text = " ".join(said.split())
    if "insufficient permissions" in text:
        return NOT_ALLOWED
    return EXPIRED if "reauthenticate using 'aws login'" in text else ""


def _refused(reason: str, cached: CachedToken, token: Token, place: Draft) -> bool:
    """False if the session has ended: then its refresh token goes, so no prompt says it renews.

    Raises AwsxError where a login does not help.
    """
    if cached.is_valid():  # another tool was faster: AWS takes a refresh token once
        return True
    label = clean(cached.session.label)
    if reason == NOT_ALLOWED:
        raise AwsxError(REASONS[reason].format(label))
    found = cached.read()
    if reason not in REASONS:
        return False
    cached.why_ended = REASONS[reason].format(label)
    if found and found.raw == token.raw:
        kept = {key: value for key, value in token.raw.items() if key != "refreshToken"}
        cached.write(kept, place)
    return False


def check_login(login: Login, cached: CachedToken, before: Token | None) -> None:
    """Raises AwsxError unless the login that has just ended was the one that the profile is for.

    `before` is the token before the login. The AWS CLI asks the person whether it shall write
    another ARN into the profile, and ends well in any case.
    """
    session = login.session
    profile = profiles.Config(login.env).profile(session.holder)
    named = profile.get(login_sessions.KEY) if profile else ""
    holder, label = clean(session.holder), clean(session.label)
    place = profile.place(login_sessions.KEY) if profile else ""
    if named != session.label:
        raise AwsxError(OTHER.format(clean(named), holder, label, place))
    token = cached.read_patiently()
    if token is None or (before and token.raw == before.raw):
        raise AwsxError(DECLINED.format(label, holder, place, login_command(session)))
