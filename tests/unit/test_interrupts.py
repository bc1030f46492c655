"""What signals do inside `tidy` and `undisturbed`, and that both restore the handlers."""

import os
import posix
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from awsx import interrupts
from awsx.term import Cancelled

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def handlers_are_restored():
    before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
    yield
    assert {number: signal.getsignal(number) for number in interrupts.SIGNALS} == before


def test_ctrl_c_becomes_cancelled_and_reaches_every_finally():
    done = []
    with pytest.raises(Cancelled), interrupts.tidy():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            done.append("cleaned up")
    assert done == ["cleaned up"]


def test_ctrl_c_waits_for_the_end_of_an_undisturbed_block():
    done = []
    with pytest.raises(Cancelled), interrupts.tidy():
        with interrupts.undisturbed():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("written")
        done.append("never")
    assert done == ["written"]


def test_an_error_inside_a_block_comes_out():
    for block in (interrupts.tidy, interrupts.undisturbed):
        with pytest.raises(OSError), block():
            raise OSError


SCRIPT = """
import signal, sys
from awsx import interrupts
if sys.argv[2] == "ignored":
    signal.signal(int(sys.argv[1]), signal.SIG_IGN)
with interrupts.tidy():
    with interrupts.undisturbed():
        signal.raise_signal(int(sys.argv[1]))
        print("whole", flush=True)
    print("on", flush=True)
"""


@pytest.mark.parametrize(
    ("number", "how", "status", "said"),
    [
        (signal.SIGTERM, "", -signal.SIGTERM, "whole\n"),
        (signal.SIGHUP, "", -signal.SIGHUP, "whole\n"),
        (signal.SIGHUP, "ignored", 0, "whole\non\n"),  # nohup
        (signal.SIGINT, "ignored", 0, "whole\non\n"),  # a job with &
    ],
)
def test_other_signals_end_the_process_after_an_undisturbed_block(number, how, status, said):
    command = [sys.executable, "-c", SCRIPT, str(int(number)), how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, said, "")


def test_the_line_is_wiped_only_on_a_terminal(capsys, monkeypatch):
    for is_terminal, term, wiped in (
        (False, b"xterm", ""),
        (True, b"xterm", "\r\x1b[K"),
        (True, b"dumb", "\n"),  # that one only scrolls
    ):
        monkeypatch.setattr(os, "isatty", lambda _, answer=is_terminal: answer)
        monkeypatch.setattr(posix, "isatty", lambda _, answer=is_terminal: answer)
        monkeypatch.setattr(posix, "environ", {b"TERM": term})
        with pytest.raises(Cancelled), interrupts.tidy():
            raise KeyboardInterrupt
        assert capsys.readouterr().err == wiped
