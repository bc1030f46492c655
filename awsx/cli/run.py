"""What typer makes of the words of a command that is not hot, or of a mistake."""

from __future__ import annotations

import re

import typer

from awsx import VERBS
from awsx.argv import LOGIN_BY
from awsx.cli import (  # noqa: F401
    choosing,
    examining,
    executing,
    giving,
    helping,
    loading,
    looking,
    opening,
    pinning,
    populating,
    sessions,
    switching,
)
from awsx.cli.app import app
from awsx.cli.helping import help_of
from awsx.term import AwsxError, Cancelled, out

SURPLUS = re.compile(r"^got unexpected extra arguments?(?:\(s\))? \((.*)\)$", re.IGNORECASE)


def run(argv: list[str]) -> int:
    """Do what `argv` says, and return the exit code.

    Raises AwsxError, with the exit code 2 for wrong usage.
    """
    end = argv.index("--") if "--" in argv else len(argv)
    if argv[:1] == ["ssh"]:  # the words of the far side are none of ours: awsx ssh HOST df -h
        end = min(end, 2)
    argv = [LOGIN_BY.get(word, word) for word in argv[:end]] + argv[end:]
    if argv and argv[0] in VERBS and {"-h", "--help"} & set(argv[1:end]):
        out(help_of(argv[0]))
        return 0
    # Some versions of typer carry a click of their own, others import it. The classes of its errors
    # have one root in both.
    argv, command = executing.split(argv)
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    click_error: type[Exception] = typer.BadParameter.__mro__[2]
    try:
        result = typer.main.get_command(app).main(
            argv, prog_name="awsx", standalone_mode=False, obj=command
        )
    except typer.Abort:
        raise Cancelled from None
    except click_error as error:
        raise AwsxError(_mistake(error), 2 if isinstance(error, usage_error) else 1) from error
    return result if isinstance(result, int) else 0


def _mistake(error: Exception) -> str:
    text = str(getattr(error, "format_message", lambda: error)()).rstrip(".")
    text = SURPLUS.sub(r"too many words: \1", text)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "awsx"
    return f"{text[:1].lower()}{text[1:]}; help: {path} --help"
