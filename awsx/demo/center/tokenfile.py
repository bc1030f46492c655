"""What the AWS CLI writes into ~/.aws/sso/cache after a login."""

from __future__ import annotations

from datetime import datetime, timezone

from awsx.demo.center.clients import Client
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.sessions import Issued


def token_file(
    organisation: Organisation, client: Client, issued: Issued, now: float
) -> dict[str, str]:
    content = {
        "startUrl": organisation.start_url,
        "region": organisation.sso_region,
        "accessToken": issued.access_token,
        "expiresAt": timestamp(now + issued.expires_in),
        "clientId": client.id,
        "clientSecret": client.secret,
        "registrationExpiresAt": timestamp(client.expires),
    }
    return (
        content
        if issued.refresh_token is None
        else {**content, "refreshToken": issued.refresh_token}
    )


def timestamp(seconds: float) -> str:
    """Z and no fraction: the one form that every SDK reads."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
