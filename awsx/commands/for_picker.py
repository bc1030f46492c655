"""What the picker's fzf asks the core while a person looks at it."""

from awsx.term import out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(env: "Mapping[str, str]", verb: str, word: str) -> None:
    """Answer `--preview HEX`, `--copy HEX` or `--pasted QUERY`; HEX is a profile's name."""
    if verb == "--pasted":
        from awsx.tables.pasted import account_in

        account = account_in(word)
        if account:
            out(f"change-query({account})")
        return
    name = bytes.fromhex(word).decode("utf-8", "surrogateescape")
    if verb == "--copy":
        from awsx.commands import copy

        copy.copy(env, name)
    else:
        from awsx.commands import preview

        preview.preview(env, name)
