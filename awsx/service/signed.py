"""A service of AWS, called with the keys of a profile."""

from __future__ import annotations

import os

from awsx import interrupts, packages
from awsx.environment import INTERNAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Pair = tuple[str, str, str]  # access key, secret key, and a token, which may be empty

CONNECT, READ, TRIES = 8, 12, 3  # seconds for one connection and for one read; tries of a call


# Ctrl-C while Python loads an extension module becomes an ImportError, which botocore ignores.
@interrupts.undisturbed()
def session(name: str) -> Any:  # noqa: ANN401 - made at run time
    """botocore's session of a profile; empty: of none. Raises the errors of botocore."""
    packages.add()
    for internal in INTERNAL:  # a credential_process shall not see them
        os.environ.pop(internal, None)
    import botocore.session

    return botocore.session.Session(profile=name or None)


@interrupts.undisturbed()  # as above
def config(connect: int = CONNECT, read: int = READ, tries: int = TRIES) -> Any:  # noqa: ANN401
    """How long botocore waits, in seconds, and how often it tries."""
    packages.add()
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": tries}
    return Config(connect_timeout=connect, read_timeout=read, retries=retries)


@interrupts.undisturbed()  # as above
def client(service: str, of: Any, keys: Pair | None, region: str, how: Any) -> Any:  # noqa: ANN401
    """A client for a session, in a region, with a config. Without keys the session finds some.

    Raises the errors of botocore.
    """
    if keys:
        of.set_credentials(keys[0], keys[1], keys[2] or None)
    return of.create_client(service, region_name=region, config=how)
