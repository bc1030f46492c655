"""`aws login` of the demo's `aws`: a session by AWS Sign-In, kept where the AWS CLI keeps it.

botocore does the work and signs each request with the session's key (DPoP, RFC 9449). It takes
awscrt for the key; here `Keys` takes its place, in Python alone, so for the demo alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import subprocess
import textwrap
import time

from awsx.demo.center import es256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CLIENT = "arn:aws:signin:::devtools/same-device"
PATIENCE = 600  # seconds, as the AWS CLI
# An EC private key of P-256 in DER (RFC 5915): a head, 32 bytes of secret, a middle, the point.
HEAD = bytes.fromhex("30770201010420")
MIDDLE = bytes.fromhex("a00a06082a8648ce3d030107a14403420004")
# The words of the AWS CLI, which awsx knows and says in its own way.
LINK = "If the browser does not open, open the following URL:\n\n{}\n"
DONE = "Updated profile {} to use {} credentials"
BY_ITSELF = "in the demo nothing is to be pasted: the browser comes back by itself"
PAUSE = 1  # seconds; awsx takes what comes at once for one talk, and says its own line after it
TOO_LATE = "nobody answered in the browser within {} minutes"


class Key:
    """A private key; its methods are those of awscrt.crypto.EC that botocore calls."""

    def __init__(self, secret: int) -> None:
        self.secret = secret
        self.point = es256.times(secret, es256.G) or (0, 0)

    def get_public_coords(self) -> tuple[bytes, bytes]:
        return self.point[0].to_bytes(32, "big"), self.point[1].to_bytes(32, "big")

    def sign(self, digest: bytes) -> bytes:
        """r and s, 32 bytes each (FIPS 186-4, 6.4). awscrt would wrap them in DER."""
        nonce = secrets.randbelow(es256.N - 1) + 1
        r = (es256.times(nonce, es256.G) or (0, 0))[0] % es256.N
        number = int.from_bytes(digest, "big") + r * self.secret
        s = pow(nonce, -1, es256.N) * number % es256.N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def pem(self) -> str:
        der = HEAD + self.secret.to_bytes(32, "big") + MIDDLE + b"".join(self.get_public_coords())
        lines = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
        return f"-----BEGIN EC PRIVATE KEY-----\n{lines}\n-----END EC PRIVATE KEY-----\n"


class Keys:
    """What botocore takes for the class awscrt.crypto.EC."""

    @staticmethod
    def new_key_from_der_data(der: bytes) -> Key:
        return Key(int.from_bytes(der[len(HEAD) : len(HEAD) + 32], "big"))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature: bytes, pad_to: int) -> bytes:
        """The signature as it is: `Key.sign` wraps it in nothing. `pad_to` is botocore's."""
        return signature


def use_keys() -> None:
    """Let botocore know sessions of `aws login` where awscrt is missing."""
    import botocore.credentials

    if getattr(botocore.credentials, "EC", None) is None:
        botocore.credentials.EC = Keys  # type: ignore[attr-defined]


def log_in(profile: str, arn: str, region: str, is_remote: bool) -> None:
    """Log in to the session `arn` of the profile. Raises the errors of botocore, TimeoutError."""
    from awsx.login.callback import Callback

    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    with Callback(state) as callback:
        _open(_link(state, verifier, callback.url), is_remote)
        if not callback.wait(PATIENCE):
            raise TimeoutError(TOO_LATE.format(PATIENCE // 60))
    asked = {
        "clientId": CLIENT,
        "grantType": "authorization_code",
        "code": callback.outcome.code,
        "codeVerifier": verifier,
        "redirectUri": callback.url,
    }
    key = Key(secrets.randbelow(es256.N - 1) + 1)
    _keep(arn, _token(asked, key, region), key)
    print(DONE.format(profile, arn))


def _link(state: str, verifier: str, redirect_uri: str) -> str:
    from urllib.parse import urlencode

    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "state": state,
        "code_challenge_method": "SHA-256",
        "scope": "openid",
        "redirect_uri": redirect_uri,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }
    return f"{os.environ['AWS_ENDPOINT_URL_SIGNIN']}/v1/authorize?{urlencode(query)}"


def _open(url: str, is_remote: bool) -> None:
    """Open the link by the demo's own browser: the person's, or the stand-in."""
    print(LINK.format(url), flush=True)
    if is_remote:
        time.sleep(PAUSE)
        print(BY_ITSELF, flush=True)
    subprocess.run(["browser", url], stdin=subprocess.DEVNULL, check=False)


def _token(asked: dict[str, str], key: Key, region: str) -> dict[str, Any]:
    """AWS's answer to the code."""
    import boto3
    from botocore import UNSIGNED, credentials
    from botocore.config import Config

    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}  # nothing is signed
    unsigned: Any = Config(signature_version=UNSIGNED)
    client: Any = boto3.client("signin", region_name=region, config=unsigned, **keys)  # type: ignore[call-overload]
    add_proof = credentials._build_add_dpop_header_handler(key)  # type: ignore[attr-defined]
    client.meta.events.register("before-call.signin.CreateOAuth2Token", add_proof)
    answer: dict[str, Any] = client.create_o_auth2_token(tokenInput=asked)["tokenOutput"]
    return answer


def _keep(arn: str, answer: dict[str, Any], key: Key) -> None:
    """Write the file in which the AWS CLI and the SDKs look for the session."""
    from awsx.files import login_sessions, tokens

    ends = int(time.time()) + int(answer["expiresIn"])
    content = {
        "accessToken": {
            **answer["accessToken"],
            "accountId": arn.split(":")[4],
            "expiresAt": tokens.iso(ends),
        },
        "tokenType": answer["tokenType"],
        "clientId": CLIENT,
        "refreshToken": answer["refreshToken"],
        "idToken": answer.get("idToken", ""),
        "dpopKey": key.pem(),
    }
    path = tokens.path(dict(os.environ), login_sessions.key(arn))
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
