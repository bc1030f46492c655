"""A person who has signed in by `aws login`: a key, its proofs (DPoP), and the session's file.

It does at a loopback AWS what the AWS CLI does, which takes seconds there.
"""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from awsx.demo import IdentityCenter
from awsx.demo.center.grants import challenge
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response
from awsx.demo.center.signin import SAME_DEVICE
from awsx.files import login_sessions, tokens

HOST, PATH = "signin.test", "/v1/token"
VERIFIER, REDIRECT = "v" * 43, "http://127.0.0.1:1234/oauth/callback"


class Key:
    """A key on the curve P-256, as `aws login` makes one for each session."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        self._key = ec.generate_private_key(curve or ec.SECP256R1())

    @property
    def pem(self) -> str:
        form = serialization.PrivateFormat.TraditionalOpenSSL
        nothing = serialization.NoEncryption()
        return self._key.private_bytes(serialization.Encoding.PEM, form, nothing).decode()

    @property
    def public(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        x, y = (encoded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def proof(self, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """The header DPoP for a request to `PATH`; what is given takes the place of its parts."""
        first = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.public, **(header or {})}
        claims = {"jti": str(time.time_ns()), "htm": "POST", "htu": f"https://{HOST}{PATH}"}
        claims |= {"iat": int(time.time()), **changes}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (first, claims))
        r, s = utils.decode_dss_signature(
            self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        )
        return f"{signed}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def code(center: IdentityCenter) -> str:
    """The code with which the browser comes back."""
    query = {
        "response_type": "code",
        "client_id": SAME_DEVICE,
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "state": "s",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "SHA-256",
    }
    answer = center.handle(Request("GET", f"/v1/authorize?{urlencode(query)}", {"host": HOST}))
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def ask(center: IdentityCenter, proof: str | None, **body: str) -> Response:
    """The answer of CreateOAuth2Token."""
    headers = {"host": HOST, **({"dpop": proof} if proof is not None else {})}
    return center.handle(Request("POST", PATH, headers, json.dumps(body).encode()))


def redeem(center: IdentityCenter, proof: str | None) -> Response:
    """The answer to a code, which is a session's first token."""
    given = {"code": code(center), "codeVerifier": VERIFIER, "redirectUri": REDIRECT}
    return ask(center, proof, grantType="authorization_code", clientId=SAME_DEVICE, **given)


def sign_in(center: IdentityCenter, home: Path, lasts: int = 900) -> Path:
    """Write the file of the AWS CLI for a session that begins now; its path.

    Its credentials last so many seconds, below 0: they have ended.
    """
    key, arn = Key(), center.organisation.console_user
    answer = redeem(center, key.proof())
    given = json.loads(answer.body)
    ends = tokens.iso(int(time.time()) + lasts)
    content = {
        "accessToken": {**given["accessToken"], "accountId": arn.split(":")[4], "expiresAt": ends},
        "tokenType": "aws_sigv4",
        "clientId": SAME_DEVICE,
        "refreshToken": given["refreshToken"],
        "idToken": given["idToken"],
        "dpopKey": key.pem,
    }
    file = home / ".aws" / "login" / "cache" / f"{login_sessions.key(arn)}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    file.chmod(0o600)
    return file
