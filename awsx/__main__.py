"""The process: it acts on the hot verbs that argv.py knows, and hands everything else to typer.

Each verb imports the heavy modules it needs; tests/unit/test_budget.py counts them.
"""

import _signal
import posix
import sys

from awsx import VERBS, __version__
from awsx.argv import FOR_PROGRAMS, FOR_SHELLS, parse
from awsx.files import paths
from awsx.files.disk import reason
from awsx.term import AwsxError, Cancelled, agent, mend_streams, out, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from awsx.argv import Call

NO_STDOUT = "cannot write to stdout: {}"
UNEXPECTED = "an error of awsx's own: {}; AWSX_DEBUG=1 shows where it comes from"


def act(call: "Call", env: dict[str, str]) -> None:
    """Do what a hot verb asks. Raises AwsxError."""
    if call.verb in ("use", "back", "off", "pick", "--pinned"):
        _switch(call, env)
    elif call.verb == "exec":
        from awsx.commands import execute

        execute.execute(env, call)
    elif call.verb == "creds":
        from awsx.commands import creds

        creds.creds(env, call)
    elif call.verb == "region":
        from awsx.commands import region

        region.region(env, call)
    elif call.verb == "ls":
        from awsx.commands import ls

        ls.ls(env, call.name, call.form == "--json", call.form == "--names")
    elif call.verb == "current":
        from awsx.commands import current

        current.current(env, call.form == "--json", call.form == "--short")
    elif call.verb == "status":
        from awsx.commands import status

        status.status(env, call.name, call.form == "--json")
    elif call.verb == "help":
        from awsx.commands import help as helping

        helping.show()
    elif call.verb in FOR_PROGRAMS:
        from awsx.commands import for_programs

        for_programs.answer(env, call.verb, call.name)
    elif call.verb in FOR_SHELLS:
        _for_shell(call, env)
    else:
        out(f"awsx {__version__}\n")


def _switch(call: "Call", env: dict[str, str]) -> None:
    from awsx.commands import switch

    if call.verb == "use":
        switch.use(env, call)
    elif call.verb == "back":
        switch.back(env, call)
    elif call.verb == "--pinned":
        switch.pinned(env, call)
    elif call.verb == "pick":
        switch.pick(env, call)
    else:
        switch.off(env)


def _for_shell(call: "Call", env: dict[str, str]) -> None:
    from awsx.commands import before

    if call.verb == "--refresh":
        before.refresh(env, call.name)
    elif call.verb == "--ensure":
        before.ensure(env, call.name, "".join(call.command))
    else:
        from awsx.commands import learn

        learn.detach()
        learn.learn(env, call.name)


def run(argv: list[str]) -> int:
    """Do what `argv` says, and return the exit code.

    0 done, 1 could not, 2 wrong usage, 130 cancelled; of `exec`, the command's own.
    """
    # Ctrl-C ends the core at once and without a word, even during an import. Code that has
    # something to clean up sets a handler first. A background job that ignores Ctrl-C keeps
    # ignoring it.
    if _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    try:
        call = parse(argv)
        if call is None:
            code = _by_typer(argv)
        else:
            code = 0
            act(call, paths.environment())
        sys.stdout.flush()
    except Cancelled as error:
        return error.code
    except KeyboardInterrupt:
        return Cancelled().code
    except BrokenPipeError:  # `awsx ls | head`: as if SIGPIPE had ended us
        return 141
    except AwsxError as error:
        refuse(str(error))
        _tell_agent(error, argv)
        return _debug(error.code)
    except Exception as error:  # noqa: BLE001 - a bug of ours: one line, unless somebody looks for it
        refuse(_unexpected(error))
        return _debug(1)
    return code


def _tell_agent(error: AwsxError, argv: list[str]) -> None:
    """Print the error as data, too, where an agent has asked for JSON."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    if agent() and "--json" in options:
        from awsx.commands import agents

        agents.tell(error)


def _unexpected(error: Exception) -> str:
    # An error of a file names it, and whoever uses files catches it: this was stdout.
    if isinstance(error, OSError) and error.filename is None:
        return NO_STDOUT.format(reason(error))
    return UNEXPECTED.format(f"{type(error).__name__}: {error}")


def _by_typer(argv: list[str]) -> int:
    from awsx import packages

    packages.add()
    from awsx.cli import run as cli

    # `awsx NAME --mistake`: let the verb that NAME stands for tell what is wrong.
    named = (
        argv and argv[0] not in VERBS and (argv[0] == "--" or argv[0][:1] != "-" or argv[0] == "-")
    )
    if named:
        from awsx.commands import help as helping

        helping.check_word(argv[0])
    return cli.run(["use", *argv] if named else argv)


def _debug(code: int) -> int:
    if posix.environ.get(b"AWSX_DEBUG"):
        from traceback import print_exc

        print_exc()
    return code


def main() -> "NoReturn":
    """The entry point.

    It ends the process without taking the interpreter down, which takes time and does nothing here.
    """
    mend_streams()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads any more
            continue
    posix._exit(code)


if __name__ == "__main__":
    main()
