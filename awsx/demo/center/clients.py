"""OIDC clients as RegisterClient makes them, and the rules that a registration has to keep."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.wire import AwsError

REGISTRATION_LIFETIME = 90 * 86400
AUTHORIZATION_CODE = "authorization_code"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_TOKEN = "refresh_token"
# Without it there is no refresh token.
SCOPE = "sso:account:access"
GRANT_TYPES = (AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN)


@dataclass(frozen=True)
class Client:
    id: str
    secret: str
    name: str
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    expires: float

    def allows_redirect(self, uri: str) -> bool:
        """The port is free: a client learns its own only when it listens (RFC 8252, 7.3)."""
        return without_port(uri) in map(without_port, self.redirect_uris)


def without_port(uri: str) -> tuple[str, str | None, str]:
    parts = urlsplit(uri)
    return parts.scheme, parts.hostname, parts.path


class Clients:
    def __init__(self, organisation: Organisation, behaviour: Behaviour) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._clients: dict[str, Client] = {}

    def register(self, wanted: dict[str, Any]) -> Client:
        self._check(wanted)
        client = Client(
            id=secrets.token_urlsafe(18),
            secret=secrets.token_urlsafe(48),
            name=str(wanted["clientName"]),
            scopes=tuple(wanted.get("scopes") or ()),
            # Without a word about grants a client polls for a device, as all did before PKCE came.
            grant_types=tuple(wanted.get("grantTypes") or (DEVICE_CODE, REFRESH_TOKEN)),
            redirect_uris=tuple(wanted.get("redirectUris") or ()),
            expires=self._behaviour.now() + REGISTRATION_LIFETIME,
        )
        self._clients[client.id] = client
        return client

    def _check(self, wanted: dict[str, Any]) -> None:
        grants = wanted.get("grantTypes") or ()
        if not wanted.get("clientName") or wanted.get("clientType") != "public":
            raise AwsError(
                "InvalidClientMetadataException", "clientName and clientType public are required"
            )
        if not set(grants) <= set(GRANT_TYPES):
            raise AwsError("UnsupportedGrantTypeException", "Unsupported grant type")
        if AUTHORIZATION_CODE in grants:
            self._check_authorization_code(wanted)

    def _check_authorization_code(self, wanted: dict[str, Any]) -> None:
        if not is_start_url(self._organisation, wanted.get("issuerUrl", "")):
            raise AwsError(
                "InvalidRequestException", "issuerUrl is not the start URL of an instance"
            )
        if not wanted.get("scopes"):
            raise AwsError("InvalidScopeException", "scopes are required for authorization_code")
        # The service knows no other loopback: localhost and [::1] are refused.
        uris = wanted.get("redirectUris") or ()
        if not uris or any(without_port(uri)[:2] != ("http", "127.0.0.1") for uri in uris):
            raise AwsError(
                "InvalidRedirectUriException", "redirectUris must be on http://127.0.0.1"
            )

    def find(self, client_id: str) -> Client:
        client = self._clients.get(client_id)
        if client is None or client.expires <= self._behaviour.now():
            raise AwsError("InvalidClientException", "Invalid client", 401)
        return client

    def authenticate(self, body: dict[str, Any]) -> Client:
        client = self.find(str(body.get("clientId")))
        if not secrets.compare_digest(
            client.secret.encode(), str(body.get("clientSecret")).encode()
        ):
            raise AwsError("InvalidClientException", "Invalid client secret provided", 401)
        return client

    def forget(self) -> None:
        """Registrations that a client still holds are worth nothing from now on."""
        self._clients.clear()


def is_start_url(organisation: Organisation, url: str) -> bool:
    """People write it with `/`, `#` or `#/` at the end, and the service takes them all."""
    return url.rstrip("#/") == organisation.start_url
