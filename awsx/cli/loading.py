"""Commands that bring awsx into the shells, and take it out."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import DryRun, Shells, app


@app.command(short_help="print the lines that load awsx")
def init(
    shell: Annotated[
        str, typer.Argument(help="bash, zsh or fish; left out: this one.", metavar="[SHELL]")
    ] = "",
) -> None:
    """Print the lines that load awsx into a shell.

    The rc file takes them by: eval "$(awsx init bash)"

    \b
    Example: awsx init bash
             if [ -r '/home/me/.local/share/awsx/...' ]; then
             ...
    """
    from awsx.commands import install as verb

    verb.init(dict(os.environ), shell)


@app.command(short_help="load awsx in your shells")
def install(shell: Shells = None, dry_run: DryRun = False) -> None:
    """Add one marked block that loads awsx to the rc file of each shell in use.

    \b
    Example: awsx install zsh
             zsh: added a block to ~/.zshrc (undo: awsx uninstall)
    """
    from awsx.commands import install as verb

    verb.install(dict(os.environ), list(shell or []), dry_run)


@app.command(short_help="take awsx out of your shells")
def uninstall(shell: Shells = None, dry_run: DryRun = False) -> None:
    """Take the block out of the rc files again, byte for byte.

    \b
    Example: awsx uninstall zsh
             zsh: took awsx's block out of ~/.zshrc
    """
    from awsx.commands import install as verb

    verb.uninstall(dict(os.environ), list(shell or []), dry_run)


@app.command(short_help="try awsx in a sandbox")
def demo(
    commands: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="COMMANDS",
            help="Run these unattended; every login is allowed at once.",
        ),
    ] = None,
    shell: Annotated[
        str, typer.Option("--shell", metavar="SHELL", help="bash, zsh or fish; left out: yours.")
    ] = "",
    accounts: Annotated[
        int,
        typer.Option("--accounts", metavar="N", min=3, max=5000, help="How many to make up (12)."),
    ] = 12,
    roles: Annotated[
        int,
        typer.Option("--roles", metavar="N", min=1, max=20, help="How many in each account (3)."),
    ] = 3,
) -> int:
    """Try awsx in a sandbox: a made-up organisation, its AWS on loopback, your shell.

    It leaves nothing behind.

    \b
    Example: awsx demo --run 'awsx search-sandbox-admin; awsx current --short'
             search-sandbox-admin 825363986602 eu-north-1 1h+
    """
    from awsx.commands import demo

    return demo.demo(dict(os.environ), commands, shell, accounts, roles)
