"""awsx's own login, for machines without the AWS CLI v2: in the browser, or by a device code.

The browser flow (PKCE, RFC 7636) ends on this machine. Over SSH, in a container, without a browser
and for a legacy profile it is the device code (RFC 8628), which a person may type in anywhere. The
files are those that `aws sso login` writes.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from awsx.files import tokens
from awsx.files.profiles import SsoSession
from awsx.login import refusals, registrations
from awsx.login.cached_token import CachedToken
from awsx.login.callback import Callback
from awsx.login.options import login_command
from awsx.login.talk import PATIENCE
from awsx.service import errors, start_url
from awsx.service.errors import Refused
from awsx.service.oidc import DEFAULT_SCOPE, Oidc
from awsx.term import AwsxError, clean, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.login.options import Login
    from awsx.login.talk import Talk
    from awsx.service.answers import Answer
    from awsx.service.oidc import Registration

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
MOVED = (
    "sso_region = {} ({}) is not where the start URL leads to;"
    " write {} there, or other tools will fail"
)
TOO_LATE = "nobody answered in the browser within {} minutes; run: {}"


class Granted(NamedTuple):
    """What a flow brings: AWS's answer to CreateToken, and as whom awsx asked."""

    registration: Registration
    answer: Answer


class Proof(NamedTuple):
    """The secrets of one browser flow: `state` (RFC 6749) and `verifier` (RFC 7636)."""

    state: str
    verifier: str

    @property
    def challenge(self) -> str:
        """The hash of the verifier, which goes with the link."""
        from base64 import urlsafe_b64encode
        from hashlib import sha256

        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def log_in(login: Login, talk: Talk) -> None:
    """Log in and write the token file. Raises AwsxError if that failed."""
    flow = _by_browser if login.is_by_browser else _by_device
    cached = CachedToken(login.env, login.session)
    with cached.reserved() as place:
        portal = start_url.resolve(login.session)
        session = _in_region(login.session, portal.region)
        try:
            granted = flow(Oidc(session, portal.url), login, talk)
        except Refused as refusal:
            raise AwsxError(refusals.explain(refusal, login.env, session)) from refusal
        cached.write(_token_file(session, granted), place)
    if session.region != login.session.region:
        found = errors.region_place(login.env, login.session)
        warn(MOVED.format(clean(login.session.region), found, clean(session.region)))


def _by_browser(oidc: Oidc, login: Login, talk: Talk) -> Granted:
    """The authorization code flow."""
    import secrets

    registration = registrations.cached_or_new(oidc, login.env, by_browser=True)
    proof = Proof(secrets.token_urlsafe(32), secrets.token_urlsafe(64))
    with Callback(proof.state, login.port) as callback:
        url = _authorize_url(oidc, registration, callback.url, proof)
        talk.show_link(url)
        talk.open(url)
        talk.wait(PATIENCE)
        while talk.goes_on() and not callback.wait(0.1):
            pass
    code, error = callback.outcome
    if error:
        raise AwsxError(refusals.denied(login.session, error))
    if not code:
        raise AwsxError(TOO_LATE.format(PATIENCE // 60, login_command(login.session)))
    given = {"code": code, "redirectUri": callback.url, "codeVerifier": proof.verifier}
    return Granted(registration, oidc.token(registration, "authorization_code", **given))


def _authorize_url(oidc: Oidc, registration: Registration, redirect: str, proof: Proof) -> str:
    """The link that the person opens. The parameter is `scopes`, with blanks between (AWS CLI)."""
    from urllib.parse import urlencode, urlsplit

    host = urlsplit(oidc.endpoint)
    query = {
        "response_type": "code",
        "client_id": registration["clientId"],
        "redirect_uri": redirect,
        "state": proof.state,
        "code_challenge_method": "S256",
        "scopes": " ".join(oidc.session.scopes or [DEFAULT_SCOPE]),
        "code_challenge": proof.challenge,
    }
    return f"{host.scheme}://{host.netloc}/authorize?{urlencode(query)}"


def _by_device(oidc: Oidc, login: Login, talk: Talk) -> Granted:
    """The device code flow."""
    registration = registrations.cached_or_new(oidc, login.env, by_browser=False)
    device = oidc.start_device(registration)
    url = device["verificationUriComplete"]
    talk.show_link(url, clean(device["userCode"]))
    talk.open(url)
    talk.wait(int(device.get("expiresIn") or PATIENCE))
    return Granted(registration, _poll(oidc, registration, device, talk))


def _poll(oidc: Oidc, registration: Registration, device: Answer, talk: Talk) -> Answer:
    """Ask AWS until the person has answered. Raises Refused: denied, or the code has expired."""
    pause = int(device.get("interval") or 5)
    while True:
        try:
            return oidc.token(registration, DEVICE_GRANT, deviceCode=device["deviceCode"])
        except Refused as refusal:
            if refusal.code == "SlowDownException":
                pause += 5
            elif refusal.code != "AuthorizationPendingException" or not talk.goes_on():
                raise
        again = time.monotonic() + pause
        while talk.goes_on() and time.monotonic() < again:
            time.sleep(0.1)


def _token_file(session: SsoSession, granted: Granted) -> dict[str, object]:
    """What `aws sso login` writes, in its order."""
    registration, answer = granted
    content: dict[str, object] = {
        "startUrl": session.start_url,
        "region": session.region,
        "accessToken": answer["accessToken"],
        "expiresAt": tokens.iso(int(time.time() + answer["expiresIn"])),
        "clientId": registration["clientId"],
        "clientSecret": registration["clientSecret"],
        "registrationExpiresAt": registration["expiresAt"],
    }
    if answer.get("refreshToken"):
        content["refreshToken"] = answer["refreshToken"]
    return content


def _in_region(session: SsoSession, region: str) -> SsoSession:
    """The same session with another sso_region."""
    scopes = ",".join(session.scopes or ())
    return SsoSession(session.name, session.start_url, region, session.holder, scopes)
