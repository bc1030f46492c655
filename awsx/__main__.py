"""The process: what is typed forty times a day is told apart here, by looking at argv; the rest is typer's.

argv is parsed to a value first (`parse`), which a table can test, and then acted upon. Heavy modules are imported by
the one verb that needs them; tests/unit/test_budget.py counts them.
"""

import _signal
import posix
import sys

from awsx import VERBS, __version__, files
from awsx.term import AwsxError, Cancelled, in_foreground, on_terminal, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

UNEXPECTED = "an error of awsx's own: {}; AWSX_DEBUG=1 shows where it comes from"


class Call:
    """What the person asked for: a hot verb, its words, its options."""

    __slots__ = ("command", "form", "may_login", "name", "region", "sure", "verb")

    def __init__(self, verb: str, name: str = "", region: str = "", form: str = "") -> None:
        self.verb, self.name, self.region, self.form = verb, name, region, form
        self.may_login, self.sure = True, False
        self.command: list[str] = []


def parse(argv: list[str]) -> "Call | None":
    """The hot verb that `argv` asks for; None for everything that typer shall take (other verbs, help, mistakes)."""
    first = argv[0] if argv else ""
    if not argv or (first[:1] == "-" and first not in ("-", "--")):
        return _parse_option(argv)
    if first in ("current", "off") and len(argv) == 1:
        return Call(first)
    if first == "region":
        return _parse_region(argv[1:])
    if first == "exec":
        return _parse_exec(argv[1:])
    if first == "ls":
        return _parse_ls(argv[1:])
    if first in VERBS and first != "use":
        return None
    return _parse_switch(argv[1:] if first == "use" else argv)


def _parse_option(argv: list[str]) -> "Call | None":
    if len(argv) == 1 and argv[0] in ("--version", "--refresh"):
        return Call(argv[0])
    if len(argv) == 2 and argv[0] in ("--preview", "--ensure"):
        return Call(argv[0], argv[1])
    found = _options(argv, Call("pick")) or _parse_switch(argv)
    return None if found and found.name in VERBS else found


def _parse_switch(words: list[str]) -> "Call | None":
    """[--] NAME with options before and after it; `-` is the previous profile."""
    call = Call("use")
    rest = list(words)
    if rest[:1] == ["--"] and len(rest) > 1:
        call.name = rest[1]
        return _options(rest[2:], call)
    while rest and rest[0][:1] == "-" and rest[0] != "-":
        taken = 2 if rest[0] in ("-r", "--region") else 1
        if _options(rest[:taken], call) is None:
            return None
        rest = rest[taken:]
    if not rest:
        return None
    call.name = rest[0]
    call.verb = "back" if call.name == "-" else "use"
    return _options(rest[1:], call)


def _parse_region(words: list[str]) -> "Call | None":
    """Nothing, R or `-`."""
    if words and words != ["-"] and (len(words) > 1 or not words[0] or words[0][0] == "-"):
        return None
    return Call("region", region="".join(words))


def _parse_exec(words: list[str]) -> "Call | None":
    """NAME [options] -- COMMAND...; a name that begins with a dash comes after a `--` of its own."""
    rest = list(words)
    if rest[:1] == ["--"] and "--" in rest[2:]:
        rest = rest[1:]
        cut = rest.index("--", 1)
    elif "--" in rest:
        cut = rest.index("--")
    else:
        return None
    before, command = rest[:cut], rest[cut + 1 :]
    call = _parse_switch(["--", *before] if rest is not words and len(rest) < len(words) else before)
    if call is None or not command or call.verb == "back":
        return None
    call.verb, call.command = "exec", command
    return call


def _parse_ls(words: list[str]) -> "Call | None":
    """[QUERY], and --names or --json."""
    forms = [word for word in words if word[:1] == "-"]
    query = [word for word in words if word[:1] != "-"]
    if len(query) > 1 or forms not in ([], ["--names"], ["--json"]):
        return None
    return Call("ls", "".join(query), form="".join(forms))


def _options(words: list[str], call: "Call") -> "Call | None":
    """`-r R`, `--region R`, `--region=R`, `--no-login`, `-y`, `--yes`; None for anything else."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-r", "--region") and rest and rest[0]:
            call.region = rest.pop(0)
        elif word.startswith("--region=") and len(word) > 9:
            call.region = word[9:]
        elif word == "--no-login":
            call.may_login = False
        elif word in ("-y", "--yes"):
            call.sure = True
        else:
            return None
    return call


def act(call: "Call", env: dict[str, str]) -> None:
    """Do what a hot verb asks. Raises AwsxError."""
    if call.verb == "exec":
        from awsx import run

        run.run(env, call.name, call.command, call.region, call.may_login, call.sure)
    elif call.verb in ("use", "back", "off", "pick"):
        _switch(call, env)
    elif call.verb == "region":
        from awsx import region

        region.region(env, call.region or None)
    elif call.verb == "--refresh":
        from awsx.find import refresh

        refresh(env)
    elif call.verb == "--ensure":
        _ensure(env, call.name)
    elif call.verb == "--version":
        sys.stdout.write(f"awsx {__version__}\n")
    elif call.verb == "ls":
        from awsx import ls

        ls.ls(env, call.name, call.form == "--json", call.form == "--names")
    else:
        from awsx import current

        current.preview(env, call.name) if call.verb == "--preview" else current.current(env)


def _switch(call: "Call", env: dict[str, str]) -> None:
    from awsx import switch

    if call.verb == "use":
        switch.use(env, call.name, call.region, call.may_login, call.sure)
    elif call.verb == "back":
        switch.back(env, call.region, call.may_login, call.sure)
    elif call.verb == "pick":
        switch.pick(env, call.region, call.may_login, call.sure)
    else:
        switch.off(env)


def _ensure(env: dict[str, str], name: str) -> None:
    """Before a command that uses profile `name`: log in if its session has ended and there is a person to do so.

    What no login mends (no such profile, another kind, a mistake in the files) the command tells by itself. Raises
    AwsxError if the login came to nothing.
    """
    from awsx.find import Facts

    facts = Facts(env, silent=True)
    profile = facts.config.profile(name)
    try:
        session = facts.session(profile) if profile else None
    except AwsxError:
        session = None
    if on_terminal() and in_foreground():
        facts.log_in(session)
    facts.remember(name)


def run(argv: list[str]) -> int:
    """Do what `argv` says; the exit code. 1 could not, 2 usage, 130 cancelled, exec: the command's own."""
    # Ctrl-C ends the core at once and without a word, also in the middle of an import; whoever has something to
    # clean up sets a handler first. A job that ignores it goes on doing so.
    if _signal.getsignal(_signal.SIGINT) is not _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    try:
        call = parse(argv)
        if call is None:
            return _by_typer(argv)
        act(call, files.environment())
        sys.stdout.flush()
    except Cancelled as error:
        return error.code
    except KeyboardInterrupt:
        return Cancelled().code
    except BrokenPipeError:  # `awsx ls | head`: as if SIGPIPE had ended us
        return 141
    except AwsxError as error:
        say(str(error))
        return _debug(error.code)
    except Exception as error:  # noqa: BLE001 - a bug of ours: one line, unless somebody looks for it
        say(UNEXPECTED.format(f"{type(error).__name__}: {error}"))
        return _debug(1)
    return 0


def _by_typer(argv: list[str]) -> int:
    from awsx import packages

    packages.add()
    from awsx import cli

    # `awsx NAME --mistake`: let the verb that NAME stands for tell what is wrong.
    named = argv and argv[0] not in VERBS and (argv[0] == "--" or argv[0][:1] != "-" or argv[0] == "-")
    return cli.run(["use", *argv] if named else argv)


def _debug(code: int) -> int:
    if posix.environ.get(b"AWSX_DEBUG"):
        from traceback import print_exc

        print_exc()
    return code


def main() -> "NoReturn":
    """The entry point. Leaves without taking the interpreter down: nothing is left to do, and that costs time."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads any more
            continue
    posix._exit(code)


if __name__ == "__main__":
    main()
