"""What other programs ask of the core: fzf while a person looks at the picker, and docker."""

from awsx.term import out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(env: "Mapping[str, str]", verb: str, word: str) -> None:
    """Answer `--preview HEX`, `--copy HEX`, `--typed QUERY` or `--docker-credential ACTION`.

    HEX is a profile's name; the answer to a query is what fzf does about it.
    """
    if verb == "--docker-credential":
        from awsx.commands import docker_credential

        docker_credential.answer(env, word)
        return
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
