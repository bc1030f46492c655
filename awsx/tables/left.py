"""The column LEFT of a list: how long each session lasts, in the prompt's colours."""

from awsx.files import tokens
from awsx.tables.columns import coloured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts

WIDTH = 7  # of `expired`, the longest text
# The settings that a person has who set none; a test compares them with files/settings.py, which
# is not read without a file of settings.
COLOURS = {"good": "32", "soon": "33", "expired": "31"}
SOON = 1800  # seconds


class Left:
    """What LEFT says of a session, and the digits of its colour; empty for plain text."""

    __slots__ = ("colour", "text")

    def __init__(self, text: str, colour: str) -> None:
        self.text, self.colour = text, colour

    def cell(self, width: int = WIDTH) -> str:
        """The text in its colour, filled up to `width` columns of the screen."""
        text = self.text.ljust(width)
        return coloured(text, self.colour) if self.colour else text


class Lefts:
    """Makes them, as of `now` (epoch seconds)."""

    def __init__(self, facts: "Facts", now: float) -> None:
        self._env, self._now = facts.env, now
        self._colours: Mapping[str, str] = COLOURS
        self._soon = SOON
        if facts.has_settings:
            self._colours, self._soon = facts.settings.prompt.colours, facts.settings.prompt.soon

    def of(self, key: str) -> Left:
        """What is left of the session whose token file has that name."""
        token = tokens.load(self._env, key)
        return self.told(tokens.left(token, self._now), token.expires if token else None)

    def told(self, text: str, expires: "int | None") -> Left:
        """The same of a text of `tokens.left`, and of when the access token ends."""
        if text == "expired" or expires is None:
            return Left(text, self._colours["expired"])
        ends_soon = expires - self._soon < self._now or expires - 60 < self._now
        is_soon = text[-1:] != "+" and ends_soon
        return Left(text, self._colours["soon" if is_soon else "good"])
