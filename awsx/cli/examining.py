"""Commands that find what is wrong."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import AsJson, OptionalName, app


@app.command(short_help="tell if a profile can be used")
def status(name: OptionalName = "", as_json: AsJson = False) -> None:
    """Tell on one line if a profile (left out: what this terminal uses) can be used now. Offline.

    Exit code: 0 usable, or it renews itself; 1 not usable; 3 guarded.

    \b
    Example: awsx status prod
             prod: usable, session 6h
    """
    from awsx.commands import status as verb

    verb.status(dict(os.environ), name, as_json)


@app.command(short_help="find what is wrong")
def doctor(
    name: OptionalName = "",
    as_json: AsJson = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe; asks first.")] = False,
    share: Annotated[
        bool, typer.Option("--share", help="Mask names, account ids and URLs.")
    ] = False,
    online: Annotated[bool, typer.Option("--online", help="Ask the portals, too.")] = False,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Mend without asking.")] = False,
) -> None:
    """Find what is wrong, where it is written, and what mends it; of one profile, or of all.

    \b
    Example: awsx doctor
             1. error: double-key  ~/.aws/config:7
                region stands twice in [profile dev]; ...
                -> remove one
    """
    from awsx.commands import doctor as verb

    verb.doctor(dict(os.environ), name, as_json, fix, share, online, yes)
