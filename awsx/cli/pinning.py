"""The command that says which profile a folder uses."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import AsJson, OptionalName, app


@app.command(short_help="pin this folder to a profile")
def pin(
    name: OptionalName = "",
    trust: Annotated[
        bool, typer.Option("--trust", help="Use the profile that the file .awsx names.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Forget the pin of this folder, or of another one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pin this folder: a terminal that enters it, or a folder below, uses that profile.

    Without NAME it tells which pin is in force here. A file .awsx that holds a profile's name
    counts once you trust it, and as long as it does not change.

    \b
    Example: awsx pin prod
             awsx: ~/work/prod and all below it use prod from now on
    """
    from awsx.commands import pin as verb

    verb.pin(dict(os.environ), name, remove, trust, as_json)
