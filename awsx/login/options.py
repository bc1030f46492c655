"""How a person logs in: what they asked for, and the flow and the browser that follow from it."""

from __future__ import annotations

from typing import NamedTuple

from awsx.login import browser
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession


class Wish(NamedTuple):
    """What the person asked for, as the options of `awsx login` say it."""

    force: bool = False  # log in even if the session is valid
    open_browser: bool = True
    use_device_code: bool = False
    port: int = 0  # on which this machine waits for the browser; 0: any
    until: float = 0  # time.monotonic at which --wait gives up; 0: a person sits at this terminal
    as_json: bool = False  # with --wait: print a link that nobody has opened as JSON


def wish_of(login_by: tuple[str, ...]) -> Wish | None:
    """The wish behind `--no-browser` and `--device-code`; None if none of them was given."""
    if not login_by:
        return None
    return Wish(False, "--no-browser" not in login_by, "--device-code" in login_by)


class Login:
    """One login to a session: in which environment, by which flow, with which browser.

    `browser_command` is the command of the settings for this session, `%s` for the link; empty if
    they name none. `port` is the one on which this machine waits for the browser, 0 for any.
    `reason` says why a login is due: `the session corp has expired; `, or nothing.
    """

    __slots__ = ("browser_command", "env", "label", "port", "reason", "session", "wish")

    def __init__(
        self,
        env: Mapping[str, str],
        session: SsoSession,
        wish: Wish,
        browser_command: str = "",
        port: int = 0,
        reason: str = "",
    ) -> None:
        self.env, self.session, self.wish = env, session, wish
        self.browser_command, self.port = browser_command, wish.port or port
        self.label, self.reason = clean(session.label), reason

    @property
    def is_by_browser(self) -> bool:
        """True for the flow that ends on this machine; False for the device code.

        With a port of the person's choice another machine's browser comes back, too: by `ssh -L`.
        """
        has_this_flow = self.session.name or self.session.is_login
        if not has_this_flow or self.wish.use_device_code:
            return False  # a legacy session has only the device code
        is_here = not browser.is_remote(self.env, self.browser_command)
        return bool(self.port) or (self.wish.open_browser and is_here)

    @property
    def is_by_paste(self) -> bool:
        """True where the person pastes a code that the browser shows: `aws login --remote`."""
        return self.session.is_login and not self.is_by_browser

    @property
    def opens_browser(self) -> bool:
        """True if awsx is to open the link itself."""
        may_open = self.wish.open_browser and browser.may_open(self.env, self.browser_command)
        return may_open and not self.is_by_paste

    @property
    def why_no_browser(self) -> str:
        """Why no browser opens although the person expects one; empty if one opens.

        Over SSH nobody expects one.
        """
        if not self.wish.open_browser or browser.is_ssh(self.env):
            return ""
        return browser.find(self.env, self.browser_command).why_none


def login_command(session: SsoSession) -> str:
    """What a person types to log in to the session: `awsx login 'my prod'`."""
    from awsx.truth.findings import quoted  # only where something is wrong

    if session.holder:
        return f"awsx login {quoted(session.holder)}"
    return f"awsx login --session {quoted(session.name)}"
