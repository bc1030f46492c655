"""An ini file as Python's configparser reads it, and so the AWS CLI and boto3; but all of it.

Where configparser gives up on the whole file, this reader notes a Flaw with its line and reads on,
as the other AWS SDKs do: a doubled section is merged, a doubled key's last value counts, a line
that means nothing is skipped.

Most sections of a big file are a handful of plain `key = value` lines in a few layouts. Those are
told apart with a few calls into C, and their values are split only when somebody asks for them
(5,000 profiles: 12 ms, line by line: 60).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Layout = tuple[
        tuple[str, int], ...
    ]  # the keys of a regular section, and where their values begin

BIG = 128 * 1024  # bytes of a file that is not read whole for one section
DOUBLE_SECTION, MERGE = "section [{}] stands twice", "merge the two"
DOUBLE_KEY, REMOVE_ONE = "{} stands twice in [{}]", "remove one"
# The line itself is never shown: it may be a secret.
NO_EQUALS, MEND = "this line is not `key = value`", "add the =, put a # in front, or remove it"
NO_SECTION, MOVE = "this line stands before the first [section]", "move or remove it"
NOT_NESTED, ADD_EQUALS = "this line under {} is not `key = value`", "add the =, or remove it"
BYTE_ORDER_MARK, SAVE_WITHOUT = (
    "begins with a byte order mark",
    "save the file as UTF-8 without one",
)
NOT_UTF8, SAVE = "is not UTF-8", "save the file as UTF-8"


class Flaw:
    """What is wrong at a line of the file that is being read, and what to do about it."""

    __slots__ = ("line", "remedy", "text")

    def __init__(self, line: int, text: str, remedy: str) -> None:
        self.line, self.text, self.remedy = line, text, remedy


class Section:
    """`[header]`, the line it begins on, and its keys (lower case, in order).

    `lines_before` is how many lines stood before the text in which it was found: counted when
    somebody asks, since most never do.
    """

    __slots__ = ("_body", "_keys", "_layout", "_line", "_lines", "header", "lines_before")

    def __init__(self, header: str, line: int, body: str = "", layout: "Layout" = ()) -> None:
        self.header, self._line = header, line
        self.lines_before: Callable[[], int] | None = None
        self._body, self._layout = (
            body,
            layout,
        )  # plain `key = value` lines; split when somebody asks
        self._keys: dict[str, str] | None = None if body else {}
        self._lines: dict[str, int] | None = None

    @property
    def line(self) -> int:
        return self._line + self._offset()

    def _offset(self) -> int:
        return self.lines_before() if self.lines_before else 0

    @property
    def keys(self) -> dict[str, str]:
        if self._keys is not None:
            return self._keys
        lines = [line for line in self._body.split("\n") if line]  # kept, 20,000 would take 16 MB
        return {key: line[width:].strip() for (key, width), line in zip(self._layout, lines)}

    def set(self, key: str, value: str, line: int) -> None:
        self._keys = self.keys
        self._keys[key] = value
        self._lines = self._lines or {}
        self._lines[key] = line

    def line_of(self, key: str) -> int:
        """The line a key stands on, else the section's own."""
        if self._lines and key in self._lines:
            return self._lines[key] + self._offset()
        lines = enumerate(self._body.split("\n"), self.line + 1)
        return next((number for number, line in lines if _key(line) == key != ""), self.line)


def _key(line: str) -> str:
    return line.partition("=")[0].rstrip().lower()


def decode(data: bytes) -> "tuple[str, list[Flaw]]":
    """The text with `\\n` line ends, and what botocore would refuse it for."""
    flaws = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        flaws.append(Flaw(data.count(b"\n", 0, error.start) + 1, NOT_UTF8, SAVE))
        text = data.decode("utf-8", "surrogateescape")
    if text.startswith("\ufeff"):
        flaws.append(Flaw(1, BYTE_ORDER_MARK, SAVE_WITHOUT))
        text = text[1:]
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, flaws


def find(data: bytes, header: str) -> "Section | None":
    """The section whose first line is exactly `[header]`, without reading the rest of the file.

    To be trusted only where the file is known to be sound.
    """
    start = first_line(header)
    at = 0 if data.startswith(start) else data.find(b"\n" + start) + 1
    if not data.startswith(start, at):
        return None
    end = data.find(b"\n[", at)
    reader = Reader()
    reader.read(decode(data[at:] if end < 0 else data[at:end])[0])
    section = reader.sections.get(header)
    if section and at:
        section.lines_before = lambda: data.count(b"\n", 0, at)
    return section


def first_line(header: str) -> bytes:
    return f"[{header}]\n".encode("utf-8", "surrogateescape")


def is_regular(key: str) -> bool:
    """True if a line `key = value` that begins with this key is nothing but that."""
    return bool(key) and key[0] not in "#;[" and not key[0].isspace() and ":" not in key


def plain_header(kind: str, name: str) -> str:
    """The header `KIND NAME` of a name that is spelled plainly; `default` for that profile.

    Empty for any other name: it may be spelled in several ways.
    """
    header = name if (kind, name) == ("profile", "default") else f"{kind} {name}"
    is_plain = name != "" and not is_odd(header) and header.count(" ") <= 1
    return header if is_plain else ""


class Reader:
    """Reads texts into `sections` (by header, in order), `defaults` ([DEFAULT]) and `flaws`."""

    def __init__(self) -> None:
        self.sections: dict[str, Section] = {}
        self.defaults = Section("DEFAULT", 0)
        self.flaws: list[Flaw] = []
        self.is_plain = True  # no header but `[header]` at the margin, none twice
        self._layouts: dict[tuple[str, ...], Layout | None] = {}
        self._section: Section | None = None
        self._key = ""
        self._indent = 0

    def read(self, text: str, line: int = 1) -> None:
        """Read `text`, which begins on line `line` of its file."""
        chunks = text.split("\n[")
        if text[:1] == "[":
            chunks[0] = text[1 : len(chunks[0])]
        else:
            preamble = chunks.pop(0)
            self._read_lines(preamble, line)
            self.is_plain = not self.sections
            line += preamble.count("\n") + 1
        for chunk in chunks:
            self._read_section(chunk, line)
            line += chunk.count("\n") + 1

    def _read_section(self, chunk: str, line: int) -> None:
        head, _, body = chunk.partition("\n")
        header = head[:-1]
        known = len(self.sections)
        is_new = head[-1:] == "]" and header not in self.sections and header not in ("", "DEFAULT")
        layout = self._layout(body) if is_new else None
        if layout is not None:
            self._section = self.sections[header] = Section(header, line, body, layout)
            self._key, self._indent = "", 0
        else:
            self._read_lines("[" + chunk, line)
            is_one = (
                is_new
                and len(self.sections) == known + 1
                and next(reversed(self.sections)) == header
            )
            self.is_plain = self.is_plain and is_one

    def _layout(self, body: str) -> "Layout | None":
        """The keys of a section in which every line is empty or regular and no key is twice."""
        starts = tuple([line[: line.find("=") + 1] for line in body.split("\n") if line])
        try:
            return self._layouts[starts]
        except KeyError:
            keys = [start[:-1].rstrip().lower() for start in starts]
            is_layout = len(set(keys)) == len(keys) and all(map(is_regular, keys))
            self._layouts[starts] = found = (
                tuple(zip(keys, map(len, starts))) if is_layout else None
            )
            return found

    def _read_lines(self, text: str, line: int) -> None:
        """The whole grammar, line by line, as RawConfigParser._read has it."""
        touched = []
        for number, raw in enumerate(text.split("\n"), line):
            value = raw.strip()
            if not value or value[0] in "#;":
                self._continue("" if not value else None)
                continue
            indent = len(raw) - len(raw.lstrip())
            if self._key and indent > self._indent:
                self._continue(value)
                continue
            self._indent, self._key = indent, ""
            if value[0] == "[" and value.rfind("]") > 1:
                self._open(value[1 : value.rfind("]")], number)
            else:
                self._assign(value, number)
            if self._section and self._section not in touched:
                touched.append(self._section)
        for section in touched:
            self._finish(section)

    def _continue(self, value: str | None) -> None:
        if self._section and self._key and value is not None:
            self._section.keys[self._key] += "\n" + value

    def _open(self, header: str, line: int) -> None:
        if header == "DEFAULT":
            self._section = self.defaults
        elif header in self.sections:
            self.flaws.append(Flaw(line, DOUBLE_SECTION.format(header), MERGE))
            self._section = self.sections[header]
        else:
            self._section = self.sections[header] = Section(header, line)

    def _assign(self, text: str, line: int) -> None:
        marks = [at for at in (text.find("="), text.find(":")) if at > 0]
        if self._section is None:
            self.flaws.append(Flaw(line, NO_SECTION, MOVE))
        elif not marks or text[0] in "=:":
            self.flaws.append(Flaw(line, NO_EQUALS, MEND))
        else:
            key = text[: min(marks)].rstrip().lower()
            if key in self._section.keys:
                what = DOUBLE_KEY.format(key, self._section.header)
                self.flaws.append(Flaw(line, what, REMOVE_ONE))
            self._section.set(key, text[min(marks) + 1 :].strip(), line)
            self._key = key

    def _finish(self, section: "Section") -> None:
        for key, value in section.keys.items():
            if value.endswith("\n"):
                section.keys[key] = value = value.rstrip()
            if value.startswith("\n"):
                for number, line in enumerate(value.split("\n"), section.line_of(key)):
                    if any(
                        part.strip() and "=" not in part for part in line.splitlines()
                    ):  # as botocore cuts
                        self.flaws.append(Flaw(number, NOT_NESTED.format(key), ADD_EQUALS))


def is_odd(header: str) -> bool:
    """True if a header needs more than a cut at its one blank."""
    return not header.isascii() or any(c in header for c in "'\"\\\t\r")


def words(header: str) -> list[str]:
    """`header` in words as shlex.split has them (shlex itself would import re).

    Empty where shlex refuses it.
    """
    found: list[str] = []
    word: str | None = None
    quote = ""
    escaped = False
    for c in header:
        if escaped:
            word = (word or "") + ("\\" + c if quote and c not in ('"', "\\") else c)
            escaped = False
        elif c == "\\" and quote != "'":
            escaped = True
        elif c == quote:
            quote = ""
        elif not quote and c in "'\"":
            quote, word = c, word or ""
        elif not quote and c in " \t\r\n":
            if word is not None:
                found.append(word)
            word = None
        else:
            word = (word or "") + c
    if quote or escaped:
        return []
    return found if word is None else [*found, word]
