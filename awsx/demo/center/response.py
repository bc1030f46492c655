"""A response of the loopback AWS, as a value, and the four kinds of body: JSON, HTML, XML, none."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

XML_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    usual = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
    return Response(status, json.dumps(value).encode(), {**usual, **(headers or {})})


def empty_response() -> Response:
    """The answer of an operation that says no more than that it is done."""
    return Response(200, headers={"x-amzn-RequestId": str(uuid.uuid4())})


def html_response(text: str, status: int = 200) -> Response:
    """A page. Its address may hold a code, so a browser must not pass it on as a referrer."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer"}
    return Response(status, text.encode(), headers)


def redirect(location: str) -> Response:
    return Response(302, b"", {"Location": location})


def xml_response(text: str, status: int = 200) -> Response:
    return Response(status, (XML_PROLOG + text).encode(), {"Content-Type": "text/xml"})


def xml(name: str, *children: str, **texts: str) -> str:
    """One element. `children` are finished elements; each of `texts` becomes an element of its own.

    `name` may carry attributes: `xml('Error xmlns="..."')`.
    """
    tag = name.split()[0]
    leaves = [f"<{key}>{escape(text)}</{key}>" for key, text in texts.items()]
    return f"<{name}>{''.join(children)}{''.join(leaves)}</{tag}>"
