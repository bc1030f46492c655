"""Signature Version 4: who signed a request, and was it signed with that secret?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NamedTuple
from urllib.parse import quote

from awsx.demo.center.request import Request

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
# The region may be empty: with `AWS_REGION=` the AWS CLI signs like that.
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<id>[^/,]+)/(?P<date>\d+)/(?P<region>[^/,]*)/(?P<service>[^/,]+)"
    rf"/{TERMINATOR}, ?SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>\w+)"
)


class CredentialScope(NamedTuple):
    """Whose key signed a request, and what the signature is valid for."""

    access_key_id: str
    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return "/".join((*self[1:], TERMINATOR))


class Authorization(NamedTuple):
    """The header of that name."""

    scope: CredentialScope
    signed_headers: tuple[str, ...]
    signature: str


def authorization(request: Request) -> Authorization | None:
    """None for a request that is not signed."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not found:
        return None
    scope = CredentialScope(found["id"], found["date"], found["region"], found["service"])
    return Authorization(scope, tuple(found["headers"].split(";")), found["signature"])


def credential_scope(request: Request) -> CredentialScope | None:
    """None for a request that is not signed."""
    signed = authorization(request)
    return signed.scope if signed else None


def is_signed_with(request: Request, secret: str) -> bool:
    signed = authorization(request)
    if signed is None:
        return False
    to_sign = [
        ALGORITHM,
        request.headers.get("x-amz-date", ""),
        str(signed.scope),
        sha256(canonical(request, signed.signed_headers)),
    ]
    expected = mac(signing_key(secret, signed.scope), "\n".join(to_sign)).hex()
    return hmac.compare_digest(expected, signed.signature)


def canonical(request: Request, signed_headers: tuple[str, ...]) -> bytes:
    """The canonical request.

    The path stands here as it is: all signed requests to this AWS have the path `/`. For others S3
    and the other services differ in how they quote a path.
    """
    lines = [
        request.method,
        request.path,
        canonical_query(request),
        *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed_headers),
        "",
        ";".join(signed_headers),
        request.headers.get("x-amz-content-sha256") or sha256(request.body),
    ]
    return "\n".join(lines).encode()


def canonical_query(request: Request) -> str:
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in request.query.items()
    )
    return "&".join(f"{name}={value}" for name, value in pairs)


def signing_key(secret: str, scope: CredentialScope) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in str(scope).split("/"):
        key = mac(key, part)
    return key


def mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
