"""Choose a profile: aligned rows in fzf, with a preview. Esc and Ctrl-C choose nothing."""

import time

from awsx.files import tokens
from awsx.memos import uses
from awsx.tables import fzf, store
from awsx.term import AwsxError, clean, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsx.facts import Facts
    from awsx.files.settings import Settings
    from awsx.files.stock import Stock

TITLES = ("PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION")
WIDEST = (48, 12, 28, 32, 16)  # columns of the screen
GUARDED, GUARDED_END = "\x02", "\x03"  # around what is coloured in the row of a guarded profile
CURRENT = b"*"  # the first character of the current profile's row


class Session:
    """A session in the rows: the name of its token file, how long it is good, what it is called."""

    __slots__ = ("key", "label", "left")

    def __init__(self, key: str, left: str, label: str) -> None:
        self.key, self.left, self.label = key, left, label

    def shown(self) -> str:
        """How each row of this session ends."""
        return f"  {self.left:7}  {self.label}"


class Shown:
    """What the picker shows: its title, its sessions, and the rows as one text in UTF-8.

    A row is `TEXT, TAB, NAME IN HEX`. The rows stay one text, of which pieces are cut: to split it
    would take longer than all of the rest.
    """

    __slots__ = ("rows", "sessions", "title")

    def __init__(self, title: str, sessions: "Sequence[Session]", rows: bytes) -> None:
        self.title, self.sessions, self.rows = title, sessions, rows

    def renew(self, env: "Mapping[str, str]", now: float) -> bool:
        """Write into the rows how long their sessions are good now; True if that has changed."""
        is_new = False
        for session in self.sessions:
            before, session.left = session.shown(), _left(session.key, env, now)
            if session.shown() != before:
                is_new = True
                for end in ("\t", f"{GUARDED_END}\t"):
                    old, new = f"{before}{end}".encode(), f"{session.shown()}{end}".encode()
                    self.rows = new.join(self.rows.split(old))  # replace would take twice as long
        return is_new

    def keep(self, stock: "Stock") -> None:
        """Keep it for next time, unless `renew` could take one session in it for another."""
        labels = [session.label for session in self.sessions]
        if len({*labels}) == len(labels) and not any("  " in label for label in labels):
            sessions = "\t".join(f"{each.key} {each.left} {each.label}" for each in self.sessions)
            head = f"{self.title}\n{sessions}\n".encode()
            stock.keep("rows", head + store.pack(self.rows))


def choose(facts: "Facts", query: str) -> tuple[str, bool]:
    """The name of the profile the person chose, and whether fzf did it for them.

    The latter is told where profiles are guarded: then it is the only match, which nobody has seen.
    Raises as `fzf.ask` does, and AwsxError if there is no profile.
    """
    now = time.time()
    shown = _kept(facts.stock)
    is_new = shown.renew(facts.env, now) if shown else True
    shown = shown or _made(facts, now)
    command = _command(query, shown.title, facts.settings, facts.env)
    rows = _arranged(shown.rows, facts, now)
    key, row = fzf.ask(
        command, rows, facts.env, lambda: shown.keep(facts.stock) if is_new else None
    )
    try:
        name = bytes.fromhex(row.rpartition("\t")[2]).decode("utf-8", "surrogateescape")
    except ValueError:
        name = ""
    if not name:
        raise AwsxError(fzf.NO_ROW)
    return name, bool(facts.patterns) and not key


def _kept(stock: "Stock") -> "Shown | None":
    title, _, rest = stock.kept_bytes("rows").partition(b"\n")
    sessions, _, packed = rest.partition(b"\n")
    rows = store.unpack(packed)
    if not rows:
        return None
    found = [Session(*each.split(" ", 2)) for each in sessions.decode().split("\t") if each]
    return Shown(title.decode(), found, rows)


def _made(facts: "Facts", now: float) -> Shown:
    """What the files tell of all profiles, aligned."""
    from awsx.tables.columns import aligned
    from awsx.tables.rows import Rows

    rows = Rows(facts.config, facts.account, facts.env, now, facts.patterns)
    table = store.table(facts.stock, rows)
    if not any(table):
        facts.names()  # says so
    names, *texts, _, labels = table
    sessions = {label: _session(label, facts.env, now) for label in dict.fromkeys(labels) if label}
    ends = {label: session.shown() for label, session in sessions.items()} | {"": " " * 11}
    columns = [[title, *column] for title, column in zip(TITLES, (names, *texts))]
    lines = aligned(columns, WIDEST)
    title = f"  {next(lines)}  LEFT     SESSION"
    guarded = map(rows.is_guarded, zip(*table)) if facts.patterns else [False] * len(names)
    drawn = (
        f"{_marked(f'{line}{ends[label]}', is_guarded)}\t{_hex(name)}\n".encode()
        for line, label, name, is_guarded in zip(lines, labels, names, guarded)
    )
    return Shown(title, list(sessions.values()), b"".join(drawn))


def _session(label: str, env: "Mapping[str, str]", now: float) -> Session:
    key = tokens.sha1_hex(label)
    return Session(key, _left(key, env, now), clean(label, 48))


def _left(key: str, env: "Mapping[str, str]", now: float) -> str:
    return tokens.left(tokens.load(env, key), now)


def _marked(text: str, is_guarded: bool) -> str:
    """Two columns for marks before the row, of which the first is the current profile's."""
    return f" !{GUARDED}{text}{GUARDED_END}" if is_guarded else f"  {text}"


def _hex(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").hex()


def _arranged(rows: bytes, facts: "Facts", now: float) -> "Iterator[bytes | memoryview]":
    """The rows as fzf shows them: the most used first, the current one marked."""
    for mark, colour in _colours(facts.settings, facts.env).items():
        rows = rows.replace(mark.encode(), colour.encode())
    profile, view = facts.env.get("AWS_PROFILE"), memoryview(rows)
    current = _place(rows, profile) if profile else (0, 0)
    scores = uses.scores(facts.env, now) if facts.settings.picker_order == "used" else {}
    used = [_place(rows, name) for name in scores]
    for start, end in _in_order([place for place in used if place[1]], len(rows)):
        if start <= current[0] < end and current[1]:
            yield from (view[start : current[0]], CURRENT, view[current[0] + 1 : end])
        else:
            yield view[start:end]


def _place(rows: bytes, name: str) -> tuple[int, int]:
    """Where the row of a profile starts and ends; 0, 0 if it has none."""
    end = rows.find(f"\t{_hex(name)}\n".encode())
    return (rows.rfind(b"\n", 0, end) + 1, rows.index(b"\n", end) + 1) if end >= 0 else (0, 0)


def _in_order(first: list[tuple[int, int]], end: int) -> "Iterator[tuple[int, int]]":
    """Where the pieces of the text start and end: first these, then what is left of it."""
    yield from first
    at = 0
    for start, stop in (*sorted(first), (end, end)):
        yield at, start
        at = stop


def _colours(chosen: "Settings", env: "Mapping[str, str]") -> dict[str, str]:
    """What stands around the row of a guarded profile in place of the marks that are kept."""
    if not chosen.guard.patterns:
        return {}
    if not colour_wanted(2, dict(env)):
        return {GUARDED: "", GUARDED_END: ""}
    return {GUARDED: f"\x1b[{chosen.guard.color}m", GUARDED_END: "\x1b[m"}


def _command(query: str, title: str, chosen: "Settings", env: "Mapping[str, str]") -> list[str]:
    """fzf's arguments. The command line shows no name but the query that the person typed."""
    begin, end = fzf.command(title, query, env)
    if chosen.picker_preview:
        # {2} is the name in hexadecimal: nothing for a shell to stumble over.
        begin += ['--preview="$AWSX_PREVIEW_PYTHON" -I -S "$AWSX_PREVIEW_START" --preview {2}']
        begin += ["--preview-window=down,9,wrap,border-top"]
    # The name in hexadecimal stands past the edge of every screen, where no search meets it; a row
    # that is wrapped would show it. To cut it away by --with-nth takes 10 to 20 ms longer, if there
    # are 20,000 rows.
    end += [
        "--delimiter=\t",
        "--nth=1",
        "--tabstop=999",
        "--no-hscroll",
        "--bind=ctrl-/:ignore,alt-/:ignore",
    ]
    if begin[0].endswith(fzf.CARRIED):
        end += ["--ellipsis="]  # fzf before 0.30 knows none, and ends a row with `..`
    if chosen.guard.patterns and colour_wanted(2, dict(env)):
        end += ["--ansi"]
    if query and chosen.switch_on_single_match:
        end += ["--select-1"]
    return [*begin, *end]
