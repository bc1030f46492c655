"""awsx's own login, where no AWS CLI v2 does it: in the browser (PKCE, RFC 7636), or by a device code.

The browser flow ends on this machine, so over SSH, in a container, without a browser and for a legacy profile it is
the device code, which may be typed in anywhere. What is written are the very files that `aws sso login` writes.
"""

from __future__ import annotations

import time

from awsx import aws, browser, registrations, tokens
from awsx.aws import Oidc, Refused
from awsx.callback import Callback
from awsx.term import AwsxError, Cancelled, Countdown, clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.aws import Answer
    from awsx.profiles import SsoSession

PATIENCE = 600  # seconds, as the AWS CLI has it and as a device code lives
REDIRECT = "http://127.0.0.1/oauth/callback"  # registered without a port: RFC 8252 lets it vary
STALE = ("InvalidClientException", "UnauthorizedClientException")
WRONG_REGION = ("InvalidGrantException", "InvalidRequestException")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

OPEN = "log in to {} in the browser; if it does not open, open this:\n\n  {}\n\n"
OPEN_DEVICE = "log in to {}: open this and check that it shows the code {}\n\n  {}\n\n"
NOT_OPENED = "no browser was opened: {}"
TOO_LATE = "nobody answered in the browser within {} minutes; run awsx login again"
DENIED = "the login to {} was denied in the browser ({})"
CODE_EXPIRED = "the code for {} has expired; run awsx login again"
REGION = "AWS refused the login to {} ({}); sso_region = {} is probably wrong{}"
REPORTED = ": the start page says {}"
LOOK_IT_UP = "; the right one stands in the source of the start page ({}), or ask who runs it"
REFUSED = "AWS refused the login to {} ({}: {})"


class Wish:
    """How a person wants to log in."""

    __slots__ = ("browser", "by_device", "command")

    def __init__(self, browser: bool = True, by_device: bool = False, command: str = "") -> None:
        self.browser, self.by_device = browser, by_device
        self.command = command  # which browser, %s for the URL


def log_in(env: Mapping[str, str], session: SsoSession, wish: Wish) -> None:
    """Log in and write the token file. Raises Cancelled, and AwsxError if it failed."""
    countdown = Countdown(f"waiting for {clean(session.label)}", time.monotonic() + PATIENCE)
    try:
        registration, answer = _log_in(env, session, wish, countdown)
    except KeyboardInterrupt:
        raise Cancelled from None
    finally:
        countdown.clear()
    tokens.save(env, tokens.key(session), _token_file(session, registration, answer))


def is_by_browser(env: Mapping[str, str], session: SsoSession, wish: Wish) -> bool:
    return bool(session.name) and wish.browser and not wish.by_device and not browser.is_remote(env, wish.command)


def _log_in(env: Mapping[str, str], session: SsoSession, wish: Wish, countdown: Countdown) -> tuple[Answer, Answer]:
    client = Oidc(session)
    try:
        if is_by_browser(env, session, wish):
            found = _by_browser(client, env, session, wish, countdown)
            if found:
                return found
        return _by_device(client, env, session, wish, countdown)
    except Refused as refusal:
        raise AwsxError(_words(refusal, session)) from refusal


def _by_browser(
    client: Oidc, env: Mapping[str, str], session: SsoSession, wish: Wish, countdown: Countdown
) -> tuple[Answer, Answer] | None:
    """The authorization code flow; None if no browser could be opened."""
    import secrets

    registration = _registration(client, env, session, by_browser=True)
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    with Callback(state) as callback:
        url = _authorize_url(client, session, registration, callback.url, state, verifier)
        reason = browser.show(url, env, wish.command)
        if reason:
            say(NOT_OPENED.format(reason))
            return None
        say(OPEN.format(clean(session.label), url), keep_lines=True)
        deadline = time.monotonic() + PATIENCE
        while callback.wait(deadline):
            countdown.draw(time.monotonic())
    if callback.error:
        raise AwsxError(DENIED.format(clean(session.label), clean(callback.error)))
    if not callback.code:
        raise AwsxError(TOO_LATE.format(PATIENCE // 60))
    return registration, client.token(
        registration, "authorization_code", code=callback.code, redirectUri=callback.url, codeVerifier=verifier
    )


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


def _by_device(
    client: Oidc, env: Mapping[str, str], session: SsoSession, wish: Wish, countdown: Countdown
) -> tuple[Answer, Answer]:
    registration = _registration(client, env, session, by_browser=False)
    device = client.start_device(registration)
    url = device["verificationUriComplete"]
    say(OPEN_DEVICE.format(clean(session.label), clean(device["userCode"]), clean(url, 500)), keep_lines=True)
    if wish.browser and not browser.is_remote(env, wish.command):
        browser.show(url, env, wish.command)
    return registration, _poll(client, registration, device, countdown)


def _poll(client: Oidc, registration: Answer, device: Answer, countdown: Countdown) -> Answer:
    """Ask until somebody has answered. Raises Refused: denied, or the code has expired (RFC 8628)."""
    pause = int(device.get("interval") or 5)
    while True:
        try:
            return client.token(registration, DEVICE_GRANT, deviceCode=device["deviceCode"])
        except Refused as refusal:
            if refusal.code == "SlowDownException":
                pause += 5
            elif refusal.code != "AuthorizationPendingException":
                raise
        again = time.monotonic() + pause
        while time.monotonic() < again:
            countdown.draw(time.monotonic())
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


def _words(refusal: Refused, session: SsoSession) -> str:
    """A refusal in a person's words, with the next step."""
    label = clean(session.label)
    if refusal.code == "AccessDeniedException":
        return DENIED.format(label, refusal.code)
    if refusal.code == "ExpiredTokenException":
        return CODE_EXPIRED.format(label)
    if refusal.code in WRONG_REGION:
        reported = clean(aws.start_page_region(session.start_url))
        known = reported and reported != session.region
        hint = REPORTED.format(reported) if known else LOOK_IT_UP.format(clean(session.start_url, 200))
        return REGION.format(label, refusal.code, clean(session.region), hint)
    return REFUSED.format(label, refusal.code, clean(str(refusal), 200))
