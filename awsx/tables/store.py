"""The table of all profiles: made when something asks for it, and kept until a source changes."""

from awsx.tables.rows import FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsx.files.stock import Stock
    from awsx.tables.rows import Rows

    Columns = Sequence[Sequence[str]]

LONGEST = 100_000_000  # bytes that are reserved, whatever a damaged list says of its length


def table(stock: "Stock", rows: "Rows") -> "Columns":
    """A column for each of rows.FIELDS: those that are kept, else those that `rows` makes."""
    kept = unpack(stock.kept_bytes("table"))
    texts = kept.decode("utf-8", "surrogateescape").split("\n")
    height, rest = divmod(len(texts), len(FIELDS))
    if not rest:
        return [texts[start : start + height] for start in range(0, len(texts), height)]
    columns = list(zip(*rows.texts()))
    text = "\n".join(map("\n".join, columns))
    if columns and text.count("\n") == len(columns) * len(columns[0]) - 1:
        stock.keep("table", pack(text.encode("utf-8", "surrogateescape")))
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
