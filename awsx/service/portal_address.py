"""The address of an access portal, as a person types or pastes it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from awsx.term import AwsxError, clean

NO_ADDRESS = "{} is no start URL; it looks like https://d-0123456789.awsapps.com/start"
NOT_SAFE = "{} must begin with https://"

START = "https://{}.awsapps.com/start"
MANAGER = r"[^.]+\.account-access\.(?P<region>[a-z0-9-]+)\.app\.aws(?:\.[a-z]+)?"
ID = r"[A-Za-z0-9][A-Za-z0-9-]*"
# Names of a portal that are no name of an organisation: d-0123456789, ssoins-0123456789abcdef.
MADE_BY_AWS = r"(?:d|ssoins)-[0-9a-f]+|start|identitycenter"


class Address(NamedTuple):
    """`url` is the start URL as it stands in a config; `name` is a good name for its session.

    `is_manager`: the address is one of Account Access Manager, which no [sso-session] reaches.
    """

    url: str
    name: str
    is_manager: bool


def read(text: str) -> Address:
    """The address in what a person typed: a URL with or without https://, or the portal's id.

    Raises AwsxError for what is none.
    """
    import re

    text = text.strip().strip("'\"")
    if re.fullmatch(ID, text):
        text = START.format(text.lower())
    elif "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not text.isprintable() or " " in text or "." not in host.strip(".") or "@" in text:
        raise AwsxError(NO_ADDRESS.format(clean(text, 200)), 2)
    if parts.scheme != "https":
        raise AwsxError(NOT_SAFE.format(clean(text, 200)), 2)
    where = f"{host}:{port}" if port not in (None, 443) else host
    url = f"https://{where}{parts.path.rstrip('/')}"
    label = host.partition(".")[0]
    name = "sso" if re.fullmatch(MADE_BY_AWS, label) else label
    return Address(url, name, bool(re.fullmatch(MANAGER, host)))


def is_same(one: str, other: str) -> bool:
    """True if two start URLs lead to one portal, as far as their texts tell."""
    return _bare(one) == _bare(other)


def _bare(url: str) -> str:
    return url.partition("#")[0].rstrip("/").lower()
