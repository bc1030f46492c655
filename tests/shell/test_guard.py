"""Guarded profiles: lists mark them, and a command uses one only after the person says yes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import ROOT, Result, Terminal
from test_picker import DEV_FILE, WITH_PREVIEW, is_complete, open_picker, rows

Loaded = Callable[..., Terminal]
Write = Callable[[str], Path]

QUESTION = "awsx: prod (111122223333, Admin) is guarded by *prod*: switch to it? [y/N]"
RUN = "awsx: prod (111122223333, Admin) is guarded by *prod*: run {} with it? [y/N]"
PROD = "awsx: prod: 111122223333 Admin, eu-west-1, session 7h"
UNASKED = "awsx: prod is guarded by *prod* and there is nobody to ask here; if you mean it: --yes"
WAYS = (
    "awsx prod",
    "awsx use prod",
    "awsx -- prod",
    "awsx prod --no-login",
    "awsx prod -r eu-west-1",
)


@pytest.fixture
def live(loaded: Loaded, settings: Write) -> Terminal:
    """A terminal that uses dev, and asks before it uses prod."""
    settings("[guard]\nmatch = ['*prod*']\nconfirm = true\n")
    live = loaded()
    assert live.run("awsx dev").profile == "dev"
    return live


def answer(live: Terminal, command: str, *keys: str, question: str = QUESTION) -> Result:
    """Type a command, answer its question with these keys, and return the result.

    The result's `text` is what was printed after the question.
    """
    live.type(command)
    live.press("enter")
    live.wait_for(lambda _: live.prompt_line().startswith(question))
    live.press(*keys)
    result = live.wait_prompt()
    asked, _, rest = result.text.partition("\n")
    assert asked.startswith(question), result
    return result._replace(text=rest)


@pytest.mark.parametrize("command", WAYS)
def test_yes_switches(command: str, live: Terminal) -> None:
    assert answer(live, command, "y", "enter") == Result(0, "prod", PROD)
    assert live.variable("AWS_PROFILE") == "prod"


@pytest.mark.parametrize("typed", ["Y", "yes", "YES", " y "])
def test_these_spellings_of_yes_switch(typed: str, live: Terminal) -> None:
    assert answer(live, "awsx use prod", *typed.replace(" ", "\x20"), "enter").profile == "prod"


NO = {
    "n": ["n", "enter"],
    "Enter": ["enter"],
    "Ctrl-C": ["ctrl-c"],
    "Ctrl-D": ["ctrl-d"],
    "y and Ctrl-C": ["y", "ctrl-c"],
    "y and Ctrl-D": ["y", "ctrl-d", "ctrl-d"],
    "yy": ["y", "y", "enter"],
    "y, taken back": ["y", "backspace", "enter"],
    "escape": ["esc", "enter"],
}


@pytest.mark.parametrize("keys", NO.values(), ids=NO)
@pytest.mark.parametrize("command", ["awsx use prod", "awsx exec prod -- echo ran"])
def test_anything_else_than_yes_changes_nothing(
    command: str, keys: list[str], live: Terminal
) -> None:
    before = live.stty()
    question = RUN.format("echo") if "exec" in command else QUESTION
    status = live.interrupted if "ctrl-c" in keys else 130
    assert answer(live, command, *keys, question=question) == Result(status, "dev", "")
    assert live.prompt_line().endswith("$")
    assert live.stty() == before
    assert live.run("echo on") == Result(0, "dev", "on")


def test_the_login_waits_for_the_answer(live: Terminal, aws: Aws) -> None:
    aws.log_out()
    for command, question in (
        ("awsx prod", QUESTION),
        ("awsx exec prod -- true", RUN.format("true")),
    ):
        assert answer(live, command, "n", "enter", question=question) == Result(130, "dev", "")


@pytest.mark.parametrize("option", ["-y", "--yes"])
def test_the_option_yes_answers_the_question(option: str, live: Terminal) -> None:
    assert live.run(f"awsx prod {option}") == Result(0, "prod", PROD)
    live.run("awsx dev")
    assert live.run(f"awsx use {option} prod").profile == "prod"
    live.run("awsx dev")
    assert live.run(f"awsx - {option}").profile == "prod"
    assert live.run(f"awsx exec prod {option} -- printenv AWS_PROFILE") == Result(0, "prod", "prod")
    assert live.run(f"awsx exec {option} prod --no-login -- echo ran").text == "ran"


def test_the_question_comes_every_time(live: Terminal) -> None:
    """The question comes also when the shell could switch from memos."""
    for _ in range(2):
        assert answer(live, "awsx prod", "y", "enter").profile == "prod"
        assert live.run("awsx dev") == Result(
            0, "dev", "awsx: dev: 444455556666 Reader, eu-central-1, session 7h"
        )
        assert answer(live, "awsx -", "n", "enter") == Result(130, "dev", "")
        assert answer(live, "awsx -", "y", "enter").profile == "prod"
        assert live.run("awsx -").profile == "dev"
        question = RUN.format("printenv")
        ran = answer(
            live, "awsx exec prod -- printenv AWS_PROFILE", "y", "enter", question=question
        )
        assert ran == Result(0, "dev", "prod")


@pytest.mark.parametrize("command", ["awsx prod", "awsx use prod", "awsx exec prod -- echo ran"])
def test_without_a_terminal_the_option_yes_is_needed(
    command: str, live: Terminal, words: Words, tmp_path: Path
) -> None:
    for redirection in ("</dev/null", f"2>{tmp_path}/err"):
        result = live.run(f"{command} {redirection}")
        text = result.text or (tmp_path / "err").read_text(encoding="utf-8").rstrip()
        assert (result.status, result.profile, text) == (1, "dev", UNASKED), redirection
    sure = command.replace("prod", "prod -y")
    result = live.run(f"{sure} </dev/null")
    assert result == (Result(0, "dev", "ran") if "exec" in command else Result(0, "prod", PROD))


def test_a_script_needs_the_option_yes(
    environment: dict[str, str], aws: Aws, settings: Write
) -> None:
    settings("[guard]\nmatch = ['111122223333']\nconfirm = true\n")
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "exec", "prod"]
    done = subprocess.run(
        [*start, "--", "echo", "ran"], env=environment, input="y\n", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == UNASKED.replace("*prod*", "111122223333") + "\n"
    done = subprocess.run(
        [*start, "-y", "--", "cat"], env=environment, input="y\n", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "y\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_background_job_is_refused_without_a_question(live: Terminal) -> None:
    """A question would stop the job without a word. (Functions of fish never run in background.)"""
    live.run("awsx exec prod -- echo ran &")
    live.wait_for(UNASKED[:60])
    live.run("jobs; wait")
    assert "ran" not in live.screen()
    assert not re.search("stopped|suspended", "\n".join(live.screen()), re.IGNORECASE)


def test_the_rest_of_what_was_typed_ahead_is_the_commands(live: Terminal) -> None:
    before = live.stty()
    live.type("awsx exec prod -- head -2")
    live.press("enter")
    live.wait_for(RUN.format("head"))
    live.send("yes\rone\ryes\r")
    result = live.wait_prompt()
    assert result.text.splitlines()[-2:] == ["one", "yes"]
    assert (result.status, live.stty()) == (0, before)


def test_what_was_typed_before_the_question_does_not_answer_it(live: Terminal) -> None:
    live.type("sleep 0.3; awsx use prod")
    live.press("enter")
    live.send("y\r")
    live.wait_for(QUESTION)
    live.press("enter")
    assert live.wait_prompt().status == 130
    assert live.variable("AWS_PROFILE") == "dev"


def test_ctrl_z_does_not_stop_the_question(live: Terminal) -> None:
    """Ctrl-Z does nothing: a core that it stopped would answer a shell that no longer waits."""
    # Ctrl-Z discards what was typed before it.
    assert answer(live, "awsx use prod", "y", "ctrl-z", "enter").status == 130
    assert answer(live, "awsx use prod", "ctrl-z", "y", "enter").profile == "prod"
    ignored = live.run("grep SigIgn /proc/self/status").text
    seen = answer(
        live,
        "awsx exec prod -- grep SigIgn /proc/self/status",
        "y",
        "enter",
        question=RUN.format("grep"),
    )
    assert seen == Result(0, "prod", ignored)


PLACES = {
    "first of a pipe": ("awsx exec prod -- echo ran | cat", "ran"),
    "both of a list": ("true && awsx exec prod -- echo ran && echo on", "ran\non"),
    "not reached": ("false && awsx exec prod -- echo ran || echo no", "no"),
    "substitution": ('echo "[$(awsx exec prod -- echo ran)]"', "[ran]"),
    "loop": ("for x in 1; do awsx exec prod -- echo ran; done", "ran"),
}
IN_FISH = {
    "substitution": "echo [(awsx exec prod -- echo ran)]",
    "loop": "for x in 1; awsx exec prod -- echo ran; end",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_question_comes_wherever_the_command_stands(
    place: str, live: Terminal, words: Words
) -> None:
    command, text = PLACES[place]
    command = IN_FISH.get(place, command) if words.is_fish else command
    if place == "not reached":
        assert live.run(command).text == text
    else:
        assert answer(live, command, "y", "enter", question=RUN.format("echo")) == Result(
            0, "dev", text
        )
        assert "ran" not in answer(live, command, "n", "enter", question=RUN.format("echo")).text


def test_the_question_comes_also_with_redirected_stdout(live: Terminal, tmp_path: Path) -> None:
    command = f"awsx exec prod -- echo ran >{tmp_path}/out"
    assert answer(live, command, "y", "enter", question=RUN.format("echo")).status == 0
    assert (tmp_path / "out").read_text() == "ran\n"


def test_without_confirm_there_is_no_question(live: Terminal, settings: Write) -> None:
    settings("[guard]\nmatch = ['*prod*']\n")
    for _ in range(2):
        assert live.run("awsx prod") == Result(0, "prod", PROD)
        assert live.run("awsx exec prod -- echo ran").text == "ran"
        live.run("awsx dev")


def test_changed_settings_apply_from_the_next_command_on(live: Terminal, settings: Write) -> None:
    settings("[guard]\nmatch = ['*prod*']\n")
    assert live.run("awsx prod").profile == "prod"
    live.run("awsx dev")
    settings("[guard]\nmatch = ['*prod*']\nconfirm = true\n")
    assert answer(live, "awsx prod", "n", "enter").profile == "dev"
    settings("[guard]\nmatch = ['live']\nconfirm = true\n[accounts]\n111122223333 = 'Live'\n")
    question = "awsx: prod (111122223333 Live, Admin) is guarded by live: switch to it? [y/N]"
    assert answer(live, "awsx prod", "n", "enter", question=question).profile == "dev"


def test_with_a_mistake_in_the_settings_no_profile_is_used(live: Terminal, settings: Write) -> None:
    settings("[guard]\nmatch = ['*prod*']\nleave_after = '30'\n")
    told = (
        "awsx: ~/.config/awsx/config.toml:3: guard.leave_after has a wrong value; "
        'use "30m", "2h", "90s" or the like, or "" for never'
    )
    for command in ("awsx prod", "awsx exec prod -- echo ran"):
        assert live.run(command) == Result(1, "dev", told)


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "%F{red}%n",
    "a\u202eb\u200b",
    "ünï-☁",
    "\\e[31m\\n",
    "'; touch pwned; '",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_asked_about_as_text(
    name: str, live: Terminal, aws: Aws, words: Words, settings: Write, tmp_path: Path
) -> None:
    aws.add(name)
    settings("[guard]\nmatch = ['*']\nconfirm = true\n")
    shown = name.replace("\u202e", "?").replace("\u200b", "?")
    question = f"awsx: {shown} is guarded by *: switch to it? [y/N]"
    assert answer(live, f"awsx use {words.quote(name)}", "n", "enter", question=question) == Result(
        130, "dev", ""
    )
    live.run(f"awsx use -y {words.quote(name)}")
    assert live.variable("AWS_PROFILE") == name
    assert not list(tmp_path.rglob("pwned"))


def test_control_characters_in_the_files_are_not_printed(
    live: Terminal, aws: Aws, settings: Write
) -> None:
    text = aws.config.read_text(encoding="utf-8").replace("Admin", "Ad\x1b[31mmin")
    aws.config.write_text(text, encoding="utf-8")
    settings('[guard]\nmatch = ["pro\\u001b[3[31]1m*", "*prod*"]\nconfirm = true\n')
    question = "awsx: prod (111122223333, Ad?[31mmin) is guarded by *prod*: switch to it? [y/N]"
    assert answer(live, "awsx use prod", "n", "enter", question=question).status == 130
    before = len(live.raw)
    settings('[guard]\nmatch = ["p\\u001b*", "*[\\u001bp]rod*"]\nconfirm = true\n')
    question = question.replace("*prod*", "*[?p]rod*")
    assert answer(live, "awsx use prod", "n", "enter", question=question).status == 130
    assert b"\x1b[31m" not in live.raw[before:]


# --- the picker -----------------------------------------------------------------------------------


def colours(live: Terminal, name: str) -> set[str]:
    """The colours of a profile's name in the rows of the picker."""
    screen = live.screen()
    line = next(
        n
        for n, text in enumerate(screen)
        if f" {name} " in text.replace("!", " ").replace("*", " ")
    )
    at = screen[line].index(name)
    return {live.display.buffer[line][x].fg for x in range(at, at + len(name))}


def test_the_picker_marks_and_colours_guarded_rows(loaded: Loaded, settings: Write) -> None:
    settings(
        "[guard]\nmatch = ['*prod*', '444455556666']\ncolor = 'bright-magenta'\n"
        "[picker]\norder = 'file'\n"
    )
    live = loaded(rows=WITH_PREVIEW)
    live.run("awsx prod")
    open_picker(live)
    live.press("down", "down", "down", "down")  # away from the guarded rows
    live.wait_for("~/.aws/credentials:10")
    assert [row.split()[0] for row in rows(live)] == ["*!prod", "!dev", "ci", "-dash", "ls"]
    assert colours(live, "prod") == colours(live, "dev") == {"brightmagenta"}
    assert colours(live, "ci") != {"brightmagenta"}
    live.press("up", "up", "up")
    live.wait_for(DEV_FILE)
    live.press("enter")
    assert live.wait_prompt().profile == "dev"


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_without_colours_only_the_mark_shows_guarded_rows(
    more: dict[str, str], loaded: Loaded, settings: Write
) -> None:
    settings("[guard]\nmatch = ['*prod*']\ncolor = 'red'\n[picker]\norder = 'file'\n")
    live = loaded(rows=WITH_PREVIEW)
    open_picker(live)  # so that the rows are kept with their colours
    live.press("down")
    live.wait_for(DEV_FILE)
    assert colours(live, "prod") == {"red"}
    live.press("esc")
    live.wait_prompt()
    live = loaded(rows=WITH_PREVIEW, **more)
    live.type("awsx")
    live.press("enter")
    live.wait_for(lambda _: "!prod" in [row.split()[0] for row in rows(live)])
    live.press("down")
    live.wait_for(DEV_FILE)
    assert not {"red"} & colours(live, "prod")
    live.type("prod")
    live.wait_for(lambda lines: is_complete(lines[1], 1))
    assert "\x1b" not in "".join(rows(live)) and "[31m" not in "".join(rows(live))


def test_the_pickers_marks_follow_the_settings(live: Terminal, settings: Write) -> None:
    for pattern, marked in (
        ("*prod*", "prod"),
        ("dev", "dev"),
        ("admin", "prod"),
        ("nobody", None),
    ):
        settings(f"[guard]\nmatch = ['{pattern}']\n")
        open_picker(live)
        found = [
            row.lstrip("*!").split()[0]
            for row in rows(live)
            if row.split()[0].lstrip("*").startswith("!")
        ]
        assert found == ([marked] if marked else [])
        live.press("esc")
        live.wait_prompt()


def test_a_search_does_not_match_colour_codes(loaded: Loaded, settings: Write) -> None:
    settings("[guard]\nmatch = ['*prod*']\ncolor = 208\n")
    live = loaded()
    live.type("awsx use 208")
    live.press("enter")
    live.wait_for("0/5")


def test_what_is_chosen_in_the_picker_is_asked_about(live: Terminal) -> None:
    for keys, status, profile in (
        (["n", "enter"], 130, "dev"),
        (["ctrl-c"], live.interrupted, "dev"),
        (["y", "enter"], 0, "prod"),
    ):
        open_picker(live, "awsx pro")
        live.press("enter")
        live.wait_for(lambda _: live.prompt_line().startswith(QUESTION))
        live.press(*keys)
        result = live.wait_prompt()
        assert (result.status, result.profile) == (status, profile)
    open_picker(live, "awsx use -y pro")
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", PROD)


@pytest.mark.parametrize("options", ["", "--print-query --expect=ctrl-x"])
def test_a_single_match_that_nobody_saw_is_asked_about(
    options: str, loaded: Loaded, settings: Write
) -> None:
    settings("[guard]\nmatch = ['*prod*']\n[picker]\nsingle = 'switch'\n")
    live = loaded(FZF_DEFAULT_OPTS=options)
    assert live.run("awsx ev").profile == "dev"
    assert answer(live, "awsx pro", "enter") == Result(130, "dev", "")
    assert answer(live, "awsx pro", "y", "enter") == Result(0, "prod", PROD)
    live.run("awsx dev")
    open_picker(live, "awsx p")  # several profiles contain a p, so the person sees the choice
    live.type("rod")
    live.wait_for(lambda lines: is_complete(lines[1], 1))
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", PROD)
    live.run("awsx dev")
    assert live.run("awsx pro --yes") == Result(0, "prod", PROD)


@pytest.mark.parametrize("settled", ["confirm", "switch"])
def test_a_single_match_that_fzf_selects_itself_is_asked_about(
    settled: str, loaded: Loaded, settings: Write, aws: Aws
) -> None:
    settings(f"[guard]\nmatch = ['*prod*']\n[picker]\nsingle = '{settled}'\n")
    live = loaded(AWSX_FZF_OPTS="-1")
    assert live.run("awsx ev").profile == "dev"
    assert answer(live, "awsx pro", "enter") == Result(130, "dev", "")
    aws.credentials.write_text("", encoding="utf-8")
    aws.config.write_text(
        aws.config.read_text(encoding="utf-8").partition("[profile dev]")[0], encoding="utf-8"
    )
    assert answer(live, "awsx", "enter") == Result(130, "dev", "")  # the only one there is


def test_enter_without_a_match_cancels(live: Terminal) -> None:
    live.type("awsx nothing-like-it")
    live.press("enter")
    live.wait_for("0/5")
    live.press("enter")
    assert live.wait_prompt() == Result(130, "dev", "")


def test_a_guard_without_patterns_asks_nothing(live: Terminal, settings: Write) -> None:
    settings("[guard]\nconfirm = true\n")
    assert live.run("awsx prod") == Result(0, "prod", PROD)
    assert live.run("awsx exec prod -- echo ran").text == "ran"
    assert live.run("awsx ls --names").text.split() == ["prod", "dev", "ci", "-dash", "ls"]
