"""A link as a QR code in the terminal, for a phone; drawn only where the package segno is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

QUIET = 2  # modules of margin; the standard asks for four, and readers make do with two
# The upper half of a cell and the lower half: (dark, dark), (dark, light), ...
HALVES = {(1, 1): " ", (1, 0): "▄", (0, 1): "▀", (0, 0): "█"}
COLOURS = "\x1b[97;40m", "\x1b[0m"  # light halves on black, whatever the theme is


def code(url: str, coloured: bool, columns: int, rows: int) -> list[str]:
    """The lines of the QR code of `url`.

    There are none without segno, if the URL is too long for one, or if the screen of that size
    cannot show all of it and a line more: nobody can read a part.

    Without colours the light modules have the terminal's text colour: a reader wants a dark theme,
    or one that reads inverted codes, as phones do.
    """
    from awsx import packages

    packages.add()
    try:
        import segno
    except ImportError:
        return []
    try:
        drawn = segno.make(url, error="l", micro=False)
    except segno.DataOverflowError:
        return []
    width, height = drawn.symbol_size(border=QUIET)
    if width > columns or (height + 1) // 2 >= rows:
        return []
    before, behind = COLOURS if coloured else ("", "")
    return [f"{before}{line}{behind}" for line in _lines(drawn.matrix_iter(border=QUIET))]


def _lines(matrix: Iterable[Iterable[int]]) -> list[str]:
    """Two rows of modules in one line of text."""
    rows = [list(row) for row in matrix]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2])
    return ["".join(HALVES[(up, down)] for up, down in zip(*pair)) for pair in pairs]
