"""One service of AWS, as a login asks it: without credentials, in the region of a session.

This package alone sees botocore and its errors; everybody else gets answers, Refused or AwsxError.
"""

from __future__ import annotations

import os

from awsx import interrupts, packages
from awsx.environment import rivals
from awsx.service import clock, errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from awsx.files.profiles import SsoSession

    Answer = dict[str, Any]  # what AWS answers, by the names of its API: accessToken


class Client:
    """Asks one service: `Client("sso", session).ask("logout", accessToken=...)`.

    Raises AwsxError if the session cannot be used at all.
    """

    __slots__ = ("_client", "endpoint", "session")

    def __init__(self, service: str, session: SsoSession) -> None:
        self.session = session
        self._client = _connect(service, session)
        self.endpoint = str(self._client.meta.endpoint_url)

    def ask(self, operation: str, required: str = "", **given: object) -> Answer:
        """The answer to an operation, by its name in boto3: `create_token`.

        `required` is a key that every true answer has: botocore takes a page of HTML with status
        200 for an empty answer. Raises Refused if AWS says no, AwsxError if it could not be asked.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        call = getattr(self._client, operation)
        try:
            answer: Answer = call(**given)
        except ClientError as error:
            clock.check(dict(error.response))
            raise errors.of_response(dict(error.response), self.session) from error
        # botocore's parser raises the last two for an answer that is JSON, but no object.
        except (BotoCoreError, ValueError, AttributeError) as error:
            raise errors.of_failure(error, self.session) from error
        clock.check(answer)
        if required and not answer.get(required):
            raise errors.not_aws(answer, self.session)
        return answer


# Ctrl-C while Python loads an extension module becomes an ImportError, which botocore ignores.
@interrupts.undisturbed()
def _connect(service: str, session: SsoSession) -> Any:  # noqa: ANN401 - made at run time
    packages.add()
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    _point_at(session)
    retries: Any = {"mode": "standard", "max_attempts": 3}
    config = Config(
        signature_version=UNSIGNED, connect_timeout=10, read_timeout=20, retries=retries
    )
    try:
        return boto3.session.Session().client(  # type: ignore[call-overload]
            service, region_name=session.region, config=config
        )
    except (BotoCoreError, ValueError) as error:  # a broken config file; a region that is no region
        raise errors.unusable(error, session) from error


def _point_at(session: SsoSession) -> None:
    """Let botocore, which reads os.environ, see the profile that holds the session.

    The profile may name endpoints; no other variable may beat it.
    """
    for name in (*rivals(os.environ), "AWS_PROFILE"):
        os.environ.pop(name, None)
    if session.holder:
        os.environ["AWS_PROFILE"] = session.holder
