"""One service of AWS, asked without credentials, in the region of a session.

This package alone sees botocore and its errors; everybody else gets answers, Refused or AwsxError.
"""

from __future__ import annotations

import os

from awsx import interrupts, packages
from awsx.environment import rivals
from awsx.service import answers, clock, errors, patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from awsx.files.profiles import SsoSession
    from awsx.service.answers import Answer

# What botocore's parser raises for an answer that is JSON, but not of the form that it expects.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class Client:
    """Asks one service: `Client("sso", session).ask("logout", accessToken=...)`.

    It is made in the main thread; several threads may ask. `attempts`: how often botocore asks
    where AWS fails or slows down. Raises AwsxError if the session cannot be used at all.
    """

    __slots__ = ("_client", "_here", "endpoint", "session")

    def __init__(self, service: str, session: SsoSession, attempts: int = 3) -> None:
        from threading import local

        self.session = session
        self._here = local()  # of each thread: where the body of its answer goes
        self._client = connect(service, session, attempts)
        self.endpoint = str(self._client.meta.endpoint_url)
        # The rules of AWS's endpoints (FIPS in GovCloud) know better than the client's metadata.
        self._client.meta.events.register("before-send", self._note_endpoint)
        self._client.meta.events.register("before-parse", self._note_answer)

    def _note_endpoint(self, request: Any, **more: object) -> None:  # noqa: ANN401 - botocore's own
        scheme, _, rest = str(request.url).partition("://")
        self.endpoint = f"{scheme}://{rest.partition('/')[0]}"

    def _note_answer(self, response_dict: Any, **more: object) -> None:  # noqa: ANN401 - as above
        self._here.bodies[:] = [response_dict["body"]] * (response_dict["status_code"] == 200)

    def ask(self, operation: str, **given: object) -> Answer:
        """The answer to an operation, by its name in boto3: `create_token`.

        Raises Refused if AWS says no, AwsxError if it could not be asked or answers oddly.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        bodies: list[bytes] = []  # of the answer, if its status is 200
        answer: Answer = {}
        try:
            answer = patience.answered(lambda: self._call(operation, given, bodies), self.endpoint)
        except ClientError as error:
            clock.check(dict(error.response))
            raise errors.of_response(dict(error.response), self.session) from error
        except patience.Silent as error:
            raise errors.silent(self.session) from error
        except (BotoCoreError, ResponseParserError, *UNREADABLE) as error:
            if not answers.fields(b"".join(bodies)):
                raise errors.of_failure(error, self.session) from error
        except OSError as error:  # botocore reads some of its own files only now
            raise errors.unusable(error, self.session) from error
        clock.check(answer)
        # botocore's own reading makes 1 of true, and fails at a text without saying which.
        answer |= answers.fields(b"".join(bodies))
        return answers.read(operation, answer, self.session, self.endpoint)

    def _call(self, operation: str, given: dict[str, object], bodies: list[bytes]) -> Answer:
        """Runs in a thread of its own, in which `_note_answer` runs, too."""
        self._here.bodies = bodies
        answer: Answer = getattr(self._client, operation)(**given)
        return answer


# Ctrl-C while Python loads an extension module becomes an ImportError, which botocore ignores.
@interrupts.undisturbed()
def connect(service: str, session: SsoSession, attempts: int = 3, region: str = "") -> Any:  # noqa: ANN401
    """A client of botocore, in `region` or else the session's own.

    Raises AwsxError if the session cannot be used.
    """
    packages.add()
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    _point_at(session)
    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(signature_version=UNSIGNED, connect_timeout=8, read_timeout=12, retries=retries)
    try:
        return boto3.session.Session().client(  # type: ignore[call-overload]
            service, region_name=region or session.region or None, config=config
        )
    # A broken config file, or one that cannot be read; a region that is no region.
    except (BotoCoreError, ValueError, OSError) as error:
        raise errors.unusable(error, session) from error


def _point_at(session: SsoSession) -> None:
    """Let botocore, which reads os.environ, see the profile that holds the session.

    The profile may name endpoints; no other variable may beat it.
    """
    for name in (*rivals(os.environ), "AWS_PROFILE"):
        os.environ.pop(name, None)
    if session.holder:
        os.environ["AWS_PROFILE"] = session.holder
