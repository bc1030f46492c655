"""Commands that give credentials out."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.argv import Call
from awsx.cli.app import DeviceCode, NoBrowser, NoLogin, OptionalName, Yes, app, login_by

Form = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="F",
        help="env|fish|powershell|dotenv|json|sts|process|file",
    ),
]
Duration = Annotated[
    int, typer.Option("--duration", metavar="S", min=0, help="Ask a role for S seconds.")
]
ExpiresWithin = Annotated[
    int | None,
    typer.Option("--expires-within", metavar="S", min=0, help="Renew what ends within S seconds."),
]
Remove = Annotated[bool, typer.Option("--remove", help="Take out what --format file has written.")]
Twin = Annotated[bool, typer.Option("--twin", help="Print a profile that gets its keys by awsx.")]
Write = Annotated[bool, typer.Option("--write", help="Put that into the config.")]


@app.command(short_help="print valid credentials of a profile")
def creds(
    name: OptionalName = "",
    form: Form = "",
    duration: Duration = 0,
    expires_within: ExpiresWithin = None,
    remove: Remove = False,
    twin: Twin = False,
    writes: Write = False,
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Print valid temporary credentials of a profile of any kind (left out: of this terminal's).

    \b
    Example: awsx creds prod --format dotenv >.env
             (nothing is printed; .env has the keys)
    """
    from awsx.commands import creds as verb

    if twin:
        from awsx.commands import twin as twins

        twins.twin(dict(os.environ), name, writes, yes)
        return
    if remove:
        verb.remove(dict(os.environ), name)
        return
    call = Call("creds", name, "", not no_login, yes, form)
    call.login_by = login_by(device_code, no_browser)
    call.duration, call.expires_within = duration, expires_within
    verb.creds(dict(os.environ), call)


@app.command(short_help="serve credentials on loopback")
def serve(
    names: Annotated[
        list[str] | None, typer.Argument(help="Profiles.", metavar="[NAME]...")
    ] = None,
    form: Annotated[
        str,
        typer.Option("--format", metavar="F", help="env (left out), fish, powershell or dotenv."),
    ] = "env",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Serve a profile's credentials on loopback until Ctrl-C, and renew them before they end.

    It prints what another terminal, a tool or a container needs to use them.

    \b
    Example: awsx serve prod
             # prod: 111122223333 Admin
             export AWS_CONTAINER_CREDENTIALS_FULL_URI='http://127.0.0.1:41...
    """
    from awsx.commands import serve as verb

    call = Call("serve", "", "", not no_login, yes, form)
    call.login_by = login_by(device_code, no_browser)
    verb.serve(dict(os.environ), list(names or []), call)


@app.command(
    short_help="log in by ssh, credentials follow",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
def ssh(
    words: Annotated[list[str], typer.Argument(help="What ssh takes.", metavar="HOST [ARG]...")],
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME", help="A profile; left out: this terminal's."),
    ] = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Run ssh, and let the tools on the far side ask here for a profile's credentials.

    Nothing is stored there, and they end with the connection. Options of awsx come first.

    \b
    Example: awsx ssh --profile prod build.example.com aws s3 ls
             2026-11-20 08:15:00 invoices
    """
    from awsx.commands import ssh as verb

    call = Call("ssh", profile, "", not no_login, yes)
    call.login_by = login_by(device_code, no_browser)
    verb.ssh(dict(os.environ), words, call)
