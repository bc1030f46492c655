"""Lists of all profiles: each is made when something asks for it, and kept until a source changes.

names, sessions     for completion: every profile with its description, every [sso-session]
commands            the commands that log in first, as the settings have them
table               what `awsx ls` shows of each profile, packed
"""

from awsx.files import profiles
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsx.memos.index import Index

    Columns = Sequence[Sequence[str]]

LONGEST = 100_000_000  # bytes that are reserved, whatever a damaged list says of its length


def names(index: "Index") -> list[str]:
    """The names in the kept list; none if no list is kept."""
    kept = index.kept("names")  # a profile a line: NAME, tab, description
    return kept.replace("\n", "\t").split("\t")[:-1:2]


def keep_names(
    index: "Index", described: "Columns", sessions: list[str], commands: "list[str] | None"
) -> None:
    """Keep what completion and the wrapped commands read.

    `described` is a column of names, and then the columns that describe them; `commands` is None
    where there are no settings. The list of names is written last: a shell that finds it finds the
    others, too.
    """
    for name, texts in (("commands", commands), ("sessions", sessions or None)):
        if texts is not None:
            index.keep(name, "".join(f"{clean(text)}\n" for text in texts))
    index.keep("names", "".join(_described(*texts) for texts in zip(*described)))


def _described(name: str, *texts: str) -> str:
    if not profiles.is_nameable(name):
        return ""
    return f"{name}\t{clean(' '.join(filter(None, texts)))}\n"


def table(index: "Index", width: int, make: "Callable[[], Columns]") -> "Columns":
    """The `width` columns of the kept table; if none is kept, those that `make` returns."""
    kept = unpack(index.kept_bytes("table"))
    texts = kept.decode("utf-8", "surrogateescape").split("\n")
    height, rest = divmod(len(texts), width)
    if not rest:
        return [texts[start : start + height] for start in range(0, len(texts), height)]
    columns = make()
    text = "\n".join(map("\n".join, columns))
    if columns and text.count("\n") == len(columns) * len(columns[0]) - 1:
        index.keep("table", pack(text.encode("utf-8", "surrogateescape")))
    return columns


def pack(data: bytes) -> bytes:
    """The length of `data`, a line, and `data` in the format of zlib."""
    import zlib

    # A higher level takes twice the time and saves nothing.
    return b"%d\n%b" % (len(data), zlib.compress(data, 4))


def unpack(packed: bytes) -> bytes:
    """What `pack` was given; empty if that is not what this is."""
    import zlib

    length, _, rest = packed.partition(b"\n")
    try:  # with a buffer of its very length, what is unpacked is not copied
        return zlib.decompress(rest, bufsize=max(1, min(int(length), LONGEST)))
    except (ValueError, zlib.error):
        return b""
