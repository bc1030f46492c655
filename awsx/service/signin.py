"""AWS Sign-In: new credentials for a session of `aws login`, by botocore's own renewal.

Each request is signed with the session's key (DPoP, RFC 9449), for which botocore needs awscrt.
"""

from __future__ import annotations

from awsx import packages
from awsx.service import errors
from awsx.service.client import UNREADABLE, connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from awsx.files.profiles import SsoSession

    Content = dict[str, object]


class _Loader:
    """What botocore takes for the cache: one session's file, read before and written later."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def load_token(self, _: str) -> Content:
        return dict(self.content)

    def save_token(self, _: str, content: Content) -> None:
        self.content = content


def can_renew() -> bool:
    """True if botocore is new enough and awscrt is there: `pip install awsx-shell[login]`."""
    packages.add()
    import botocore.credentials

    has_login = hasattr(botocore.credentials, "LoginCredentialFetcher")
    return has_login and getattr(botocore.credentials, "EC", None) is not None


def renewed(session: SsoSession, content: Content) -> Content:
    """The content of the session's file with new credentials and another refresh token.

    Raises Refused with AWS's reason as its code (TOKEN_EXPIRED), AwsxError if AWS cannot be asked.
    """
    from botocore.credentials import LoginCredentialFetcher
    from botocore.exceptions import BotoCoreError, ClientError, LoginError
    from botocore.parsers import ResponseParserError

    def client(service: str, **given: Any) -> Any:  # noqa: ANN401 - botocore's own
        return connect(service, session, region=given.get("region_name", ""))

    loader: Any = _Loader(content)
    try:
        LoginCredentialFetcher(session.label, loader, client).refresh_credentials()
    except LoginError as error:
        answer = getattr(error.__cause__, "response", {})
        raise errors.Refused(str(answer.get("error", "")), str(error)) from error
    except ClientError as error:
        raise errors.of_response(dict(error.response), session) from error
    except (BotoCoreError, ResponseParserError, *UNREADABLE) as error:
        raise errors.of_failure(error, session) from error
    except OSError as error:  # botocore reads some of its own files only now
        raise errors.unusable(error, session) from error
    renewed: Content = loader.content
    return renewed
