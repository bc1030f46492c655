"""The two commands that README gives a new person, in a copy of the checkout and an empty home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from terminal import ROOT, Terminal
from test_install import REACH

BLOCKS = re.findall(
    r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE
)
COMMANDS = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


def copy_of_the_checkout(folder: Path) -> Path:
    """The checkout without what a test or an installation has made in it."""
    made = shutil.ignore_patterns(
        ".git", ".venv", ".cache", "__pycache__", ".*_cache", "*.egg-info"
    )
    shutil.copytree(ROOT, folder, symlinks=True, dirs_exist_ok=True, ignore=made)
    return folder


def test_a_new_person_reaches_a_switched_prompt_and_green_tests(tmp_path: Path) -> None:
    demo, test = (command for command in COMMANDS if command.startswith("scripts/"))
    assert (COMMANDS[0], demo, test) == (demo, "scripts/demo", "scripts/test")
    checkout, home, tmp = (tmp_path / name for name in ("awsx", "home", "tmp"))
    for folder in (checkout, home, tmp):
        folder.mkdir()
    copy_of_the_checkout(checkout)
    env = {
        **REACH,
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "TMPDIR": str(tmp),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "HISTFILE": str(tmp / "history"),
    }
    with Terminal("bash", env, cwd=checkout, rows=40, columns=110) as outside:
        outside.type(demo)
        outside.press("enter")
        outside.wait_for(lambda lines: re.search("demo ~ [$#]|awsx: ", "\n".join(lines)), 200)
        if "could not be reached" in "\n".join(outside.screen()) and not os.environ.get("CI"):
            pytest.skip("no network: pip cannot fetch the dependencies")
        outside.type("awsx payments-dev-admin")
        outside.press("enter")
        switched = re.compile(r"payments-dev-admin payments-dev \d+[mh]\+ demo ~ ")
        outside.wait_for(lambda lines: any(map(switched.match, lines)), 30)
        outside.press("ctrl-d")
        assert outside.wait_prompt().status == 0
    assert list(home.iterdir()) == []

    env["PIP_CACHE_DIR"] = str(ROOT / ".cache/pip")
    done = subprocess.run(
        [checkout / test, "tests/unit/test_rcfile.py"],
        cwd=home,
        env=env,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)
