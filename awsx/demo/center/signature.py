"""Signature Version 4: was this request signed with that secret?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import quote

from awsx.demo.center.wire import Request

ALGORITHM = "AWS4-HMAC-SHA256"
AUTHORIZATION = re.compile(
    ALGORITHM
    + r" Credential=(?P<credential>[^,]+), ?SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>\w+)"
)


def credential_scope(request: Request) -> list[str]:
    """Access key id, date, region, service, `aws4_request`; empty for a request that isn't signed."""
    signed = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return signed["credential"].split("/") if signed else []


def is_signed_with(request: Request, secret: str) -> bool:
    signed = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not signed:
        return False
    scope = signed["credential"].split("/")[1:]
    wanted = [
        ALGORITHM,
        request.headers.get("x-amz-date", ""),
        "/".join(scope),
        sha256(canonical(request, signed["headers"].split(";"))),
    ]
    signature = mac(signing_key(secret, scope), "\n".join(wanted)).hex()
    return hmac.compare_digest(signature, signed["signature"])


def canonical(request: Request, signed_headers: list[str]) -> bytes:
    """The path is always `/` here: S3 and the others differ in how they quote it."""
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in request.query.items()
    )
    lines = [
        request.method,
        request.path,
        "&".join(f"{name}={value}" for name, value in query),
        *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed_headers),
        "",
        ";".join(signed_headers),
        request.headers.get("x-amz-content-sha256") or sha256(request.body),
    ]
    return "\n".join(lines).encode()


def signing_key(secret: str, scope: list[str]) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = mac(key, part)
    return key


def mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
