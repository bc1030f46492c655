"""What the picker's fzf asks the core while a person looks at it."""

from awsx.term import out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(env: "Mapping[str, str]", verb: str, word: str) -> None:
    """Answer `--preview HEX`, `--copy HEX` or `--typed QUERY`; HEX is a profile's name.

    The answer to a query is what fzf does about it.
    """
    if verb == "--typed":
        from awsx.tables import search

        meant = search.meant(word)
        out(f"change-query({meant})" if meant != word else f"search:{search.asked(word)}")
        return
    name = bytes.fromhex(word).decode("utf-8", "surrogateescape")
    if verb == "--copy":
        from awsx.commands import copy

        copy.copy(env, name)
    else:
        from awsx.commands import preview

        preview.preview(env, name)
