"""One question to a web server that is no service of AWS's API: a start page, a start URL."""

from __future__ import annotations

import os
from typing import NamedTuple

from awsx import packages
from awsx.service import errors, patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TIMEOUT = 5  # seconds
REDIRECTS = (301, 302, 303, 307, 308)


class Reply(NamedTuple):
    """What a server answers; status 0: it gave no answer, and `text` says why."""

    status: int
    location: str = ""  # where a redirect leads
    text: str = ""
    body: bytes = b""


def ask(method: str, url: str) -> Reply:
    """The answer to one question; a redirect is not followed."""
    packages.add()
    from urllib.parse import urljoin

    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    try:
        http = URLLib3Session(proxies=get_environ_proxies(url), verify=_trusted(), timeout=TIMEOUT)
        question, server = AWSRequest(method, url).prepare(), "/".join(url.split("/")[:3])
        answer = patience.answered(lambda: http.send(question), server)
        location = str(answer.headers.get("location", ""))
        target = urljoin(url, location) if location else ""
        if method != "GET":
            return Reply(answer.status_code, target)
        return Reply(answer.status_code, target, str(answer.text), bytes(answer.content))
    except patience.Silent:
        return Reply(0, text=errors.SILENCE)
    except (BotoCoreError, ValueError) as error:
        return Reply(0, text=str(error))


def _trusted() -> Any:  # noqa: ANN401 - a path, or True
    """The certificates to trust, as botocore finds them: a variable, or the profile's ca_bundle."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        return Session().get_config_variable("ca_bundle") or True
    except (BotoCoreError, ValueError):  # a broken config
        return os.environ.get("AWS_CA_BUNDLE") or True
