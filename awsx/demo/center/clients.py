"""OIDC clients as RegisterClient makes them, and the rules that a registration has to keep."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.service import AwsError

REGISTRATION_LIFETIME = 90 * 86400  # seconds
AUTHORIZATION_CODE = "authorization_code"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_TOKEN = "refresh_token"
GRANT_TYPES = (AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN)
# What a client gets that names no grant types: clients did not before AWS had PKCE.
DEFAULT_GRANT_TYPES = (DEVICE_CODE, REFRESH_TOKEN)
# Only a client with this scope gets refresh tokens.
SCOPE = "sso:account:access"


class Redirect(NamedTuple):
    """A redirect URI without its port: a client knows that only once it listens (RFC 8252, 7.3)."""

    scheme: str
    host: str | None
    path: str

    @classmethod
    def parse(cls, uri: str) -> Redirect:
        parts = urlsplit(uri)
        return cls(parts.scheme, parts.hostname, parts.path)

    def is_loopback(self) -> bool:
        """The service accepts 127.0.0.1 only; it refuses localhost and [::1]."""
        return (self.scheme, self.host) == ("http", "127.0.0.1")


class Registration(NamedTuple):
    """What a client asks RegisterClient for."""

    name: str
    type: str = "public"
    scopes: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    issuer_url: str = ""

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Registration:
        return cls(
            name=str(body.get("clientName") or ""),
            type=str(body.get("clientType") or ""),
            scopes=tuple(body.get("scopes") or ()),
            grant_types=tuple(body.get("grantTypes") or ()),
            redirect_uris=tuple(body.get("redirectUris") or ()),
            issuer_url=str(body.get("issuerUrl") or ""),
        )


class Client(NamedTuple):
    id: str
    secret: str
    name: str
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    expires: float

    def allows_redirect(self, uri: str) -> bool:
        return Redirect.parse(uri) in map(Redirect.parse, self.redirect_uris)


class Clients:
    """The registered clients by id."""

    def __init__(self, organisation: Organisation, behaviour: Behaviour) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._clients: dict[str, Client] = {}

    def register(self, wanted: Registration) -> Client:
        """Raises AwsError for a registration that the service would refuse."""
        self._check(wanted)
        client = Client(
            id=secrets.token_urlsafe(18),
            secret=secrets.token_urlsafe(48),
            name=wanted.name,
            scopes=wanted.scopes,
            grant_types=wanted.grant_types or DEFAULT_GRANT_TYPES,
            redirect_uris=wanted.redirect_uris,
            expires=self._behaviour.now() + REGISTRATION_LIFETIME,
        )
        self._clients[client.id] = client
        return client

    def _check(self, wanted: Registration) -> None:
        if not wanted.name or wanted.type != "public":
            raise AwsError(
                "InvalidClientMetadataException", "clientName and clientType public are required"
            )
        if not set(wanted.grant_types) <= set(GRANT_TYPES):
            raise AwsError("UnsupportedGrantTypeException", "Unsupported grant type")
        if AUTHORIZATION_CODE in wanted.grant_types:
            self._check_authorization_code(wanted)

    def _check_authorization_code(self, wanted: Registration) -> None:
        if not is_start_url(self._organisation, wanted.issuer_url):
            raise AwsError(
                "InvalidRequestException", "issuerUrl is not the start URL of an instance"
            )
        if not wanted.scopes:
            raise AwsError("InvalidScopeException", "scopes are required for authorization_code")
        redirects = [Redirect.parse(uri) for uri in wanted.redirect_uris]
        if not redirects or not all(redirect.is_loopback() for redirect in redirects):
            raise AwsError(
                "InvalidRedirectUriException", "redirectUris must be on http://127.0.0.1"
            )

    def find(self, client_id: str) -> Client:
        """Raises AwsError for a client that is unknown or whose registration has expired."""
        client = self._clients.get(client_id)
        if client is None or client.expires <= self._behaviour.now():
            raise AwsError("InvalidClientException", "Invalid client", 401)
        return client

    def authenticate(self, client_id: str, secret: str) -> Client:
        client = self.find(client_id)
        if not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise AwsError("InvalidClientException", "Invalid client secret provided", 401)
        return client

    def forget_all(self) -> None:
        """Refuse every registration made so far, also those that a client has stored."""
        self._clients.clear()


def is_start_url(organisation: Organisation, url: str) -> bool:
    """Like the service, accept the start URL with `/`, `#` or `#/` at its end."""
    return url.rstrip("#/") == organisation.start_url
