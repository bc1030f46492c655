"""Requests and responses as values, and the three ways in which AWS spells an error."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    # Names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; anything else counts as an empty one, whose keys are then missed by name."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Response]


class AwsError(Exception):
    """An error by AWS's name; how it is spelled on the wire is the service's affair."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    kind = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
    return Response(status, json.dumps(value).encode(), {**kind, **(headers or {})})


def html_response(text: str, status: int = 200) -> Response:
    # No address of a login page goes on to another site.
    kind = {"Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer"}
    return Response(status, text.encode(), kind)


def redirect(location: str) -> Response:
    return Response(302, b"", {"Location": location})


def xml_response(text: str, status: int = 200) -> Response:
    prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Response(status, f"{prolog}{text}".encode(), {"Content-Type": "text/xml"})


def xml(name: str, *children: str, **texts: str) -> str:
    """One element: `children` are ready elements, `texts` become elements of their own.

    `name` may carry attributes.
    """
    closing = name.split()[0]
    inside = "".join(children) + "".join(
        f"<{key}>{escape(text)}</{key}>" for key, text in texts.items()
    )
    return f"<{name}>{inside}</{closing}>"
