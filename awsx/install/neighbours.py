"""What a person's rc file loads that shows the profile a second time, and the line that ends that.

docs/neighbours.md tells of the same neighbours.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

TOLD = "{}: {} shows the profile, too; to see it once: {}"


class Neighbour(NamedTuple):
    """`loads` is a pattern of the lines that load it; with `switch` in the text, nothing is due."""

    name: str
    shells: tuple[str, ...]
    loads: str
    switch: str
    remedy: str


NEIGHBOURS = (
    Neighbour(
        "oh-my-zsh's plugin aws",
        ("zsh",),
        r"(?m)^\s*plugins\+?=\((?:[^)]*\s)?aws[\s)]|(?:OMZP::|\bplugins/|\bbundle )aws\b(?!-)",
        "SHOW_AWS_PROMPT=",
        "SHOW_AWS_PROMPT=false above the line that loads the plugin",
    ),
    Neighbour(
        "oh-my-zsh's theme agnoster",
        ("zsh",),
        r"(?m)^\s*ZSH_THEME=[\"']?agnoster\b",
        "SHOW_AWS_PROMPT=",
        "SHOW_AWS_PROMPT=false",
    ),
    Neighbour(
        "spaceship",
        ("zsh",),
        r"\bspaceship\.zsh\b|\bprompt spaceship\b|\bspaceship-prompt\b|ZSH_THEME=[\"']?spaceship\b",
        "SPACESHIP_AWS_SHOW=",
        "SPACESHIP_AWS_SHOW=false",
    ),
    Neighbour(
        "liquidprompt",
        ("bash", "zsh"),
        r"/liquidprompt\b|\bliquidprompt\.plugin\b",
        "LP_ENABLE_AWS_PROFILE=",
        "LP_ENABLE_AWS_PROFILE=0 above the line that loads liquidprompt",
    ),
)


def hints(shell: str, text: bytes, where: str) -> Iterable[str]:
    """A line for each neighbour in the text of a rc file that shows the profile a second time.

    `where` names the file. What the file sources is not looked at.
    """
    for near in doubling(shell, text):
        yield TOLD.format(where, near.name, near.remedy)


def doubling(shell: str, text: bytes) -> Iterable[Neighbour]:
    """The neighbours in the text of a rc file that show the profile a second time."""
    import re

    lines = text.decode("utf-8", "replace").splitlines()
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    for near in NEIGHBOURS:
        if shell in near.shells and near.switch not in code and re.search(near.loads, code):
            yield near
