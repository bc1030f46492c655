"""scripts/test on a machine that lacks what it needs."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Debian without the package python3-venv.
NO_VENV = f'#!/bin/sh\ncase $* in *ensurepip*) exit 1; esac\nexec {sys.executable} "$@"\n'


def test_without_python3_venv_the_test_command_says_so_in_one_line(tmp_path):
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    (checkout / "scripts").mkdir(parents=True)
    programs.mkdir()
    for name in ("scripts/test", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    for tool in ("cat", "dirname", "id"):
        (programs / tool).symlink_to(shutil.which(tool))
    (programs / "python3").write_text(NO_VENV)
    (programs / "python3").chmod(0o755)
    command = [shutil.which("sh"), checkout / "scripts/test"]
    done = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "scripts/test: python3 cannot make .venv: install Debian's python3-venv "
        "(apt install python3-venv), then run this again\n"
    )
