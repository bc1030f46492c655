"""One marked block in a text: put in, replaced, and taken back byte for byte."""

from __future__ import annotations

from awsx.term import AwsxError

BEGIN = b"# >>> awsx >>>"
END_HEAD, END_TAIL = (
    b"# <<< awsx ",
    b"<<<",
)  # between them stands what is to be undone beside the block
NEWLINE = b"(ended the last line) "
MADE = b"(made this file) "


def add(text: bytes, block: bytes, existed: bool, where: str = "rc file") -> bytes:
    """`text` with exactly one marked block: the one that is there replaced, else a new one at the end.

    Raises AwsxError if the markers are broken.
    """
    body = block if block.endswith(b"\n") else block + b"\n"
    found = _find(text, where)
    if found:
        start, end, note = found
        before, after = text[:start], text[end:]
    elif text and not text.endswith(b"\n"):
        before, after, note = text + b"\n", b"", NEWLINE
    else:
        before, after, note = text, b"", b"" if existed else MADE
    return before + BEGIN + b"\n" + body + END_HEAD + note + END_TAIL + b"\n" + after


def remove(text: bytes, where: str = "rc file") -> bytes | None:
    """`text` as it was before `add`; None if awsx made the file and nothing else stands in it.

    Raises AwsxError if the markers are broken.
    """
    found = _find(text, where)
    if not found:
        return text
    start, end, note = found
    before, after = text[:start], text[end:]
    if note == MADE and not before + after:
        return None
    if note == NEWLINE and not after:  # with something after it, the newline has become needed
        before = before.removesuffix(b"\n")
    return before + after


def _find(text: bytes, where: str) -> tuple[int, int, bytes] | None:
    """Where the block begins and ends, and the note in its end marker."""
    marks: list[tuple[int, int, bytes]] = []
    offset = 0
    for number, line in enumerate(text.split(b"\n"), 1):
        mark = line.strip()
        if mark == BEGIN or (mark.startswith(END_HEAD) and mark.endswith(END_TAIL)):
            marks.append((number, offset, line))
        offset += len(line) + 1
    if not marks:
        return None
    wrong = [
        n for i, (n, _, line) in enumerate(marks) if i > 1 or (line.strip() == BEGIN) != (i == 0)
    ]
    if wrong or len(marks) == 1:
        line_number = (wrong or [marks[0][0]])[0]
        raise AwsxError(
            f"{where}:{line_number}: awsx's markers do not make one pair; mend them by hand: "
            f"{BEGIN.decode()} above the block, {(END_HEAD + END_TAIL).decode()} below"
        )
    (_, start, _), (_, last, line) = marks
    return start, min(last + len(line) + 1, len(text)), line.strip()[len(END_HEAD) : -len(END_TAIL)]
