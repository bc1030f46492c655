"""Third-party packages, for the verbs that need them: the core starts without them (python -S)."""

from __future__ import annotations

import sys


def add() -> None:
    """Put site-packages on sys.path, also those of a virtual environment, unless they are there."""
    if sys.flags.no_site and "site" not in sys.modules:
        import site

        site.main()
