"""The folder in which the AWS CLI keeps role credentials, as botocore wants a cache: a mapping."""

from __future__ import annotations

import time

from awsx.credentials.keys import read
from awsx.files import disk, paths, tokens
from awsx.term import AwsxError, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class CliCache:
    """~/.aws/cli/cache: the files NAME.json, read with patience and written whole, with mode 0600.

    What lasts no longer than `seconds` counts as absent, so that botocore fetches it anew.
    """

    __slots__ = ("_env", "_seconds")

    def __init__(self, env: Mapping[str, str], seconds: int = 0) -> None:
        self._env, self._seconds = env, seconds

    def _path(self, name: str) -> str:
        return f"{paths.home(self._env)}/.aws/cli/cache/{name}.json"

    def __contains__(self, name: str) -> bool:
        found = read(self._path(name), "")
        return found is not None and found.last(self._seconds, time.time())

    def __getitem__(self, name: str) -> dict[str, object]:
        """The content of a file. Raises KeyError if it holds no credentials."""
        if name not in self:
            raise KeyError(name)
        return disk.read_json(self._path(name))

    def __setitem__(self, name: str, content: dict[str, object]) -> None:
        """Write a file. Credentials that cannot be kept are still good: then this only warns."""
        import json

        # A time as the AWS CLI v2 writes it: 2026-11-20T18:57:37+00:00.
        plain = json.loads(json.dumps(content, default=_iso))
        try:
            tokens.write_cache(self._path(name), plain, self._env)
        except AwsxError as error:
            warn(str(error))


def _iso(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
