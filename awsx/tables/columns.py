"""Text in columns of the screen: how wide it is, cut to fit, filled up, aligned to a table."""

from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def aligned(table: "Sequence[Sequence[str]]", widest: "tuple[int, ...]") -> "Iterator[str]":
    """The lines of a table that is given column by column.

    Each column begins with its title and is at most as wide as `widest` says. One that holds
    nothing else is left out, unless it is the first.
    """
    used = [
        (texts, bound)
        for n, (texts, bound) in enumerate(zip(table, widest))
        if n == 0 or any(texts[1:])
    ]
    return map("  ".join, zip(*[padded(*fitted(texts, bound)) for texts, bound in used]))


def fitted(texts: "Sequence[str]", widest: int) -> "tuple[Sequence[str], int]":
    """The texts, clean and none longer than `widest`, and how wide a column they make."""
    distinct = set(texts)
    together = "".join(distinct)
    if not together.isprintable() or max(map(len, distinct)) > widest:
        cleaned = {text: clean(text, widest) for text in distinct}
        texts, distinct = [cleaned[text] for text in texts], set(cleaned.values())
        together = "".join(distinct)
    return texts, max(map(len if together.isascii() else screen_width, distinct))


def padded(texts: "Sequence[str]", width: int) -> "Sequence[str]":
    """The texts, filled up to `width` columns."""
    if "".join(texts).isascii():
        return [text.ljust(width) for text in texts]
    return [text + " " * (width - screen_width(text)) for text in texts]


def screen_width(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
