"""fish 4, which Debian 12 lacks, passes the tests of tests/shell like the machine's own fish."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from terminal import ROOT

from . import fetch
from .conftest import OUTSIDE

# For each file of tests/shell, a -k expression: which of its tests run in fish 4.
HELD = {
    "claims": "fish",
    "completion": "fish",
    "exec": "fish and (environment or ctrl or codes or terminal)",
    "guard": "fish and (spellings or anything_else or rest_of_what or what_was_typed"
    " or what_is_chosen)",
    "options": "fish",
    "picker": "fish",
    "prompt": "fish",
    "switch": "fish",
    "wrap": "fish and not (counting or whose or settings)",
}


@pytest.fixture(scope="session")
def fish_4() -> Path:
    """The path of fish 4. CI requires only the machine's own fish, so it skips this one, too."""
    try:
        return fetch.fish(OUTSIDE)
    except fetch.Unavailable as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("name", HELD)
def test_the_tests_of_tests_shell_pass_in_fish_4(name: str, fish_4: Path) -> None:
    said = subprocess.run([fish_4, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("fish, version 4.")
    env = {name: value for name, value in OUTSIDE.items() if not name.startswith("PYTEST_")}
    again = ["--reruns", "1", "--only-rerun", "TimeoutError"]  # as in scripts/test
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        *again,
        f"tests/shell/test_{name}.py",
        "-k",
        HELD[name],
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**env, "AWSX_TEST_FISH": str(fish_4)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{said}{done.stdout}{done.stderr}"
