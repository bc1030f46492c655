"""`awsx exec`: one command with a profile, or with many."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx.argv import Call
from awsx.cli.app import DeviceCode, NoBrowser, NoLogin, Region, Yes, app, login_by
from awsx.many.form import Form, Limits, Wish
from awsx.term import AwsxError, clean

NO_NAME = "exec needs a profile before the --: awsx exec NAME -- {}; help: awsx exec --help"
NO_PROFILE = "missing argument 'NAME'; help: awsx exec --help"
NO_COMMAND = "no COMMAND behind the --; help: awsx exec --help"

MANY = """\
\b
With many: awsx exec 'dev-*' -r euw1,use1 -- aws s3 ls
  which  NAME... 'PAT*' --session S -a A --tag T --role R --all -r R1,R2|all
  how    -j N --fail-fast --timeout S --include-guarded --dry-run
  shown  --ordered --json --json-lines --output DIR
"""
# The help has the options for many in a few lines of its own: a line each would not fit a screen.
Names = Annotated[list[str] | None, typer.Argument(metavar="NAME... -- COMMAND...", hidden=True)]
Creds = Annotated[
    bool, typer.Option("--creds", help="Give it the profile's keys instead of the profile.")
]
Serve = Annotated[
    bool, typer.Option("--serve", help="Serve it the profile's keys, renewed till it ends.")
]
Session = Annotated[
    str, typer.Option("--session", metavar="S", hidden=True, help="Those of this session.")
]
Account = Annotated[
    str, typer.Option("-a", "--account", metavar="A", hidden=True, help="Those of this account.")
]
Role = Annotated[
    str, typer.Option("--role", metavar="R", hidden=True, help="Those with this role.")
]
Tag = Annotated[
    str, typer.Option("--tag", metavar="T", hidden=True, help="Those of accounts with this tag.")
]
Every = Annotated[bool, typer.Option("--all", hidden=True, help="Every profile.")]
IncludeGuarded = Annotated[
    bool, typer.Option("--include-guarded", hidden=True, help="Guarded ones of a pattern, too.")
]
AtOnce = Annotated[
    int, typer.Option("-j", metavar="N", min=1, max=500, hidden=True, help="So many at once.")
]
Ordered = Annotated[bool, typer.Option("--ordered", hidden=True, help="By profile, not by time.")]
Folder = Annotated[
    str, typer.Option("--output", metavar="DIR", hidden=True, help="A file for each profile.")
]
JsonList = Annotated[bool, typer.Option("--json", hidden=True, help="A list of objects.")]
JsonLines = Annotated[bool, typer.Option("--json-lines", hidden=True, help="An object a line.")]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", hidden=True, help="Stop at the first failure.")
]
OnlyTell = Annotated[bool, typer.Option("--dry-run", hidden=True, help="Only tell who would run.")]
Timeout = Annotated[
    float,
    typer.Option("--timeout", metavar="S", min=0, hidden=True, help="End each after S seconds."),
]


def split(argv: list[str]) -> tuple[list[str], list[str] | None]:
    """What stands before the command of `exec`, and the command; None if there is no `--`.

    A name that begins with a dash has a `--` before it, too. Raises AwsxError if there is no name.
    """
    if argv[:1] != ["exec"] or "--" not in argv:
        return argv, None
    first = 2 if argv[1] == "--" and "--" in argv[2:] else 1
    if first == 1 and argv[1] == "--" and len(argv) > 2:
        raise AwsxError(NO_NAME.format(clean(argv[2])), 2)
    cut = argv.index("--", first)
    return argv[:cut], argv[cut + 1 :]


@app.command("exec", short_help="run one command with profiles", epilog=MANY)
def exec_(
    context: typer.Context,
    names: Names = None,
    region: Region = "",
    creds: Creds = False,
    serve: Serve = False,
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
    session: Session = "",
    account: Account = "",
    role: Role = "",
    tag: Tag = "",
    every: Every = False,
    include_guarded: IncludeGuarded = False,
    at_once: AtOnce = 8,
    ordered: Ordered = False,
    folder: Folder = "",
    as_json: JsonList = False,
    json_lines: JsonLines = False,
    fail_fast: FailFast = False,
    dry_run: OnlyTell = False,
    timeout: Timeout = 0,
) -> int:
    """Run a command with a profile, or with many; without one, open your shell.

    \b
    Example: awsx exec prod -- aws s3 ls
             2026-11-20 08:15:00 invoices
    """
    command, gives = context.obj, "--serve" if serve else "--creds" if creds else ""
    wish = Wish(tuple(names or ()), session, account, role, every, include_guarded, region, tag)
    form = Form(ordered, folder, as_json, json_lines, dry_run, yes, not no_login, gives)
    limits = Limits(at_once, timeout, fail_fast)
    _check(wish, command)
    if wish.is_many or any(form[:5]) or limits != Limits():
        from awsx.commands import execute_many

        return execute_many.execute(dict(os.environ), wish, command or [], limits, form)
    by = login_by(device_code, no_browser)
    call = Call("exec", wish.names[0], region, not no_login, yes, command=command, login_by=by)
    call.gives = gives
    return _execute(call)


def _check(wish: Wish, command: list[str] | None) -> None:
    """Raises AwsxError (usage) if no profile is named, or nothing stands behind the `--`."""
    if not wish.selects:
        raise AwsxError(NO_PROFILE, 2)
    if command == [] and not wish.is_many:
        raise AwsxError(NO_COMMAND, 2)


def _execute(call: Call) -> int:
    """Become the command; without one, the person's shell."""
    from awsx.commands import execute

    execute.execute(dict(os.environ), call)
    return 0
