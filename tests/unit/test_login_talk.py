"""What a person sees of a login: why, a link and a code, a QR code, and never a raw talk."""

from __future__ import annotations

import posix
import subprocess
import sys

import pytest

from awsx.files.profiles import SsoSession
from awsx.login import awscli_talk, browser, hyperlink, qr
from awsx.login.awscli_talk import Listener
from awsx.login.options import Login, Wish
from awsx.login.talk import Talk

SESSION = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "prod")
URL = "https://oidc.eu-west-1.amazonaws.com/authorize?x=1"
DEVICE = "https://device.sso.eu-west-1.amazonaws.com/"
WHOLE = f"{DEVICE}?user_code=ABCD-EFGH"

# --- links in the terminal

TERMINALS = [
    ({"TERM": "xterm-256color"}, False),
    ({"TERM": "xterm-kitty"}, True),
    ({"TERM": "foot"}, True),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
    ({"TERM": "xterm-256color", "VTE_VERSION": "6003"}, True),
    ({"TERM": "xterm-256color", "VTE_VERSION": "4602"}, False),
    ({"TERM": "xterm-256color", "VTE_VERSION": "new"}, False),
    ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
    ({"TERM": "screen-256color", "VTE_VERSION": "6003", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
    ({"TERM": "xterm-kitty", "STY": "1.pts"}, False),
    ({"TERM": "dumb", "WT_SESSION": "1"}, False),
    ({"TERM": "xterm", "FORCE_HYPERLINK": "1"}, True),
    ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("env", "known"), TERMINALS, ids=str)
def test_links_are_drawn_only_where_the_terminal_is_known_to_have_them(env, known):
    assert hyperlink.is_known(env) == known


# --- the one line


@pytest.fixture
def screen(monkeypatch):
    """A terminal without colours whose lines can be drawn over."""
    monkeypatch.setattr(posix, "isatty", lambda _: True)
    monkeypatch.setattr(posix, "environ", {b"TERM": b"xterm", b"NO_COLOR": b"1"})
    monkeypatch.setattr(posix, "get_terminal_size", lambda _: (300, 100))


def login(monkeypatch, opens=True, reason="the session corp has expired; ", port=0, **env):
    monkeypatch.setattr(browser, "may_open", lambda *_: opens)
    monkeypatch.setattr(browser, "is_remote", lambda *_: not opens)
    return Login({"TERM": "xterm", **env}, SESSION, Wish(port=port), reason=reason)


LINES = {
    "browser": (
        {},
        (URL,),
        f"the session corp has expired; log in with the browser or this link:\n  {URL}",
    ),
    "browser, links": (
        {"FORCE_HYPERLINK": "1"},
        (URL,),
        "the session corp has expired; log in with the browser or "
        f"\x1b]8;;{URL}\x1b\\this link\x1b]8;;\x1b\\",
    ),
    "asked for": (
        {"reason": ""},
        (URL,),
        f"log in to corp with the browser or this link:\n  {URL}",
    ),
    "ssh -L": (
        {"opens": False, "port": 8400, "reason": ""},
        (URL,),
        "log in to corp by this link with a browser that reaches port 8400 of this machine"
        f" (ssh -L 8400:127.0.0.1:8400):\n  {URL}",
    ),
    "code": (
        {"opens": False, "reason": ""},
        (WHOLE, "ABCD-EFGH"),
        f"log in to corp with any browser, and check that it shows the code ABCD-EFGH:\n  {WHOLE}",
    ),
    "code, ssh": (
        {"opens": False, "reason": "", "SSH_TTY": "/dev/pts/0"},
        (WHOLE, "ABCD-EFGH"),
        "log in to corp with the browser on your own computer,"
        f" and check that it shows the code ABCD-EFGH:\n  {WHOLE}",
    ),
    "code to enter, links": (
        {"FORCE_HYPERLINK": "1", "reason": ""},
        (DEVICE, "ABCD-EFGH", False),
        "log in to corp with any browser, and enter the code ABCD-EFGH:"
        f"\n  \x1b]8;;{DEVICE}\x1b\\{DEVICE}\x1b]8;;\x1b\\",
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_a_login_is_one_line_and_its_link(case, screen, monkeypatch, capsys):
    given, link, told = LINES[case]
    monkeypatch.setattr(qr, "code", lambda *_: [])
    with Talk(login(monkeypatch, **given)) as talk:
        talk.show_link(*link)
    beginning, line = capsys.readouterr().err.rsplit("\r", 1)
    assert line == f"awsx: {told}\n"
    assert "logging in" in beginning  # drawn over


CODE = (WHOLE, "ABCD-EFGH")
NARROW = {  # what is said on a screen of that many columns
    ("browser", 80): "awsx: the session corp has expired; log in with the browser or this link:",
    ("browser", 66): "awsx: the session corp has expired; log in with the browser or\nthis link:",
    ("code", 60): "awsx: the session corp has expired; log in with any browser,\n"
    "and check that it shows the code ABCD-EFGH:",
    ("code", 50): "awsx: the session corp has expired; log in with\n"
    "any browser, and check that it\nshows the code ABCD-EFGH:",
}


@pytest.mark.parametrize(("kind", "columns"), NARROW)
def test_a_narrow_screen_breaks_no_word_and_no_code(kind, columns, screen, monkeypatch, capsys):
    monkeypatch.setattr(posix, "get_terminal_size", lambda _: (columns, 24))
    monkeypatch.setattr(qr, "code", lambda *_: [])
    has_code = kind == "code"
    with Talk(login(monkeypatch, opens=not has_code)) as talk:
        talk.show_link(*(CODE if has_code else (URL,)))
    said = capsys.readouterr().err.rpartition("\r")[2]
    assert said == f"{NARROW[kind, columns]}\n  {WHOLE if has_code else URL}\n"


def test_why_there_is_a_login_stays_on_the_screen_where_no_link_was_known(
    screen, monkeypatch, capsys
):
    with Talk(login(monkeypatch)):
        pass
    drawn = capsys.readouterr().err.rsplit("\r", 1)[1]
    assert drawn == "awsx: the session corp has expired; logging in\n"


def test_a_terminal_that_only_scrolls_gets_whole_lines_alone(screen, monkeypatch, capsys):
    monkeypatch.setattr(posix, "environ", {b"TERM": b"dumb"})
    with Talk(login(monkeypatch, FORCE_HYPERLINK="1")) as talk:
        talk.show_link(URL)
        talk.wait(60)
        talk.goes_on()
    assert capsys.readouterr().err == f"awsx: {LINES['browser'][2]}\n"


# --- the QR code


def test_a_link_for_another_device_is_drawn_as_a_qr_code(screen, monkeypatch, capsys):
    segno = pytest.importorskip("segno")
    with Talk(login(monkeypatch, opens=False)) as talk:
        talk.show_link(WHOLE, "ABCD-EFGH")
    lines = capsys.readouterr().err.partition(f"{WHOLE}\n")[2].splitlines()
    assert read(lines) == [
        list(row) for row in segno.make(WHOLE, error="l", micro=False).matrix_iter(border=qr.QUIET)
    ]


@pytest.mark.parametrize(
    ("size", "is_drawn"), [((80, 24), True), ((60, 15), False), ((30, 24), False)]
)
def test_a_screen_that_cannot_show_all_of_the_qr_code_has_none(
    size, is_drawn, screen, monkeypatch, capsys
):
    pytest.importorskip("segno")
    monkeypatch.setattr(posix, "get_terminal_size", lambda _: size)
    with Talk(login(monkeypatch, opens=False)) as talk:
        talk.show_link(WHOLE, "ABCD-EFGH")
    told = capsys.readouterr().err
    assert f"\n  {WHOLE}\n" in told
    assert ("█" in told) == is_drawn


def read(lines):
    """The modules that the half blocks stand for: 1 is dark."""
    halves = {drawn: pair for pair, drawn in qr.HALVES.items()}
    rows = []
    for line in lines:
        pairs = [halves[cell] for cell in line[2:]]
        rows += [[up for up, _ in pairs], [down for _, down in pairs]]
    return rows[: len(rows[0])]  # a square


def test_no_qr_code_is_drawn_where_a_browser_opens_or_segno_is_missing(screen, monkeypatch, capsys):
    with Talk(login(monkeypatch)) as talk:
        talk.show_link(WHOLE, "ABCD-EFGH")
    assert "█" not in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "segno", None)
    with Talk(login(monkeypatch, opens=False)) as talk:
        talk.show_link(WHOLE, "ABCD-EFGH")
    assert "█" not in capsys.readouterr().err


# --- the AWS CLI's talk

# As it was written by 2.38.5, and by 2.17 with its older words.
BY_BROWSER = f"""\
Attempting to open your default browser. If the browser does not open, open the following URL.
If you are unable to open the URL on this device, run this command again with the \
'--use-device-code' option.

{URL}

Successfully logged into Start URL: https://corp.awsapps.com/start
"""
BY_CODE = f"""\
Attempting to automatically open the SSO authorization page in your default browser.
If the browser does not open or you wish to use a different device to authorize this request, \
open the following URL:

{DEVICE}

Then enter the code:

ABCD-EFGH
Successfully logged into Start URL: https://corp.awsapps.com/start
"""
NO_BROWSER = f"""\
Browser will not be automatically opened.
Please visit the following URL:

{DEVICE}

Then enter the code:

ABCD-EFGH

Alternatively, you may visit the following URL which will autofill the code upon loading:
{WHOLE}
Successfully logged into Start URL: https://corp.awsapps.com/start
"""
TALKS = {
    "browser": (BY_BROWSER, (URL, "", ""), []),
    "code": (BY_CODE, (DEVICE, "ABCD-EFGH", ""), []),
    "no browser": (NO_BROWSER, (DEVICE, "ABCD-EFGH", WHOLE), []),
    "a word before": (f"hello\n{BY_BROWSER}", (URL, "", ""), ["hello"]),
    "a second link": (f"{BY_BROWSER}https://b.example/\n", (URL, "", ""), ["https://b.example/"]),
    "a link in a text": ("see https://b.example/\n", ("", "", ""), ["see https://b.example/"]),
    "no link": ("javascript:alert(1)\n", ("", "", ""), ["javascript:alert(1)"]),
}


@pytest.mark.parametrize("case", TALKS)
def test_the_link_and_the_code_are_heard_and_what_is_not_known_is_shown(case):
    talk, heard, shown = TALKS[case]
    listener = Listener()
    assert [line for line in talk.splitlines() if not listener.hear(line)] == shown
    assert (listener.url, listener.code, listener.whole) == heard


def follow(script, monkeypatch, **given):
    """Let awsx follow a shell script as if it was the AWS CLI."""
    wanted = login(monkeypatch, **given)
    command = ["/bin/sh", "-c", script]
    pipe = subprocess.PIPE
    with (
        Talk(wanted) as talk,
        subprocess.Popen(command, stdin=0, stdout=pipe, stderr=pipe) as process,
    ):
        awscli_talk.follow(process, wanted, talk)
        return process.wait()


def test_a_talk_in_the_words_of_the_aws_cli_becomes_one_line(screen, monkeypatch, capsys):
    follow(f"cat <<'E'\n{BY_BROWSER}E\n", monkeypatch)
    last = capsys.readouterr().err.split("\r")
    assert [text for text in last if URL in text] == [
        f"awsx: the session corp has expired; log in with the browser or this link:\n  {URL}\n"
    ]
    assert not any("Attempting" in text or "Success" in text for text in last)


def test_errors_and_unknown_lines_are_shown_as_they_are(screen, monkeypatch, capsys):
    script = "echo 'aws: [ERROR]: no  such \033[1mthing' >&2; printf 'one\\n half'; exit 3"
    assert follow(script, monkeypatch) == 3
    told = capsys.readouterr().err
    assert "aws: [ERROR]: no  such " in told
    assert told.index("logging in\n") < told.index("one\n")
    assert " half" in told


def test_half_a_line_is_shown_after_a_moment_as_it_may_be_a_question(screen, monkeypatch, capfd):
    """A wrapper around `aws` may ask something on the terminal."""
    script = "printf 'MFA code: '; sleep 0.8; echo thanks >&2"
    follow(script, monkeypatch)
    told = capfd.readouterr().err
    assert told.index("MFA code: ") < told.index("thanks")


def test_a_browser_that_holds_the_streams_holds_nobody_up(screen, monkeypatch):
    script = "sleep 30.125 & echo started"
    assert follow(script, monkeypatch) == 0
