"""What the credential server answers: one request to one answer, without a socket."""

from __future__ import annotations

from hmac import compare_digest
from urllib.parse import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from awsx.credentials.keys import Keys

HOST = "127.0.0.1"
# Every SDK wants a time: keys of an IAM user, which do not end, are asked for again by then.
UNENDING = 3600
NOT_HERE = "this server answers its own machine alone"
WRONG_HOST = "this server is called {} and nothing else"
WRONG_METHOD = "this server answers GET alone"
WRONG_TOKEN = "the token in the Authorization header is not this server's"
NOT_SERVED = "no profile is served at this path"


class Request:
    """What a client sends: `address` is where it comes from, `host` and `token` are headers."""

    __slots__ = ("address", "host", "method", "path", "token")

    def __init__(self, address: str, method: str, path: str, host: str, token: str) -> None:
        self.address, self.method, self.path = address, method, path
        self.host, self.token = host, token


class Answer:
    """A status of HTTP, and a JSON object."""

    __slots__ = ("content", "status")

    def __init__(self, status: int, content: dict[str, str]) -> None:
        self.status, self.content = status, content

    @property
    def body(self) -> bytes:
        import json

        return json.dumps(self.content).encode()


def path_of(name: str) -> str:
    """The path at which a profile is served."""
    return "/" + quote(name.encode("utf-8", "surrogateescape"), safe="")


def refusal(request: Request, ports: Collection[int], token: str) -> Answer | None:
    """Why a request is refused; None: it may ask for credentials.

    `ports` are the server's own, and that of the far side of ssh, which leads to it.

    The Host tells a page in a browser, whose name has come to mean 127.0.0.1 (DNS rebinding), from
    an SDK. A client without the token learns nothing, not even which profiles there are.
    """
    here = [f"{HOST}:{port}" for port in ports]
    if request.address != HOST:
        return refused(403, "AccessDenied", NOT_HERE)
    if request.host not in here:
        return refused(403, "AccessDenied", WRONG_HOST.format(" or ".join(here)))
    if request.method != "GET":
        return refused(405, "MethodNotAllowed", WRONG_METHOD)
    given = request.token.encode("utf-8", "surrogateescape")
    if not compare_digest(given, token.encode()):
        return refused(401, "InvalidAuthorizationToken", WRONG_TOKEN)
    return None


def refused(status: int, code: str, message: str) -> Answer:
    """An error in the form that the SDKs read and show."""
    return Answer(status, {"code": code, "message": message})


def granted(keys: Keys, now: float) -> Answer:
    """Credentials as the container's endpoint of Amazon ECS gives them."""
    from awsx.files import tokens

    content = {
        "AccessKeyId": keys.access_key,
        "SecretAccessKey": keys.secret_key,
        "Token": keys.token,
        "Expiration": tokens.iso(keys.expires or int(now) + UNENDING),
    }
    return Answer(200, {**content, **({"AccountId": keys.account} if keys.account else {})})
