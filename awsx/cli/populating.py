"""Commands that bring profiles into the config: from a session, from a team's file."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import DeviceCode, DryRun, NoBrowser, app, login_by

Session = Annotated[
    str, typer.Option("--session", metavar="S", help="An [sso-session] of the config.")
]
Template = Annotated[str, typer.Option("--template", metavar="T", help="What profiles are called.")]
Include = Annotated[
    list[str] | None, typer.Option("--include", metavar="P", help="These accounts alone.")
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="P", help="Not these accounts.")
]
Roles = Annotated[list[str] | None, typer.Option("--role", metavar="P", help="These roles alone.")]
Regions = Annotated[
    list[str] | None, typer.Option("-r", "--region", metavar="R", help="Region of the profiles.")
]
Prune = Annotated[bool, typer.Option("--prune", help="Remove what AWS lists no longer.")]
OnDemand = Annotated[
    bool | None,
    typer.Option("--on-demand/--all", help="Write each profile when first chosen, or all now."),
]
Yes = Annotated[bool, typer.Option("-y", "--yes", help="Write without a question.")]


@app.command(short_help="profiles for all accounts of a session")
def populate(
    session: Session = "",
    template: Template = "",
    include: Include = None,
    exclude: Exclude = None,
    role: Roles = None,
    region: Regions = None,
    prune: Prune = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    on_demand: OnDemand = None,
) -> None:
    """Write a profile for each account and role of a session into one block of the config.

    It shows the difference and asks first. P is a pattern as for file names: 'payments-*'.

    \b
    Example: awsx populate --role 'Admin*' --dry-run
             +[profile payments-prod-admin]
    """
    from awsx.commands import populate as verb

    order = verb.Order(
        session,
        template,
        tuple(include or ()),
        tuple(exclude or ()),
        tuple(role or ()),
        tuple(region or ()),
        prune,
        dry_run,
        yes,
        on_demand,
    )
    verb.populate(dict(os.environ), order)


@app.command(short_help="from nothing to a switched prompt")
def setup(
    start_url: Annotated[
        str, typer.Option("--start-url", metavar="URL", help="Start URL of your access portal.")
    ] = "",
    region: Annotated[
        str, typer.Option("-r", "--region", metavar="R", help="Region of your Identity Center.")
    ] = "",
    session: Annotated[
        str, typer.Option("--session", metavar="S", help="A name for the session.")
    ] = "",
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Ask nothing.")] = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Set up awsx: the session of your access portal, a login, profiles, and your shells.

    \b
    Example: awsx setup --start-url https://d-0123456789.awsapps.com/start
             awsx: step 1 of 4: your access portal, and a login
    """
    from awsx.commands import setup as verb

    how = login_by(device_code, no_browser)
    verb.setup(dict(os.environ), verb.Answers(start_url, region, session, yes, how))


@app.command(short_help="profiles from a team's file")
def pull(
    source: Annotated[
        str, typer.Argument(help="Left out: the one of the last pull.", metavar="[SOURCE]")
    ] = "",
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="KEY", help="Take a key that may run a program."),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take profiles, account names and guard patterns from a file that a team shares.

    SOURCE is a path or URL (FILE#sha256=...), or a repository (REPO.git#COMMIT:FILE).

    \b
    Example: awsx pull git@example.com:team/aws.git#awsx.toml
             +[profile payments-dev]
    """
    from awsx.commands import pull as verb

    verb.pull(dict(os.environ), verb.Order(source, tuple(allow or ()), dry_run, yes))
