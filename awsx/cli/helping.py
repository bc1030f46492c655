"""The help of one command, or of all."""

from __future__ import annotations

from typing import Annotated

import typer

from awsx.cli.app import app
from awsx.term import out


@app.command("help", short_help="show all commands, or one")
def help_(
    word: Annotated[str, typer.Argument(help="A command.", metavar="[COMMAND]")] = "",
) -> None:
    """Show all commands, or the help of one.

    \b
    Example: awsx help exec
             Usage: awsx exec [OPTIONS] NAME -- COMMAND...
    """
    from awsx.commands import help as verb

    if word:
        verb.check_command(word)
        out(help_of(word))
    else:
        verb.show()


def help_of(verb: str) -> str:
    """The help of one command, without what a parser alone reads: `<list[str]>`, `{NAME}`."""
    from awsx.commands import help as verb_help

    command = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]
    settings = app.info.context_settings or {}
    with command.make_context(f"awsx {verb}", [], resilient_parsing=True, **settings) as context:
        return verb_help.plain(str(command.get_help(context)))
