"""What becomes of the output of many jobs: lines with a prefix, files, or JSON."""

from __future__ import annotations

import json
import os
import tempfile
from typing import IO

from awsx.tables.columns import coloured
from awsx.term import AwsxError, colour_wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsx.many.runner import Result
    from awsx.many.selection import Job

    Record = Callable[[Result, str, str], dict[str, object]]

LONGEST = 1 << 20  # bytes of a line that are kept in memory; of a longer one all others wait
PIECE = 1 << 20  # bytes that are copied at once
COLOURS = ("36", "33", "32", "35", "34", "96", "93", "92", "95", "94")
NOT_EMPTY = "{} is there already and not empty; name a new folder"
PREFIX = "{} | "


class Lines:
    """Each line as soon as it is whole, behind the name of its job; none is ever torn."""

    def __init__(
        self, jobs: Sequence[Job], env: Mapping[str, str], clear: Callable[[], None]
    ) -> None:
        self._prefixes = {stream: _prefixes(jobs, env, stream) for stream in (1, 2)}
        self._begun: dict[tuple[Job, int], bytes] = {}  # lines that are not whole
        self._holder: tuple[Job, int] | None = None  # whose long line is being written
        self._clear = clear

    def files(self, job: Job) -> tuple[int, int]:
        return 0, 0  # pipes

    def begun(self, job: Job) -> None:
        """Nothing: pipes are the runner's."""

    def is_open(self, job: Job, stream: int) -> bool:
        return self._holder in (None, (job, stream))

    def feed(self, job: Job, stream: int, data: bytes) -> None:
        key = (job, stream)
        text = self._begun.pop(key, b"") + data
        whole, newline, rest = text.rpartition(b"\n")
        if not data and rest:  # the last line has no end
            whole, newline, rest = text, b"\n", b""
        if newline:
            self._write(key, whole + b"\n")
        if len(rest) > LONGEST or (rest and self._holder == key):
            self._write_long(key, rest)
        elif rest:
            self._begun[key] = rest

    def _write(self, key: tuple[Job, int], lines: bytes) -> None:
        """Write whole lines; the first of them may be the end of a long one."""
        prefix = self._prefixes[key[1]][key[0]]
        body = lines[:-1].replace(b"\n", b"\n" + prefix) + b"\n"
        put(key[1], body if self._holder == key else prefix + body, self._clear)
        self._holder = None

    def _write_long(self, key: tuple[Job, int], part: bytes) -> None:
        prefix = b"" if self._holder == key else self._prefixes[key[1]][key[0]]
        put(key[1], prefix + part, self._clear)
        self._holder = key

    def ended(self, result: Result) -> None:
        for stream in (1, 2):
            if (result.job, stream) == self._holder or (result.job, stream) in self._begun:
                self.feed(result.job, stream, b"")
            if self._holder == (result.job, stream):
                put(stream, b"\n", self._clear)
                self._holder = None

    def finish(self) -> None:
        """Nothing: all is written."""


class Spooled:
    """Keeps the output of each job in temporary files until it has ended."""

    def __init__(self) -> None:
        self._kept: dict[Job, tuple[IO[bytes], IO[bytes]]] = {}

    def files(self, job: Job) -> tuple[int, int]:
        kept = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed in taken
        self._kept[job] = kept
        return kept[0].fileno(), kept[1].fileno()

    def begun(self, job: Job) -> None:
        """Nothing: the files are read when it has ended."""

    def is_open(self, job: Job, stream: int) -> bool:
        return True

    def feed(self, job: Job, stream: int, data: bytes) -> None:
        """Nothing: the command writes to the files itself."""

    def taken(self, job: Job) -> tuple[IO[bytes], IO[bytes]]:
        kept = self._kept.pop(job, None) or self._made(job)
        for file in kept:
            file.seek(0)
        return kept

    def _made(self, job: Job) -> tuple[IO[bytes], IO[bytes]]:
        self.files(job)
        return self._kept.pop(job)


class Ordered(Spooled):
    """The same lines, those of a job together and the jobs in their order."""

    def __init__(
        self, jobs: Sequence[Job], env: Mapping[str, str], clear: Callable[[], None]
    ) -> None:
        super().__init__()
        self._lines = Lines(jobs, env, clear)
        self._order, self._ended = list(jobs), set[object]()

    def ended(self, result: Result) -> None:
        self._ended.add(result.job)
        while self._order and self._order[0] in self._ended:
            self._print(self._order.pop(0))

    def _print(self, job: Job) -> None:
        for stream, file in enumerate(self.taken(job), 1):
            with file:
                while data := file.read(PIECE):
                    self._lines.feed(job, stream, data)
                self._lines.feed(job, stream, b"")

    def finish(self) -> None:
        """Print what has ended behind a job that never began."""
        for job in [job for job in self._order if job in self._ended]:
            self._print(job)


class Json(Spooled):
    """An object for each job, one a line as soon as it has ended, or all as one list."""

    def __init__(self, record: Record, one_a_line: bool) -> None:
        super().__init__()
        self._record, self._one_a_line, self._count = record, one_a_line, 0

    def ended(self, result: Result) -> None:
        texts = []
        for file in self.taken(result.job):
            with file:
                texts.append(file.read().decode("utf-8", "replace"))
        text = json.dumps(self._record(result, *texts))
        if not self._one_a_line:
            text = ("[\n" if self._count == 0 else ",\n") + text
        put(1, (text + "\n" * self._one_a_line).encode(), lambda: None)
        self._count += 1

    def finish(self) -> None:
        if not self._one_a_line:
            put(1, b"\n]\n" if self._count else b"[]\n", lambda: None)


class Folder:
    """A file for what each job says on stdout, one for stderr, and a summary.json."""

    def __init__(self, path: str, record: Record) -> None:
        os.makedirs(path, mode=0o700, exist_ok=True)
        if os.listdir(path):
            raise AwsxError(NOT_EMPTY.format(path))
        self._path, self._record = path, record
        self._results: list[Result] = []

    def files(self, job: Job) -> tuple[int, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        names = (f"{self._path}/{file_name(job)}.{end}" for end in ("out", "err"))
        self._open = [os.open(name, flags, 0o600) for name in names]
        return self._open[0], self._open[1]

    def is_open(self, job: Job, stream: int) -> bool:
        return True

    def feed(self, job: Job, stream: int, data: bytes) -> None:
        """Nothing: the command writes to the files itself."""

    def begun(self, job: Job) -> None:
        for number in self._open:
            os.close(number)

    def ended(self, result: Result) -> None:
        self._results.append(result)

    def finish(self) -> None:
        found = []
        for result in self._results:
            record = self._record(result, "", "")
            name = file_name(result.job)
            found.append(record | {"stdout": f"{name}.out", "stderr": f"{name}.err"})
        with open(f"{self._path}/summary.json", "w", encoding="utf-8") as file:
            file.write(json.dumps(found, indent=2) + "\n")


def file_name(job: Job) -> str:
    """The job's label as the name of a file: every other character becomes its code, `%2F`."""
    from urllib.parse import quote

    return quote(f"{job.name}@{job.region}" if job.region else job.name, safe="@+=:, ")


def _prefixes(jobs: Sequence[Job], env: Mapping[str, str], stream: int) -> dict[Job, bytes]:
    """`prod | ` for each job, all of one width, in colours where the stream is a terminal."""
    width = max((len(job.label) for job in jobs), default=0)
    has_colours = colour_wanted(stream, dict(env))
    found = {}
    for number, job in enumerate(jobs):
        text = PREFIX.format(job.label.ljust(width))
        colour = COLOURS[number % len(COLOURS)]
        found[job] = (coloured(text, colour) if has_colours else text).encode("utf-8", "replace")
    return found


def put(stream: int, data: bytes, clear: Callable[[], None]) -> None:
    """Write all of `data` to the file descriptor. Raises BrokenPipeError if nobody reads."""
    clear()
    view = memoryview(data)
    while view:
        view = view[os.write(stream, view) :]
