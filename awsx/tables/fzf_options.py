"""The person's own options for fzf: AWSX_FZF_OPTS, and the colours in FZF_DEFAULT_OPTS.

FZF_DEFAULT_OPTS is written for lists of files and for what fzf prints to a pipe. Any other option
in it could break the picker (`--height`, `--read0`), what it tells us (`--print0`, `--accept-nth`)
or choose a profile without the person (`--filter`, `--select-1`).
"""

from awsx.files import ini

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWN, DEFAULT = "AWSX_FZF_OPTS", "FZF_DEFAULT_OPTS"
# Not even AWSX_FZF_OPTS may say what fzf reads, prints or searches. Those of the second line are
# followed by a value.
IMPOSSIBLE = (
    "--read0 --print0 --print-query --sync --wrap --raw --bash --zsh --fish --man --help -h"
)
WITH_VALUE = "-f --filter -q --query -n --nth -d --delimiter --with-nth --accept-nth --expect"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:,#+-_"


def own(env: "Mapping[str, str]") -> list[str]:
    """The words of AWSX_FZF_OPTS, but for those that the picker cannot work with."""
    return list(_possible(ini.words(env.get(OWN, ""))))


def _possible(given: list[str]) -> "Iterator[str]":
    impossible, with_value = IMPOSSIBLE.split(), WITH_VALUE.split()
    left = iter(given)
    for word in left:
        name, has_value, _ = word.partition("=")
        if name in with_value:
            if not has_value:
                next(left, None)
        elif name not in impossible and (word[:1] != "-" or word[:2] not in with_value):
            yield word


def colours(env: "Mapping[str, str]") -> str:
    """What FZF_DEFAULT_OPTS says of colours, in fzf's own spelling of it."""
    found, left = [], iter(ini.words(env.get(DEFAULT, "")))
    for word in left:
        value = next(left, "") if word == "--color" else word.removeprefix("--color=")
        if word.startswith("--color") and value and not value.strip(PLAIN):
            found.append(f"--color={value}")
    return " ".join(found)
