"""Everything that awsx says to a person: its one error type, messages of one line, clean text."""

import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class AwsxError(Exception):
    """An expected failure: one line that says what happened, where (file:line) and what to do.

    `code` is the exit code of the process: 1 could not, 2 wrong usage. `kind` is what programs know
    it by: `no-such-profile`, `guarded`, `login-needed`, `unreachable`; mostly empty.
    """

    code = 1
    kind = ""

    def __init__(self, message: str, code: int = 1, kind: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.kind = kind or self.kind


class Cancelled(AwsxError):
    """The person said no (Esc, Ctrl-C): exit 130, and not a word."""

    def __init__(self) -> None:
        super().__init__("", 130)


class Told(Cancelled):
    """A failure of which everything has been said, on stdout and as data: not a word more."""

    def __init__(self, message: str, code: int = 1) -> None:
        AwsxError.__init__(self, message, code)


def mend_streams() -> None:
    """Put an end that nobody can use where stdin, stdout or stderr is closed (`>&-`).

    Else the next file to be opened got its number, and who writes to stdout wrote into that file.
    """
    for number, flags in enumerate((posix.O_WRONLY, posix.O_RDONLY, posix.O_RDONLY)):
        try:
            posix.fstat(number)
        except OSError:
            posix.open("/dev/null", flags)
    if not (sys.stdin and sys.stdout and sys.stderr):  # Python's own are None where it saw none
        sys.stdin, sys.stdout, sys.stderr = (
            stream or open(number, mode, closefd=False)  # noqa: SIM115 - for all of this process
            for number, (stream, mode) in enumerate(
                ((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w"))
            )
        )


# What stands before `awsx:` and behind it, and what ends the line, so that a person can tell what
# is said; on a terminal with colours alone. Red means an error and nothing else.
TALK = ("\x1b[2m", "", "\x1b[0m")  # what was done: dim
CALL = ("\x1b[1m", "\x1b[0m", "")  # a question, or something that the person is to do: bold
WARNING = ("\x1b[33m", "\x1b[0m", "")  # something is wrong, and awsx goes on: yellow
ERROR = ("\x1b[31m", "\x1b[0m", "")  # could not: red


def say(message: str) -> None:
    """Write what was done to stderr, on one line; stdout is for data."""
    write(worded(one_line(message), TALK) + "\n")


def call(message: str) -> None:
    """Write what the person is to do to stderr. It keeps its own lines: a URL has one of its own.

    `message` must be clean.
    """
    write(worded(message, CALL) + "\n")


def warn(message: str) -> None:
    """Write to stderr, on one line, what is wrong although awsx goes on."""
    write(worded(one_line(message), WARNING) + "\n")


def refuse(message: str) -> None:
    """Write to stderr, on one line, why awsx could not do what it was asked for."""
    write(worded(one_line(message), ERROR) + "\n")


def worded(message: str, kind: "tuple[str, str, str]") -> str:
    """`awsx: ` and the message, in the colours of its kind if stderr is a terminal with colours."""
    before, behind, end = kind if is_coloured(2) else ("", "", "")
    return f"{before}awsx:{behind} {message}{end}"


def write(text: str) -> None:
    """Write to stderr. Where it is closed or full, there is nobody to talk to."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


def out(text: str) -> None:
    """Write data to stdout. Names leave as the bytes that the files have."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def one_line(message: str) -> str:
    """`message` without anything that could end the line or move the cursor."""
    return clean(" ".join(message.split()), 2000)


def clean(text: str, limit: int = 80) -> str:
    """`text` fit for a screen, cut to `limit` characters.

    Each control character, format character and byte that is no text becomes a `?`.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= limit else text[: limit - 2] + ".."


def shown(name: str) -> str:
    """A name as a message has it: in quotes if a person would not see all of it otherwise.

    `'prod '`, or `'prod\\r'`; for most names just `prod`.
    """
    if name and name.isprintable() and name == " ".join(name.split()):
        return clean(name)
    escaped = "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
    return f"'{clean(escaped)}'"


# Each coding agent sets one of these for the commands that it runs (botocore, useragent.py).
AGENTS = (
    "AWSX_AGENT",
    "CLAUDECODE",
    "GEMINI_CLI",
    "CODEX_THREAD_ID",
    "KIRO_SESSION_ID",
    "OPENCODE",
    "ANTIGRAVITY_AGENT",
    "AMP_CURRENT_THREAD_ID",
    "PI_CODING_AGENT",
    "COPILOT_CLI",
    "CURSOR_AGENT",
)


def agent() -> str:
    """The variable by which a coding agent says that it called this; empty if none does."""
    raw = posix.environ
    return next((n for n in AGENTS if raw.get(n.encode(), b"0") not in (b"", b"0", b"false")), "")


def on_terminal() -> bool:
    """True if a person can be asked: stdin and stderr are terminals (stdout may be redirected).

    An agent may have a terminal, but nobody answers there.
    """
    return posix.isatty(0) and posix.isatty(2) and not agent()


def in_foreground() -> bool:
    """True if this process may read from its terminal.

    The kernel stops a background job that does.
    """
    try:
        return posix.tcgetpgrp(0) == posix.getpgrp()
    except OSError:
        return False


def colour_wanted(stream: int, env: dict[str, str]) -> bool:
    """True if colours may go to the file descriptor `stream`.

    A pipe gets none; neither does anything under NO_COLOR (no-color.org) or TERM=dumb.
    """
    return posix.isatty(stream) and not env.get("NO_COLOR") and env.get("TERM", "dumb") != "dumb"


def is_coloured(stream: int) -> bool:
    """True if colours may go to the file descriptor `stream`, by this process's own environment."""
    raw = posix.environ  # as it was at the start
    names = (b"NO_COLOR", b"TERM")
    return colour_wanted(stream, {n.decode(): raw[n].decode("latin-1") for n in names if n in raw})


def can_redraw() -> bool:
    """True if a line on stderr can be drawn over: it is a terminal, and none that only scrolls."""
    return posix.isatty(2) and posix.environ.get(b"TERM", b"dumb") != b"dumb"


class Progress:
    """A line on a terminal that says what awsx is doing, until it is cleared.

    It never reaches a pipe, a file or TERM=dumb.
    """

    def __init__(self) -> None:
        self._drawn = ""

    def show(self, text: str) -> None:
        """Draw `text` in place of what was drawn last."""
        # Nobody can draw over a line that the terminal has wrapped.
        text = f"awsx: {text}"[: columns(2) - 1]
        if text != self._drawn and can_redraw():
            dim, _, end = TALK if is_coloured(2) else ("", "", "")
            write(f"\r{dim}{text:<{len(self._drawn)}}{end}")
            self._drawn = text

    def clear(self) -> None:
        """Wipe what was drawn; the cursor then stands at the beginning of the line."""
        if self._drawn:
            write("\r" + " " * len(self._drawn) + "\r")
            self._drawn = ""


class Countdown(Progress):
    """A line on a terminal that says what awsx waits for, and how long still.

    `until` and `now` are times of time.monotonic, in seconds.
    """

    def __init__(self, what: str, until: float) -> None:
        super().__init__()
        self._what, self._until = what, until

    def draw(self, now: float) -> None:
        left = max(0, int(self._until - now))
        self.show(f"{self._what}, {left // 60}:{left % 60:02} left (Ctrl-C to stop)")


def size(stream: int) -> "tuple[int, int]":
    """Columns and rows of the terminal behind a file descriptor; 80 and 24 where nobody knows."""
    try:
        width, height = posix.get_terminal_size(stream)
    except OSError:
        width = height = 0
    return width or 80, height or 24


def columns(stream: int) -> int:
    """The width of that terminal."""
    return size(stream)[0]


def wrapped(text: str, width: int, indent: str = "") -> "Iterator[str]":
    """The lines of a text that is broken at blanks, so that the terminal breaks no word.

    Those after the first begin with `indent`. A word that is wider than `width` stays whole.
    """
    line, *words = text.split(" ")
    for word in words:
        longer = f"{line} {word}"
        if screen_width(longer) > width:
            yield line
            line = indent + word
        else:
            line = longer
    yield line


def screen_width(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def span(seconds: int) -> str:
    """A time in one unit: `2d`, `7h`, `34m`, `<1m`; rounded down, so that it promises nothing."""
    if seconds < 60:
        return "<1m"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}h"
    return f"{seconds // 86400}d"


def near(word: str, words: list[str], otherwise: str = "") -> str:
    """`; did you mean a, b?` with the words most like `word`; `otherwise` if there are none."""
    from difflib import get_close_matches  # imports re: only after a mistake

    lower = {w.lower(): w for w in reversed(words)}
    close = [lower[m] for m in get_close_matches(word.lower(), list(lower), 3, 0.6)]
    inside = [w for w in words if word.lower() in w.lower()]
    found = list(dict.fromkeys(close + inside[:3]))[:3]
    if found:
        return f"; did you mean {', '.join(clean(w, 60) for w in found)}?"
    return otherwise and f"; {otherwise}"
