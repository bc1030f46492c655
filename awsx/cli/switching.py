"""Commands that use a profile: a switch, leaving, another region."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx import __version__
from awsx.argv import Call
from awsx.cli.app import DeviceCode, Name, NoBrowser, NoLogin, Region, Yes, app, login_by


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    region: Region = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """One terminal, one AWS account.

    \b
    awsx                       pick a profile for this terminal
    awsx NAME [-r REGION]      switch this terminal to NAME
    awsx -                     back to the previous profile
    """
    if version:
        typer.echo(f"awsx {__version__}")
    elif context.invoked_subcommand is None:
        from awsx.commands import switch

        by = login_by(device_code, no_browser)
        switch.pick(dict(os.environ), Call("pick", "", region, not no_login, yes, login_by=by))


@app.command(short_help="switch to a profile")
def use(
    name: Name,
    region: Region = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Switch this terminal to a profile, also to one that is called like a command.

    \b
    Example: awsx use prod -r eu-west-1
             awsx: prod: 111122223333 Admin, eu-west-1, session 7h
    """
    from awsx.commands import switch

    by = login_by(device_code, no_browser)
    switch.use(dict(os.environ), Call("use", name, region, not no_login, yes, login_by=by))


@app.command(short_help="leave, give back what was there")
def off() -> None:
    """Leave: unset what awsx set in this terminal, and give back what it replaced.

    \b
    Example: awsx off
             awsx: left prod
    """
    from awsx.commands import switch

    switch.off(dict(os.environ))


@app.command(short_help="change this terminal's region")
def region(
    region: Annotated[
        str | None,
        typer.Argument(
            help="A region or its short form (euw1); -: the profile's own.", metavar="[R | -]"
        ),
    ] = None,
) -> None:
    """Change the region of this terminal alone.

    Without R you choose one; in a script the current one is printed.

    \b
    Example: awsx region us-east-1
             awsx: region us-east-1 (prod's own is eu-west-1)
    """
    from awsx.commands import region as verb

    verb.region(dict(os.environ), Call("region", region=region or ""))
