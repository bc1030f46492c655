"""awsx's own login, where no AWS CLI v2 does it: in the browser (PKCE, RFC 7636), or by a device code.

The browser flow ends on this machine, so over SSH, in a container, without a browser and for a legacy profile it is
the device code, which may be typed in anywhere. What is written are the very files that `aws sso login` writes.
"""

from __future__ import annotations

import time

from awsx import interrupts
from awsx.files import tokens
from awsx.login import browser, options, refusals, registrations
from awsx.login.callback import Callback
from awsx.service.client import Refused
from awsx.service.oidc import Oidc
from awsx.term import AwsxError, Countdown, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession
    from awsx.service.client import Answer

PATIENCE = 600  # seconds, as the AWS CLI has it and as a device code lives
REDIRECT = "http://127.0.0.1/oauth/callback"  # registered without a port: RFC 8252 lets it vary
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
OPEN = "log in to {} in the browser; if it does not open, open this:\n\n  {}\n"
OPEN_DEVICE = "log in to {}: open this on any machine, and check that it shows the code below\n\n  {}\n\n  {}\n"
NOT_OPENED = "no browser was opened: {}"
CLOSED = "the browser did not open ({}); open the link yourself, or use another machine: awsx login --device-code"
TOO_LATE = "nobody answered in the browser within {} minutes; run awsx login again"


def log_in(env: Mapping[str, str], session: SsoSession, wish: options.Wish) -> None:
    """Log in and write the token file. Raises AwsxError if it failed."""
    client = Oidc(session)
    flow = _by_browser if options.is_by_browser(env, session, wish) else _by_device
    try:
        registration, answer = flow(client, env, session, wish)
    except Refused as refusal:
        raise AwsxError(refusals.explain(refusal, env, session)) from refusal
    with interrupts.undisturbed():
        tokens.save(env, tokens.key(session), _token_file(session, registration, answer))


def _by_browser(
    client: Oidc, env: Mapping[str, str], session: SsoSession, wish: options.Wish
) -> tuple[Answer, Answer]:
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
        raise AwsxError(refusals.DENIED.format(clean(session.label), clean(callback.error)))
    if not callback.code:
        raise AwsxError(TOO_LATE.format(PATIENCE // 60))
    return registration, client.token(
        registration,
        "authorization_code",
        code=callback.code,
        redirectUri=callback.url,
        codeVerifier=verifier,
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
    client: Oidc,
    session: SsoSession,
    registration: Answer,
    redirect: str,
    state: str,
    verifier: str,
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


def _by_device(
    client: Oidc, env: Mapping[str, str], session: SsoSession, wish: options.Wish
) -> tuple[Answer, Answer]:
    """The device code flow (RFC 8628)."""
    registration = _registration(client, env, session, by_browser=False)
    device = client.start_device(registration)
    url, code = clean(device["verificationUriComplete"], 500), clean(device["userCode"])
    say(OPEN_DEVICE.format(clean(session.label), url, code), keep_lines=True)
    opened = browser.show(url, env, wish.command) if options.opens(env, wish) else None
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


def _registration(
    client: Oidc, env: Mapping[str, str], session: SsoSession, by_browser: bool
) -> Answer:
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
    return content | (
        {"refreshToken": answer["refreshToken"]} if answer.get("refreshToken") else {}
    )
