"""Choose one profile of many: iterfzf's fzf over aligned rows, with a preview. Esc and Ctrl-C choose nothing.

fzf is started without iterfzf and subprocess, whose imports cost more than all of the rest; what the rows show of the
files is kept in the index, so that 5,000 of them are there at once.
"""

from __future__ import annotations

import _signal
import os
import sys
import time

from awsx import index, packages, tokens
from awsx.rows import Rows, aligned
from awsx.term import AwsxError, Cancelled, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.find import Facts
    from awsx.settings import Settings

NO_FZF = "the picker needs fzf and finds none; install it, or iterfzf, which carries one"
FAILED = "the picker failed (fzf ended with {})"
TITLES = ("PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION")
WIDEST = (48, 12, 28, 32, 16)  # columns of the screen
MARK = "* "
TAB = "\t"


def choose(facts: Facts, query: str) -> str:
    """The name of the profile the person chose. Raises Cancelled, and AwsxError if there is no fzf to choose with."""
    answer = _ask(_command(query, facts.chosen), _listed(facts), facts.env)
    return bytes.fromhex(answer.partition(TAB)[0]).decode("utf-8", "surrogateescape")


def _listed(facts: Facts) -> str:
    """fzf's input: a line of titles, then `NAME IN HEX, TAB, row` for each profile, most used first."""
    now = time.time()
    title, *rows = (facts.index.kept("rows") or _made(facts, now)).split("\n")[:-1]
    left: dict[str, str] = {"": ""}
    lines = {"": f"{TAB}  {title}  LEFT     SESSION\n"}
    current = _hex(facts.env.get("AWS_PROFILE", ""))
    for row in rows:
        name, key, text, session = row.split(TAB, 3)
        if key not in left:
            left[key] = tokens.left(tokens.load(facts.env, key), now)
        lines[name] = f"{name}{TAB}{MARK if name == current else '  '}{text}  {left[key]:7}  {session}\n"
    if facts.chosen.picker_order == "used":
        lines = _most_used_first(lines, index.scores(facts.env, now))
    return "".join(lines.values())


def _most_used_first(lines: dict[str, str], scores: dict[str, float]) -> dict[str, str]:
    best = [_hex(name) for name in sorted(scores, key=lambda name: -scores[name])]
    return {name: lines[name] for name in ("", *best) if name in lines} | lines


def _made(facts: Facts, now: float) -> str:
    """The rows as far as the files tell them, aligned, each with the name of its token file; kept for next time."""
    rows = list(Rows(facts.config, facts.chosen, facts.env, now).all())
    if not rows:
        facts.names()  # says so
    cells = [(r.name, r.account, r.account_name, r.role, r.region) for r in rows]
    title, *lines = aligned([TITLES, *cells], WIDEST)
    ends = [f"{r.token}{TAB}{line}{TAB}{clean(r.session, 48)}" for r, line in zip(rows, lines)]
    text = "".join(f"{_hex(r.name)}{TAB}{end}\n" for r, end in zip(rows, ends))
    facts.index.keep("rows", f"{title}\n{text}")
    return f"{title}\n{text}"


def _hex(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").hex()


def _command(query: str, chosen: Settings) -> list[str]:
    """fzf's arguments. No name of a person's appears in a command line but the query they typed."""
    command = [_fzf(), "--delimiter=\t", "--with-nth=2..", "--header-lines=1", "--prompt=awsx> ", "--no-multi"]
    command += ["--layout=reverse", "--no-hscroll", "--bind=ctrl-z:ignore", "--tiebreak=begin,index"]
    if chosen.picker_preview:
        # {1} is the name in hexadecimal: nothing for a shell to stumble over.
        command += ['--preview="$AWSX_PREVIEW_PYTHON" -I -S "$AWSX_PREVIEW_START" --preview {1}']
        command += ["--preview-window=down,9,wrap,border-top"]
    command += ["--select-1"] if query and chosen.switch_on_single_match else []
    return [*command, f"--query={query}"]


def _fzf() -> str:
    """The fzf that iterfzf carries, else one on PATH."""
    return _first(sys.path) or _with_packages() or _first(os.environ.get("PATH", "").split(os.pathsep), "fzf")


def _with_packages() -> str:
    packages.add()  # in a checkout, iterfzf does not lie beside awsx
    return _first(sys.path)


def _first(folders: list[str], name: str = "iterfzf/fzf") -> str:
    for folder in folders:
        path = f"{folder}/{name}"
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return ""


def _ask(command: list[str], listed: str, env: Mapping[str, str]) -> str:
    """The line that was chosen."""
    import termios

    if not command[0]:
        raise AwsxError(NO_FZF)
    start = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start.py")
    # fzf runs the preview by $SHELL: let it be one that is the same for everybody.
    child = {**env, "SHELL": "/bin/sh", "AWSX_PREVIEW_PYTHON": sys.executable, "AWSX_PREVIEW_START": start}
    saved = termios.tcgetattr(2)
    try:
        code, answer = _run(command, listed.encode("utf-8", "replace"), child)
    except OSError as error:
        raise AwsxError(NO_FZF) from error
    finally:  # a picker that was killed leaves the terminal raw, and nobody after us can mend it
        termios.tcsetattr(2, termios.TCSADRAIN, saved)
    if code in (1, 130):  # Enter on an empty list; Esc or Ctrl-C
        raise Cancelled
    if code != 0:
        raise AwsxError(FAILED.format(code))
    return answer.decode().rstrip("\n").rpartition("\n")[2]


def _run(command: list[str], given: bytes, env: Mapping[str, str]) -> tuple[int, bytes]:
    """subprocess.run(command, input=given, stdout=PIPE), without the import. Raises OSError."""
    ours, theirs = os.pipe()
    answer, told = os.pipe()
    wired = [(os.POSIX_SPAWN_DUP2, ours, 0), (os.POSIX_SPAWN_DUP2, told, 1)]
    pid = os.posix_spawn(command[0], command, env, file_actions=wired, setsigdef=[_signal.SIGPIPE])
    os.close(ours)
    os.close(told)
    with open(theirs, "wb", buffering=0) as stdin:
        try:
            while given:
                given = given[stdin.write(given) :]
        except BrokenPipeError:  # it was left before it had read everything
            pass
    with open(answer, "rb") as stdout:
        text = stdout.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text
