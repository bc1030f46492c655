"""The question that a person answers before a guarded profile is used."""

import _signal
import posix
import sys

from awsx.term import (
    CALL,
    AwsxError,
    Cancelled,
    clean,
    columns,
    in_foreground,
    on_terminal,
    one_line,
    screen_width,
    worded,
    wrapped,
    write,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Target

PREFIX, INDENT, ANSWERS = "awsx: ", "  ", " [y/N]"
GUARDED = "is guarded by {}: {}?"
ALL_QUESTION = "guarded: {}: {}?"
ALL_UNASKED = "guarded: {}; there is nobody to ask here; if you mean it: --yes"
UNASKED = "{} is guarded by {} and there is nobody to ask here; if you mean it: --yes"


def ask(target: "Target", account_name: str, deed: str) -> None:
    """Go on with the `deed` only if the person says yes.

    Raises Cancelled for anything else, and AwsxError where nobody can be asked.
    """
    if not (on_terminal() and in_foreground()):
        unasked = UNASKED.format(clean(target.profile.name), clean(target.pattern))
        raise AwsxError(unasked, kind="guarded")
    guarded = GUARDED.format(clean(target.pattern), deed)
    confirm(_described(target, account_name), guarded)


def confirm(*question: str) -> None:
    """Go on only if the person says yes. Raises Cancelled for anything else.

    The question has one part or more. A part begins a line where they do not fit into one.
    """
    asked = on_screen([*map(one_line, question)], columns(2))
    if answered(asked).strip().lower() not in ("y", "yes"):
        raise Cancelled


def on_screen(parts: "list[str]", width: int) -> str:
    """The question as a terminal of that width shows it without breaking a word."""
    whole = " ".join(parts) + ANSWERS
    if screen_width(PREFIX + whole) < width:
        return f"{whole} "
    first, *others = [*parts[:-1], parts[-1] + ANSWERS]
    begun = [PREFIX + first, *(INDENT + part for part in others)]
    lines = [line for part in begun for line in wrapped(part, width - 1, INDENT)]
    return "\n".join(lines).removeprefix(PREFIX) + " "


def ask_all(names: "list[str]", deed: str) -> None:
    """The same for several guarded profiles, in one question."""
    shown = clean(", ".join(clean(name) for name in names), 400)
    if not (on_terminal() and in_foreground()):
        raise AwsxError(ALL_UNASKED.format(shown), kind="guarded")
    confirm(ALL_QUESTION.format(shown, deed))


def _described(target: "Target", account_name: str) -> str:
    """`prod (111122223333 Production, Admin)`"""
    account = " ".join(clean(text) for text in (target.account, account_name) if text)
    details = ", ".join(text for text in (account, clean(target.role)) if text)
    name = clean(target.profile.name)
    return f"{name} ({details})" if details else name


def answered(question: str) -> str:
    """The line that the person types; empty if there is none (Ctrl-D, a terminal that is gone).

    What was typed before the question does not answer it, so it is thrown away. Ctrl-Z is ignored:
    the shell would take the stopped core for one that has ended.
    """
    import termios

    modes = termios.tcgetattr(0)
    if modes[3] & termios.ICANON:
        return _answered(question)
    # In a hook of fish's prompt, where fish reads keys: let the person edit and see a line.
    lines = [modes[0] | termios.ICRNL, *modes[1:]]
    lines[3] |= termios.ICANON | termios.ECHO | termios.ISIG
    termios.tcsetattr(0, termios.TCSANOW, lines)
    signals = _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    try:
        return _answered(question)
    finally:  # after Ctrl-C, too
        termios.tcsetattr(0, termios.TCSANOW, modes)
        _signal.signal(_signal.SIGINT, signals)


def _answered(question: str) -> str:
    import termios

    termios.tcflush(0, termios.TCIFLUSH)
    stops = _signal.signal(_signal.SIGTSTP, _signal.SIG_IGN)
    write(worded(question, CALL))
    line = _line()
    _signal.signal(_signal.SIGTSTP, stops)
    if not line:
        sys.stderr.write("\n")
    return line.decode("utf-8", "replace")


def _line() -> bytes:
    """A line of stdin; empty if there is no whole one.

    It is read byte by byte, since what comes after it belongs to the command.
    """
    line = b""
    while not line.endswith(b"\n"):
        try:
            byte = posix.read(0, 1)
        except OSError:
            byte = b""
        if not byte:
            return b""
        line += byte
    return line
