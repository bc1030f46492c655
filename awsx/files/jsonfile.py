"""A JSON object read from bytes, without the json package (which would import re)."""

try:  # the C scanner behind json.loads; the json package would import re for nothing
    import _json
except ImportError:  # another Python than CPython
    _json = None  # type: ignore[assignment]


class _Json:
    """What the C scanner asks of its caller: json's own defaults."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = parse_constant = float
    parse_int = int


def load(data: bytes) -> dict[str, object]:
    """The JSON object in `data`; empty if there is none (half written, not JSON, another type)."""
    text = (
        data.decode("utf-8-sig", "replace").strip()
        if data[:1] != b"{"
        else data.decode("utf-8", "replace")
    )
    try:
        if _json is None:
            from json import loads

            found = loads(text)
        else:
            found, end = _json.make_scanner(_Json)(text, 0)  # type: ignore[arg-type]
            if text[end:].strip():
                return {}
    except (
        ValueError,
        StopIteration,
        RecursionError,
        SystemError,
    ):  # the last for a lone `{` (CPython)
        return {}
    return found if isinstance(found, dict) else {}
