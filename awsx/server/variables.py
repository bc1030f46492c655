"""The variables that lead SDKs to the server, and what has to go so that they take that way."""

from __future__ import annotations

from awsx.environment import PROFILES, REGIONS, rivals
from awsx.server.exchange import HOST, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts

    Change = dict[str, str | None]  # a variable's new value; None: unset it

URI, TOKEN = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"
FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
NO_FILE = "/dev/null"


def change(
    name: str, region: str, port: int, token: str, facts: Facts, env: Mapping[str, str]
) -> Change:
    """The change after which every SDK asks the server for the credentials of profile `name`.

    A container comes last in each chain: no profile may be named. And where [default] has
    credentials of its own, it would win: then the tools shall not see the files at all.
    """
    found: Change = dict.fromkeys((*PROFILES, *rivals(env)))
    found[URI], found[TOKEN] = f"http://{HOST}:{port}{path_of(name)}", token
    if region:
        found.update(dict.fromkeys(REGIONS, region))
    if hides_files(facts):
        found.update(dict.fromkeys(FILES, NO_FILE))
    return found


def hides_files(facts: Facts) -> bool:
    """True if the profile that tools use where none is named has credentials."""
    default = facts.config.profile("default")
    return default is not None and default.kind != "none"
