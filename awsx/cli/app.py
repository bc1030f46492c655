"""The typer application, and the arguments that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

Name = Annotated[str, typer.Argument(help="The profile's exact name.", metavar="NAME")]
OptionalName = Annotated[str, typer.Argument(help="A profile.", metavar="[NAME]")]
Region = Annotated[
    str,
    typer.Option(
        "-r", "--region", metavar="R", help="Use this region instead of the profile's own."
    ),
]
NoLogin = Annotated[bool, typer.Option("--no-login", help="Leave an expired session as it is.")]
Yes = Annotated[
    bool, typer.Option("-y", "--yes", help="Use a guarded profile without being asked.")
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Print the link instead of opening it.")
]
DeviceCode = Annotated[
    bool,
    typer.Option(
        "--device-code",
        help="Log in by a code, on any machine.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
]
Shells = Annotated[
    list[str] | None,
    typer.Argument(help="bash, zsh, fish; left out: those in use.", metavar="[SHELL]..."),
]


def login_by(device_code: bool, no_browser: bool) -> tuple[str, ...]:
    """The options for a login that were given, as `Call.login_by` has them."""
    return ("--device-code",) * device_code + ("--no-browser",) * no_browser
