"""All profiles as one text of rows for fzf: made from the files, kept, and brought up to date.

A row, in UTF-8:

    VT MARKS VT PROFILE VT LEFT VT NAME VT ROLE VT REGION VT SESSION VT ACCOUNT VT FULL VT HEX

VT (\\v) ends a field: fzf draws no control character, and takes this one for a blank. A field
that is a column, but for PROFILE, begins with the column's code: on the screen this becomes a
blank, or, from the first column that has no room, a TAB as wide as the screen, so that the rest is
searched but not seen. MARKS has two characters: `*` for the current profile, `!` for a guarded one.
LEFT begins with the number of its session in codes. FULL has the texts that were cut to fit their
columns, HEX the name in hexadecimal digits. A form feed, which fzf takes for a blank and does not
draw, stands behind the whole name, be it in PROFILE or in FULL: so a query can ask for exactly it.

The rows stay one text, of which pieces are cut: to split it would take longer than all of the rest.
"""

from io import BytesIO

from awsx.files import tokens
from awsx.memos import uses
from awsx.tables import columns, store
from awsx.tables.columns import LONGEST, MARKS, TITLES, WIDEST, coloured
from awsx.tables.left import WIDTH, Lefts
from awsx.term import clean, screen_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsx.facts import Facts
    from awsx.files.stock import Stock
    from awsx.tables.rows import Rows
    from awsx.tables.store import Columns

VT = "\v"
NAME_END = "\f"
CODES = "\x01\x02\x03\x04\x05\x06"  # how LEFT and the columns after it begin
DIGITS = {ord("0") + n: 0x10 + n for n in range(10)}  # a session's number, in codes
# The fields of a row, counted from 1, that a term may stand in. fzf drops what is blank at the end
# of the last one: let that be no field with a name.
SEARCHED = (3, 5, 6, 7, 8, 10, 9)
CURRENT = b"*"


class Session:
    """A session in the rows: the name of its token file, and what LEFT says of it."""

    __slots__ = ("cell", "key")

    def __init__(self, key: str, cell: str) -> None:
        self.key, self.cell = key, cell


class Listing:
    """The rows, and their sessions in order.

    `widths` are those of the columns, 0 for an empty one; `full` those that they have with every
    text whole, `usual` those that suit nearly all texts.
    """

    __slots__ = ("full", "rows", "sessions", "usual", "widths")

    def __init__(
        self, widths: "Sequence[Sequence[int]]", sessions: list[Session], rows: bytes
    ) -> None:
        self.widths, self.full, self.usual = widths
        self.sessions, self.rows = sessions, rows

    def fitting(self, room: int) -> list[int]:
        """The widths of the columns that are drawn where there is so much room."""
        return columns.drawn(self.full, self.usual, room)

    def renew(self, lefts: Lefts) -> bool:
        """Write into the rows how long their sessions are good now; True if that has changed."""
        is_new = False
        for number, session in enumerate(self.sessions):
            before, session.cell = session.cell, lefts.of(session.key).cell()
            if session.cell != before:
                is_new = True
                old, new = (
                    f"{CODES[0]} {_numbered(number, cell)}".encode()
                    for cell in (before, session.cell)
                )
                self.rows = new.join(self.rows.split(old))  # replace would take twice as long
        return is_new

    def titles(self, shown: int) -> dict[str, int]:
        """The titles of the columns, if so many are drawn, with their widths."""
        names = list(TITLES)
        if not self.widths[-1]:
            names[2] = "ACCOUNT"  # no account has a name
        return {name: width for name, width in zip(names[:shown], self.widths) if width}

    def title_line(self, shown: int) -> str:
        """The line above the rows."""
        titles = self.titles(shown).items()
        return " " * MARKS + "  ".join(name.ljust(width) for name, width in titles)

    def drawn(self, shown: int) -> bytes:
        """The rows as fzf draws them, if so many columns are to be seen."""
        to = " " * (shown - 1) + "\t" * len(CODES[shown - 1 :])
        return self.rows.translate(bytes.maketrans(CODES.encode(), to.encode()))

    def keep(self, stock: "Stock") -> None:
        """Keep it for the next time."""
        each = (self.widths, self.full, self.usual)
        widths = "\t".join(" ".join(map(str, widths)) for widths in each)
        sessions = "\t".join(f"{each.key} {each.cell}" for each in self.sessions)
        stock.keep("listing", f"{widths}\n{sessions}\n".encode() + store.pack(self.rows))


def current(facts: "Facts", now: float) -> "tuple[Listing, bool]":
    """The listing as of `now`, and whether it is to be kept."""
    found = kept(facts.stock)
    if found:
        return found, found.renew(Lefts(facts, now))
    return made(facts, now), True


def kept(stock: "Stock") -> "Listing | None":
    """What was kept the last time, if it still holds but for LEFT."""
    head, _, rest = stock.kept_bytes("listing").partition(b"\n")
    sessions, _, packed = rest.partition(b"\n")
    rows = store.unpack(packed)
    widths = [[int(width) for width in each.split()] for each in head.split(b"\t")]
    if not rows or len(widths) != 3:  # 0.1.0 kept them otherwise
        return None
    pairs = [each.partition(" ") for each in sessions.decode().split("\t") if each]
    found = [Session(key, cell) for key, _, cell in pairs]
    return Listing(widths, found, rows)


def made(facts: "Facts", now: float, room: int = 1000) -> Listing:
    """What the files tell of all profiles, cut to fit where there is so much room."""
    from awsx.tables.rows import Rows

    rows = Rows(facts.config, facts.account, facts.env, now, facts.patterns, facts.tags, facts.each)
    table = store.table(facts.stock, rows)
    if not any(table):
        facts.names()  # says so
    return _Maker(facts, rows, table, Lefts(facts, now)).listing(room)


class _Maker:
    """Makes a listing of a table, column by column."""

    def __init__(self, facts: "Facts", rows: "Rows", table: "Columns", lefts: Lefts) -> None:
        self._facts, self._rows, self._table, self._lefts = facts, rows, table, lefts
        self._height = len(table[0])
        labels = [label for label in dict.fromkeys(table[-1]) if label]
        self._numbers = {label: number for number, label in enumerate(labels)}
        keys = map(tokens.key_of, labels)
        self._sessions = [Session(key, lefts.of(key).cell()) for key in keys]

    def listing(self, room: int) -> Listing:
        names, accounts, account_names, roles, regions, _, labels = self._table
        called = [name or number for name, number in zip(account_names, accounts)]
        ids = accounts if any(account_names) else [""] * self._height
        aliases = {name: alias for alias, name in self._facts.aliases.items()}
        shown = [f"{name} ({aliases[name]})" if name in aliases else name for name in names]
        texts = (shown, called, roles, regions, labels, ids)
        left, left_width = self._left_column()
        full, usual = _measured(texts, left_width)
        widths = columns.drawn(full, usual, room)
        widths += full[len(widths) :]  # those that are not seen are whole
        bounds = (widths[0], *widths[2:])
        codes = ("", *CODES[1:])
        ends = (NAME_END, *[""] * len(CODES))
        profiles, *rest = [_column(*each) for each in zip(codes, texts, bounds, ends)]
        marks, profiles = self._guarded(profiles)
        fields = (marks, profiles, left, *rest)
        alone = [aliases.get(name, "") for name in names]
        cut = self._cut_texts((names, *texts[1:], alone), (*bounds, 0), aliases)
        lines = zip(*fields, cut, map(name_in_hex, names))
        rows = BytesIO()  # b"".join would hold all rows twice
        rows.writelines(f"{VT}{VT.join(line)}\n".encode() for line in lines)
        return Listing((widths, full, usual), self._sessions, rows.getvalue())

    def _left_column(self) -> "tuple[Iterator[str], int]":
        """LEFT of each profile, with the number of its session, and its width; 0 if it is empty."""
        labels, kinds = self._table[-1], self._table[-2]
        cells = {
            label: f"{CODES[0]} {_numbered(number, self._sessions[number].cell)}"
            for label, number in self._numbers.items()
        }
        broken = f"{CODES[0]} {self._lefts.told('broken', None).cell()}"
        if not cells and "broken" not in kinds:
            return iter([""] * self._height), 0
        cells[""] = f"{CODES[0]} {'':{WIDTH}}"
        each = zip(labels, kinds)
        return (broken if kind == "broken" else cells[label] for label, kind in each), WIDTH

    def _guarded(self, profiles: "Iterator[str]") -> "tuple[Iterator[str], Iterator[str]]":
        """The marks, and the texts of PROFILE, those of guarded profiles in the guard's colour."""
        if not self._facts.patterns:
            return iter(["  "] * self._height), profiles
        colour = self._facts.settings.guard.color
        is_guarded = list(map(self._rows.is_guarded, zip(*self._table)))
        marks = (" !" if guarded else "  " for guarded in is_guarded)
        texts = (
            coloured(text, colour) if guarded else text
            for text, guarded in zip(profiles, is_guarded)
        )
        return marks, texts

    def _cut_texts(
        self,
        texts: "Sequence[Sequence[str]]",
        bounds: "Sequence[int]",
        aliases: "Mapping[str, str]",
    ) -> "Iterator[str]":
        """What of each profile's texts is too long for its column; a TAB hides it.

        The alias, which has no column of its own and 0 as its bound, and the name of a profile that
        has one, since no name ends in PROFILE then.
        """
        long = [
            {text for text in set(column) if screen_width(text) > bound}
            for column, bound in zip(texts, bounds)
        ]
        long[0] |= set(aliases)
        if not any(long):
            return iter(["\t"] * self._height)
        return ("\t" + _joined(row, long) for row in zip(*texts))


def _joined(row: "Sequence[str]", long: "Sequence[set[str]]") -> str:
    """The texts of a row that are too long."""
    ends = (NAME_END, *" " * len(row))
    cut = (clean(text, LONGEST) + end for text, end, some in zip(row, ends, long) if text in some)
    return "".join(cut)


def _measured(texts: "Sequence[Sequence[str]]", left_width: int) -> "tuple[list[int], list[int]]":
    """The widths of the columns with every text whole, and those that suit nearly all texts.

    An empty column has none.
    """
    titles = (TITLES[0], "ACCOUNT", *TITLES[3:])
    full, usual = [], []
    for title, column, bound in zip(titles, texts, (WIDEST[0], *WIDEST[2:])):
        distinct = set(column)
        width = columns.fitted([title, *distinct], bound)[1] if distinct != {""} else 0
        full.append(width)
        usual.append(columns.usual(title, column, width))
    full.insert(1, left_width)
    usual.insert(1, left_width)
    return full, usual


def _column(code: str, texts: "Sequence[str]", width: int, end: str) -> "Iterator[str]":
    """The texts, cut to the width and filled up, behind the column's code; as is if that is 0.

    `end` stands behind each text that is whole. A thousand profiles share a role: one copy of each
    text will do.
    """
    if not width:
        return iter(texts)
    distinct = list(dict.fromkeys(texts))
    fitted, _ = columns.fitted(distinct, width)
    begin = f"{code} " if code else ""
    padded = columns.padded(fitted, width)
    filled = {
        text: begin + (text + end + full[len(text) :] if text == shown else full)
        for text, shown, full in zip(distinct, fitted, padded)
    }
    return map(filled.__getitem__, texts)


def _numbered(number: int, cell: str) -> str:
    return str(number).translate(DIGITS) + cell


def name_in_hex(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").hex()


def name_of(row: str) -> str:
    """The profile of a row that fzf printed; empty if this is none of its rows."""
    try:
        return bytes.fromhex(row.rpartition(VT)[2]).decode("utf-8", "surrogateescape")
    except ValueError:
        return ""


def arranged(rows: bytes, facts: "Facts", now: float) -> "Iterator[bytes | memoryview]":
    """The rows in the order of the list: the most used first, the current one marked."""
    profile, view = facts.env.get("AWS_PROFILE"), memoryview(rows)
    current = _place(rows, profile) if profile else (0, 0)
    is_by_use = not facts.has_settings or facts.settings.picker_order == "used"
    scores = uses.scores(facts.env, now) if is_by_use else {}
    used = [_place(rows, name) for name in scores]
    for start, end in _in_order([place for place in used if place[1]], len(rows)):
        if start <= current[0] < end and current[1]:
            at = current[0] + len(VT)
            yield from (view[start:at], CURRENT, view[at + 1 : end])
        else:
            yield view[start:end]


def of(rows: bytes, names: "Sequence[str]") -> bytes:
    """The rows of these profiles alone, in the order of the list."""
    places = sorted(_place(rows, name) for name in names)
    return b"".join(rows[start:end] for start, end in places)


def _place(rows: bytes, name: str) -> tuple[int, int]:
    """Where the row of a profile starts and ends; 0, 0 if it has none."""
    end = rows.find(f"{VT}{name_in_hex(name)}\n".encode())
    return (rows.rfind(b"\n", 0, end) + 1, rows.index(b"\n", end) + 1) if end >= 0 else (0, 0)


def _in_order(first: list[tuple[int, int]], end: int) -> "Iterator[tuple[int, int]]":
    """Where the pieces of the text start and end: first these, then what is left of it."""
    yield from first
    at = 0
    for start, stop in (*sorted(first), (end, end)):
        yield at, start
        at = stop
