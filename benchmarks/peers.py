"""What people use today, fetched from PyPI once.

Each has a pinned version and a virtual environment of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import homes
from benchmarks.commands import BARE, ROOT, seconds
from benchmarks.homes import STATIC, Homes
from benchmarks.race import Contest, LeftOut, Reference
from tests.e2e import awscli

CACHE = ROOT / ".cache" / "benchmarks"


def commands(size: int) -> dict[str, tuple[Callable[[], Path], str]]:
    """What it is -> who finds the folder of the program, and its command line."""
    awsume, awsp = (
        partial(_installed, "awsume==4.5.4"),
        partial(_installed, "awsp==0.5.0"),
    )
    sso_util = partial(_installed, "aws-sso-util==4.33.0")
    return {
        f"aws configure list-profiles (AWS CLI {awscli.CLI_VERSION})": (
            aws,
            "aws configure list-profiles",
        ),
        "awsume -l (4.5.4)": (awsume, "awsumepy -l"),
        # To a profile with keys of its own: awsume knows no Identity Center.
        "awsume NAME (4.5.4)": (awsume, f"awsumepy {STATIC}"),
        "awsp list (0.5.0)": (awsp, "awsp list"),
        "awsp activate NAME (0.5.0)": (awsp, f"awsp activate {homes.profile(size // 2)}"),
        # What each of its commands costs before it asks AWS, as they all do.
        "aws-sso-util --version (4.33.0)": (sso_util, "aws-sso-util --version"),
    }


def rivals(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(10, 1000, 5000):
        env = place.environment(size, "peers")
        bare = Reference("python -I -S -c pass", partial(seconds, BARE, env))
        yield [
            Contest(what, size, partial(run, folder, command, env), bare)
            for what, (folder, command) in commands(size).items()
        ]


def run(folder: Callable[[], Path], command: str, env: dict[str, str]) -> float:
    program, *arguments = command.split()
    return seconds((str(folder() / program), *arguments), env)


def aws() -> Path:
    try:
        return awscli.fetch(os.environ)
    except awscli.Unavailable as error:
        raise LeftOut(str(error)) from error


def _installed(requirement: str) -> Path:
    """The folder of a package's programs.

    Installs it if its stamp is missing, which is written last.
    """
    home = CACHE / requirement.replace("==", "-")
    if not (home / "complete").exists():
        _call(sys.executable, "-m", "venv", "--clear", str(home))
        _call(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", requirement)
        (home / "complete").touch()
    return home / "bin"


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise LeftOut((done.stderr.strip() or done.stdout.strip() or "?").splitlines()[-1])
