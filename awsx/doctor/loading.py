"""Whether awsx is loaded in this shell and in the next ones, and its settings."""

from __future__ import annotations

import sys

from awsx.doctor.codes import found
from awsx.doctor.world import text_of
from awsx.files import settings
from awsx.install import in_use, neighbours, rcfile
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.finding import Finding

NOT_HERE, LOAD = "this shell has not loaded awsx", "run: awsx install, and open a new one"
NOT_THERE, INSTALL = "{} is in use, and its rc file does not load awsx", "run: awsx install {}"
TWICE, ONE = "awsx is loaded {} times", "keep one"
ANOTHER, AGAIN = "it loads another awsx than {}", "run: awsx install {}"
SHOWN, OLD = "{} shows the profile, too", "bash {} sees files by whole seconds"
SETTINGS, UPDATE = "the settings have a mistake", "update bash to 5.0 or newer"
MARKS = ("AWSX_PYTHON=", "AWSX_PYTHON ", "awsx init")


def this_shell(world: World) -> Iterator[Finding]:
    """Whether the shell that has started awsx has loaded it."""
    if not world.env.get("AWSX_SHELL"):
        yield found("not-loaded", "", NOT_HERE, LOAD)
    elif world.env["AWSX_SHELL"] == "bash4":
        yield found("old-bash", "", OLD.format("before 5.0"), UPDATE)


def rc_files(world: World) -> Iterator[Finding]:
    """What the rc files of the shells in use load."""
    for shell in in_use.shells_in_use(world.env):
        try:
            candidates = rcfile.candidates(shell, world.env)
        except AwsxError:  # no HOME
            return
        texts = {path: text_of(path) for path in candidates}
        loads = {path: text for path, text in texts.items() if any(m in text for m in MARKS)}
        if not loads:
            text, remedy = NOT_THERE.format(shell), INSTALL.format(shell)
            yield found("not-installed", world.place(candidates[0]), text, remedy)
        for path, text in loads.items():
            yield from _loading(world, shell, path, text)
        yield from _neighbours(world, shell, texts)


def _loading(world: World, shell: str, path: str, text: str) -> Iterator[Finding]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    starts = [line for line in lines if any(mark in line for mark in MARKS)]
    place = world.place(path)
    if len(starts) > 1:
        yield found("loaded-twice", place, TWICE.format(len(starts)), ONE)
    if any("AWSX_PYTHON" in line and sys.executable not in line for line in starts):
        text, remedy = ANOTHER.format(sys.executable), AGAIN.format(shell)
        yield found("loads-another", place, text, remedy)


def _neighbours(world: World, shell: str, texts: dict[str, str]) -> Iterator[Finding]:
    for path, text in texts.items():
        for near in neighbours.doubling(shell, text.encode()):
            yield found("shown-twice", world.place(path), SHOWN.format(near.name), near.remedy)


def awsx_settings(world: World) -> Iterator[Finding]:
    """What awsx cannot use in its settings."""
    for problem in settings.problems(world.env):
        yield found("bad-settings", problem.place, problem.text, problem.remedy)


CHECKS = (this_shell, rc_files, awsx_settings)
