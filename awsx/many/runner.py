"""Runs one command for each job, a few at a time, and hands what they say to a sink."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import NamedTuple, Protocol

from awsx.files import disk
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from awsx.many.form import Limits
    from awsx.many.selection import Job

CHUNK = 1 << 16  # bytes read at once
WIDE = 1 << 18  # bytes that the pipe of a command may hold
WIDEST = 1 << 20  # bytes that the pipe may hold into which the lines of all go
TICK = 0.1  # seconds between two looks at the clock
GRACE = 5  # seconds between SIGTERM and SIGKILL
TIMED_OUT = 124  # the exit code that timeout(1) has
NOT_FOUND, NOT_EXECUTABLE = 127, 126
TIMEOUT, STOPPED = "not done after {:g} s", "stopped"


class Result(NamedTuple):
    """How a job has ended; `reason` says why if that was not the command's own doing."""

    job: Job
    exit_code: int
    seconds: float
    reason: str = ""


class Sink(Protocol):
    """Where the output goes.

    `files` are the file descriptors for a command's stdout and stderr, 0 for a pipe; once `begun`
    is called, the command has them. `feed` gets a piece of stdout (1) or stderr (2), at its end an
    empty one. A stream that is not open has to wait.
    """

    def files(self, job: Job) -> tuple[int, int]: ...
    def begun(self, job: Job) -> None: ...
    def feed(self, job: Job, stream: int, data: bytes) -> None: ...
    def is_open(self, job: Job, stream: int) -> bool: ...
    def ended(self, result: Result) -> None: ...
    def finish(self) -> None: ...


class Running:
    """One process of its own session, so that a signal reaches all that it has started."""

    def __init__(self, job: Job, process: subprocess.Popen[bytes]) -> None:
        self.job, self.process = job, process
        self.began = time.monotonic()
        pipes = {1: process.stdout, 2: process.stderr}
        # Those that are not at their end.
        self.pipes = {stream: pipe for stream, pipe in pipes.items() if pipe}
        self.reason = ""
        self.ends_at = 0.0  # when SIGKILL follows SIGTERM

    def signal(self, number: int) -> None:
        try:
            os.killpg(self.process.pid, number)
        except OSError:  # all of them have ended
            pass

    def end(self, reason: str) -> None:
        """Ask it to end; in a while it is killed."""
        self.reason, self.ends_at = self.reason or reason, time.monotonic() + GRACE
        self.signal(signal.SIGTERM)


class Runner:
    """`watch` is called now and then with the results so far and the number that run."""

    def __init__(
        self,
        command: list[str],
        environment: Callable[[Job], Mapping[str, str]],
        sink: Sink,
        limits: Limits,
        watch: Callable[[list[Result], int], None] = lambda results, running: None,
    ) -> None:
        self._command, self._environment = command, environment
        self._sink, self._limits, self._watch = sink, limits, watch
        self._selector = selectors.DefaultSelector()
        self._running: list[Running] = []
        self._results: list[Result] = []
        self._is_over = False  # no further job begins
        self.interrupts = 0

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """Run all jobs; returns how each of them has ended, in that order.

        After Ctrl-C no further job begins, and the running ones are interrupted; a second one kills
        them. Whatever ends this function, no process is left.
        """
        waiting = list(reversed(jobs))
        with self._signals():
            while self._running or (waiting and not self._is_over):
                while waiting and len(self._running) < self._limits.at_once and not self._is_over:
                    self._begin(waiting.pop())
                self._step()
        return self._results

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """In this block the end of a child, or Ctrl-C, ends a wait for output."""
        reader, writer = os.pipe()
        for end in (reader, writer):
            os.set_blocking(end, False)
        self._selector.register(reader, selectors.EVENT_READ)
        wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        before = {
            signal.SIGINT: signal.signal(signal.SIGINT, self._interrupt),
            signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda *_: None),
        }
        try:
            yield
        finally:
            for running in self._running:
                running.signal(signal.SIGKILL)
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)
            for end in (reader, writer):
                os.close(end)

    def _interrupt(self, *_: object) -> None:
        self.interrupts += 1
        self._is_over = True
        for running in self._running:
            self._pass_on(running)

    def _pass_on(self, running: Running) -> None:
        running.reason = STOPPED
        running.signal(signal.SIGINT if self.interrupts == 1 else signal.SIGKILL)

    def _begin(self, job: Job) -> None:
        streams = [number or subprocess.PIPE for number in self._sink.files(job)]
        began = time.monotonic()
        try:
            process = subprocess.Popen(
                self._command,
                env=self._environment(job),
                stdin=subprocess.DEVNULL,
                stdout=streams[0],
                stderr=streams[1],
                start_new_session=True,
            )
        except AwsxError as error:
            self._note(Result(job, 1, time.monotonic() - began, str(error)))
            return
        except (OSError, ValueError) as error:
            is_missing = isinstance(error, FileNotFoundError)
            code = NOT_FOUND if is_missing else NOT_EXECUTABLE
            self._note(Result(job, code, time.monotonic() - began, disk.reason(error)))
            return
        finally:
            self._sink.begun(job)
        running = Running(job, process)
        self._running.append(running)
        if self.interrupts:  # since the process was begun, which the signal has not reached
            self._pass_on(running)
        for stream, pipe in running.pipes.items():
            os.set_blocking(pipe.fileno(), False)
            widen(pipe.fileno())
            self._selector.register(pipe, selectors.EVENT_READ, (running, stream))

    def _step(self) -> None:
        """Hand on what was said, and see who has ended."""
        has_to_wait = False
        for key, _ in self._selector.select(TICK):
            if key.data is None:
                os.read(key.fd, CHUNK)  # signals
                continue
            running, stream = key.data
            if self._sink.is_open(running.job, stream):
                self._read(running, stream)
            else:
                has_to_wait = True
        if has_to_wait:
            time.sleep(TICK / 10)  # for the end of somebody's long line
        now = time.monotonic()
        for running in list(self._running):
            if running.process.poll() is not None:
                self._reap(running)
            else:
                self._look_at_clock(running, now)
        self._watch(self._results, len(self._running))

    def _read(self, running: Running, stream: int) -> bool:
        """Read a piece; False at the end, or if there is none just now."""
        pipe = running.pipes[stream]
        try:
            data = os.read(pipe.fileno(), CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._sink.feed(running.job, stream, data)
        else:
            self._close(running, stream)
        return bool(data)

    def _close(self, running: Running, stream: int) -> None:
        pipe = running.pipes.pop(stream)
        self._selector.unregister(pipe)
        pipe.close()
        self._sink.feed(running.job, stream, b"")

    def _reap(self, running: Running) -> None:
        """Take what an ended process has left in its pipes, and not what those say that it left."""
        for stream in list(running.pipes):
            while self._sink.is_open(running.job, stream) and self._read(running, stream):
                pass
            if not self._sink.is_open(running.job, stream):
                return  # another one is in the middle of a long line: later
            if stream in running.pipes:
                self._close(running, stream)
        self._running.remove(running)
        self._note(self._result(running))

    def _look_at_clock(self, running: Running, now: float) -> None:
        limit = self._limits.timeout
        if limit and not running.ends_at and now - running.began > limit:
            running.end(TIMEOUT.format(limit))
        elif running.ends_at and now > running.ends_at:
            running.signal(signal.SIGKILL)

    def _result(self, running: Running) -> Result:
        code = running.process.returncode
        code = 128 - code if code < 0 else code
        if running.reason.startswith(TIMEOUT.partition("{")[0]):
            code = TIMED_OUT
        seconds = time.monotonic() - running.began
        return Result(running.job, code, seconds, running.reason if code else "")

    def _note(self, result: Result) -> None:
        self._results.append(result)
        self._sink.ended(result)
        if result.exit_code and self._limits.fail_fast:
            self._is_over = True
            for running in self._running:
                running.end(STOPPED)


def widen(pipe: int, size: int = WIDE) -> None:
    """Let a pipe hold more than 64 KB, where the system can: each piece costs a switch.

    Does nothing to what is no pipe.
    """
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # the person's limit is reached
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, size)
