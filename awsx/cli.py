"""Names, help and options of every command.

Each body is one call. Hot verbs come here only for help and mistakes.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from awsx import VERBS, __version__
from awsx.argv import LOGIN_BY, Call
from awsx.term import AwsxError, Cancelled, clean, out

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

NO_NAME = "exec needs a profile before the --: awsx exec NAME -- {}; help: awsx exec --help"

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
    bool, typer.Option("--no-browser", help="Print the URL instead of opening it.")
]
DeviceCode = Annotated[
    bool,
    typer.Option(
        "--device-code",
        help="Log in by a code, on any machine.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
]
Shells = Annotated[
    list[str] | None,
    typer.Argument(help="bash, zsh, fish; left out: those in use.", metavar="[SHELL]..."),
]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    region: Region = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """One terminal, one AWS account.

    \b
    awsx                       pick a profile for this terminal
    awsx NAME [-r REGION]      switch this terminal to NAME
    awsx -                     back to the previous profile
    """
    if version:
        typer.echo(f"awsx {__version__}")
    elif context.invoked_subcommand is None:
        from awsx.commands import switch

        by = _login_by(device_code, no_browser)
        switch.pick(dict(os.environ), Call("pick", "", region, not no_login, yes, login_by=by))


def _login_by(device_code: bool, no_browser: bool) -> tuple[str, ...]:
    return ("--device-code",) * device_code + ("--no-browser",) * no_browser


@app.command(short_help="switch to a profile")
def use(
    name: Name,
    region: Region = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Switch this terminal to a profile, also to one that is called like a command.

    \b
    Example: awsx use prod -r eu-west-1
             awsx: prod: 111122223333 Admin, eu-west-1, session 7h
    """
    from awsx.commands import switch

    by = _login_by(device_code, no_browser)
    switch.use(dict(os.environ), Call("use", name, region, not no_login, yes, login_by=by))


@app.command(short_help="leave, give back what was there")
def off() -> None:
    """Leave: unset what awsx set in this terminal, and give back what it replaced.

    \b
    Example: awsx off
             awsx: left prod
    """
    from awsx.commands import switch

    switch.off(dict(os.environ))


@app.command(short_help="change this terminal's region")
def region(
    region: Annotated[
        str | None,
        typer.Argument(
            help="A region or its short form (euw1); -: the profile's own.", metavar="[R | -]"
        ),
    ] = None,
) -> None:
    """Change the region of this terminal alone.

    Without R you choose one; in a script the current one is printed.

    \b
    Example: awsx region us-east-1
             awsx: region us-east-1 (prod's own is eu-west-1)
    """
    from awsx.commands import region as verb

    verb.region(dict(os.environ), Call("region", region=region or ""))


@app.command("exec", short_help="run one command with a profile")
def exec_(
    name: Name,
    command: Annotated[
        list[str], typer.Argument(help="The command and its arguments.", metavar="-- COMMAND...")
    ],
    region: Region = "",
    no_login: NoLogin = False,
    yes: Yes = False,
    device_code: DeviceCode = False,
    no_browser: NoBrowser = False,
) -> None:
    """Run one command with a profile, without changing this terminal.

    Without a command, your shell opens with the profile; exit ends it.

    \b
    Example: awsx exec prod -- aws s3 ls
             2026-11-20 08:15:00 invoices
    """
    from awsx.commands import execute

    by = _login_by(device_code, no_browser)
    call = Call("exec", name, region, not no_login, yes, command=command, login_by=by)
    execute.execute(dict(os.environ), call)


@app.command(short_help="make a session valid now")
def login(
    name: OptionalName = "",
    session: Annotated[
        str, typer.Option("--session", metavar="NAME", help="An [sso-session] of the config.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Log in even if the session is valid.")
    ] = False,
    no_browser: NoBrowser = False,
    device_code: DeviceCode = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            min=1,
            max=65535,
            help="Where the browser comes back, for ssh -L.",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every session of the config.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the session behind a profile valid now (left out: behind this terminal's profile).

    \b
    Example: awsx login prod
             awsx: corp: session 7h
    """
    from awsx.commands import login as verb
    from awsx.commands.which_sessions import Selection
    from awsx.login.options import Wish

    wish = Wish(force, not no_browser, device_code, port or 0)
    verb.login(dict(os.environ), Selection(name, session, every), wish, as_json)


@app.command(short_help="end a session")
def logout(
    name: OptionalName = "",
    session: Annotated[
        str, typer.Option("--session", metavar="NAME", help="An [sso-session] of the config.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every session of the config.")] = False,
) -> None:
    """End the session behind a profile, at AWS too, and delete what it left in AWS's caches.

    \b
    Example: awsx logout prod
             awsx: corp: logged out
    """
    from awsx.commands import logout as verb
    from awsx.commands.which_sessions import Selection

    verb.logout(dict(os.environ), Selection(name, session, every, "logout"))


@app.command(short_help="list the profiles")
def ls(
    query: Annotated[
        str, typer.Argument(help="Words that must stand in a row.", metavar="[QUERY]")
    ] = "",
    as_json: AsJson = False,
    names: Annotated[bool, typer.Option("--names", help="Names alone, one a line.")] = False,
) -> None:
    """List the profiles with account, role, region and expiry.

    \b
    Example: awsx ls 'prod admin'
    """
    from awsx.commands import ls as verb

    verb.ls(dict(os.environ), query, as_json, names)


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


@app.command(short_help="print the lines that load awsx")
def init(
    shell: Annotated[
        str, typer.Argument(help="bash, zsh or fish; left out: this one.", metavar="[SHELL]")
    ] = "",
) -> None:
    """Print the lines that load awsx into a shell, for its rc file.

    \b
    Example: eval "$(awsx init zsh)"
    """
    from awsx.commands import install as verb

    verb.init(dict(os.environ), shell)


@app.command(short_help="load awsx in your shells")
def install(shell: Shells = None, dry_run: DryRun = False) -> None:
    """Add one marked block that loads awsx to the rc file of each shell in use.

    \b
    Example: awsx install zsh
    """
    from awsx.commands import install as verb

    verb.install(dict(os.environ), list(shell or []), dry_run)


@app.command(short_help="take awsx out of your shells")
def uninstall(shell: Shells = None, dry_run: DryRun = False) -> None:
    """Take the block out of the rc files again, byte for byte.

    \b
    Example: awsx uninstall --dry-run
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
        int, typer.Option("--accounts", metavar="N", min=3, max=5000, help="How many to make up.")
    ] = 12,
    roles: Annotated[
        int, typer.Option("--roles", metavar="N", min=1, max=20, help="How many in each account.")
    ] = 3,
) -> int:
    """Try awsx in a sandbox: a made-up organisation, its AWS on loopback, your shell.

    It leaves nothing behind.

    \b
    Example: awsx demo
             awsx demo --run 'awsx payments-prod-admin && awsx current'
    """
    from awsx.commands import demo

    return demo.demo(dict(os.environ), commands, shell, accounts, roles)


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


def run(argv: list[str]) -> int:
    """Do what `argv` says, and return the exit code.

    Raises AwsxError, with the exit code 2 for wrong usage.
    """
    end = argv.index("--") if "--" in argv else len(argv)
    argv = [LOGIN_BY.get(word, word) for word in argv[:end]] + argv[end:]
    if argv and argv[0] in VERBS and {"-h", "--help"} & set(argv[1:end]):
        out(help_of(argv[0]))
        return 0
    # Some versions of typer carry a click of their own, others import it. The classes of its errors
    # have one root in both.
    if argv[:2] == ["exec", "--"] and len(argv) > 2 and argv[2][:1] != "-" and "--" not in argv[2:]:
        raise AwsxError(NO_NAME.format(clean(argv[2])), 2)
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    click_error: type[Exception] = typer.BadParameter.__mro__[2]
    try:
        result = typer.main.get_command(app).main(argv, prog_name="awsx", standalone_mode=False)
    except typer.Abort:
        raise Cancelled from None
    except click_error as error:
        raise AwsxError(_mistake(error), 2 if isinstance(error, usage_error) else 1) from error
    return result if isinstance(result, int) else 0


def _mistake(error: Exception) -> str:
    text = str(getattr(error, "format_message", lambda: error)()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "awsx"
    return f"{text[:1].lower()}{text[1:]}; help: {path} --help"
