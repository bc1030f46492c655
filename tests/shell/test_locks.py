"""A process that sleeps with a lock of the memos or of the use counts keeps no terminal waiting."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import CONFIG, Aws
from terminal import Terminal

from awsx.files.memo import FORMAT

HOLD = """
import os, signal, sys
for path in sys.argv[1:]:
    os.lockf(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), os.F_LOCK, 0)
print("held", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""
ENOUGH = 5.0  # seconds: the core starts three times, on a busy machine


@pytest.fixture
def asleep() -> Iterator[Callable[..., None]]:
    """asleep(PATH, ...): a stopped process holds these locks until the test ends."""
    holders = []

    def hold(*paths: Path) -> None:
        words = [sys.executable, "-I", "-S", "-c", HOLD, *map(str, paths)]
        holder = subprocess.Popen(words, stdout=subprocess.PIPE)
        holders.append(holder)
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"

    yield hold
    for holder in holders:
        holder.kill()
        holder.communicate()


def locks(home: Path) -> tuple[Path, Path]:
    memos = Path(f"{home}/.cache/awsx/{FORMAT}{home}/.aws/config/+{home}/.aws/credentials")
    return memos / "lock", home / ".local" / "state" / "awsx" / "lock"


def test_prompts_and_switches_do_not_wait_for_a_process_that_sleeps(
    live: Terminal, asleep: Callable[..., None], home: Path, aws: Aws
) -> None:
    live.run("awsx prod")
    asleep(*locks(home))
    (home / ".local" / "state" / "awsx" / "recent").write_text("prod\n")
    aws.config.write_text(CONFIG + "# edited\n", encoding="utf-8")
    began = time.monotonic()
    result = live.run("awsx dev")
    assert (result.status, result.profile) == (0, "dev")
    assert result.text == "awsx: dev: 444455556666 Reader, eu-central-1, session 7h"
    assert live.run("true").status == 0
    assert time.monotonic() - began < ENOUGH
