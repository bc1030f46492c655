"""Third-party packages, for the verbs that need them: the core starts without site-packages on its path (-S)."""

from __future__ import annotations

import sys


def add() -> None:
    """Do what the interpreter leaves undone under -S: find site-packages, of a virtual environment too."""
    if sys.flags.no_site and "site" not in sys.modules:
        import site

        site.main()
