"""How a person wants to log in, and which of the two flows follows from that."""

from __future__ import annotations

from awsx.login import browser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import SsoSession


class Wish:
    """How a person wants to log in."""

    __slots__ = ("browser", "by_device", "command")

    def __init__(self, browser: bool = True, by_device: bool = False, command: str = "") -> None:
        self.browser, self.by_device = browser, by_device
        self.command = command  # which browser, %s for the URL


def is_by_browser(env: Mapping[str, str], session: SsoSession, wish: Wish) -> bool:
    """True for the flow that ends on this machine."""
    return (
        bool(session.name)
        and wish.browser
        and not wish.by_device
        and not browser.is_remote(env, wish.command)
    )


def opens(env: Mapping[str, str], wish: Wish) -> bool:
    """True if a browser is to be opened: over SSH only one that somebody has set."""
    own = browser.command(env, wish.command) and not browser.find(env, wish.command)[1]
    return wish.browser and (bool(own) or not browser.is_remote(env, wish.command))
