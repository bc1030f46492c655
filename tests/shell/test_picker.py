"""`awsx` and `awsx QUERY` on a terminal: the person chooses a profile, or cancels."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Result, Terminal

Loaded = Callable[..., Terminal]

DEV_FILE = "~/.aws/config:11"  # in the preview of dev
WITH_PREVIEW = 40  # rows of a screen on which the picker has a preview
PROD = "awsx: prod: 111122223333 Admin, eu-west-1, session 7h"
PROD_ROW = ["prod", "7h", "111122223333", "Admin", "eu-west-1", "corp"]


def open_picker(live: Terminal, command: str = "awsx") -> None:
    """Type the command and wait until the picker shows as many rows as it counts.

    The screen has room for all of them.
    """
    live.type(command)
    live.press("enter")
    live.wait_for(
        lambda lines: lines[0].startswith("awsx>") and is_complete(lines[1], len(rows(live)))
    )


def is_complete(counts: str, shown: int) -> bool:
    found = re.match(r"\s+(\d+)/\d+ ", counts)
    return found is not None and 0 < int(found[1]) == shown


def rows(live: Terminal) -> list[str]:
    """The rows between the titles and the preview."""
    lines = live.screen()
    begin = next((n for n, line in enumerate(lines) if " PROFILE" in line), len(lines))
    end = next((n for n, line in enumerate(lines) if n > begin and "────" in line), len(lines))
    return [line.strip("▌>│ ") for line in lines[begin + 1 : end] if line.strip("▌>│ ")]


def names(live: Terminal) -> list[str]:
    return [row.removeprefix("* ").split()[0] for row in rows(live)]


def test_enter_switches_to_the_row_in_front(live: Terminal) -> None:
    open_picker(live)
    live.wait_for(lambda _: names(live) == ["prod", "dev", "ci", "-dash", "ls"])
    live.wait_for(lambda _: rows(live)[0].split() == PROD_ROW)
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", PROD)
    assert live.variable("AWS_PROFILE") == "prod"


def test_arrow_keys_choose_another_row(loaded: Loaded) -> None:
    live = loaded(rows=WITH_PREVIEW)
    open_picker(live)
    live.press("down")
    live.wait_for("444455556666 ")
    live.wait_for(DEV_FILE)
    live.press("enter")
    assert live.wait_prompt().profile == "dev"


@pytest.mark.parametrize("key", ["esc", "ctrl-c"])
def test_leaving_the_picker_changes_nothing(key: str, live: Terminal) -> None:
    live.run("awsx dev")
    before = live.stty()
    for command in ("awsx", "awsx pro", "awsx use pro"):
        open_picker(live, command)
        live.press(key)
        assert live.wait_prompt() == Result(130, "dev", ""), command
    assert live.stty() == before
    assert live.run("echo on").text == "on"


def test_a_query_opens_the_picker_filtered(live: Terminal) -> None:
    open_picker(live, "awsx pro")
    live.wait_for(lambda _: names(live) == ["prod"])
    assert live.screen()[0].startswith("awsx> pro")
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", PROD)


def test_enter_without_a_match_cancels(live: Terminal) -> None:
    live.run("awsx dev")
    live.type("awsx nothing-like-it")
    live.press("enter")
    live.wait_for("0/5")
    live.press("enter")
    assert live.wait_prompt() == Result(130, "dev", "")


def test_with_single_switch_a_single_match_switches_at_once(
    live: Terminal, settings: Callable[[str], Path]
) -> None:
    settings('[picker]\nsingle = "switch"\n')
    assert live.run("awsx pro") == Result(0, "prod", PROD)
    open_picker(live, "awsx s")  # matches several profiles
    live.press("esc")
    assert live.wait_prompt() == Result(130, "prod", "")


def test_the_current_profile_is_marked_and_the_most_used_come_first(
    live: Terminal, settings: Callable[[str], Path]
) -> None:
    for name in ("dev", "dev", "ci", "dev", "ci", "prod"):
        live.run(f"awsx {name}")
    open_picker(live)
    live.wait_for(lambda _: names(live)[:3] == ["dev", "ci", "prod"])
    live.wait_for(
        lambda _: [row.split()[1] for row in rows(live) if row.startswith("* ")] == ["prod"]
    )
    live.press("esc")
    live.wait_prompt()
    settings('[picker]\norder = "file"\n')
    open_picker(live)
    live.wait_for(lambda _: names(live)[:3] == ["prod", "dev", "ci"])


def test_the_preview_shows_the_details_of_the_row(
    loaded: Loaded, settings: Callable[[str], Path]
) -> None:
    live = loaded(rows=WITH_PREVIEW)
    open_picker(live)
    live.wait_for("~/.aws/config:5")
    for text in (
        "kind       sso",
        "start URL  https://corp.awsapps.com/start",
        "ends       20",
    ):
        live.wait_for(text)
    live.press("down")
    live.wait_for(DEV_FILE)
    assert not any(
        line.startswith(("account ", "role ", "region ", "session ")) for line in live.screen()
    )
    live.press("esc")
    live.wait_prompt()
    settings("[picker]\npreview = false\n")
    open_picker(live)
    assert "start URL" not in "\n".join(live.screen())


@pytest.mark.parametrize("variable", ["FZF_DEFAULT_OPTS", "AWSX_FZF_OPTS"])
def test_the_hidden_column_is_neither_shown_nor_searched(variable: str, loaded: Loaded) -> None:
    live = loaded(**{variable: "--wrap --hscroll --tabstop=4 --ellipsis=..."})
    live.resize(24, 250)
    open_picker(live)
    live.send("\x1f")  # Ctrl-/, which wraps the rows
    live.type("1111")
    live.wait_for("1/5")
    live.wait_for(lambda _: [row.split() for row in rows(live)] == [PROD_ROW])
    for _ in "1111":
        live.press("backspace")
    live.type(b"prod".hex())
    live.wait_for("0/5")
    live.press("esc")
    assert live.wait_prompt().status == 130


# What people put into FZF_DEFAULT_OPTS, and what could break the picker if it got there.
DEFAULT_OPTIONS = (
    "--height 40% --layout=reverse --border --inline-info --multi",
    "--height=~50% --min-height=20 --reverse --info=hidden --no-separator --no-scrollbar",
    "--reverse -m --ansi --cycle --select-1 --exit-0 --bind=ctrl-a:down,ctrl-s:up",
    "-1 -0 -e +x +s +i --no-mouse --literal --tac --sync",
    "--print0",
    "--read0",
    "--print-query --expect=ctrl-x,ctrl-v",
    "--with-nth=2.. --nth 2 --delimiter / --accept-nth=1",
    "--filter=prod",
    "-f dev",
    "--query=nothing-like-it --disabled --phony --no-input",
    "--preview 'bat --color=always {}' --preview-window=right:60%:wrap",
    "--bind 'enter:execute(touch pwned)+abort,start:accept,load:accept,focus:accept'",
    "--bind=change:abort --bind 'ctrl-y:execute-silent(echo {} | pbcopy)+abort'",
    "--prompt='> ' --pointer=▶ --marker=✓ --header='mine' --header-lines=2 --header-first",
    "--color=fg:#d0d0d0,bg:#121212,hl:#5f87af --color=16 --no-bold --black",
    "--color=nonsense",
    "--color=fg:nonsense,,:",
    "--style=full --list-border --input-border --padding 1 --margin 5%,10% --tabstop=4",
    "--tmux=center,80% --popup",
    "--listen=0 --history=/nowhere/at/all --walker=file --scheme=path --tiebreak=length",
    "--no-such-option",
    "--version --help --bash",
    "'an open quote --multi",
    "$(touch pwned) `touch pwned` ; touch pwned \\",
    "  --tail=1 --wrap --keep-right --gap=3 --raw --track --no-hscroll --hscroll-off=0  ",
    "-",
    "--",
    "prod",
)


@pytest.mark.parametrize("shell", ["bash"])
def test_no_option_in_fzf_default_opts_breaks_the_picker(
    shell: str, loaded: Loaded, words: Words, tmp_path: Path
) -> None:
    """The core starts the picker in every shell alike, so that one shell is enough here."""
    live = loaded(rows=30)
    (tmp_path / "options").write_text("--filter=prod --print0", encoding="utf-8")
    live.run(words.export("FZF_DEFAULT_OPTS_FILE", str(tmp_path / "options")))
    for number, options in enumerate(DEFAULT_OPTIONS):
        name = ("dev", "prod")[number % 2]
        live.run(words.export("FZF_DEFAULT_OPTS", options))
        open_picker(live)
        assert sorted(names(live)) == ["-dash", "ci", "dev", "ls", "prod"], options
        live.wait_for("kind  ")  # the preview is awsx's own, too
        live.type(name)
        live.wait_for(lambda _, name=name: names(live)[:1] == [name])
        live.press("enter")
        assert live.wait_prompt()[:2] == (0, name), options
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("shell", ["bash"])
def test_options_for_the_picker_alone(shell: str, loaded: Loaded, words: Words) -> None:
    live = loaded()
    live.run(words.export("AWSX_FZF_OPTS", "--prompt='mine> ' --bind ctrl-y:accept -f x --print0"))
    live.type("awsx")
    live.press("enter")
    live.wait_for(lambda lines: lines[0].startswith("mine>") and "5/5" in lines[1])
    live.press("ctrl-y")
    assert live.wait_prompt() == Result(0, "prod", PROD)
    for options, told in (
        ("--no-such-option", "does fzf know every option in AWSX_FZF_OPTS?"),
        ("--version", "what does AWSX_FZF_OPTS have it print?"),
    ):
        live.run(words.export("AWSX_FZF_OPTS", options))
        result = live.run("awsx")
        assert (result.status, result.profile) == (1, "prod")
        assert result.text.endswith(told), result
        assert "awsx's own" not in result.text


def test_every_column_is_searched_but_left(live: Terminal) -> None:
    open_picker(live)
    for text, found in (
        ("7h corp", "0/5"),
        ("444455556666", "1/5"),
        ("Admin corp", "1/5"),
        ("^ci", "1/5"),
    ):
        live.type(text)
        live.wait_for(found)
        for _ in text:
            live.press("backspace")
        live.wait_for("5/5")


@pytest.mark.parametrize(
    "name",
    [
        "$(touch pwned) `touch pwned`",
        "'\"\\ {1} {q}",
        "%F{red}%n",
        "two words",
        "ünï-☁-東京",
        "a\u202eb",
    ],
)
def test_a_hostile_name_can_be_chosen(name: str, loaded: Loaded, aws: Aws, tmp_path: Path) -> None:
    live = loaded(rows=WITH_PREVIEW)
    aws.credentials.write_text("", encoding="utf-8")
    aws.config.write_text("", encoding="utf-8")
    aws.add(name)
    open_picker(live)
    live.wait_for("kind  keys")
    live.press("enter")
    live.wait_prompt()
    assert live.variable("AWS_PROFILE") == name
    assert not list(tmp_path.rglob("pwned"))


def test_the_picker_survives_a_resize(live: Terminal) -> None:
    open_picker(live)
    live.resize(16, 60)
    # fzf has drawn anew when the line after `5/5` ends before the new edge.
    live.wait_for(
        lambda lines: len(lines) == 16 and 50 < len(lines[1]) < 60 and names(live)[:1] == ["prod"]
    )
    live.press("enter")
    assert live.wait_prompt().profile == "prod"
    assert live.run("echo on").text == "on"


@pytest.mark.parametrize("command", ["awsx", "awsx </dev/null", "awsx anything"])
def test_without_profiles_one_line_says_so(command: str, live: Terminal, aws: Aws) -> None:
    aws.config.write_text("", encoding="utf-8")
    aws.credentials.write_text("", encoding="utf-8")
    result = live.run(command)
    assert (result.status, result.profile) == (1, "")
    assert result.text == (
        "awsx: no profiles in ~/.aws/config; make one: awsx setup; to look first: awsx demo"
    )


def test_without_a_terminal_the_names_are_printed(live: Terminal, words: Words) -> None:
    live.run("awsx dev")
    for command in ("awsx </dev/null", "awsx 2>&1 </dev/null | cat"):
        result = live.run(command)
        assert (result.profile, result.text.split()) == (
            "dev",
            ["prod", "dev", "ci", "-dash", "ls"],
        )


def test_the_picker_works_with_redirected_stdout(live: Terminal, tmp_path: Path) -> None:
    open_picker(live, f"awsx >{tmp_path}/out")
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", PROD)
    assert (tmp_path / "out").read_bytes() == b""
