"""One marked block in a text: put in, replaced, and taken out again byte for byte."""

from __future__ import annotations

from typing import NamedTuple

from awsx.term import AwsxError

BEGIN = b"# >>> awsx >>>"
# Between these two stands a note: what else `remove` has to undo.
END_HEAD, END_TAIL = b"# <<< awsx ", b"<<<"
NEWLINE = b"(ended the last line) "
MADE = b"(made this file) "
BROKEN = (
    "{}:{}: awsx's markers do not make one pair; mend them by hand: {} above the block, {} below"
)


class Mark(NamedTuple):
    """A line that begins or ends a block."""

    number: int  # of the line, from 1
    offset: int  # of its first byte
    line: bytes

    @property
    def begins(self) -> bool:
        return self.line.strip() == BEGIN


class Block(NamedTuple):
    """Where a block stands in a text, and the note in its last line."""

    start: int
    end: int
    note: bytes


def add(text: bytes, block: bytes, existed: bool, where: str = "rc file") -> bytes:
    """`text` with exactly one block: in the place of the one that is there, else at the end.

    `existed`: whether there is a file yet. Raises AwsxError, which names `where` and the line, if
    the markers in the text are broken.
    """
    body = block if block.endswith(b"\n") else block + b"\n"
    found = _find(text, where)
    if found:
        before, after, note = text[: found.start], text[found.end :], found.note
    elif text and not text.endswith(b"\n"):
        before, after, note = text + b"\n", b"", NEWLINE
    else:
        before, after, note = text, b"", b"" if existed else MADE
    return before + BEGIN + b"\n" + body + END_HEAD + note + END_TAIL + b"\n" + after


def remove(text: bytes, where: str = "rc file") -> bytes | None:
    """`text` as it was before `add`; None if awsx made the file and nothing else stands in it.

    Raises as `add` does.
    """
    found = _find(text, where)
    if not found:
        return text
    before, after = text[: found.start], text[found.end :]
    if found.note == MADE and not before + after:
        return None
    if found.note == NEWLINE and not after:  # where something follows, the newline is needed
        before = before.removesuffix(b"\n")
    return before + after


def _find(text: bytes, where: str) -> Block | None:
    marks = _marks(text)
    if not marks:
        return None
    _check(marks, where)
    first, last = marks
    end = min(last.offset + len(last.line) + 1, len(text))
    return Block(first.offset, end, last.line.strip()[len(END_HEAD) : -len(END_TAIL)])


def _marks(text: bytes) -> list[Mark]:
    marks: list[Mark] = []
    offset = 0
    for number, line in enumerate(text.split(b"\n"), 1):
        mark = line.strip()
        if mark == BEGIN or (mark.startswith(END_HEAD) and mark.endswith(END_TAIL)):
            marks.append(Mark(number, offset, line))
        offset += len(line) + 1
    return marks


def _check(marks: list[Mark], where: str) -> None:
    """Raises AwsxError unless there is one beginning, then one end."""
    wrong = [mark for place, mark in enumerate(marks) if place > 1 or mark.begins != (place == 0)]
    if not wrong and len(marks) == 1:
        wrong = marks
    if wrong:
        begin, end = BEGIN.decode(), (END_HEAD + END_TAIL).decode()
        raise AwsxError(BROKEN.format(where, wrong[0].number, begin, end))
