"""Commands that tell what there is."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import AsJson, OptionalName, app


@app.command(short_help="list the profiles")
def ls(
    query: Annotated[
        str, typer.Argument(help="Words that must each be in one column.", metavar="[QUERY]")
    ] = "",
    as_json: AsJson = False,
    names: Annotated[bool, typer.Option("--names", help="Names alone, one a line.")] = False,
) -> None:
    """List the profiles with account, role, region and expiry.

    \b
    Example: awsx ls 'prod admin'
               PROFILE  LEFT  ACCOUNT       ROLE   REGION
               prod     7h    111122223333  Admin  eu-west-1
    """
    from awsx.commands import ls as verb

    verb.ls(dict(os.environ), query, as_json, names)


@app.command(short_help="ask AWS who this is")
def whoami(
    name: OptionalName = "",
    as_json: AsJson = False,
    every: Annotated[bool, typer.Option("--all", help="Of every profile, eight at once.")] = False,
) -> int:
    """Ask AWS whose credentials a profile gives (left out: what this terminal uses).

    \b
    Example: awsx whoami prod
             profile  prod
             account  111122223333 (production)
    """
    if every:
        from awsx.commands import whoami_all

        return whoami_all.whoami_all(dict(os.environ), name, as_json)
    from awsx.commands import whoami as verb

    verb.whoami(dict(os.environ), name, as_json)
    return 0


@app.command(short_help="tell what this terminal uses")
def current(
    as_json: AsJson = False,
    short: Annotated[bool, typer.Option("--short", help="One line.")] = False,
) -> None:
    """Tell what this terminal uses and why: each value with where it comes from.

    \b
    Example: awsx current
             profile  prod          AWS_PROFILE
             account  111122223333  ~/.aws/config:5
    """
    from awsx.commands import current as verb

    verb.current(dict(os.environ), as_json, short)
