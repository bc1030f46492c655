"""The table [agents] of the settings: what coding agents may use, and what they get instead.

allow = ["*-readonly"]
instead = { "*prod*-admin" = "*prod*-readonly" }
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS: "dict[str, object]" = {"allow": [], "instead": {}}
A_TABLE = 'a table of names or patterns with as many * on both sides: "*-admin" = "*-readonly"'


class Agents:
    """`allow` are patterns as those of [guard]."""

    __slots__ = ("_instead", "allow")

    def __init__(self, values: "Mapping[str, object]") -> None:
        values = {**DEFAULTS, **values}
        allow = values["allow"]
        self.allow = [allow] if isinstance(allow, str) else list(allow)  # type: ignore[call-overload]
        self._instead = instead(values["instead"])

    def stand_in(self, name: str) -> str:
        """The name that takes the place of this one; empty if none does. The first pattern counts.

        What a `*` stands for on the left, it stands for on the right.
        """
        import re

        for pattern, other in self._instead.items():
            form = "(.*)".join(re.escape(part) for part in pattern.split("*"))
            if found := re.fullmatch(form, name, re.DOTALL):
                parts = other.split("*")
                if len(parts) == 1:
                    return other
                filled = zip(parts, [*found.groups(), ""])
                return "".join(part + stands_for for part, stands_for in filled)
        return ""


def instead(value: object) -> "dict[str, str]":
    """Raises ValueError for what is no such table."""
    if not isinstance(value, dict):
        raise ValueError
    for pattern, other in value.items():
        if not isinstance(other, str) or other.count("*") not in (0, pattern.count("*")):
            raise ValueError
    return value
