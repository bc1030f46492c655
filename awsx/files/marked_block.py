"""One marked block in a text: put in, replaced, and taken out again byte for byte.

A text may hold several blocks with a label each, as ~/.aws/config has one for each session.
"""

from __future__ import annotations

from typing import NamedTuple

from awsx.term import AwsxError

BEGIN = b"# >>> awsx >>>"
# A label stands in both lines, before the last three characters. In the last line a note follows
# it: what else `remove` has to undo.
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
    begins: bool


class Block(NamedTuple):
    """Where a block stands in a text, its lines without the markers, and the note behind them."""

    start: int
    end: int
    body: bytes
    note: bytes


def add(
    text: bytes, block: bytes, existed: bool, where: str = "rc file", label: bytes = b""
) -> bytes:
    """`text` with exactly one block: in the place of the one that is there, else at the end.

    `existed`: whether there is a file yet. Raises AwsxError, which names `where` and the line, if
    the markers in the text are broken.
    """
    body = block if block.endswith(b"\n") else block + b"\n"
    found = find(text, where, label)
    if found:
        before, after, note = text[: found.start], text[found.end :], found.note
    elif text and not text.endswith(b"\n"):
        before, after, note = text + b"\n", b"", NEWLINE
    else:
        before, after, note = text, b"", b"" if existed else MADE
    begin, end = _begin(label), _end_head(label)
    return before + begin + b"\n" + body + end + note + END_TAIL + b"\n" + after


def _begin(label: bytes) -> bytes:
    return BEGIN.removesuffix(b">>>") + label + b" >>>" if label else BEGIN


def _end_head(label: bytes) -> bytes:
    return END_HEAD + label + b" " if label else END_HEAD


def remove(text: bytes, where: str = "rc file", label: bytes = b"") -> bytes | None:
    """`text` as it was before `add`; None if awsx made the file and nothing else stands in it.

    Raises as `add` does.
    """
    found = find(text, where, label)
    if not found:
        return text
    before, after = text[: found.start], text[found.end :]
    if found.note == MADE and not before + after:
        return None
    if found.note == NEWLINE and not after:  # where something follows, the newline is needed
        before = before.removesuffix(b"\n")
    return before + after


def find(text: bytes, where: str = "rc file", label: bytes = b"") -> Block | None:
    """The block with this label; None if there is none. Raises as `add` does."""
    marks = _marks(text, label)
    if not marks:
        return None
    _check(marks, where, label)
    first, last = marks
    end = min(last.offset + len(last.line) + 1, len(text))
    body = text[first.offset + len(first.line) + 1 : last.offset]
    note = last.line.strip()[len(_end_head(label)) : -len(END_TAIL)]
    return Block(first.offset, end, body, note)


def _marks(text: bytes, label: bytes) -> list[Mark]:
    begin, end_head = _begin(label), _end_head(label)
    # The label `corp` shall not take the end of the label `corp eu` for its own.
    ends = {end_head + note + END_TAIL for note in (b"", NEWLINE, MADE)}
    marks: list[Mark] = []
    offset = 0
    for number, line in enumerate(text.split(b"\n"), 1):
        mark = line.strip()
        is_any_end = not label and mark.startswith(end_head) and mark.endswith(END_TAIL)
        if mark == begin or mark in ends or is_any_end:
            marks.append(Mark(number, offset, line, mark == begin))
        offset += len(line) + 1
    return marks


def _check(marks: list[Mark], where: str, label: bytes) -> None:
    """Raises AwsxError unless there is one beginning, then one end."""
    wrong = [mark for place, mark in enumerate(marks) if place > 1 or mark.begins != (place == 0)]
    if not wrong and len(marks) == 1:
        wrong = marks
    if wrong:
        begin, end = _begin(label).decode(), (_end_head(label) + END_TAIL).decode()
        raise AwsxError(BROKEN.format(where, wrong[0].number, begin, end))
