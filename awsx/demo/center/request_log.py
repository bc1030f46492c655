"""What was asked of the loopback AWS, for tests to read and count."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    method: str
    host: str
    # Without the query: it may hold codes.
    path: str
    # None: no operation of this AWS.
    operation: str | None
    # What `routes.detail` says: a grant type, `account/role`, a role's ARN, a duration.
    detail: str
    status: int
    when: float = field(default_factory=time.time)


class RequestLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def count(self, operation: str | None, detail: str | None = None) -> int:
        """How often `operation` was asked for; with `detail`, only the requests that have it."""
        return sum(
            entry.operation == operation and detail in (None, entry.detail) for entry in self
        )

    def operations(self) -> list[str | None]:
        return [entry.operation for entry in self]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
