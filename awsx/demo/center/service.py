"""What every service of the loopback AWS has: its operations, and its way to spell an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from awsx.demo.center.request import Request
from awsx.demo.center.response import Response

Handler = Callable[[Request], Response]


class AwsError(Exception):
    """An error under AWS's name for it, with an HTTP status. Each service spells it differently."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Service(Protocol):
    """`operations` maps AWS's name of an operation to the method that answers it."""

    operations: dict[str, Handler]

    @staticmethod
    def spell(error: AwsError) -> Response:
        """The response that tells a client of `error`."""
