"""Choose one profile of many: iterfzf's fzf over aligned rows, with a preview. Esc and Ctrl-C choose nothing.

fzf is started without iterfzf and subprocess, whose imports cost more than all of the rest, and before the rows are
drawn: it shows the first of them while we make the last.
"""

import _signal
import os
import sys
import time
from itertools import islice

from awsx import index, packages, tokens
from awsx.rows import Rows, aligned
from awsx.term import AwsxError, Cancelled, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from awsx.find import Facts
    from awsx.settings import Settings

NO_FZF = "the picker needs fzf and finds none; install it, or iterfzf, which carries one"
FAILED = "the picker failed (fzf ended with {})"
TITLES = ("PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION")
WIDEST = (48, 12, 28, 32, 16)  # columns of the screen
ENDS = "\x01{}\x01"  # stands where a row shows how long its session, the nth of the first line, is good
BATCH = 5000  # rows that fzf gets at once


def choose(facts: "Facts", query: str) -> str:
    """The name of the profile the person chose. Raises Cancelled, and AwsxError if there is no fzf to choose with."""
    kept = facts.index.kept("rows", _unpack) or _made(facts)
    answer = _ask(_command(query, facts.chosen), _listed(facts, kept), facts.env)
    return bytes.fromhex(answer.partition("\t")[0]).decode("utf-8", "surrogateescape")


def _listed(facts: "Facts", kept: str) -> "Iterator[str]":
    """fzf's input: a line of titles, then `NAME IN HEX, TAB, row` for each profile, most used first.

    What is done to every row is done in C, and to the first of them first.
    """
    now = time.time()
    title, sessions, names, text = kept.split("\n", 3)
    rows = dict(zip(names.split("\t"), text.splitlines(keepends=True)))
    current = facts.env.get("AWS_PROFILE", "")
    if current in rows:
        rows[current] = "*" + rows[current][1:]
    if facts.chosen.picker_order == "used":
        rows = _most_used_first(rows, index.scores(facts.env, now))
    ends = _ends(sessions.split("\t"), facts.env, now)
    items = iter(rows.items())
    yield f"\t  {title}  LEFT     SESSION\n"
    while batch := dict(islice(items, BATCH)):
        yield _drawn(batch, ends)


def _most_used_first(rows: dict[str, str], scores: dict[str, float]) -> dict[str, str]:
    best = sorted(scores, key=lambda name: -scores[name])
    return {name: rows[name] for name in best if name in rows} | rows


def _ends(sessions: list[str], env: "Mapping[str, str]", now: float) -> dict[str, str]:
    """What stands in a row in the place of each session: how long it is good, and its name."""
    found = {}
    for n, session in enumerate(sessions):
        key, _, label = session.partition(" ")
        left = tokens.left(tokens.load(env, key), now) if key else ""
        found[ENDS.format(n)] = f"{left:7}  {label}"
    return found


def _drawn(rows: dict[str, str], ends: dict[str, str]) -> str:
    encoded = "\t".join(rows).encode("utf-8", "surrogateescape").split(b"\t")
    text = "".join(map("\t".join, zip(map(bytes.hex, encoded), rows.values())))
    for place, end in ends.items():
        text = text.replace(place, end)
    return text


def _made(facts: "Facts") -> str:
    """Titles, sessions, names, then the rows as far as the files tell them, aligned; kept for next time."""
    rows = Rows(facts.config, facts.account, facts.env, 0).all()
    table = list(zip(*[(r.name, r.account, r.account_name, r.role, r.region, r.session) for r in rows]))
    if not table:
        facts.names()  # says so
    *texts, sessions = table
    number = {session: n for n, session in enumerate(dict.fromkeys(sessions))}
    heads = [f"{tokens.sha1_hex(session) if session else ''} {clean(session, 48)}" for session in number]
    lines = aligned([[title, *column] for title, column in zip(TITLES, texts)], WIDEST)
    title = next(lines)
    names = "\t".join([name.replace("\t", " ") for name in texts[0]])  # one with a tab cannot be used anyway
    drawn = (f"  {line}  {ENDS.format(number[session])}\n" for line, session in zip(lines, sessions))
    made = "\n".join((title, "\t".join(heads), names, "".join(drawn)))
    facts.index.keep("rows", made, _pack)
    return made


def _pack(data: bytes) -> bytes:
    import zlib

    return zlib.compress(data, 4)  # more takes twice the time and saves nothing


def _unpack(data: bytes) -> bytes:
    import zlib

    try:
        return zlib.decompress(data)
    except zlib.error:  # nothing is kept
        return b""


def _command(query: str, chosen: "Settings") -> list[str]:
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


def _ask(command: list[str], listed: "Iterable[str]", env: "Mapping[str, str]") -> str:
    """The line that was chosen."""
    import termios

    if not command[0]:
        raise AwsxError(NO_FZF)
    start = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start.py")
    # fzf runs the preview by $SHELL: let it be one that is the same for everybody.
    child = {**env, "SHELL": "/bin/sh", "AWSX_PREVIEW_PYTHON": sys.executable, "AWSX_PREVIEW_START": start}
    saved = termios.tcgetattr(2)
    try:
        code, answer = _run(command, listed, child)
    except OSError as error:
        raise AwsxError(NO_FZF) from error
    finally:  # a picker that was killed leaves the terminal raw, and nobody after us can mend it
        termios.tcsetattr(2, termios.TCSADRAIN, saved)
    if code in (1, 130):  # Enter on an empty list; Esc or Ctrl-C
        raise Cancelled
    if code != 0:
        raise AwsxError(FAILED.format(code))
    return answer.decode().rstrip("\n").rpartition("\n")[2]


def _run(command: list[str], given: "Iterable[str]", env: "Mapping[str, str]") -> tuple[int, bytes]:
    """subprocess.run(command, input=given, stdout=PIPE), without the import. Raises OSError."""
    ours, theirs = os.pipe()
    answer, told = os.pipe()
    wired = [(os.POSIX_SPAWN_DUP2, ours, 0), (os.POSIX_SPAWN_DUP2, told, 1)]
    pid = os.posix_spawn(command[0], command, env, file_actions=wired, setsigdef=[_signal.SIGPIPE])
    os.close(ours)
    os.close(told)
    try:
        with open(theirs, "w", encoding="utf-8") as stdin:
            stdin.writelines(given)
    except BrokenPipeError:  # it was left before it had read everything
        pass
    with open(answer, "rb") as stdout:
        text = stdout.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text
