"""The proof that a client of AWS Sign-In holds its key: a signed token in the header DPoP.

https://www.rfc-editor.org/rfc/rfc9449; botocore makes it in credentials.py, _build_dpop_header.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from awsx.demo.center import es256
from awsx.demo.center.request import Request
from awsx.demo.center.service import AwsError

PATIENCE = 300  # seconds that a proof is good for, before and after
NO_PROOF = "The DPoP proof is missing or malformed"
WRONG = "The DPoP proof is not for this request"


class Proofs:
    """Checks proofs; each is good once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def check(self, request: Request, now: float) -> str:
        """The key that signed the request, as a text. Raises AwsError without a right proof."""
        header, payload, signed, signature = _parts(request.headers.get("dpop", ""))
        key = header.get("jwk", {})
        if header.get("typ") != "dpop+jwt" or header.get("alg") != "ES256" or "d" in key:
            raise refused(NO_PROOF)
        if (key.get("kty"), key.get("crv")) != ("EC", "P-256"):
            raise refused(NO_PROOF)
        public = _number(key.get("x")), _number(key.get("y"))
        if not es256.is_right(public, signed, signature):
            raise refused("The signature of the DPoP proof is wrong")
        scheme = request.headers.get("x-forwarded-proto", "http")
        urls = {f"{scheme}://{request.host}{request.path}", f"https://{request.host}{request.path}"}
        if payload.get("htm") != request.method or payload.get("htu") not in urls:
            raise refused(WRONG)
        if abs(float(payload.get("iat", 0)) - now) > PATIENCE:
            raise refused("The DPoP proof is too old, or from the future")
        self._use_up(str(payload.get("jti", "")))
        return f"{key['x']}.{key['y']}"

    def _use_up(self, name: str) -> None:
        if not name or name in self._seen:
            raise refused("The DPoP proof was used before")
        self._seen.add(name)


def refused(message: str) -> AwsError:
    return AwsError("INVALID_REQUEST", message)


def _parts(proof: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, what is signed, and the signature. Raises AwsError."""
    signed, _, signature = proof.rpartition(".")
    first, _, second = signed.partition(".")
    try:
        header, payload = json.loads(decoded(first)), json.loads(decoded(second))
        both_are_objects = isinstance(header, dict) and isinstance(payload, dict)
        if not both_are_objects or not isinstance(header.get("jwk"), dict):
            raise refused(NO_PROOF)
        return header, payload, signed.encode(), decoded(signature)
    except ValueError as error:
        raise refused(NO_PROOF) from error


def _number(text: object) -> int:
    try:
        return int.from_bytes(decoded(str(text)), "big")
    except ValueError as error:
        raise refused(NO_PROOF) from error


def decoded(text: str) -> bytes:
    """Base64 for URLs, without its padding. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
