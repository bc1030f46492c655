"""Whose credentials these are: STS knows it."""

from __future__ import annotations

import os

from awsx import interrupts, packages
from awsx.environment import INTERNAL
from awsx.service import errors
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Pair = tuple[str, str, str]  # access key, secret key, and a token, which may be empty

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
        found = dict(error.response.get("Error", {}))
        code, why = clean(str(found.get("Code", ""))), clean(str(found.get("Message", "")), 300)
        raise AwsxError(REFUSED.format(code, why)) from error
    except (ConnectionError, HTTPClientError) as error:
        raise AwsxError(UNREACHABLE.format(errors.cause(error)), kind="unreachable") from error
    except NoCredentialsError as error:
        raise AwsxError(NO_CREDENTIALS) from error
    except (BotoCoreError, ValueError, LookupError, OSError) as error:
        raise AwsxError(FAILED.format(clean(str(error), 300).rstrip("."))) from error
    return {field: str(answer.get(field, "")) for field in ("Account", "Arn", "UserId")}


# Ctrl-C while Python loads an extension module becomes an ImportError, which botocore ignores.
@interrupts.undisturbed()
def _client(name: str, keys: Pair | None, region: str) -> Any:  # noqa: ANN401 - made at run time
    packages.add()
    for internal in INTERNAL:  # a credential_process shall not see them
        os.environ.pop(internal, None)
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config: Any = Config(
        connect_timeout=CONNECT, read_timeout=READ, retries={"total_max_attempts": 1}
    )
    try:
        session = botocore.session.Session(profile=name or None)
        if keys:
            session.set_credentials(keys[0], keys[1], keys[2] or None)
        where = region or session.get_config_variable("region") or REGION
        return session.create_client("sts", region_name=where, config=config)
    except (BotoCoreError, ValueError, OSError) as error:
        raise AwsxError(FAILED.format(clean(str(error), 300).rstrip("."))) from error
