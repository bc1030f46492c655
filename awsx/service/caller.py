"""Whose credentials these are: STS knows it."""

from __future__ import annotations

from awsx.service import errors, signed
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from awsx.service.signed import Pair

CONNECT, READ = 2, 3  # seconds; together they are what a person waits at most
REGION = "us-east-1"  # where STS answers for all of AWS, if the profile has no region
REFUSED = "AWS refuses these credentials ({}: {})"
UNREACHABLE = "cannot reach AWS to ask who this is: {}; check the network or the VPN"
NO_CREDENTIALS = "nothing gives credentials to ask AWS with; pick a profile: awsx"
FAILED = "cannot ask AWS who this is: {}"


def identity(name: str, keys: Pair | None, region: str) -> dict[str, str]:
    """`Account`, `Arn` and `UserId` of a profile's keys; of what the environment has, without keys.

    `name` is the profile, whose endpoints count; empty: none. Raises AwsxError.
    """
    client = _client(name, keys, region)
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,
        HTTPClientError,
        NoCredentialsError,
    )

    try:
        answer = client.get_caller_identity()
    except ClientError as error:
        raise AwsxError(REFUSED.format(*errors.reason(error.response))) from error
    except (ConnectionError, HTTPClientError) as error:
        raise AwsxError(UNREACHABLE.format(errors.cause(error)), kind="unreachable") from error
    except NoCredentialsError as error:
        raise AwsxError(NO_CREDENTIALS) from error
    except (BotoCoreError, ValueError, LookupError, OSError) as error:
        raise AwsxError(FAILED.format(clean(str(error), 300).rstrip("."))) from error
    return {field: str(answer.get(field, "")) for field in ("Account", "Arn", "UserId")}


def _client(name: str, keys: Pair | None, region: str) -> Any:  # noqa: ANN401 - made at run time
    how = signed.config(CONNECT, READ, tries=1)
    from botocore.exceptions import BotoCoreError

    try:
        session = signed.session(name)
        where = region or session.get_config_variable("region") or REGION
        return signed.client("sts", session, keys, where, how)
    except (BotoCoreError, ValueError, OSError) as error:
        raise AwsxError(FAILED.format(clean(str(error), 300).rstrip("."))) from error
