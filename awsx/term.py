"""Everything that awsx says to a person: its one error type, messages of one line, clean text."""

import posix
import sys


class AwsxError(Exception):
    """An expected failure: one line that says what happened, where (file:line) and what to do.

    `code` is the exit code of the process: 1 could not, 2 wrong usage.
    """

    code = 1

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Cancelled(AwsxError):
    """The person said no (Esc, Ctrl-C): exit 130, and not a word."""

    def __init__(self) -> None:
        super().__init__("", 130)


class Told(Cancelled):
    """A failure of which everything has been said, on stdout and as data: not a word more."""

    def __init__(self, message: str) -> None:
        AwsxError.__init__(self, message, 1)


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


def say(message: str, keep_lines: bool = False) -> None:
    """Write a message to stderr, on one line; stdout is for data.

    With `keep_lines` the message keeps its own lines: a person copies a URL from a line of its own.
    """
    try:
        sys.stderr.write(f"awsx: {message if keep_lines else one_line(message)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):  # stderr is closed or full: nobody to talk to
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


def on_terminal() -> bool:
    """True if a person can be asked: stdin and stderr are terminals (stdout may be redirected)."""
    return posix.isatty(0) and posix.isatty(2)


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


class Countdown:
    """A line on a terminal that says what awsx waits for, and how long still.

    `until` and `now` are times of time.monotonic, in seconds.
    """

    def __init__(self, what: str, until: float) -> None:
        self._what, self._until = what, until
        self._drawn = ""

    def draw(self, now: float) -> None:
        left = max(0, int(self._until - now))
        text = f"awsx: {self._what}, {left // 60}:{left % 60:02} left (Ctrl-C to stop)"
        text = text[: _columns() - 1]
        if text != self._drawn and posix.isatty(2):
            self._drawn = text
            sys.stderr.write("\r" + text)
            sys.stderr.flush()

    def clear(self) -> None:
        if self._drawn:
            sys.stderr.write("\r" + " " * len(self._drawn) + "\r")
            sys.stderr.flush()
            self._drawn = ""


def _columns() -> int:
    """The terminal's width; nobody can draw over a line that the terminal has wrapped."""
    try:
        return posix.get_terminal_size(2).columns or 80
    except OSError:
        return 80


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
