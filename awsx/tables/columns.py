"""Text in columns of the screen: how wide it is, cut to fit, filled up, aligned to a table."""

from awsx.term import clean, screen_width

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
LEAST = 4  # columns of the screen: even where there is no room, PROFILE is that wide
# For a column more, one text in FEW may be cut, or one in a list of LONG rows.
FEW, LONG = 20, 10
# Only in these columns. Of a cut name or region nobody knows which one it is.
YIELDING = ("NAME", "ACCOUNT", "ROLE", "SESSION")
RESET = "\x1b[m"


def aligned(
    table: "Sequence[Sequence[str]]", widest: "tuple[int, ...]", room: int = 1000
) -> "Iterator[str]":
    """The lines of a table that is given column by column.

    Each column begins with its title and is at most as wide as `widest` says. One that holds
    nothing else is left out, unless it is the first. Those that end beyond `room` are, too.
    """
    used = [
        (texts, bound)
        for n, (texts, bound) in enumerate(zip(table, widest))
        if n == 0 or any(texts[1:])
    ]
    return map("  ".join, zip(*within([texts for texts, _ in used], [n for _, n in used], room)))


def within(
    table: "Sequence[Sequence[str]]", widest: "Sequence[int]", room: int
) -> "list[Sequence[str]]":
    """The columns that there is room for, cut and filled up; each begins with its title."""
    fit = [fitted(texts, bound) for texts, bound in zip(table, widest)]
    full = [width for _, width in fit]
    has_room = shown(full, room) == len(full)
    least = full if has_room else [usual(texts[0], texts[1:], width) for texts, width in fit]
    widths = drawn(full, least, room)
    return [padded(fitted(texts, width)[0], width) for (texts, _), width in zip(fit, widths)]


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


def drawn(full: "Sequence[int]", usual: "Sequence[int]", room: int) -> list[int]:
    """The widths of the columns that are drawn where there is so much room.

    `full` are their widths with every text whole, `usual` those that suit nearly all texts. Texts
    are cut where a column more has room then, and in the first column if that has none itself.
    """
    whole, tight = shown(full, room), shown(usual, room)
    if tight <= whole:
        return [min(full[0], max(room, LEAST)), *full[1:whole]]
    widths = list(usual[:tight])
    spare = room - sum(width + GAP for width in widths if width) + GAP
    for number, width in enumerate(full[:tight]):
        more = min(width - widths[number], spare)
        widths[number] += more
        spare -= more
    return widths


def usual(title: str, texts: "Sequence[str]", full: int) -> int:
    """The width of a column if the few texts may be cut that are longer than nearly all of them.

    In a short list there are no such texts. `full` is the width that all need.
    """
    if len(texts) < LONG or title not in YIELDING:
        return full
    width = len if "".join(texts).isascii() else screen_width
    few = max(1, len(texts) // FEW)
    return min(full, max(len(title), sorted(map(width, texts))[-1 - few]))


def fitted(texts: "Sequence[str]", widest: int) -> "tuple[Sequence[str], int]":
    """The texts, clean and none wider than `widest`, and how wide a column they make.

    What is cut ends in an ellipsis.
    """
    distinct = set(texts)
    together = "".join(distinct)
    if not (together.isprintable() and together.isascii()) or max(map(len, distinct)) > widest:
        short = {text: cut(clean(text, LONGEST), widest) for text in distinct}
        texts, distinct = [short[text] for text in texts], set(short.values())
        together = "".join(distinct)
    return texts, max(map(len if together.isascii() else screen_width, distinct))


def cut(text: str, widest: int) -> str:
    """The text, at most `widest` columns wide; an ellipsis ends one that was cut."""
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
