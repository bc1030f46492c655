"""Links in the text of a terminal (OSC 8): which terminals are known to have them, and one link."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# By TERM_PROGRAM, which a terminal sets for its own window, and by TERM, which ssh carries on.
PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "mintty")
TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm", "contour")
FIRST_VTE = 5002  # 0.50.2: GNOME Terminal, Tilix and others; earlier ones crash at a link
# These stand between the program and the terminal, and may drop the link.
BETWEEN = ("TMUX", "STY", "ZELLIJ")


def is_known(env: Mapping[str, str]) -> bool:
    """True if the terminal of this environment is known to have links.

    FORCE_HYPERLINK, which other programs know, too, says it for one that awsx does not know; `0`
    says that there are none.
    """
    forced = env.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    term = env.get("TERM", "dumb")
    if term == "dumb" or any(env.get(name) for name in BETWEEN):
        return False
    if env.get("TERM_PROGRAM") in PROGRAMS or term in TERMS or env.get("WT_SESSION"):
        return True
    vte = env.get("VTE_VERSION", "")
    return vte.isascii() and vte.isdecimal() and int(vte) >= FIRST_VTE


def link(url: str, text: str) -> str:
    """`text` as a link to `url`, which must be printable."""
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"
