"""Every call to AWS. Nobody else catches botocore's errors."""

from __future__ import annotations

import os
import time

from awsx import packages
from awsx.environment import rivals
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.profiles import SsoSession

CANNOT_RENEW = "cannot renew the session {}: {}; check the network, or leave the login out with --no-login"


def renew(session: SsoSession, token: dict[str, object]) -> dict[str, object] | None:
    """Trade the refresh token for a new access token: the new content of the token file; None if AWS refuses.

    A refusal (InvalidGrantException) means that the session itself has ended. The answer's refresh token replaces the
    old one. Raises AwsxError if AWS cannot be asked.
    """
    packages.add()
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    _point_at(session)
    try:
        client = boto3.session.Session().client(
            "sso-oidc", region_name=session.region, config=Config(signature_version=UNSIGNED)
        )
        answer = client.create_token(
            grantType="refresh_token",
            clientId=str(token["clientId"]),
            clientSecret=str(token["clientSecret"]),
            refreshToken=str(token["refreshToken"]),
        )
    except ClientError:
        return None
    except BotoCoreError as error:
        raise AwsxError(CANNOT_RENEW.format(clean(session.label), error)) from error
    ends = time.gmtime(time.time() + answer["expiresIn"])
    renewed = {
        "accessToken": answer["accessToken"],
        "expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", ends),
        "refreshToken": answer.get("refreshToken"),
    }
    return {**token, **{k: v for k, v in renewed.items() if v}}


def _point_at(session: SsoSession) -> None:
    """botocore reads os.environ: let it see the profile that holds the session, with its endpoints, and no rival."""
    for name in (*rivals(os.environ), "AWS_PROFILE"):
        os.environ.pop(name, None)
    if session.holder:
        os.environ["AWS_PROFILE"] = session.holder
