"""fzf as a process: find one, give it rows, and hear what the person chose.

It is started without iterfzf and subprocess, whose imports cost more than all of the rest.

When the first row is drawn depends on how fzf reads (its src/reader.go): one goroutine looks at
once whether everything has been read, and after that every 10 to 50 ms. So fzf finds all rows in a
file when it starts, and runs on one processor, where it looks only after it has read them.
"""

import _signal
import posix
import sys

from awsx.files import disk
from awsx.tables import fzf_options
from awsx.tables.columns import coloured
from awsx.term import AwsxError, Cancelled, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NO_FZF = "the picker needs fzf and finds none; install it, or iterfzf, which carries one"
PROCESSORS = "GOMAXPROCS"  # how many a program in Go uses
FAILED = "the picker failed (fzf ended with {}){}"
OWN_OPTIONS = "; does fzf know every option in AWSX_FZF_OPTS?"
NO_ROW = "the picker failed (fzf told no row of its list); what does AWSX_FZF_OPTS have it print?"
# The key that chose is told; none, if fzf chose by itself.
EXPECT = "--expect=enter,double-click"
CARRIED = "iterfzf/fzf"
FRAME = 4  # columns of fzf's own beside a row: pointer, marker, scrollbar, and one to spare
USAGE = 2  # fzf's exit code for an option that it does not know


# The row in front is shown in reverse: a bar of any one colour is unreadable on some background.
COLOURS = (
    "16,fg:-1,bg:-1,fg+:-1:reverse,bg+:-1,hl:-1:underline,hl+:-1:reverse:underline,gutter:-1:dim"
)
MORE_COLOURS = "header:-1,prompt:-1,pointer:-1,info:8,spinner:8,marker:-1"
DIM = "2"


def choose_row(
    prompt: str, keys: str, title: str, rows: "Iterable[str]", env: "Mapping[str, str]"
) -> str:
    """The row the person chose of a few that hide nothing. Raises as `ask` does."""
    begin, end = command(prompt, "", env)
    begin += [f"--header={dim(keys)}\n{title}"]
    return ask([*begin, *end], (f"{row}\n".encode() for row in rows), env)[1]


def dim(text: str) -> str:
    return coloured(text, DIM)


def command(prompt: str, query: str, env: "Mapping[str, str]") -> tuple[list[str], list[str]]:
    """fzf and the arguments that every list of ours has: those that the person may change by an
    option of AWSX_FZF_OPTS, and that option with those that nobody may.

    The first word is empty if there is no fzf.
    """
    begin = [_fzf(env), f"--prompt={prompt}", "--layout=reverse"]
    if not colour_wanted(2, dict(env)):
        begin += ["--no-color"]
    elif not fzf_options.colours(env):
        begin += [f"--color={COLOURS},{MORE_COLOURS}"]
    end = [*fzf_options.own(env), "--no-multi", f"--query={query}", "--bind=ctrl-z:ignore", EXPECT]
    return begin, end


def _fzf(env: "Mapping[str, str]") -> str:
    """The fzf that iterfzf carries, else one on PATH."""
    # In a checkout, iterfzf does not lie beside awsx, but mostly in the interpreter's environment.
    own = "{}/lib/python{}.{}/site-packages".format(
        sys.executable.rpartition("/bin/")[0], *sys.version_info
    )
    return (
        _first([*sys.path, own])
        or _with_packages()
        or _first(env.get("PATH", "").split(":"), "fzf")
    )


def _with_packages() -> str:
    from awsx import packages

    packages.add()
    return _first(sys.path)


def _first(folders: list[str], name: str = CARRIED) -> str:
    for folder in folders:
        path = f"{folder}/{name}"
        if posix.access(path, posix.X_OK) and not disk.is_folder(path):
            return path
    return ""


def ask(
    command: list[str],
    rows: "Iterable[bytes | memoryview]",
    env: "Mapping[str, str]",
    meanwhile: "Callable[[], None]" = lambda: None,
) -> tuple[str, str]:
    """The key that chose, empty if none did, and the line that was chosen.

    `meanwhile` is called once fzf has its rows, while the person looks at them. Raises Cancelled
    if nothing was chosen, and AwsxError if there is no fzf or it fails.
    """
    import termios

    if not command[0]:
        raise AwsxError(NO_FZF)
    start = __file__.rpartition("/tables/")[0] + "/start.py"
    # fzf runs the preview by $SHELL: let it be one that is the same for everybody.
    child = {
        PROCESSORS: "1",
        **env,
        "SHELL": "/bin/sh",
        "AWSX_PREVIEW_PYTHON": sys.executable,
        "AWSX_PREVIEW_START": start,
        "FZF_DEFAULT_OPTS": fzf_options.colours(env),
        "FZF_DEFAULT_OPTS_FILE": "",
    }
    rows = list(rows)
    saved = termios.tcgetattr(2)
    try:
        code, answer = _run(command, rows, child, meanwhile)
        if code == USAGE and child["FZF_DEFAULT_OPTS"]:  # this fzf does not know such a colour
            code, answer = _run(command, rows, {**child, "FZF_DEFAULT_OPTS": ""}, meanwhile)
    except OSError as error:
        raise AwsxError(NO_FZF) from error
    finally:  # a picker that was killed leaves the terminal raw, and nobody after us can mend it
        termios.tcsetattr(2, termios.TCSADRAIN, saved)
    if code in (1, 130):  # Enter on an empty list; Esc or Ctrl-C
        raise Cancelled
    if code != 0:
        raise AwsxError(FAILED.format(code, OWN_OPTIONS if fzf_options.own(env) else ""))
    # A person may have fzf print more than one line.
    *_, key, row = ["", "", *answer.decode("utf-8", "surrogateescape").rstrip("\n").split("\n")]
    return key, row


def filtered(
    options: list[str], query: str, rows: "Iterable[bytes | memoryview]", env: "Mapping[str, str]"
) -> "list[str] | None":
    """The rows that match, in the order in which a person would see them; nobody is asked.

    None if there is no fzf or it fails.
    """
    path = _fzf(env)
    child = {name: value for name, value in env.items() if name[:4] != "FZF_"}
    try:
        code, answer = _run([path, *options, f"--filter={query}"], rows, child, lambda: None)
    except OSError:
        return None
    return answer.decode().split("\n")[:-1] if code in (0, 1) else None


def _run(
    command: list[str],
    rows: "Iterable[bytes | memoryview]",
    env: "Mapping[str, str]",
    meanwhile: "Callable[[], None]",
) -> tuple[int, bytes]:
    """subprocess.run(command, input=rows, stdout=PIPE), without the import. Raises OSError."""
    ours, theirs = _filled(rows)
    answer, told = posix.pipe()
    wired = [(posix.POSIX_SPAWN_DUP2, ours, 0), (posix.POSIX_SPAWN_DUP2, told, 1)]
    pid = posix.posix_spawn(
        command[0], command, env, file_actions=wired, setsigdef=[_signal.SIGPIPE]
    )
    posix.close(ours)
    posix.close(told)
    if theirs >= 0:
        _feed(theirs, rows)
    meanwhile()
    with open(answer, "rb") as stdout:
        text = stdout.read()
    return posix.waitstatus_to_exitcode(posix.waitpid(pid, 0)[1]), text


def _filled(rows: "Iterable[bytes | memoryview]") -> tuple[int, int]:
    """A file descriptor from which fzf reads the rows, and the one to write them to, or -1.

    On Linux they lie in a file without a name, whole before fzf starts; elsewhere it is a pipe.
    """
    try:
        file = posix.memfd_create("rows")
    except (AttributeError, OSError):
        return posix.pipe()
    _feed(posix.dup(file), rows)
    posix.lseek(file, 0, 0)
    return file, -1


def _feed(descriptor: int, rows: "Iterable[bytes | memoryview]") -> None:
    try:
        with open(descriptor, "wb") as stream:
            stream.writelines(rows)
    except BrokenPipeError:  # it was left before it had read everything
        pass
