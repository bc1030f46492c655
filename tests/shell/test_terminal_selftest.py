"""Tests of tests/terminal.py, on which all tests in live shells are built, in the same shells."""

from __future__ import annotations

import errno
import os
import pwd
import shlex
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import terminal as under_test
from processes import Seen, count_processes
from terminal import ROOT, Result, Terminal, loading_line

StartTerminal = Callable[..., Terminal]

# The text of the command differs from its output, so that its echo is not taken for the output.
FULL_SCREEN = r"""
import sys
sys.stdout.write("\x1b[?1049h\x1b[2J\x1b[Hpi" "cker\x1b[5;3H> \x1b[?4m\x1bPq#0\x1b\\\x1b[4:3m")
sys.stdout.flush()
key = sys.stdin.readline()
sys.stdout.write("\x1b[?1049l")
"""


@pytest.fixture
def plain(shell: str, terminal: StartTerminal) -> Terminal:
    return terminal(shell)


def script(folder: Path, text: str) -> str:
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


def test_the_shell_starts_silently_at_a_prompt(plain: Terminal) -> None:
    assert plain.started == Result(status=0, profile="", text="")
    assert plain.prompt_line() == "$"
    assert plain.cursor == (0, 2)


@pytest.mark.parametrize(
    ("command", "status"),
    [("true", 0), ("false", 1), ("sh -c 'exit 7'", 7), ("sh -c 'kill -9 $$'", 137)],
)
def test_run_returns_the_status(plain: Terminal, command: str, status: int) -> None:
    assert plain.run(command).status == status


def test_an_empty_line_gives_a_new_prompt(plain: Terminal) -> None:
    plain.run("false")
    assert plain.run("").text == ""
    assert plain.run("echo on").text == "on"


def test_the_mark_tells_the_shells_aws_profile(shell: str, terminal: StartTerminal) -> None:
    live = terminal(shell, AWS_PROFILE="inherited")
    assert live.started.profile == "inherited"
    assert (
        live.run("export AWS_PROFILE='a;b %F{red} $(false) ☁'").profile == "a;b %F{red} $(false) ☁"
    )
    assert live.run("set -e AWS_PROFILE" if shell == "fish" else "unset AWS_PROFILE").profile == ""


def test_a_control_character_in_the_profile_does_not_break_the_mark(
    shell: str, terminal: StartTerminal
) -> None:
    assert terminal(shell, AWS_PROFILE="a\x07b\x1bc").started.profile == "a?b?c"


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("echo one", "one"),
        ("printf 'no end'", "no end"),
        ("printf 'first\\nno end'", "first\nno end"),
        ("printf '\\n  indented\\n\\nlast\\n'", "  indented\n\nlast"),
        ("printf '☁ ünïcode 東京\\n'", "☁ ünïcode 東京"),
        ("seq 100", "\n".join(str(n) for n in range(1, 101))),
        ("printf '%0250d\\n' 7", "7".rjust(250, "0")),
        ("printf '%0300d\\nx\\n' 7", "7".rjust(300, "0") + "\nx"),
        ("echo " + "w" * 150, "w" * 150),
        ("clear; echo cleared", "cleared"),
    ],
)
def test_text_is_what_the_command_printed(plain: Terminal, command: str, text: str) -> None:
    plain.run("echo before")
    assert plain.run(command).text == text
    assert plain.run("echo after").text == "after"


def test_the_rc_file_is_read_and_its_output_is_seen(shell: str, terminal: StartTerminal) -> None:
    live = terminal(shell, rc="export SEEN='by the rc file'\necho said\n")
    assert live.started.text == "said"
    assert live.variable("SEEN") == "by the rc file"


def test_the_prompt_of_the_rc_file_stays_and_sees_the_status(
    shell: str, terminal: StartTerminal
) -> None:
    prompts = {
        "bash": r"PS1='top\n<$?> '",
        "zsh": "PROMPT=$'top\\n<%?> '",
        "fish": 'function fish_prompt\n set -l last $status\n echo top\n echo -n "<$last> "\nend',
    }
    live = terminal(shell, rc=prompts[shell])
    assert live.run("false") == Result(1, "", "")
    assert live.prompt_line() == "<1>"
    assert live.run("echo one") == Result(0, "", "one")


def test_text_put_before_the_prompt_does_not_hide_the_mark(
    shell: str, terminal: StartTerminal
) -> None:
    prepended = {
        "bash": "PROMPT_COMMAND='PS1=\"[seg] $PS1\"; unset PROMPT_COMMAND'",
        "zsh": 'function late { PROMPT="[seg] $PROMPT"; '
        "precmd_functions=(${precmd_functions:#late}) }\n"
        "precmd_functions+=(late)",
        "fish": "function late --on-event fish_prompt\n functions --erase late\n"
        " functions --copy fish_prompt kept\n function fish_prompt\n set -l last $status\n"
        " echo -n '[seg] '\n __terminal_status $last\n kept\n end\nend",
    }
    live = terminal(shell, rc=prepended[shell])
    assert live.prompt_line() == "[seg] $"
    assert live.run("sh -c 'echo x; exit 3'") == Result(3, "", "x")
    assert live.prompt_line() == "[seg] $"


@pytest.mark.parametrize(
    ("shell", "rc"),
    [
        ("bash", "set -u\nIFS=17e\nset -o noclobber pipefail\nalias printf=false source=false"),
        ("bash", "set -o posix\nset -a\nshopt -s nullglob nocasematch extglob"),
        ("bash", "PROMPT_COMMAND='true;'\nreturn 3"),
        ("zsh", "setopt ksh_arrays sh_word_split no_unset"),
        ("zsh", "emulate sh"),
        (
            "zsh",
            "setopt prompt_subst prompt_bang all_export posix_builtins "
            "warn_create_global octal_zeroes",
        ),
        ("zsh", "alias -g done=x\nalias function=false\nIFS=17e\nreturn 3"),
        (
            "fish",
            "alias echo=false\nabbr -a run false\n"
            "set -U AWS_PROFILE universal\nset -eU AWS_PROFILE",
        ),
    ],
)
def test_the_terminal_works_with_hostile_rc_files(
    shell: str, rc: str, terminal: StartTerminal
) -> None:
    live = terminal(shell, rc=rc)
    assert live.run("false").status == 1
    assert live.run("export AWS_PROFILE=prod").profile == "prod"
    assert live.run("seq 2").text == "1\n2"


def test_variable_returns_the_exact_value(plain: Terminal) -> None:
    assert plain.variable("NOT_THERE") is None
    assert plain.variable("HISTFILE") is not None
    plain.run("export EMPTY=''")
    assert plain.variable("EMPTY") == ""
    plain.run("export ODD='two  blanks, a ☁ and an end  '")
    assert plain.variable("ODD") == "two  blanks, a ☁ and an end  "


def test_the_shell_gets_the_given_environment(plain: Terminal, home: Path) -> None:
    assert plain.variable("HOME") == str(home)
    assert plain.variable("AWS_CONFIG_FILE") is None
    assert plain.run("cd; pwd").text == str(home)


def test_a_variable_of_the_test_process_does_not_reach_the_shell(
    shell: str, terminal: StartTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/stray")
    assert terminal(shell).variable("AWS_CA_BUNDLE") is None


def test_the_shell_starts_in_the_given_folder(
    shell: str, terminal: StartTerminal, tmp_path: Path
) -> None:
    assert terminal(shell, cwd=tmp_path).run("pwd").text == str(tmp_path)


def test_the_screen_under_a_full_screen_program_comes_back(plain: Terminal, tmp_path: Path) -> None:
    plain.run("echo before")
    plain.type(script(tmp_path, FULL_SCREEN))
    plain.press("enter")
    plain.wait_for("picker")
    assert plain.screen()[0] == "picker"
    assert plain.prompt_line() == "  >"
    assert "before" not in plain.screen()
    plain.press("enter")
    assert plain.wait_prompt() == Result(0, "", "")
    assert "picker" not in "\n".join(plain.screen())
    assert "before" in plain.screen()


def test_a_full_screen_program_may_see_a_resize(plain: Terminal, tmp_path: Path) -> None:
    plain.run("seq 15")
    plain.type(script(tmp_path, FULL_SCREEN))
    plain.press("enter")
    plain.wait_for("picker")
    plain.resize(10, 60)
    plain.press("enter")
    plain.wait_prompt()
    assert len(plain.screen()) == 10
    assert plain.run("echo on").text == "on"


def test_ctrl_c_ends_a_command(plain: Terminal) -> None:
    plain.type("sleep 30")
    plain.press("enter")
    plain.wait_foreground()
    plain.press("ctrl-c")
    assert plain.wait_prompt().status == 130


def test_ctrl_c_drops_the_line_that_is_typed(plain: Terminal) -> None:
    plain.type("echo never")
    plain.wait_for("$ echo never")
    assert plain.cancel_line().text == ""
    assert plain.run("echo on").text == "on"


def test_keys_reach_the_line_editor(plain: Terminal) -> None:
    plain.run("echo again")
    plain.press("up", "enter")
    assert plain.wait_prompt().text == "again"
    plain.type("echo ab")
    plain.press("left", "x", "ctrl-e", "y", "backspace", "enter")
    assert plain.wait_prompt().text == "axb"


def test_resize_reaches_shell_and_screen(plain: Terminal) -> None:
    plain.resize(30, 60)
    plain.wait_for(lambda lines: len(lines) == 30)
    assert plain.run("stty size").text == "30 60"
    assert plain.run("printf '%090d\\n' 7").text == "7".rjust(90, "0")


def test_a_smaller_screen_keeps_the_prompt(plain: Terminal) -> None:
    plain.run("seq 5")
    plain.resize(10, 100)
    assert "5" in plain.screen()
    plain.run("seq 30")
    plain.resize(5, 100)
    plain.wait_for(lambda lines: len(lines) == 5)
    assert plain.run("echo on").text == "on"


def test_a_query_of_the_cursor_position_is_answered(plain: Terminal, tmp_path: Path) -> None:
    ask = r"""
import os, sys, termios, tty
kept = termios.tcgetattr(0)
tty.setcbreak(0)
os.write(1, b"\x1b[2;4H\x1b[6n")
answer = b""
while not answer.endswith(b"R"):
    answer += os.read(0, 1)
os.write(1, b"\x1b[c")
while not answer.endswith(b"c"):
    answer += os.read(0, 1)
termios.tcsetattr(0, termios.TCSANOW, kept)
print("\x1b[2J\x1b[H", repr(answer))
"""
    assert plain.run(script(tmp_path, ask)).text.strip() == r"b'\x1b[2;4R\x1b[?6c'"


def test_the_settings_of_the_tty_can_be_compared(plain: Terminal, tmp_path: Path) -> None:
    before = plain.stty()
    assert {"echo", "icanon", "isig", "intr = ^C", "rows 24", "columns 100"} <= before
    plain.run("false")
    assert plain.stty() == before


def test_escapes_that_arrive_in_pieces_leave_no_text(plain: Terminal, tmp_path: Path) -> None:
    slowly = r"""
import os
pieces = ["a\x1b", "[4", ":3mb\x1b]8;;http://x", "\x1b", "\\c\x1bP+q544e", "\x1b", "\\d\x1b[=5"]
for piece in [*pieces, "u\x1b[<ue\x1b[?4m"]:
    os.write(1, piece.encode())
print(chr(0x2601))
"""
    assert plain.run(script(tmp_path, slowly)).text == "abcde☁"


def test_a_wait_that_fails_shows_the_screen(plain: Terminal) -> None:
    plain.run("echo what there is")
    with pytest.raises(
        TimeoutError, match=r"(?s)'absent' was not seen within 0.1 s.*what there is"
    ):
        plain.wait_for("absent", timeout=0.1)
    with pytest.raises(TimeoutError, match=r"the next prompt was not seen within 0.1 s"):
        plain.run("cat", timeout=0.1)


def test_the_end_of_the_shell_is_noticed(plain: Terminal) -> None:
    plain.type("exit 3")
    plain.press("enter")
    assert plain.wait_end() == 3
    with pytest.raises(EOFError, match="the shell ended"):
        plain.wait_prompt()


def test_close_leaves_no_process(shell: str, terminal: StartTerminal) -> None:
    live = terminal(shell)
    live.type("sleep 30")
    live.press("enter")
    live.wait_foreground()
    front = live.foreground()
    live.close()
    live.close()
    deadline = time.monotonic() + 5
    while not (gone(live.pid) and gone(front)):
        assert time.monotonic() < deadline, (live.pid, front)


def gone(pid: int) -> bool:
    """Whether a process has ended; one that its parent has not waited for counts as ended."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            in "ZX"
        )
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ESRCH)


def test_signals_ignored_around_the_tests_are_not_inherited(
    shell: str, terminal: StartTerminal
) -> None:
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)
    }
    try:
        live = terminal(shell)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    live.type("sleep 30")
    live.press("enter")
    live.wait_foreground()
    live.press("ctrl-c")
    assert live.wait_prompt().status == 130


@pytest.mark.parametrize(
    ("command", "forks", "execs"),
    [
        (":", 0, 0),
        ("", 0, 0),
        ("/bin/true", 1, 1),
        ("/bin/true; /bin/true", 2, 2),
        ("sh -c '(:); /bin/true; :'", 3, 2),
    ],
)
def test_processes_are_counted(plain: Terminal, command: str, forks: int, execs: int) -> None:
    with count_processes(plain.pid) as seen:
        plain.run(command)
    assert (seen.forks, seen.execs) == (forks, execs), seen


def test_the_shell_goes_on_after_its_processes_were_counted(plain: Terminal) -> None:
    for _ in range(2):
        with count_processes(plain.pid) as seen:
            plain.run("/bin/true")
        assert (seen.forks, seen.execs) == (1, 1), seen
        assert plain.run("echo on").text == "on"


@pytest.mark.parametrize(
    ("trace", "counted"),
    [
        ("7 vfork( <unfinished ...>\n"
         "8 execve(\"/bin/x\", [\"x\"], 0x7 /* 9 vars */ <unfinished ...>\n"
         "7 <... vfork resumed>) = 8\n8 <... execve resumed>) = 0\n", (1, 1)),
        ("7 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7) = 8\n",
         (1, 0)),
        ("7 clone3({flags=CLONE_VM|CLONE_THREAD, stack_size=0x7}, 88) = 8\n", (0, 0)),
        ("7 clone3({flags=CLONE_VM|CLONE_THREAD, stack_size=0x7} <unfinished ...>\n"
         "8 execve(\"/a\", [], 0x7) = -1 ENOENT (No such file or directory)\n"
         "7 <... clone3 resumed> => {parent_tid=[8]}, 88) = 8\n", (0, 0)),
        ("7 clone(child_stack=NULL, flags=SIGCHLD) = ? ERESTARTNOINTR (To be restarted)\n"
         "7 clone(child_stack=NULL, flags=SIGCHLD) = 9\n7 +++ exited with 0 +++\n", (1, 0)),
    ],
)  # fmt: skip
def test_forks_and_execs_are_counted_from_a_trace(trace: str, counted: tuple[int, int]) -> None:
    seen = Seen()
    seen.read(trace)
    assert (seen.forks, seen.execs) == counted


@pytest.mark.parametrize("home", [None, "", pwd.getpwuid(os.getuid()).pw_dir])
def test_no_shell_starts_with_the_real_home(home: str | None, environment: dict[str, str]) -> None:
    env = {**environment, "HOME": home or ""}
    if home is None:
        del env["HOME"]
    with pytest.raises(ValueError, match="HOME of its own"):
        Terminal("bash", env)


def test_the_test_process_itself_has_another_home(home: Path) -> None:
    assert Path.home() == home
    assert [name for name in os.environ if name.startswith("AWS_")] == ["AWS_EC2_METADATA_DISABLED"]


@pytest.mark.parametrize("ci", [None, "true"])
def test_a_missing_shell_fails_in_ci_and_is_skipped_elsewhere(
    ci: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci:
        monkeypatch.setenv("CI", ci)
    expected = pytest.fail.Exception if ci else pytest.skip.Exception
    with pytest.raises(
        (pytest.fail.Exception, pytest.skip.Exception), match="no-such-shell is not"
    ) as given_up:
        under_test.require("no-such-shell")
    assert given_up.type is expected


def test_a_variable_can_name_another_shell(
    shell: str, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / f"other-{shell}"
    other.write_text(
        f'#!/bin/sh\nOTHER=yes exec {under_test.require(shell)} "$@"\n', encoding="utf-8"
    )
    other.chmod(0o755)
    monkeypatch.setenv(f"AWSX_TEST_{shell.upper()}", str(other))
    with Terminal(shell, environment) as live:
        assert live.variable("OTHER") == "yes"


def test_loading_line_names_the_interpreter_and_the_script(shell: str) -> None:
    first, second = loading_line(shell).splitlines()
    python = f"'{sys.executable}'"
    assert first == (f"set -g AWSX_PYTHON {python}" if shell == "fish" else f"AWSX_PYTHON={python}")
    sourced = f"source '{ROOT}/shell/awsx.{shell}'"
    assert second == {"zsh": f'emulate zsh -o no_aliases -c "{sourced}"'}.get(shell, sourced)
