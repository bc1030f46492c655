"""GetFederationToken: temporary keys for the console, from the keys of an IAM user.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
"""

from __future__ import annotations

from awsx.service import errors, signed
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

REFUSED = "AWS gives the keys of profile {} no session for the console ({}: {})"
UNREACHABLE = "cannot ask AWS for a session of profile {}: {}"

NAME = "awsx"  # what CloudTrail calls the session
# What the session may do is what both this policy and the user's own policies allow.
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def keys(profile: str, access_key: str, secret_key: str, region: str) -> tuple[str, str, str]:
    """Access key, secret key and token. Raises AwsxError if AWS refuses or cannot be asked."""
    client = _connect(profile, access_key, secret_key, region)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found: Mapping[str, str] = client.get_federation_token(Name=NAME, Policy=POLICY)[
            "Credentials"
        ]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]
    except ClientError as error:
        raise AwsxError(REFUSED.format(clean(profile), *errors.reason(error.response))) from error
    except (BotoCoreError, KeyError, TypeError) as error:
        raise AwsxError(UNREACHABLE.format(clean(profile), errors.cause(error))) from error


def _connect(profile: str, access_key: str, secret_key: str, region: str) -> Any:  # noqa: ANN401
    how = signed.config()
    from botocore.exceptions import BotoCoreError

    try:
        pair = access_key, secret_key, ""
        return signed.client("sts", signed.session(profile), pair, region or "us-east-1", how)
    except (BotoCoreError, ValueError, OSError) as error:
        raise AwsxError(UNREACHABLE.format(clean(profile), clean(str(error), 300))) from error
