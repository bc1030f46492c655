"""Counts the processes that a live shell starts."""

from __future__ import annotations

import re
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal import TIMEOUT, give_up, require

CALLS = "trace=?fork,?vfork,?clone,?clone3,execve,?execveat"
CALL = re.compile(
    r"(?P<pid>\d+) +(?P<call>v?fork|clone3?|execve(?:at)?)"
    r"\((?P<arguments>.*)\) += (?P<answer>-?\d+)"
)
UNFINISHED = re.compile(r"(?P<pid>\d+) +(?P<begin>\w+\(.*?),? *<unfinished \.\.\.>$")
RESUMED = re.compile(r"(?P<pid>\d+) +<\.\.\. \w+ resumed>(?P<end>.*)$")


class Seen:
    """The forks and execs that were counted; complete when the `with` block has ended."""

    def __init__(self) -> None:
        self.forks = 0
        self.execs = 0
        self.calls: list[str] = []

    def __repr__(self) -> str:
        return "\n".join([f"{self.forks} forks, {self.execs} execs", *self.calls])

    def read(self, trace: str) -> None:
        for line in whole_lines(trace):
            call = CALL.match(line)
            # A negative answer: the call was refused, or interrupted and then restarted.
            if call is None or call["answer"].startswith("-"):
                continue
            if call["call"].startswith("execve"):
                self.execs += 1
            elif "CLONE_THREAD" in call["arguments"]:  # a helper thread of fish is no process
                continue
            else:
                self.forks += 1
            self.calls.append(line)


@contextmanager
def count_processes(pid: int) -> Iterator[Seen]:
    """Count the forks and execs of a live process and its children until the `with` block ends.

    with count_processes(terminal.pid) as seen:
        terminal.run("awsx prod")
    assert (seen.forks, seen.execs) == (0, 0), seen
    """
    strace = require("strace")
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="strace-") as folder:
        trace = Path(folder, "trace")
        # Whole paths (-s): a checkout may lie deep.
        kinds = ["-s", "4096", "-e", CALLS, "-e", "signal=none"]
        command = [strace, "-f", *kinds, "-o", str(trace), "-p", str(pid)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as tracer:
            try:
                wait_attached(tracer, pid)
                yield seen
            finally:
                tracer.send_signal(signal.SIGTERM)  # strace detaches from the shell and ends
                tracer.communicate(timeout=TIMEOUT)
        seen.read(trace.read_text(encoding="utf-8", errors="replace"))


def wait_attached(tracer: subprocess.Popen[bytes], pid: int) -> None:
    """Wait until strace says on stderr that it has attached to the process."""
    assert tracer.stderr is not None
    said = b""
    deadline = time.monotonic() + TIMEOUT
    while b" attached" not in said:
        if not select.select([tracer.stderr], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimeoutError(f"strace did not attach to {pid} within {TIMEOUT:g} s: {said!r}")
        piece = tracer.stderr.read1()  # type: ignore[attr-defined]
        if not piece:
            give_up(f"strace can't watch a process here: {said.decode(errors='replace').strip()}")
        said += piece
    untraced = [
        task for task in Path(f"/proc/{pid}/task").iterdir() if tracer_of(task) != tracer.pid
    ]
    assert not untraced, f"strace left out {untraced}"


def tracer_of(task: Path) -> int:
    status = (task / "status").read_text(encoding="utf-8")
    return int(re.findall(r"^TracerPid:\s*(\d+)", status, re.MULTILINE)[0])


def whole_lines(trace: str) -> Iterator[str]:
    """Join the two halves of each call that strace split, as another process came in between."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if half := UNFINISHED.match(line):
            begun[half["pid"]] = half["begin"]
        elif half := RESUMED.match(line):
            yield f"{half['pid']} {begun.pop(half['pid'], '')}{half['end']}"
        else:
            yield line
