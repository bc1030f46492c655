"""Text in columns of the screen: how wide it is, cut to fit, filled up, aligned to a table."""

from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The columns of a list of profiles, the most important first. NAME is an account's name, else its
# id; where no account has a name, it is called ACCOUNT, and there is no other.
TITLES = ("PROFILE", "LEFT", "NAME", "ROLE", "REGION", "SESSION", "ACCOUNT")
WIDEST = (48, 7, 28, 32, 16, 32, 12)  # columns of the screen
MARKS = 2  # columns of the screen before PROFILE: `*` for the current one, `!` for a guarded one
ELLIPSIS = "…"
GAP = 2  # columns of the screen between two columns of a table
LONGEST = 1000  # characters of a text that are looked at
RESET = "\x1b[m"


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


def shown(widths: "Sequence[int]", screen: int) -> int:
    """How many of the columns are drawn on a screen of that width; the first is in any case.

    The most important come first. A column is drawn whole or not at all, and none is drawn after
    one that is not. An empty one takes no place.
    """
    end = widths[0]
    for number, width in enumerate(widths[1:], 1):
        end += width + GAP if width else 0
        if end > screen:
            return number
    return len(widths)


def fitted(texts: "Sequence[str]", widest: int) -> "tuple[Sequence[str], int]":
    """The texts, clean and none wider than `widest`, and how wide a column they make.

    What is cut ends in an ellipsis.
    """
    distinct = set(texts)
    together = "".join(distinct)
    if not (together.isprintable() and together.isascii()) or max(map(len, distinct)) > widest:
        cut = {text: _cut(clean(text, LONGEST), widest) for text in distinct}
        texts, distinct = [cut[text] for text in texts], set(cut.values())
        together = "".join(distinct)
    return texts, max(map(len if together.isascii() else screen_width, distinct))


def _cut(text: str, widest: int) -> str:
    if screen_width(text) <= widest:
        return text
    while screen_width(text) > widest - 1:
        text = text[:-1]
    return text + ELLIPSIS


def padded(texts: "Sequence[str]", width: int) -> "Sequence[str]":
    """The texts, filled up to `width` columns."""
    if "".join(texts).isascii():
        return [text.ljust(width) for text in texts]
    return [text + " " * (width - screen_width(text)) for text in texts]


def coloured(text: str, digits: str) -> str:
    """The text in the colour with these digits, but not the blanks that fill it up."""
    bare = text.rstrip()
    return f"\x1b[{digits}m{bare}{RESET}{text[len(bare) :]}"


def screen_width(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
