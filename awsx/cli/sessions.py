"""Commands that begin and end a session."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

from awsx.cli.app import AsJson, DeviceCode, NoBrowser, OptionalName, app
from awsx.login.talk import PATIENCE

Session = Annotated[
    str, typer.Option("--session", metavar="NAME", help="An [sso-session] of the config.")
]
Every = Annotated[bool, typer.Option("--all", help="Every session of the config.")]
Wait = Annotated[
    bool, typer.Option("--wait", help="Without a terminal, too: open a browser or print the link.")
]
Timeout = Annotated[
    int,
    typer.Option(
        "--timeout", metavar="S", min=1, help="With --wait, give up then.", show_default=False
    ),
]


@app.command(short_help="make a session valid now")
def login(
    name: OptionalName = "",
    session: Session = "",
    force: Annotated[
        bool, typer.Option("--force", help="Log in even if the session is valid.")
    ] = False,
    no_browser: NoBrowser = False,
    device_code: DeviceCode = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            min=1,
            max=65535,
            help="Where the browser comes back, for ssh -L.",
        ),
    ] = None,
    every: Every = False,
    as_json: AsJson = False,
    wait: Wait = False,
    timeout: Timeout = PATIENCE,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell if it is valid, as awsx status does.")
    ] = False,
) -> None:
    """Make the session behind a profile valid now (left out: behind this terminal's profile).

    \b
    Example: awsx login prod
             awsx: corp: session 7h
    """
    if check:
        from awsx.commands import status

        status.status(dict(os.environ), name, as_json)
        return
    from awsx.commands import login as verb
    from awsx.commands.which_sessions import Selection
    from awsx.login.options import Wish

    until = time.monotonic() + timeout if wait else 0
    wish = Wish(force, not no_browser, device_code, port or 0, until, wait and as_json)
    verb.login(dict(os.environ), Selection(name, session, every), wish, as_json)


@app.command(short_help="end a session")
def logout(
    name: OptionalName = "",
    session: Session = "",
    every: Every = False,
) -> None:
    """End the session behind a profile, at AWS too, and delete what it left in AWS's caches.

    AWS knows no end for a session of `aws login`: what has loaded its credentials may use them for
    up to 15 minutes.

    \b
    Example: awsx logout prod
             awsx: corp: logged out
    """
    from awsx.commands import logout as verb
    from awsx.commands.which_sessions import Selection

    verb.logout(dict(os.environ), Selection(name, session, every, "logout"))
