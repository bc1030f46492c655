"""Text in columns of the screen: how wide it is, cut to fit, filled up, aligned to a table."""

from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def aligned(table: "Sequence[Sequence[str]]", widest: "tuple[int, ...]") -> "Iterator[str]":
    """The lines of a table given column by column, each begun by its title and at most as wide as `widest` says.

    A column but the first with nothing in it is left out.
    """
    used = [
        (texts, bound)
        for n, (texts, bound) in enumerate(zip(table, widest))
        if n == 0 or any(texts[1:])
    ]
    return map("  ".join, zip(*[padded(*fitted(texts, bound)) for texts, bound in used]))


def fitted(texts: "Sequence[str]", widest: int) -> "tuple[Sequence[str], int]":
    """The texts, clean and none longer than `widest`, and how wide a column they make."""
    together = "".join(texts)
    if not together.isprintable() or max(map(len, texts)) > widest:
        texts = _each(texts, lambda text: clean(text, widest))
    return texts, max(map(len if together.isascii() else screen_width, set(texts)))


def padded(texts: "Sequence[str]", width: int) -> "Sequence[str]":
    """The texts, filled up to `width` columns."""
    return _each(texts, lambda text: text + " " * (width - screen_width(text)))


def _each(texts: "Sequence[str]", change: "Callable[[str], str]") -> "Sequence[str]":
    """The texts changed, those that are alike only once: so are most of them."""
    changed = {text: change(text) for text in set(texts)}
    return [changed[text] for text in texts]


def screen_width(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
