"""The settings."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.cli.app import AsJson, app
from awsx.term import AwsxError, clean

NOT_EDIT = "awsx settings takes no {}; to change them: awsx settings edit"


@app.command(short_help="show the settings, or edit them")
def settings(
    word: Annotated[str, typer.Argument(help="Open the file.", metavar="[edit]")] = "",
    as_json: AsJson = False,
) -> None:
    """Show each setting with its value and where it is set; `edit` opens the file.

    \b
    Example: awsx settings
             guard.confirm  true  ~/.config/awsx/config.toml:3
    """
    from awsx.commands import settings as verb

    if word not in ("", "edit"):
        raise AwsxError(NOT_EDIT.format(clean(word)), 2)
    if word:
        verb.edit(dict(os.environ))
    else:
        verb.show(dict(os.environ), as_json)
