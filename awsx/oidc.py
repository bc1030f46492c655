"""awsx's own login, where no AWS CLI v2 does it: in the browser (PKCE, RFC 7636), or by a device code.

The browser flow ends on this machine, so over SSH, in a container, without a browser and for a legacy profile it is
the device code, which may be typed in anywhere. What is written are the very files that `aws sso login` writes.
"""

from __future__ import annotations

import time

from awsx import aws, browser, interrupts, registrations, tokens
from awsx.aws import Oidc, Refused
from awsx.callback import Callback
from awsx.term import AwsxError, Countdown, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.aws import Answer
    from awsx.profiles import SsoSession

PATIENCE = 600  # seconds, as the AWS CLI has it and as a device code lives
REDIRECT = "http://127.0.0.1/oauth/callback"  # registered without a port: RFC 8252 lets it vary
WRONG_REGION = ("InvalidGrantException", "InvalidRequestException")
SERVICE_ERROR = 254  # of the AWS CLI
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

OPEN = "log in to {} in the browser; if it does not open, open this:\n\n  {}\n"
OPEN_DEVICE = "log in to {}: open this on any machine, and check that it shows the code below\n\n  {}\n\n  {}\n"
NOT_OPENED = "no browser was opened: {}"
CLOSED = "the browser did not open ({}); open the link yourself, or use another machine: awsx login --device-code"
TOO_LATE = "nobody answered in the browser within {} minutes; run awsx login again"
DENIED = "the login to {} was denied in the browser ({}); ask who runs the Identity Center, or run awsx login again"
CODE_EXPIRED = "the code for {} has expired; run awsx login again"
REGION = "AWS refused the login to {} ({}); sso_region = {} is probably wrong{} ({})"
REPORTED = ": the start page says {}"
LOOK_IT_UP = "; the right one stands in the source of the start page, {}, or ask who runs it"
REFUSED = "AWS refused the login to {} ({}: {})"
FAILED = "login to {} failed (aws sso login ended with {}); nothing was changed"


class Wish:
    """How a person wants to log in."""

    __slots__ = ("browser", "by_device", "command")

    def __init__(self, browser: bool = True, by_device: bool = False, command: str = "") -> None:
        self.browser, self.by_device = browser, by_device
        self.command = command  # which browser, %s for the URL


def is_by_browser(env: Mapping[str, str], session: SsoSession, wish: Wish) -> bool:
    """True for the flow that ends on this machine."""
    return bool(session.name) and wish.browser and not wish.by_device and not browser.is_remote(env, wish.command)


def opens(env: Mapping[str, str], wish: Wish) -> bool:
    """True if a browser is to be opened: over SSH only one that somebody has set."""
    own = browser.command(env, wish.command) and not browser.find(env, wish.command)[1]
    return wish.browser and (bool(own) or not browser.is_remote(env, wish.command))


def log_in(env: Mapping[str, str], session: SsoSession, wish: Wish) -> None:
    """Log in and write the token file. Raises AwsxError if it failed."""
    client = Oidc(session)
    flow = _by_browser if is_by_browser(env, session, wish) else _by_device
    try:
        registration, answer = flow(client, env, session, wish)
    except Refused as refusal:
        raise AwsxError(_words(refusal, env, session)) from refusal
    with interrupts.undisturbed():
        tokens.save(env, tokens.key(session), _token_file(session, registration, answer))


def _by_browser(client: Oidc, env: Mapping[str, str], session: SsoSession, wish: Wish) -> tuple[Answer, Answer]:
    """The authorization code flow."""
    import secrets

    registration = _registration(client, env, session, by_browser=True)
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    with Callback(state) as callback:
        url = _authorize_url(client, session, registration, callback.url, state, verifier)
        say(OPEN.format(clean(session.label), url), keep_lines=True)
        with _Waiting(session, PATIENCE, browser.show(url, env, wish.command)) as waiting:
            while waiting.goes_on() and not callback.wait(0.1):
                pass
    if callback.error:
        raise AwsxError(DENIED.format(clean(session.label), clean(callback.error)))
    if not callback.code:
        raise AwsxError(TOO_LATE.format(PATIENCE // 60))
    return registration, client.token(
        registration, "authorization_code", code=callback.code, redirectUri=callback.url, codeVerifier=verifier
    )


class _Waiting:
    """`with _Waiting(...) as waiting: while waiting.goes_on():` shows the time left, and whether the browser failed.

    A browser that ended with an error may still have opened the link, so that is told and no more.
    """

    def __init__(self, session: SsoSession, seconds: int, opened: browser.Opened | None) -> None:
        self._deadline = time.monotonic() + seconds
        self._countdown = Countdown(f"waiting for {clean(session.label)}", self._deadline)
        self._opened, self._told = opened, False

    def __enter__(self) -> _Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._countdown.clear()
        if self._opened:
            self._opened.leave()

    def goes_on(self) -> bool:
        reason = self._opened.failure() if self._opened and not self._told else ""
        if reason:
            self._told = True
            self._countdown.clear()
            say(CLOSED.format(clean(reason, 300)))
        self._countdown.draw(time.monotonic())
        return time.monotonic() < self._deadline


def _authorize_url(
    client: Oidc, session: SsoSession, registration: Answer, redirect: str, state: str, verifier: str
) -> str:
    """Where the browser goes. The parameter is `scopes`, with blanks between (AWS CLI v2)."""
    from base64 import urlsafe_b64encode
    from hashlib import sha256
    from urllib.parse import urlencode, urlsplit

    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    host = urlsplit(client.endpoint)
    query = {
        "response_type": "code",
        "client_id": registration["clientId"],
        "redirect_uri": redirect,
        "state": state,
        "code_challenge_method": "S256",
        "scopes": " ".join(session.scopes or [registrations.DEFAULT_SCOPE]),
        "code_challenge": challenge,
    }
    return f"{host.scheme}://{host.netloc}/authorize?{urlencode(query)}"


def _by_device(client: Oidc, env: Mapping[str, str], session: SsoSession, wish: Wish) -> tuple[Answer, Answer]:
    """The device code flow (RFC 8628)."""
    registration = _registration(client, env, session, by_browser=False)
    device = client.start_device(registration)
    url, code = clean(device["verificationUriComplete"], 500), clean(device["userCode"])
    say(OPEN_DEVICE.format(clean(session.label), url, code), keep_lines=True)
    opened = browser.show(url, env, wish.command) if opens(env, wish) else None
    reason = browser.find(env, wish.command)[1]
    if reason and wish.browser and not browser.is_ssh(env):
        say(NOT_OPENED.format(reason))
    with _Waiting(session, int(device.get("expiresIn") or PATIENCE), opened) as waiting:
        return registration, _poll(client, registration, device, waiting)


def _poll(client: Oidc, registration: Answer, device: Answer, waiting: _Waiting) -> Answer:
    """Ask until somebody has answered. Raises Refused: denied, or the code has expired."""
    pause = int(device.get("interval") or 5)
    while True:
        try:
            return client.token(registration, DEVICE_GRANT, deviceCode=device["deviceCode"])
        except Refused as refusal:
            if refusal.code == "SlowDownException":
                pause += 5
            elif refusal.code != "AuthorizationPendingException" or not waiting.goes_on():
                raise
        again = time.monotonic() + pause
        while waiting.goes_on() and time.monotonic() < again:
            time.sleep(0.1)


def _registration(client: Oidc, env: Mapping[str, str], session: SsoSession, by_browser: bool) -> Answer:
    """The cached one if AWS still knows it, else a new one."""
    cached = registrations.load(env, session, by_browser)
    if cached and client.knows(cached):
        return cached
    answer = client.register(REDIRECT, registrations.GRANTS) if by_browser else client.register()
    return registrations.save(env, session, answer, by_browser)


def drop_stale_registration(env: Mapping[str, str], session: SsoSession) -> None:
    """Delete a cached registration that AWS has forgotten: the AWS CLI would wait ten minutes for its browser."""
    cached = registrations.load(env, session)
    if cached and not Oidc(session).knows(cached):
        registrations.forget(env, session)


def _token_file(session: SsoSession, registration: Answer, answer: Answer) -> dict[str, object]:
    """What `aws sso login` writes, in its order."""
    content: dict[str, object] = {
        "startUrl": session.start_url,
        "region": session.region,
        "accessToken": answer["accessToken"],
        "expiresAt": tokens.iso(int(time.time() + answer["expiresIn"])),
        "clientId": registration["clientId"],
        "clientSecret": registration["clientSecret"],
        "registrationExpiresAt": registration["expiresAt"],
    }
    return content | ({"refreshToken": answer["refreshToken"]} if answer.get("refreshToken") else {})


def _words(refusal: Refused, env: Mapping[str, str], session: SsoSession) -> str:
    """A refusal in a person's words, with the next step."""
    label = clean(session.label)
    if refusal.code == "AccessDeniedException":
        return DENIED.format(label, refusal.code)
    if refusal.code in ("ExpiredTokenException", "AuthorizationPendingException"):
        return CODE_EXPIRED.format(label)
    if refusal.code in WRONG_REGION:
        return wrong_region(refusal.code, env, session)
    return REFUSED.format(label, clean(refusal.code), clean(str(refusal), 200))


def wrong_region(code: str, env: Mapping[str, str], session: SsoSession) -> str:
    reported = aws.start_page_region(session.start_url)
    known = reported and reported != session.region
    hint = REPORTED.format(reported) if known else LOOK_IT_UP.format(clean(session.start_url, 200))
    return REGION.format(clean(session.label), code, clean(session.region), hint, aws.region_place(env, session))


def failure_of_cli(code: int, env: Mapping[str, str], session: SsoSession) -> str:
    """The AWS CLI has said why; but what a refusal means for a wrong region it does not know."""
    if code == SERVICE_ERROR and aws.start_page_region(session.start_url) not in ("", session.region):
        return wrong_region("see above", env, session)
    return FAILED.format(clean(session.label), code)
