"""What the variables of this terminal do, and where they come from."""

from __future__ import annotations

import os
import re

from awsx.doctor.codes import found
from awsx.doctor.world import text_of
from awsx.environment import REGIONS, RIVALS
from awsx.files import paths
from awsx.finding import Finding
from awsx.term import clean
from awsx.truth.findings import states
from awsx.truth.tools import AWS_CLI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World

RC_FILES = {
    "bash": (".bashrc", ".bash_profile", ".bash_login", ".profile"),
    "zsh": (".zshrc", ".zshenv", ".zprofile", ".zlogin"),
    "fish": (".config/fish/config.fish",),
}
SETS = r"^\s*(?:export\s+|set\s+(?:-\w+\s+)+|typeset\s+-\w+\s+)?{}\b[= ]"
IN_RC, TAKE_OUT = "{} is set here, and comes before a profile", "remove the line"
ENDPOINT, UNSET = "{} = {}", "if you do not want that: unset {}"
BUNDLE, CORRECT = "{} = {} is not there", "correct it, or: unset {}"
METADATA = "AWS_EC2_METADATA_DISABLED is true"
LOCALE, SET_LOCALE = "the locale is not UTF-8 ({})", "export LC_ALL=C.UTF-8"
ORIGINS = ("by-hand", "inherited", "exec", "default")  # of the terminal, not of a profile
EMPTY, NO_SUCH = "{} is set to nothing, which no AWS tool accepts", "there is no profile {}"


def terminal(world: World) -> Iterator[Finding]:
    """The states of `awsx current`."""
    aws = world.terminal.aws
    if aws.profile_source in AWS_CLI.profiles and world.terminal.profile is None:
        yield _no_profile(world, aws.profile, aws.profile_source)
    skipped = ORIGINS if world.name else ()
    for finding in states(world.terminal):
        is_of_file = finding.place and not finding.place.isidentifier()
        if finding.code not in skipped and not is_of_file:  # a file's own checks tell those
            yield finding


def _no_profile(world: World, name: str, variable: str) -> Finding:
    if not name:
        return Finding(
            "empty-profile", "error", variable, EMPTY.format(variable), f"unset {variable}"
        )
    text, remedy = NO_SUCH.format(clean(name)), world.facts.instead_of(name)
    return Finding("no-such-profile", "error", variable, text, remedy)


def rc_files(world: World) -> Iterator[Finding]:
    """Variables that come before a profile, in a file that each new terminal reads."""
    home = paths.home(world.env)
    for path in dict.fromkeys(f"{home}/{name}" for names in RC_FILES.values() for name in names):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            for variable in (*RIVALS, *REGIONS):
                if re.search(SETS.format(variable), line):
                    text = IN_RC.format(variable)
                    yield found("in-rc-file", world.place(path, number), text, TAKE_OUT)


def endpoints(world: World) -> Iterator[Finding]:
    """Where requests go, if not to AWS."""
    for name, value in world.env.items():
        if name.startswith("AWS_ENDPOINT_URL") and value:
            text = ENDPOINT.format(name, clean(value, 200))
            yield found("endpoint", name, text, UNSET.format(name))
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        if (path := world.env.get(name)) and not os.path.exists(path):
            text = BUNDLE.format(name, clean(path, 200))
            yield found("ca-bundle", name, text, CORRECT.format(name))


def metadata(world: World) -> Iterator[Finding]:
    """Credentials of an EC2 instance that are switched off."""
    name = "AWS_EC2_METADATA_DISABLED"
    if world.env.get(name, "").lower() == "true":
        yield found("no-metadata", name, METADATA, UNSET.format(name))


def locale(world: World) -> Iterator[Finding]:
    """A locale in which a shell cannot draw every name."""
    name = next((n for n in ("LC_ALL", "LC_CTYPE", "LANG") if world.env.get(n)), "")
    value = world.env.get(name, "C")
    if "utf" not in value.lower():
        yield found("locale", name or "LANG", LOCALE.format(clean(value)), SET_LOCALE)


CHECKS = (terminal, rc_files, endpoints, metadata, locale)
