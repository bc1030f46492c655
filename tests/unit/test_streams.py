"""Streams that are closed or full: one line or silence, the right exit code, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
CLOSED = "awsx: cannot write to stdout: Bad file descriptor\n"
FULL = "awsx: cannot write to stdout: No space left on device\n"
NONE = "awsx: no profile nosuch; all of them: awsx ls\n"

# What is run, how its streams are redirected, the exit code, and what is said.
ROWS = [
    ("ls", ">&-", 1, CLOSED),
    ("ls", ">/dev/full", 1, FULL),
    ("ls --json", ">/dev/full", 1, FULL),
    ("ls --names", ">&-", 1, CLOSED),
    ("current", ">&-", 1, CLOSED),
    ("current --json", ">/dev/full", 1, FULL),
    ("--version", ">&-", 1, CLOSED),
    ("--version", ">/dev/full", 1, FULL),
    ("--help", ">/dev/full", 1, FULL),
    ("--help", ">&-", 1, CLOSED),
    ("login --help", ">/dev/full", 1, FULL),
    ("init bash", ">/dev/full", 1, FULL),
    ("ls", "2>&-", 0, ""),
    ("ls", "<&-", 0, ""),
    ("ls", "2>/dev/full", 0, ""),
    ("ls", ">&- 2>&-", 1, ""),
    ("ls", "<&- >&- 2>&-", 1, ""),
    ("ls", ">/dev/full 2>/dev/full", 1, ""),
    ("use nosuch", "2>&-", 1, ""),
    ("use nosuch", "2>/dev/full", 1, ""),
    ("use nosuch", ">&-", 1, NONE),
    ("login nosuch", ">&-", 1, NONE),
    ("login nosuch", ">&- 2>&-", 1, ""),
    ("ls --mistake", "2>&-", 2, ""),
    ("use a", ">&-", 0, "awsx: a: kind keys, no region\n"),
    ("use a", "2>/dev/full", 0, ""),
    ("use a", "<&- >&- 2>&-", 0, ""),
    ("off", "2>&-", 0, ""),
    ("exec a -- true", ">&-", 0, ""),
    ("exec a -- true", "<&- >&- 2>&-", 0, ""),
    ("exec a -- sh -c 'exit 3'", "2>/dev/full", 3, ""),
    ("--refresh", ">&- 2>&-", 0, ""),
    ("--ensure a", "<&- >&- 2>&-", 0, ""),
]


@pytest.fixture
def env(environment, home, tmp_path):
    text = "[a]\naws_access_key_id = AKIA\naws_secret_access_key = SECRET\n"
    (home / ".aws" / "credentials").write_text(text)
    handover = f"{tmp_path}/run/awsx/shell.1"
    return {**environment, "AWSX_HANDOVER": handover, "AWSX_PID": "1", "AWS_PROFILE": "a"}


@pytest.mark.parametrize(("argv", "streams", "code", "said"), ROWS)
def test_a_stream_that_is_closed_or_full(argv, streams, code, said, env, home, tmp_path):
    command = f"{sys.executable} -I -S {START} {argv} {streams}"
    ran = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (code, said)
    files = [path for folder in (home, tmp_path / "run") for path in folder.rglob("*")]
    kept = [path.read_bytes() for path in files if path.is_file()]
    assert not [text for text in kept if b"awsx: " in text or b"Traceback" in text]
