"""Choose one of many: iterfzf's fzf over aligned rows, with a preview. Esc and Ctrl-C choose nothing.

fzf is started without iterfzf and subprocess, whose imports cost more than all of the rest, and before the rows are
unpacked. It looks for rows 15 ms after its start and then every 10 to 50 ms (src/reader.go): what it has read in full
by then is drawn at once, and where rows are still missing 10 ms later.
"""

import _signal
import posix
import sys
import time

from awsx.files import disk, tokens
from awsx.memos import uses
from awsx.term import AwsxError, Cancelled, clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from awsx.facts import Facts
    from awsx.files.settings import Settings
    from awsx.rows import Row

NO_FZF = "the picker needs fzf and finds none; install it, or iterfzf, which carries one"
FAILED = "the picker failed (fzf ended with {})"
TITLES = ("PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION")
WIDEST = (48, 12, 28, 32, 16)  # columns of the screen
ENDS = "\x01{}\x01"  # stands where a row shows how long its session, the nth of the first line, is good
GUARDED, GUARDED_END = "\x02", "\x03"  # around what is coloured in the row of a guarded profile
EXPECT = "--expect=enter,double-click"  # the key is told; none, if fzf chose by itself, as FZF_DEFAULT_OPTS may want it
CARRIED = "iterfzf/fzf"
BATCH = 500_000  # characters that fzf gets at once
UNPACKED = 20  # times as long as what is kept; where it is more, unpacking takes longer


def choose(facts: "Facts", query: str) -> tuple[str, bool]:
    """The name of the profile the person chose, and whether fzf did it for them: the only match, never seen.

    The latter is told where profiles are guarded. Raises Cancelled, and AwsxError if there is no fzf to choose with.
    """
    title = facts.stock.kept("rows", _title)
    made = "" if title else _made(facts)
    command = _command(query, title or made.partition("\n")[0], facts.settings, facts.env)
    key, row = _ask(command, _listed(facts, made), facts.env)
    name = bytes.fromhex(row.rpartition("\t")[2]).decode("utf-8", "surrogateescape")
    return name, bool(facts.patterns) and not key


def choose_row(title: str, rows: "Iterable[str]", env: "Mapping[str, str]") -> str:
    """The row the person chose of a few that hide nothing. Raises as `choose` does."""
    return _ask(_looks(title, "", env), (f"{row}\n" for row in rows), env)[1]


def _listed(facts: "Facts", made: str) -> "Iterator[str]":
    """fzf's input: `row, TAB, NAME IN HEX` for each profile, most used first. What is kept is unpacked only now.

    The rows stay one text, of which pieces are cut: to split it takes longer than all of the rest.
    """
    now = time.time()
    _, sessions, text = (made or facts.stock.kept("rows", _unpack) or _made(facts)).split("\n", 2)
    ends = _ends(sessions.split("\t"), facts.env, now) | _colours(facts.settings, facts.env)
    current = facts.env.get("AWS_PROFILE", "")
    scores = uses.scores(facts.env, now) if facts.settings.picker_order == "used" else {}
    shown = []
    for name in sorted(scores, key=lambda name: -scores[name]):
        start, end = _place(text, name)
        if end:
            shown.append((start, end))
            yield _drawn(text[start:end], ends, current)
    for piece in _without(text, shown):
        yield _drawn(piece, ends, current)


def _place(text: str, name: str) -> tuple[int, int]:
    """Where the row of a profile starts and ends; 0, 0 if it has none."""
    end = text.find(f"\t{_hex(name)}\n")
    return (text.rfind("\n", 0, end) + 1, text.index("\n", end) + 1) if end >= 0 else (0, 0)


def _without(text: str, shown: list[tuple[int, int]]) -> "Iterator[str]":
    """The other rows, a few thousand at once: fzf reads some while we draw the next."""
    at = 0
    for start, end in (*sorted(shown), (len(text), len(text))):
        while at < start:
            stop = text.index("\n", min(at + BATCH, start - 1)) + 1
            yield text[at:stop]
            at = stop
        at = end


def _drawn(rows: str, ends: dict[str, str], current: str) -> str:
    start, end = _place(rows, current)
    if end:
        rows = f"{rows[:start]}*{rows[start + 1 :]}"
    for place, end_of_row in ends.items():
        rows = end_of_row.join(rows.split(place))  # str.replace takes twice as long
    return rows


def _ends(sessions: list[str], env: "Mapping[str, str]", now: float) -> dict[str, str]:
    """What stands in a row in the place of each session: how long it is good, and its name."""
    found = {}
    for n, session in enumerate(sessions):
        key, _, label = session.partition(" ")
        left = tokens.left(tokens.load(env, key), now) if key else ""
        found[ENDS.format(n)] = f"{left:7}  {label}"
    return found


def _colours(chosen: "Settings", env: "Mapping[str, str]") -> dict[str, str]:
    """What stands around the row of a guarded profile in place of the marks that are kept."""
    if not chosen.guard.patterns:
        return {}
    if not colour_wanted(2, dict(env)):
        return {GUARDED: "", GUARDED_END: ""}
    return {GUARDED: f"\x1b[{chosen.guard.color}m", GUARDED_END: "\x1b[m"}


def _made(facts: "Facts") -> str:
    """Titles, sessions, then the rows as far as the files tell them, aligned; kept for next time."""
    from awsx.columns import aligned
    from awsx.rows import Rows

    rows = list(Rows(facts.config, facts.account, facts.env, 0, facts.patterns).all())
    table = list(
        zip(*[(r.name, r.account, r.account_name, r.role, r.region, r.session) for r in rows])
    )
    if not table:
        facts.names()  # says so
    *texts, sessions = table
    number = {session: n for n, session in enumerate(dict.fromkeys(sessions))}
    heads = [
        f"{tokens.sha1_hex(session) if session else ''} {clean(session, 48)}" for session in number
    ]
    lines = aligned([[title, *column] for title, column in zip(TITLES, texts)], WIDEST)
    title = f"  {next(lines)}  LEFT     SESSION"
    drawn = (
        f"{_marked(row, f'{line}  {ENDS.format(number[row.session])}')}\t{_hex(row.name)}\n"
        for line, row in zip(lines, rows)
    )
    made = "".join([title, "\n", "\t".join(heads), "\n", *drawn])
    facts.stock.keep("rows", made, _pack)
    return made


def _marked(row: "Row", text: str) -> str:
    """Two columns for marks before the row, of which the first is the current profile's."""
    return f" !{GUARDED}{text}{GUARDED_END}" if row.is_guarded else f"  {text}"


def _hex(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").hex()


def _pack(data: bytes) -> bytes:
    import zlib

    begin = data.index(b"\n") + 1
    return data[:begin] + zlib.compress(
        memoryview(data)[begin:], 4
    )  # more takes twice the time and saves nothing


def _title(packed: bytes) -> bytes:
    return packed.partition(b"\n")[0]


def _unpack(packed: bytes) -> bytes:
    import zlib

    title, _, rest = packed.partition(b"\n")
    try:
        return title + b"\n" + zlib.decompress(rest, bufsize=UNPACKED * len(rest))
    except zlib.error:  # nothing is kept
        return b""


def _command(query: str, title: str, chosen: "Settings", env: "Mapping[str, str]") -> list[str]:
    """fzf's arguments. No name of a person's appears in a command line but the query they typed."""
    command = _looks(title, query, env)
    # The name in hexadecimal stands past the edge of every screen, where no search meets it; a row that is wrapped
    # would show it. Cut away by --with-nth, it keeps the first of 20,000 rows waiting 10 to 20 ms longer.
    command += [
        "--delimiter=\t",
        "--nth=1",
        "--tabstop=999",
        "--no-hscroll",
        "--bind=ctrl-/:ignore,alt-/:ignore",
    ]
    if "--wrap" in env.get("FZF_DEFAULT_OPTS", ""):
        command += ["--no-wrap"]  # fzf before 0.54 knows neither
    if command[0].endswith(CARRIED):
        command += ["--ellipsis="]  # fzf before 0.30 knows none, and ends a row with `..`
    if chosen.picker_preview:
        # {2} is the name in hexadecimal: nothing for a shell to stumble over.
        command += ['--preview="$AWSX_PREVIEW_PYTHON" -I -S "$AWSX_PREVIEW_START" --preview {2}']
        command += ["--preview-window=down,9,wrap,border-top"]
    if chosen.guard.patterns:
        command += [EXPECT, "--ansi"] if colour_wanted(2, dict(env)) else [EXPECT]
    return [*command, "--select-1"] if query and chosen.switch_on_single_match else command


def _looks(title: str, query: str, env: "Mapping[str, str]") -> list[str]:
    command = [
        _fzf(env),
        f"--header={title}",
        f"--query={query}",
        "--prompt=awsx> ",
        "--no-multi",
        "--layout=reverse",
    ]
    return [*command, "--bind=ctrl-z:ignore", "--tiebreak=begin,index"]


def _fzf(env: "Mapping[str, str]") -> str:
    """The fzf that iterfzf carries, else one on PATH."""
    # In a checkout, iterfzf does not lie beside awsx, but mostly in the interpreter's own environment.
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


def _ask(command: list[str], listed: "Iterable[str]", env: "Mapping[str, str]") -> tuple[str, str]:
    """The key that chose, if `--expect` asks for it, and the line that was chosen."""
    import termios

    if not command[0]:
        raise AwsxError(NO_FZF)
    start = __file__.rpartition("/")[0] + "/start.py"
    # fzf runs the preview by $SHELL: let it be one that is the same for everybody.
    child = {
        **env,
        "SHELL": "/bin/sh",
        "AWSX_PREVIEW_PYTHON": sys.executable,
        "AWSX_PREVIEW_START": start,
    }
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
    *_, key, row = [
        "",
        *answer.decode().rstrip("\n").split("\n"),
    ]  # a person may have fzf print more
    return key, row


def _run(command: list[str], given: "Iterable[str]", env: "Mapping[str, str]") -> tuple[int, bytes]:
    """subprocess.run(command, input=given, stdout=PIPE), without the import. Raises OSError."""
    ours, theirs = posix.pipe()
    answer, told = posix.pipe()
    wired = [(posix.POSIX_SPAWN_DUP2, ours, 0), (posix.POSIX_SPAWN_DUP2, told, 1)]
    pid = posix.posix_spawn(
        command[0], command, env, file_actions=wired, setsigdef=[_signal.SIGPIPE]
    )
    posix.close(ours)
    posix.close(told)
    try:
        with open(theirs, "w", encoding="utf-8") as stdin:
            stdin.writelines(given)
    except BrokenPipeError:  # it was left before it had read everything
        pass
    with open(answer, "rb") as stdout:
        text = stdout.read()
    return posix.waitstatus_to_exitcode(posix.waitpid(pid, 0)[1]), text
