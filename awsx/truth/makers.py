"""Keys in the environment: which other tool has put them there, for which profile, until when."""

from awsx.environment import ENDS_OF_KEYS, GRANTED, MAKERS, PROFILES
from awsx.files import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Maker:
    """`tool` has made keys for `profile`, as `variable` says."""

    __slots__ = ("profile", "tool", "variable")

    def __init__(self, profile: str, tool: str, variable: str) -> None:
        self.profile, self.tool, self.variable = profile, tool, variable


def maker(env: "Mapping[str, str]") -> "Maker | None":
    """Who has made the keys in the environment; None if no variable says it."""
    for variable, tool in MAKERS:
        if env.get(variable):
            return Maker(env[variable], tool, variable)
    # granted names no profile but in AWS_PROFILE.
    granted = next((name for name in GRANTED if env.get(name)), "")
    profile = env.get(PROFILES[0], "")
    return Maker(profile, "granted", granted) if granted and profile else None


def end(env: "Mapping[str, str]") -> "tuple[str, int]":
    """The variable that says when the keys end, and epoch seconds; 0 if that is no time."""
    name = next((name for name in ENDS_OF_KEYS if env.get(name)), "")
    return name, (tokens.epoch(env[name]) or 0) if name else 0


def ended(env: "Mapping[str, str]", now: float) -> str:
    """The variable that says that the keys have ended; empty if none does.

    botocore's EnvProvider fails, too, if AWS_CREDENTIAL_EXPIRATION holds no time.
    """
    name, at = end(env)
    return name if at <= now and (at or name == ENDS_OF_KEYS[0]) else ""
