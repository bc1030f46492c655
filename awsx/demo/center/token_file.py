"""What the AWS CLI writes into ~/.aws/sso/cache after a login."""

from __future__ import annotations

from datetime import datetime, timezone

from awsx.demo.center.clients import Client
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.sessions import Tokens


def content(
    organisation: Organisation, client: Client, tokens: Tokens, now: float
) -> dict[str, str]:
    """The file as a JSON object. It has no refreshToken after a legacy login."""
    written = {
        "startUrl": organisation.start_url,
        "region": organisation.sso_region,
        "accessToken": tokens.access_token,
        "expiresAt": timestamp(now + tokens.expires_in),
        "clientId": client.id,
        "clientSecret": client.secret,
        "registrationExpiresAt": timestamp(client.expires),
    }
    if tokens.refresh_token is not None:
        written["refreshToken"] = tokens.refresh_token
    return written


def timestamp(seconds: float) -> str:
    """With Z and without a fraction, the one form that every SDK reads."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
