"""A real interactive shell on a pseudo-terminal, and the screen that a person would see.

    with Terminal("zsh", environment, rc=loading_line("zsh")) as terminal:
        assert terminal.run("false") == Result(status=1, profile="", text="")

The prompt ends with an invisible mark, `ESC ] 7770 ; counter ; status ; AWS_PROFILE BEL`. The
shell prints it when its line editor is ready. So nothing here sleeps: each wait is for a mark, for
text on the screen or for another fact, and has a deadline.
"""

from __future__ import annotations

import codecs
import copy
import ctypes
import os
import pwd
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import pyte
import pytest
from ageing import age
from ptyprocess import PtyProcess  # type: ignore[import-untyped]

SHELLS = ("bash", "zsh", "fish")
ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 15.0


def real_homes() -> set[Path]:
    """The runner's own home folders; in a container a user may have no entry in /etc/passwd."""
    entries = [entry.pw_dir for entry in pwd.getpwall() if entry.pw_uid == os.getuid()]
    return {Path(folder).resolve() for folder in (*entries, Path.home())}


REAL_HOMES = real_homes()

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "shift-tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "page-up": "\x1b[5~",
    "page-down": "\x1b[6~",
}
# A program may ask for the other form of these (DECCKM): ESC O A in place of ESC [ A.
CURSOR_KEYS = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}

# These scripts source the test's rc file, so the prompt gets its mark even if that file returns
# early. An rc file that rebuilds the prompt at each draw has to put $__terminal_mark at its end.
BASH = r"""
__terminal_n=0
__terminal_mark='\[\e]7770;$((__terminal_n+=1));$?;${AWS_PROFILE+${AWS_PROFILE//[[:cntrl:]]/?}}\a\]'
PS1='$ '
bind 'set %(line_mode)s on'
. %(rc)s
[[ $PS1 == *7770* ]] || PS1='\[\e]7771\a\]'$PS1$__terminal_mark
"""
# The mark uses psvar because %v prints its value literally, whatever options the test sets.
ZSH = r"""
__terminal_mark=$'%%{\e]7770;%%97v;%%?;%%98v\a%%}'
PROMPT='$ '
PROMPT_EOL_MARK=
source %(rc)s
emulate zsh -o no_aliases -c '
  psvar[97]=0
  function __terminal_precmd {
    psvar[97]=$(( psvar[97] + 1 ))
    psvar[98]=${${AWS_PROFILE-}//[[:cntrl:]]/?}
  }
  precmd_functions+=(__terminal_precmd)
  [[ $PROMPT == *7770* ]] || PROMPT=$'\''%%{\e]7771\a%%}'\''$PROMPT$__terminal_mark
'
"""
# fish calls the function fish_prompt at every repaint, so the counter counts events. After Ctrl-C
# it prints the old prompt again, so the handler of fish_cancel prints a new mark.
FISH = r"""
set -g fish_greeting
set -g __terminal_n 0
function __terminal_count --on-event fish_prompt
    set -g __terminal_n (builtin math $__terminal_n + 1)
end
function __terminal_cancelled --on-event fish_cancel
    set -l last $status
    __terminal_count
    __terminal_mark $last
end
function __terminal_mark --argument-names last
    set -l profile (builtin string replace --all --regex '[[:cntrl:]]' '?' -- "$AWS_PROFILE")
    builtin printf '\e]7770;%%s;%%s;%%s\a' $__terminal_n $last "$profile"
end
function __terminal_status --argument-names last
    return $last
end
function fish_prompt
    builtin echo -n '$ '
end
source %(rc)s
functions --copy fish_prompt __terminal_prompt
function fish_prompt
    set -l last $status
    builtin printf '\e]7771\a'
    __terminal_status $last
    __terminal_prompt $argv
    __terminal_mark $last
end
"""

# The terminal turns these keys into signals, which overtake the keys that were pressed before them.
SIGNAL_KEYS = ("ctrl-c", "ctrl-z", "ctrl-\\")

# Sequences that pyte prints as text or fails on: OSC, DCS and the like, and each CSI that is not
# plain and not a mode (colons in SGR, `CSI ? 4 m`, the keyboard queries of newer shells). Also the
# bytes 1 and 2, which bash puts around text without width and prints as they are in PS0.
UNREADABLE = re.compile(
    r"\x1b\]777(?:0;(?P<mark>[^\x07]*)|(?P<opens>1))\x07"
    r"|(?P<runs>\x1b\]133;C[^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|(?=\x1b))"
    r"|\x1b[PX^_k](?:[^\x1b]|\x1b[^\\])*\x1b\\"
    r"|\x1b\[(?![\d;]*[@-~]|\?[\d;]*[hl])[0-?]*[ -/]*[@-~]"
    r"|[\x01\x02]"
)
INCOMPLETE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_k](?:[^\x1b]|\x1b[^\\])*\x1b?|[ #%()*+])?\Z"
)

ALTERNATE = {47, 1047, 1049}
# A shell turns this mode on when it begins to read a line, and off when the line is accepted.
PASTE = 2004
KEYPAD = 1  # takes its place in bash before 4.4, which knows no bracketed paste
DECCKM = 1 << 5


class Result(NamedTuple):
    status: int
    profile: str
    text: str


class Position(NamedTuple):
    row: int  # counted from the first line printed, so that scrolling does not change it
    column: int


class Screen(pyte.Screen):
    """pyte's screen and what it lacks: the alternate screen, lines scrolled off, wrapped lines."""

    def __init__(
        self, rows: int, columns: int, reply: Callable[[str], None], line_mode: int = PASTE
    ) -> None:
        self.reply = reply
        self.line_mode = line_mode
        self.scrolled: list[str] = []
        self.wrapped: set[int] = set()
        self.main: tuple[Any, Any, int, int] | None = None
        self.drawing = False
        self.line_began: Position | None = None
        self.line_ended: Position | None = None
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        self.reply(data)

    @property
    def position(self) -> Position:
        return Position(len(self.scrolled) + self.cursor.y, self.cursor.x)

    def line(self, y: int) -> str:
        text = "".join(self.buffer[y][x].data for x in range(self.columns))
        return text if len(self.scrolled) + y in self.wrapped else text.rstrip()

    def text(self, start: int, end: Position) -> str:
        """The text from row `start` up to `end`; a line that the screen wrapped is whole again."""
        lines = self.scrolled + [self.line(y) for y in range(self.lines)]
        chosen = [
            *enumerate(lines[start : end.row], start),
            (end.row, lines[end.row][: end.column]),
        ]
        text = "".join(
            line if row in self.wrapped else line.rstrip() + "\n" for row, line in chosen
        )
        # fish prints this sign after output whose last line has no newline.
        return text.strip("\n").rstrip().removesuffix("⏎")

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private") and ALTERNATE & set(modes) and self.main is None:
            self.main = (dict(self.buffer), copy.copy(self.cursor), self.lines, self.columns)
            self.buffer.clear()
        if kwargs.get("private") and self.line_mode in modes:
            self.line_began = self.position
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and ALTERNATE & set(modes) and self.main is not None:
            rows, columns = self.lines, self.columns
            kept, self.cursor, self.lines, self.columns = self.main
            self.main = None
            self.buffer.clear()
            self.buffer.update(kept)
            self.set_margins()
            self.resize(rows, columns)
        if kwargs.get("private") and self.line_mode in modes:
            self.line_began = None
            self.line_ended = self.line_ended or self.position

    def draw(self, data: str) -> None:
        self.drawing = True
        super().draw(data)
        self.drawing = False

    def linefeed(self) -> None:
        change = self.wrapped.add if self.drawing else self.wrapped.discard
        change(self.position.row)
        super().linefeed()

    def index(self) -> None:
        top, bottom = self.margins or (0, self.lines - 1)
        if self.cursor.y == bottom and top == 0:
            self.scroll_off(1)
        super().index()

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        if how == 2:
            self.scroll_off(self.lines)
        super().erase_in_display(how, *args, **kwargs)

    def scroll_off(self, count: int) -> None:
        if self.main is None:
            self.scrolled += [self.line(y) for y in range(count)]

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Resize as terminals do: drop blank lines below the cursor, then scroll the top off."""
        lines, columns = lines or self.lines, columns or self.columns
        surplus = max(0, self.cursor.y - lines + 1)
        self.scroll_off(surplus)
        rows = {
            y - surplus: row for y, row in self.buffer.items() if surplus <= y < surplus + lines
        }
        self.buffer.clear()
        self.buffer.update(rows)
        for row in rows.values():
            for x in [x for x in row if x >= columns]:
                del row[x]
        self.lines, self.columns = lines, columns
        self.set_margins()
        self.cursor.y -= surplus
        self.cursor.x = min(self.cursor.x, columns)


class Process(PtyProcess):  # type: ignore[misc]
    def terminate(self, force: bool = False) -> bool:
        """Poll until the shell is gone: the hang-up ends most shells. (ptyprocess would sleep.)"""
        deadline = time.monotonic() + 2
        while self.isalive() and time.monotonic() < deadline:
            select.select([], [], [], 0.002)
        if self.isalive():
            self.kill(signal.SIGKILL)
            self.wait()
        return True


class Terminal:
    """A shell under test: `raw` has every byte it printed, `display` the cells with colours."""

    ages_files = True  # a test of young files sets this to False

    def __init__(
        self,
        shell: str,
        env: Mapping[str, str],
        rc: str = "",
        cwd: Path | str | None = None,
        rows: int = 24,
        columns: int = 100,
        sources: Path | None = None,
    ) -> None:
        require_private(env)
        self.shell = shell
        self.sources = sources or Path(env["HOME"])  # below it, sources are made to look old
        self.raw = bytearray()
        self.ended = False
        self.results: list[Result] = []
        self.display = Screen(rows, columns, self.send, PASTE if has_paste(shell) else KEYPAD)
        self._stream = pyte.Stream(self.display)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._count = 0
        self._taken = 0
        self._output_row = 0
        self._prompt_at: Position | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="terminal-", dir=env.get("TMPDIR"))
        argv, env = start(shell, Path(self._folder.name), rc, env)
        self.rc_file = Path(self._folder.name, "user-rc")
        self._age_files()
        self._process = spawn(argv, env, cwd or env["HOME"], (rows, columns))
        self.pid: int = self._process.pid
        try:
            self.started = self.wait_prompt()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, command: str, timeout: float = TIMEOUT) -> Result:
        """Type a line and wait for the prompt after it; `text` is what was printed in between."""
        if "\n" in command:
            raise ValueError(f"one line at a time: {command!r}")
        self._taken = len(self.results)
        self.type(command)
        self.press("enter")
        return self.wait_prompt(timeout)

    def type(self, text: str) -> None:
        self.send(text)

    def press(self, *keys: str) -> None:
        """Press keys: a name of KEYS or CURSOR_KEYS, `ctrl-x`, `alt-x` or a single character."""
        for key in keys:
            if key in SIGNAL_KEYS:
                self._settle(Idle())
            self.send(self._sequence(key))

    def _settle(self, ready: Callable[[int], bool]) -> None:
        """Wait up to a second until the foreground program is ready for a signal, as people do."""
        deadline = time.monotonic() + 1
        while not ready(self.foreground()) and time.monotonic() < deadline:
            while self._pump(0.01):
                pass

    def _sequence(self, key: str) -> str:
        if key in CURSOR_KEYS:
            return ("\x1bO" if DECCKM in self.display.mode else "\x1b[") + CURSOR_KEYS[key]
        if key.startswith("ctrl-") and len(key) == 6:
            return chr(ord(key[-1]) & 0x1F)
        if key.startswith("alt-") and len(key) == 5:
            return "\x1b" + key[-1]
        return key if len(key) == 1 else KEYS[key]

    def _age_files(self) -> None:
        if self.ages_files and compares_whole_seconds(self.shell):
            age(self.sources)

    def send(self, text: str) -> None:
        self._age_files()
        self._process.write(text.encode())

    def wait_prompt(self, timeout: float = TIMEOUT) -> Result:
        """Wait for the next prompt that no earlier wait has returned."""
        self._wait(
            lambda: len(self.results) > self._taken, timeout, "the next prompt", poll=timeout
        )
        self._taken += 1
        return self.results[self._taken - 1]

    def cancel_line(self, timeout: float = TIMEOUT) -> Result:
        """Press Ctrl-C at the prompt, and again if nothing happens, as a person does.

        On a busy machine, fish 3.6 misses one Ctrl-C in 1000.
        """
        self.press("ctrl-c")
        try:
            return self.wait_prompt(timeout / 5)
        except TimeoutError:
            self.press("ctrl-c")
            return self.wait_prompt(timeout)

    def wait_for(
        self, wanted: str | Callable[[list[str]], object], timeout: float = TIMEOUT
    ) -> None:
        """Wait for text on the screen, or for a condition on its lines (or on anything else).

        The screen also shows the command as typed; `lambda lines: "x" in lines` wants a whole line.
        """
        if callable(wanted):
            self._wait(lambda: wanted(self.screen()), timeout, "what the test waits for")
        else:
            self._wait(lambda: wanted in "\n".join(self.screen()), timeout, repr(wanted))

    def wait_foreground(self, timeout: float = TIMEOUT) -> None:
        """Wait until a command owns the terminal: the next key goes to it and not to the shell."""
        self._wait(lambda: self.foreground() != self.pid, timeout, "a command in the foreground")
        self._settle(executed)

    def foreground(self) -> int:
        """The process group that receives the terminal's keys; at a prompt, the shell's own."""
        return os.tcgetpgrp(self._process.fd)

    def wait_end(self, timeout: float = TIMEOUT) -> int:
        """Wait for the shell to end; its exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + timeout
        while not self.ended:
            self._pump(self._left(deadline, "the end of the shell", timeout))
        self._process.wait()
        return int(
            self._process.exitstatus
            if self._process.signalstatus is None
            else -self._process.signalstatus
        )

    def _wait(
        self, met: Callable[[], object], timeout: float, what: str, poll: float = 0.02
    ) -> None:
        deadline = time.monotonic() + timeout
        self._pump(0)
        while not met():
            if self.ended:
                raise EOFError(f"the shell ended before {what} was seen\n{self._picture()}")
            self._pump(min(poll, self._left(deadline, what, timeout)))

    def _left(self, deadline: float, what: str, timeout: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{what} was not seen within {timeout:g} s\n{self._picture()}")
        return left

    def _picture(self) -> str:
        frame = "+" + "-" * self.display.columns + "+"
        lines = [f"|{line.ljust(self.display.columns)}|" for line in self.screen()]
        return "\n".join([frame, *lines, frame, f"last bytes: {bytes(self.raw[-300:])!r}"])

    def _pump(self, timeout: float) -> bool:
        """Read what the shell has printed; tell whether there was anything."""
        if self.ended or not select.select([self._process.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:
            # When no process holds the other end any more: EIO on Linux, no data on macOS.
            data = b""
        self.ended = not data
        self.raw += data
        self._feed(self._held + self._decode(data))
        return True

    def _feed(self, text: str) -> None:
        cut = INCOMPLETE.search(text)
        end = cut.start() if cut else len(text)
        text, self._held = text[:end], text[end:]
        begin = 0
        for found in UNREADABLE.finditer(text):
            self._stream.feed(text[begin : found.start()])
            begin = found.end()
            if found["opens"]:
                # Text before this on the same row is the segment, which belongs to the prompt.
                self._prompt_at = Position(self.display.position.row, 0)
            elif found["runs"]:  # fish 4 redraws the line after the end of paste mode
                self.display.line_ended = self.display.position
            elif found["mark"]:
                self._marked(*found["mark"].split(";", 2))
        self._stream.feed(text[begin:])

    def _marked(self, count: str, status: str, profile: str) -> None:
        if int(count) <= self._count:  # the same prompt, drawn again
            return
        self._count = int(count)
        display, here = self.display, self.display.position
        ended = display.line_ended
        first = ended.row + (ended.column > 0) if ended else self._output_row
        last = self._prompt_at or Position(here.row, 0)
        if self.shell == "bash":  # its prompt may share a row with output that has no newline
            last = display.line_began or last
        self.results.append(Result(int(status), profile, display.text(first, last)))
        display.line_began = display.line_ended = self._prompt_at = None
        self._output_row = here.row + 1

    def screen(self) -> list[str]:
        self._pump(0)
        return [self.display.line(y).rstrip() for y in range(self.display.lines)]

    def prompt_line(self) -> str:
        """The line with the cursor."""
        return self.screen()[self.display.cursor.y]

    @property
    def cursor(self) -> tuple[int, int]:
        self._pump(0)
        return self.display.cursor.y, self.display.cursor.x

    def variable(self, name: str) -> str | None:
        """The value that a command started now would find, exactly: no screen is involved."""
        if not name.isidentifier():
            raise ValueError(f"not the name of a variable: {name!r}")
        status, value = self._ask(f"/usr/bin/printenv {name}")
        return value.removesuffix("\n") if status == 0 else None

    def stty(self) -> frozenset[str]:
        """The settings of the terminal: `echo` or `-echo`, `intr = ^C`, `columns 100`."""
        _, answer = self._ask("stty -a")
        return frozenset(re.findall(r"\w+ = [^;]+|(?:speed|rows|columns) \d+|-?[a-z]\w*", answer))

    def _ask(self, command: str) -> tuple[int, str]:
        answer = Path(self._folder.name, "answer")
        status = self.run(f"/bin/sh -c '{command} >{answer}'").status
        return status, answer.read_text(encoding="utf-8", errors="surrogateescape")

    @property
    def interrupted(self) -> int:
        """The status after Ctrl-C at a line that the shell gives up; in bash before 4 it is 1."""
        return 1 if self.shell == "bash" and version("bash") < (4,) else 130

    def resize(self, rows: int, columns: int) -> None:
        """Resize the window. Shells redraw later: wait for a fact of the new layout afterwards."""
        self._pump(0)
        self.display.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def close(self) -> None:
        """Hang up, as a closed window does, and wait until the shell is gone."""
        if self._process.closed:
            return
        if not self.ended:
            self._settle(executed)
        self._process.delayafterclose = 0
        self._process.close()
        self._folder.cleanup()


def executed(pid: int) -> bool:
    """Whether the process has executed its program; before that, bash's child may lose a signal."""
    forked_only = 0x40  # PF_FORKNOEXEC
    try:
        flags = int(
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[6]
        )
    except OSError:
        return True
    return not flags & forked_only


class Idle:
    """Whether no thread of a process has run since the last call; true where nobody can tell.

    bash 5.2 and fish 3.6 overlook a SIGINT that arrives while they work, until the next key.
    """

    def __init__(self) -> None:
        self.before: list[str] = []

    def __call__(self, pid: int) -> bool:
        try:
            now = [
                (task / "status").read_text(encoding="utf-8")
                for task in Path(f"/proc/{pid}/task").iterdir()
            ]
        except OSError:
            return True
        same = now == self.before and all("\nState:\tS" in status for status in now)
        self.before = now
        return same and executed(pid)


def require(program: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CI=true."""
    path = shutil.which(program)
    if path is None:
        give_up(f"{program} is not installed")
    return str(path)


def give_up(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def shell_path(shell: str) -> str:
    """The shell to test; AWSX_TEST_BASH, AWSX_TEST_ZSH and AWSX_TEST_FISH name another one."""
    return os.environ.get(f"AWSX_TEST_{shell.upper()}") or require(shell)


def version(shell: str) -> tuple[int, ...]:
    """The version of the shell under test, such as (5, 2, 15)."""
    return _version(shell_path(shell))


@lru_cache
def _version(path: str) -> tuple[int, ...]:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\d+(\.\d+)+", answer.stdout)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def has_paste(shell: str) -> bool:
    """Whether the shell has bracketed paste, which tells when it begins and ends to read a line."""
    return shell != "bash" or version(shell) >= (4, 4)


def compares_whole_seconds(shell: str) -> bool:
    """Whether `-nt` and `-ot` of the shell see no change within one second."""
    return shell == "bash" and version(shell) < (5, 0)


def loading_line(shell: str) -> str:
    """What `awsx init SHELL` prints: how to start the core, and how to load the integration."""
    script = ROOT / "shell" / f"awsx.{shell}"
    if shell == "fish":
        return (
            f"set -g AWSX_PYTHON {fish_quote(sys.executable)}\nsource {fish_quote(str(script))}\n"
        )
    source = f"source {quote(str(script))}"
    if shell == "zsh":
        source = f'emulate zsh -o no_aliases -c "{source}"'
    return f"AWSX_PYTHON={quote(sys.executable)}\n{source}\n"


def quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def fish_quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def require_private(env: Mapping[str, str]) -> None:
    """Refuse to start a shell without its own HOME: zsh and fish would look it up in passwd."""
    home = env.get("HOME")
    if not home or Path(home).resolve() in REAL_HOMES:
        raise ValueError(f"a shell under test needs a HOME of its own, not {home!r}")


def start(
    shell: str, folder: Path, rc: str, env: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """argv and environment of a shell that reads `rc` and none of the machine's own files."""
    (folder / "user-rc").write_text(rc, encoding="utf-8")
    names = {"rc": shlex.quote(str(folder / "user-rc"))}
    path = shell_path(shell)
    if shell == "bash":
        names["line_mode"] = "enable-bracketed-paste" if has_paste(shell) else "enable-keypad"
        (folder / "bashrc").write_text(BASH % names, encoding="utf-8")
        return [path, "--noprofile", "--rcfile", str(folder / "bashrc"), "-i"], dict(env)
    if shell == "zsh":
        (folder / ".zshrc").write_text(ZSH % names, encoding="utf-8")
        return [path, "-o", "NO_GLOBAL_RCS", "-i"], {**env, "ZDOTDIR": str(folder)}
    (folder / "config.fish").write_text(FISH % names, encoding="utf-8")
    return [path, "-C", f"source {shlex.quote(str(folder / 'config.fish'))}"], dict(env)


def spawn(
    argv: list[str], env: dict[str, str], cwd: Path | str, dimensions: tuple[int, int]
) -> Any:
    """Start the shell in a window of its final size: a SIGWINCH makes a starting zsh draw twice."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def as_a_login_does() -> None:
        # The shell must not inherit ignored signals (SIGINT from `&`, SIGPIPE from Python).
        for number in (
            "HUP",
            "INT",
            "QUIT",
            "PIPE",
            "TERM",
            "CHLD",
            "TSTP",
            "TTIN",
            "TTOU",
            "XFSZ",
        ):
            signal.signal(getattr(signal, f"SIG{number}"), signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if libc is not None:
            # PR_SET_PTRACER_ANY lets strace attach although it isn't a parent (Yama).
            libc.prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)

    with warnings.catch_warnings():
        # Python >= 3.12 warns of a fork beside threads; this child only resets signals and execs.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Process.spawn(argv, str(cwd), env, preexec_fn=as_a_login_does, dimensions=dimensions)
