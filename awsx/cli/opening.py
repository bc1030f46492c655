"""Commands that open something in a browser."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import Region, Yes, app


@app.command(short_help="open the web console")
def console(
    name: Annotated[
        str,
        typer.Argument(
            help="A profile, an account, a URL of a console or an ARN.", metavar="[NAME]"
        ),
    ] = "",
    service: Annotated[
        str, typer.Option("-s", "--service", metavar="S", help="The page of this service.")
    ] = "",
    region: Region = "",
    print_: Annotated[bool, typer.Option("--print", help="Print the link.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the link.")] = False,
    browser: Annotated[
        str,
        typer.Option(
            "--browser", metavar="B", help="chrome, edge:PROFILE, firefox:CONTAINER, a command."
        ),
    ] = "",
    yes: Yes = False,
) -> None:
    """Open the web console of a profile's account; left out: of this terminal's profile.

    An account id, an ARN or a link of a console opens in the account it belongs to.

    \b
    Example: awsx console prod -s ec2
             awsx: console of prod: 111122223333 Admin
    """
    from awsx.commands import console as verb

    asked = verb.Asked(name, service, region, print_, copy, browser, yes)
    verb.console(dict(os.environ), asked)
