"""The table [console] of the settings: which browser opens the consoles of which profiles."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS: "dict[str, object]" = {
    "browser": "",
    "guarded": "",
    "profile": {},
    "account": {},
    "session": {},
    "duration": "",
}
A_BROWSER = 'a browser in quotes: "chrome", "chrome:Profile 1", "firefox:prod", "my-browser %s"'
BROWSERS = 'a table: profile.prod = "chrome:Profile 1"'


class Console:
    """The browsers by profile (a name or a pattern), account id, guard, session, and for the rest.

    `duration` is how many seconds a federated session lasts; 0: as AWS has it.
    """

    __slots__ = ("accounts", "browser", "duration", "guarded", "profiles", "sessions")

    def __init__(self, values: "Mapping[str, object]", duration: int) -> None:
        values = {**DEFAULTS, **values}
        self.browser, self.guarded = text(values["browser"]), text(values["guarded"])
        self.profiles, self.accounts = table(values["profile"]), table(values["account"])
        self.sessions, self.duration = table(values["session"]), duration


def text(value: object) -> str:
    """A text. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError
    return value


def table(value: object) -> "dict[str, str]":
    """A table of texts. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError
    return {name: text(each) for name, each in value.items()}
