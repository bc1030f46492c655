"""Messages are one printable line on stderr, spans never promise too much, and near words help."""

import io
import os
import posix
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx import term
from awsx.term import (
    AwsxError,
    Cancelled,
    Countdown,
    call,
    clean,
    colour_wanted,
    near,
    one_line,
    out,
    refuse,
    say,
    span,
    warn,
)


def test_errors_carry_their_exit_code():
    assert (AwsxError("a").code, AwsxError("a", 2).code, str(AwsxError("a"))) == (1, 2, "a")
    assert (Cancelled().code, str(Cancelled())) == (130, "")


CLEAN = [
    ("", 80, ""),
    ("prod", 80, "prod"),
    ("größe 生产", 80, "größe 生产"),
    ("a\x1b[31mb\x1b[0m", 80, "a?[31mb?[0m"),
    ("a\nb\tc\rd\be\x7ff\0g", 80, "a?b?c?d?e?f?g"),
    ("\x9b31m", 80, "?31m"),
    ("a\u202eb\u200bc\ufeffd", 80, "a?b?c?d"),
    (os.fsdecode(b"\xff"), 80, "?"),
    ("x" * 80, 80, "x" * 80),
    ("x" * 81, 80, "x" * 78 + ".."),
    ("x" * 300, 10, "xxxxxxxx.."),
]


@pytest.mark.parametrize(("text", "limit", "expected"), CLEAN, ids=ascii)
def test_clean_replaces_control_characters_and_cuts(text, limit, expected):
    assert clean(text, limit) == expected


@given(
    st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"])),
    st.integers(2, 100),
)
def test_what_is_clean_is_printable_and_short(text, limit):
    assert clean(text, limit).isprintable()
    assert len(clean(text, limit)) <= limit


@given(st.text())
def test_a_message_is_one_printable_line(text):
    assert one_line(text).isprintable()
    assert len(one_line(text).splitlines()) <= 1


def test_say_is_one_line_on_stderr(capsys):
    say("no profile \x1b[31m\nprod\r\n" + os.fsdecode(b"\xff"))
    assert capsys.readouterr() == ("", "awsx: no profile ?[31m prod ?\n")


def test_a_text_to_copy_keeps_its_own_line(capsys):
    call("open this:\n  https://x")
    assert capsys.readouterr() == ("", "awsx: open this:\n  https://x\n")


def test_a_message_that_nobody_can_read_is_no_error(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        monkeypatch.setattr(sys, "stderr", stream)
        say("a")


def test_out_prints_names_byte_for_byte(capfdbinary, monkeypatch):
    written = os.fdopen(os.dup(1), "w", encoding="ascii")
    monkeypatch.setattr(sys, "stdout", written)
    print("first")
    out("größe \x1b " + os.fsdecode(b"\xff") + "\n")
    assert capfdbinary.readouterr().out == b"first\n" + "größe \x1b ".encode() + b"\xff\n"
    written.close()


SPANS = [
    (0, "<1m"), (59, "<1m"), (60, "1m"), (119, "1m"), (3599, "59m"), (3600, "1h"), (7199, "1h"),
    (86400, "24h"), (48 * 3600 - 1, "47h"), (48 * 3600, "2d"), (90 * 86400 - 1, "89d"), (-5, "<1m"),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "expected"), SPANS)
def test_a_span_is_written_in_whole_units(seconds, expected):
    assert span(seconds) == expected


NEAR = [
    ("prdo", ["prod", "dev"], "; did you mean prod?"),
    ("PROD", ["prod", "dev"], "; did you mean prod?"),
    ("prod", ["payments-prod-admin", "dev"], "; did you mean payments-prod-admin?"),
    ("xyz", ["prod", "dev"], ""),
    ("prod", [], ""),
    ("", ["prod"], "; did you mean prod?"),
    ("dev", ["dev1", "dev2", "dev3", "dev4"], None),
    ("prod", ["prod\x1b[m"], "; did you mean prod?[m?"),
]


@pytest.mark.parametrize(("word", "words", "expected"), NEAR, ids=ascii)
def test_near_suggests_similar_words(word, words, expected):
    if expected is None:
        assert near(word, words).count(",") == 2  # three at most
    else:
        assert near(word, words) == expected


def test_near_names_a_word_as_it_is_written():
    assert near("prd", ["PRD", "x"]) == "; did you mean PRD?"


def test_without_a_similar_word_near_gives_the_remedy():
    assert near("prd", ["x"], "look: x") == "; look: x"
    assert near("prd", ["PRD"], "look: x") == "; did you mean PRD?"


@pytest.mark.parametrize(
    ("tty", "env", "wanted"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, True),  # no-color.org: "and not an empty string"
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {}, False),
        (False, {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_wanted_on_a_terminal_without_no_color(tty, env, wanted, monkeypatch):
    monkeypatch.setattr(posix, "isatty", lambda _: tty)
    assert colour_wanted(1, env) == wanted


@pytest.mark.parametrize("stdin", [False, True])
@pytest.mark.parametrize("stderr", [False, True])
def test_on_terminal_needs_stdin_and_stderr(stdin, stderr, monkeypatch):
    monkeypatch.setattr(posix, "isatty", lambda fd: {0: stdin, 1: False, 2: stderr}[fd])
    assert term.on_terminal() == (stdin and stderr)


def test_in_foreground_needs_the_terminals_process_group(monkeypatch):
    monkeypatch.setattr(posix, "tcgetpgrp", lambda _: os.getpgrp())
    assert term.in_foreground()
    monkeypatch.setattr(posix, "tcgetpgrp", lambda _: os.getpgrp() + 1)
    assert not term.in_foreground()

    def no_terminal(_):
        raise OSError(25, "Inappropriate ioctl for device")

    monkeypatch.setattr(posix, "tcgetpgrp", no_terminal)
    assert not term.in_foreground()


@pytest.mark.parametrize(
    ("speak", "drawn"),
    [
        (say, "\x1b[2mawsx: done\x1b[0m\n"),
        (call, "\x1b[1mawsx:\x1b[0m done\n"),
        (warn, "\x1b[33mawsx:\x1b[0m done\n"),
        (refuse, "\x1b[31mawsx:\x1b[0m done\n"),
    ],
    ids=["talk", "call", "warning", "error"],
)
def test_the_kinds_of_talk_look_different_on_a_terminal_with_colours(
    speak, drawn, capsys, monkeypatch
):
    speak("done")
    assert capsys.readouterr() == ("", "awsx: done\n")
    monkeypatch.setattr(posix, "isatty", lambda _: True)
    monkeypatch.setattr(posix, "environ", {b"TERM": b"xterm"})
    speak("done")
    assert capsys.readouterr() == ("", drawn)
    for plain in ({b"TERM": b"xterm", b"NO_COLOR": b"1"}, {b"TERM": b"dumb"}, {}):
        monkeypatch.setattr(posix, "environ", plain)
        speak("done")
        assert capsys.readouterr() == ("", "awsx: done\n")


@pytest.mark.parametrize("names", [{}, {b"TERM": b"dumb"}, {b"TERM": b"dumb", b"NO_COLOR": b"1"}])
def test_a_line_that_moves_never_reaches_a_terminal_that_only_scrolls(names, capsys, monkeypatch):
    monkeypatch.setattr(posix, "isatty", lambda _: True)
    monkeypatch.setattr(posix, "environ", names)
    count = Countdown("waiting", 100.0)
    count.draw(0.0)
    count.clear()
    assert capsys.readouterr() == ("", "")


def test_a_countdown_is_drawn_only_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(posix, "environ", {b"TERM": b"xterm", b"NO_COLOR": b"1"})
    count = Countdown("waiting", 100.0)
    count.draw(0.0)
    count.clear()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(posix, "isatty", lambda _: True)
    for now in (0.0, 0.2, 35.0, 200.0):
        count.draw(now)
    count.clear()
    count.clear()
    drawn = capsys.readouterr().err.split("\r")
    assert [line.split(", ")[1][:4] for line in drawn if "waiting" in line] == [
        "1:40",
        "1:39",
        "1:05",
        "0:00",
    ]
    assert drawn[-1] == ""
    assert drawn[-2].isspace()
