"""The other programs: the AWS CLI, other commands of this name, Terraform."""

from __future__ import annotations

import os
import re
import sys

from awsx.doctor.codes import found
from awsx.doctor.world import text_of
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.finding import Finding

NONE, INSTALL = "there is no aws on PATH", "install the AWS CLI v2: https://aws.amazon.com/cli/"
ONE, INSTALL_TWO = "the first aws on PATH is version {}", "install the AWS CLI v2 before it on PATH"
OLD, UPDATE = "aws {} is older than {}, which first knows {}", "update it"
PROMPT, OFF = "{} switches the AWS CLI's own prompt on", "export AWS_CLI_AUTO_PROMPT=off"
OTHER, PUT_FIRST = "another awsx comes first on PATH", "put {} before it, or remove it"
TERRAFORM, RAISE = "required_version = {} allows no Terraform from 1.6 on", "allow 1.6 or newer"
# The first version of the AWS CLI that knows a key of the config (its changelog).
FIRST = {"sso_session": (2, 9, 0), "login_session": (2, 32, 0), "endpoint_url": (2, 13, 0)}
SESSIONS = (1, 6)  # the first Terraform whose S3 backend reads an sso-session


def aws_cli(world: World) -> Iterator[Finding]:
    """The AWS CLI: none, the old one, or too old for the config."""
    clis = [cli for cli in world.clis if cli.version]
    if not clis:
        yield found("no-cli", "PATH", NONE, INSTALL)
        return
    version = clis[0].version
    shown = ".".join(map(str, version))
    if version < (2,):
        yield found("cli-v1", world.place(clis[0].path), ONE.format(shown), INSTALL_TWO)
        return
    for key, first in FIRST.items():
        if version < first and any(profile.has(key) for profile in world.profiles):
            text = OLD.format(shown, ".".join(map(str, first)), key)
            yield found("cli-too-old", world.place(clis[0].path), text, UPDATE)


def auto_prompt(world: World) -> Iterator[Finding]:
    """The AWS CLI's own prompt, which takes the screen."""
    name = "AWS_CLI_AUTO_PROMPT"
    if world.env.get(name, "").startswith("on"):
        yield found("auto-prompt", name, PROMPT.format(name), OFF)
    elif name not in world.env:
        for profile in world.profiles:
            if profile.get("cli_auto_prompt").startswith("on"):
                place, text = profile.place("cli_auto_prompt"), PROMPT.format("cli_auto_prompt")
                yield found("auto-prompt", place, text, OFF)


def other_awsx(world: World) -> Iterator[Finding]:
    """Another program of the same name (PyPI has one) before this one."""
    programs = world.on_path("awsx")
    own = [path for path in programs if _is_ours(path)]
    if programs and programs[0] not in own and own:
        remedy = PUT_FIRST.format(world.place(os.path.dirname(own[0])))
        yield found("another-awsx", world.place(programs[0]), OTHER, remedy)


def _is_ours(path: str) -> bool:
    """True for a program that starts this interpreter, or the same installation."""
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return os.fsencode(sys.prefix) in head or os.fsencode(sys.executable) in head


def terraform(world: World) -> Iterator[Finding]:
    """Terraform files here that pin a version whose S3 backend knows no sso-session."""
    if not any(profile.has("sso_session") for profile in world.profiles):
        return
    for name in sorted(name for name in os.listdir(".") if name.endswith(".tf")):
        for number, line in enumerate(text_of(name).splitlines(), 1):
            pin = re.match(r'\s*required_version\s*=\s*"([^"]*)"', line)
            if pin and _is_old(pin[1]):
                text = TERRAFORM.format(clean(pin[1]))
                yield found("terraform-too-old", f"{name}:{number}", text, RAISE)


def _is_old(constraint: str) -> bool:
    """True if a constraint allows no version from 1.6 on: `< 1.6`, `~> 1.5.0`, `1.5.7`."""
    for part in constraint.split(","):
        match = re.fullmatch(r"\s*(<=|<|~>|=|)\s*v?(\d+)\.(\d+)(\.\d+)?\s*", part)
        if match is None:
            continue
        version = (int(match[2]), int(match[3]))
        is_below = version < SESSIONS or (match[1] == "<" and version == SESSIONS and not match[4])
        if is_below and not (match[1] == "~>" and not match[4] and version[0] >= SESSIONS[0]):
            return True
    return False


CHECKS = (aws_cli, auto_prompt, other_awsx, terraform)
