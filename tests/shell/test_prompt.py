"""The segment is true at each draw, starts no process, and leaves the rest of the prompt alone."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CONFIG, Aws, Words
from processes import count_processes
from terminal import ROOT, Terminal, version

from awsx.files.memo import FORMAT
from awsx.term import clean

Loaded = Callable[..., Terminal]

SESSION = "s." + 40 * "?"  # the memo of a session; s.KEY.T is a stamp
PROD = "prod 111122223333 7h $"


@pytest.fixture
def prod(live: Terminal) -> Terminal:
    assert live.run("awsx prod").status == 0
    assert live.prompt_line() == PROD
    return live


def drawn(live: Terminal) -> str:
    """The line of the next prompt."""
    live.run("")
    return live.prompt_line()


def colours(live: Terminal) -> dict[str, str]:
    """The colour of each word on the line of the prompt."""
    row = live.display.buffer[live.cursor[0]]
    words = re.finditer(r"\S+", live.prompt_line())
    return {word[0]: "/".join(sorted({row[x].fg for x in range(*word.span())})) for word in words}


def memos(home: Path) -> Path:
    return Path(f"{home}/.cache/awsx/{FORMAT}{home}/.aws/config/+{home}/.aws/credentials")


# --- the truth ------------------------------------------------------------------------------------


def test_without_a_profile_there_is_no_segment(live: Terminal) -> None:
    assert live.prompt_line() == "$"
    live.run("awsx prod")
    live.run("awsx off")
    assert live.prompt_line() == "$"


@pytest.mark.parametrize("colour", [True, False])
def test_the_segment_shows_the_time_left_in_its_colour(
    colour: bool, loaded: Loaded, aws: Aws, words: Words
) -> None:
    live = loaded(**({} if colour else {"NO_COLOR": "1"}))
    live.run("awsx prod")
    for hours, renewable, left, hue in (
        (7.5, 0, "7h", "green"),
        (1.99, 0, "1h", "green"),
        (0.491, 0, "29m!", "brown"),
        (0.014, 0, "<1m", "brown"),
        (71, 0, "2d", "green"),
        (7.5, 1000, "7h+", "green"),
        (0.491, 1000, "29m+", "green"),
        (-1, 1000, "renews", "brown"),
        (-1, 0, "expired", "red"),
        (-1, -1, "expired", "red"),
    ):
        aws.log_in(hours, renewable)
        assert drawn(live) == f"prod 111122223333 {left} $"
        assert live.cursor[1] == len(live.prompt_line()) + 1
        wanted = {"prod": "cyan", "111122223333": "default", left: hue, "$": "default"}
        assert colours(live) == (wanted if colour else dict.fromkeys(wanted, "default"))


def test_a_profile_set_by_hand_is_shown_with_a_mark(live: Terminal, words: Words, aws: Aws) -> None:
    aws.add("by hand")
    for name, segment in (
        ("prod", "prod 111122223333 7h * $"),
        ("ci", "ci * $"),
        ("by hand", "by hand * $"),
        ("nosuch", "nosuch no such profile * $"),
        ("a/b%", "a/b% no such profile * $"),
        ("", "'' no such profile * $"),
    ):
        live.run(words.export("AWS_PROFILE", name))
        assert live.prompt_line() == segment
    live.run(words.export("AWS_PROFILE", "dev"))
    live.run(words.unset("AWS_PROFILE"))
    assert live.prompt_line() == "$"


def test_a_profile_that_is_not_exported_is_not_shown(live: Terminal, words: Words) -> None:
    live.run("set -g AWS_PROFILE prod" if words.is_fish else "AWS_PROFILE=prod")
    assert live.prompt_line() == "$"


def test_the_trace_of_a_terminal_shows_no_key(loaded: Loaded, words: Words) -> None:
    """Not even the id of a key: of prompts, a wrapped command, exec, switches and `off`."""
    keys = {
        "AWS_ACCESS_KEY_ID": "AKIAHUNTER",
        "AWS_SECRET_ACCESS_KEY": "hunter",
        "AWS_SESSION_TOKEN": "hunter",
    }
    trace = "set -g fish_trace 1" if words.is_fish else "set -x"
    live = loaded(trace, AWS_PROFILE="prod", AWSX_WRAP="aws true", **keys)
    for command in (
        words.export("AWS_PROFILE", "dev"),
        "true sts",
        "awsx exec dev -- true",
        "awsx prod",
        "awsx dev",
        "awsx off",
    ):
        live.run(command)
    live.run("set -g fish_trace" if words.is_fish else "set +x")
    assert live.prompt_line().startswith("keys, not dev")
    assert b"__awsx_" in live.raw  # the trace was on
    assert b"AWS_SECRET_ACCESS_KEY" in live.raw or words.is_fish
    assert b"hunter" not in live.raw.lower()


# Characters that control, reorder or hide text, or are for private use.
ODD = (
    "\x07\x1b\x7f\x85\x9b\xa0\xad\u061c\u180e\u2000\u200b\u200f\u2028\u2029\u202e\u2060\u2066\u3000"
)
ODD += "\ue000\ufeff\ufffb\U0001d173\U000e0001\U000e0041\U000f0000"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_DEFAULT_PROFILE"])
def test_no_character_from_a_variable_controls_the_screen(name: str, loaded: Loaded) -> None:
    """Each becomes the `?` that the core makes of it; letters of any script stay."""
    value = "é" + "".join(f"{c}z" for c in ODD) + "東"
    live = loaded(**{"AWS_PROFILE": "prod", name: value})
    assert "é" + "?z" * len(ODD) + "東" in "".join(live.screen()), live.screen()
    for character in ODD.replace("\x07", "").replace("\x1b", "").replace("\xa0", ""):
        assert f"{character}z".encode() not in live.raw, ascii(character)
    assert clean(value, 999) == "é" + "?z" * len(ODD) + "東"


def test_a_login_and_a_logout_elsewhere_show_at_the_next_prompt(prod: Terminal, aws: Aws) -> None:
    aws.log_out()
    assert drawn(prod) == "prod 111122223333 expired $"
    aws.log_in(3.5)
    assert drawn(prod) == "prod 111122223333 3h $"
    aws.token_path().write_text("{", encoding="utf-8")
    assert drawn(prod) == "prod 111122223333 expired $"
    aws.log_in(2.5)
    assert drawn(prod) == "prod 111122223333 2h $"


def test_an_edit_of_the_files_shows_at_the_next_prompt(
    prod: Terminal, aws: Aws, home: Path
) -> None:
    kept = aws.config.stat()
    aws.config.write_text(CONFIG.replace("111122223333", "999988887777"), encoding="utf-8")
    assert drawn(prod) == "prod 999988887777 7h $"
    settings = home / ".config" / "awsx" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[accounts]\n111122223333 = 'Production'\n", encoding="utf-8")
    assert drawn(prod) == "prod 999988887777 7h $"
    aws.config.write_text(CONFIG, encoding="utf-8")
    os.utime(aws.config, ns=(kept.st_mtime_ns, kept.st_mtime_ns))  # an older copy comes back
    assert drawn(prod) == "prod Production 7h $"
    settings.unlink()
    assert drawn(prod) == PROD
    aws.config.unlink()
    assert drawn(prod) == "prod no such profile $"
    key = "[prod]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    aws.credentials.write_text(key, encoding="utf-8")
    assert drawn(prod) == "prod broken $"
    aws.credentials.write_text(f"{key}aws_secret_access_key = secret\n", encoding="utf-8")
    assert drawn(prod) == "prod $"


def test_the_segment_follows_aws_config_file(
    prod: Terminal, words: Words, aws: Aws, home: Path
) -> None:
    other = home / "other config"
    other.write_text(CONFIG.replace("111122223333", "999988887777"), encoding="utf-8")
    for path, segment in (
        (str(other), "prod 999988887777 7h $"),
        ("~/other config", "prod 999988887777 7h $"),
        (f"{home}/absent", "prod no such profile $"),
        ("other config", "prod $"),  # only the core can tell where a relative path leads
        (str(aws.config), PROD),
    ):
        prod.run(words.export("AWS_CONFIG_FILE", path))
        assert prod.prompt_line() == segment
    prod.run(words.unset("AWS_CONFIG_FILE"))
    assert prod.prompt_line() == PROD


# --- memos that somebody has damaged --------------------------------------------------------------

BROKEN = {
    "empty": b"",
    "half": b"prod\x1fprod\x1f1111",
    "noise": bytes(range(256)),
    "another": b"dev\x1fdev\x1f444455556666\x1f\x1f\x1f\x1f\n",
    "code": b"$(touch pwned)\x1f$(touch pwned)\n",
}


@pytest.mark.parametrize("which", ["p.prod", SESSION])
def test_a_damaged_memo_is_written_anew_or_does_no_harm(
    which: str, prod: Terminal, home: Path, tmp_path: Path
) -> None:
    (memo,) = memos(home).glob(which)
    stamp = memo.stat().st_mtime_ns
    for kind, content in BROKEN.items():
        memo.write_bytes(content)
        os.utime(memo, ns=(stamp, stamp))
        result = prod.run("")
        assert result.text == "", kind
        damaged = which == SESSION and kind in ("another", "code", "noise")
        assert prod.prompt_line() in (
            PROD,
            *(["prod 111122223333 $"] if damaged else []),  # nobody knows, so no word is said
        ), kind
    assert not list(tmp_path.rglob("pwned"))
    memo.unlink()
    assert drawn(prod) == PROD


def test_no_time_left_is_shown_where_the_core_told_none(
    loaded: Loaded, core: Callable[[str], Path], home: Path, aws: Aws, tmp_path: Path
) -> None:
    """Without a token the session has ended. With one, "expired" would be a guess."""
    fails = tmp_path / "fails"
    live = loaded(python=core(f'[ -e {fails} ] || exec {sys.executable} "$@"'))
    live.run("awsx prod")
    assert live.prompt_line() == PROD
    fails.touch()
    for memo in memos(home).glob("s.*"):
        memo.unlink()
    assert drawn(live) == "prod 111122223333 $"
    assert drawn(live) == "prod 111122223333 $"
    aws.log_out()
    assert drawn(live) == "prod 111122223333 expired $"
    fails.unlink()
    aws.log_in()
    assert drawn(live) == PROD


def test_a_memo_that_cannot_be_read_is_written_anew(
    mortal: None, loaded: Loaded, home: Path
) -> None:
    live = loaded()
    live.run("awsx prod")
    for which in ("p.prod", SESSION, "stock"):
        (memo,) = memos(home).glob(which)
        memo.chmod(0)
        assert drawn(live) == PROD
        assert live.results[-1].text == ""


@pytest.mark.parametrize("lost", [FORMAT, ""])
def test_the_cache_may_be_deleted_at_any_time(lost: str, prod: Terminal, home: Path) -> None:
    (home / ".cache" / "awsx" / lost).rename(home / "away")
    assert drawn(prod) == PROD


# --- files that cannot be written -----------------------------------------------------------------


def test_the_segment_needs_no_writable_home(
    mortal: None, loaded: Loaded, home: Path, aws: Aws
) -> None:
    home.chmod(0o500)
    live = loaded(XDG_RUNTIME_DIR=None)
    assert live.run("awsx prod").profile == "prod"
    assert live.prompt_line() == PROD
    with count_processes(live.pid) as seen:
        live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.run("awsx off").profile == ""
    home.chmod(0o700)
    assert sorted(path.name for path in home.iterdir()) == [".aws", ".local"]


@pytest.mark.parametrize("user", ["somebody", None])
def test_the_fallback_cache_folder_has_the_same_name_in_all_shells(
    user: str | None, mortal: None, loaded: Loaded, home: Path, environment: dict[str, str]
) -> None:
    """Terminals share it, and the lock of a login in it. In a container, $USER may be unset."""
    home.chmod(0o500)
    live = loaded(XDG_RUNTIME_DIR=None, USER=user)
    with count_processes(live.pid) as seen:
        assert live.run("awsx prod").profile == "prod"
    home.chmod(0o700)
    assert seen.execs == 1, seen  # the core alone
    folders = [
        path for path in Path(environment["TMPDIR"]).iterdir() if path.name.startswith("awsx-")
    ]
    assert [path.name for path in folders] == [f"awsx-{os.getuid()}"]
    assert list(folders[0].glob("*/**/p.prod"))


@pytest.mark.parametrize("shell", ["fish"])
def test_fish_asks_once_for_the_user_id(
    mortal: None,
    terminal: Callable[..., Terminal],
    aws: Aws,
    words: Words,
    home: Path,
    tmp_path: Path,
) -> None:
    """Without /proc (on macOS) fish runs `id -u`, once and only if the cache cannot be written."""
    text = (ROOT / "shell" / "awsx.fish").read_text(encoding="utf-8")
    assert text.count("/proc/self/status") == 1
    copy = tmp_path / "shell"
    shutil.copytree(ROOT / "shell", copy)
    (copy / "awsx.fish").write_text(text.replace("/proc/self/status", "/nowhere"), encoding="utf-8")
    lines = words.load().replace(str(ROOT / "shell"), str(copy))
    (tmp_path / "awsx").symlink_to(ROOT / "awsx")
    asked = tmp_path / "asked"
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "id").write_text(f'#!/bin/sh\necho "$*" >>{asked}\necho 12345\n', encoding="utf-8")
    (bin / "id").chmod(0o755)
    live = terminal("fish", f"{lines}\nset -p PATH {bin}", XDG_RUNTIME_DIR=None)
    live.run("awsx prod")
    assert not asked.exists()
    home.chmod(0o500)
    for number in range(3):
        live.run(words.export("XDG_CACHE_HOME", f"{home}/{number}"))
        assert live.run("awsx dev").profile == "dev"
    assert asked.read_text(encoding="utf-8") == "-u\n"
    assert live.run("string match -q '*/awsx-12345' -- $__awsx_cache").status == 0
    home.chmod(0o700)


def test_without_any_writable_folder_the_segment_shows_the_profile(
    mortal: None, loaded: Loaded, home: Path, environment: dict[str, str]
) -> None:
    tmp = Path(environment["TMPDIR"])
    live = loaded(AWS_PROFILE="prod", XDG_RUNTIME_DIR=None)
    for folder in (home, tmp, *home.rglob(".cache")):
        folder.chmod(0o500)
    result = live.run("export XDG_CACHE_HOME=/proc/none")
    assert (result.text, live.prompt_line()) == ("", "prod ? $")
    refused = live.run("awsx dev")
    assert (refused.status, refused.profile) == (1, "prod")
    assert refused.text.startswith("awsx: cannot hand the switch over to the shell: ")
    for folder in (home, tmp):
        folder.chmod(0o700)


def test_switch_and_segment_work_without_home(
    loaded: Loaded, home: Path, aws: Aws, words: Words
) -> None:
    folders = {
        f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("CACHE", "STATE", "CONFIG", "DATA")
    }
    live = loaded(
        **folders, AWS_CONFIG_FILE=str(aws.config), AWS_SHARED_CREDENTIALS_FILE=str(aws.credentials)
    )
    live.run(words.unset("HOME"))
    assert live.run("awsx ci").profile == "ci"
    assert live.prompt_line() == "ci $"
    assert live.run("awsx off").text == "awsx: left ci"


# --- how it looks ---------------------------------------------------------------------------------


def test_long_and_wide_names_leave_the_cursor_in_its_column(
    live: Terminal, aws: Aws, words: Words
) -> None:
    aws.add("n" * 100, "ünï-☁")
    for name, label in (
        ("n" * 100, "n" * 38 + ".."),
        ("ünï-☁", "ünï-☁"),
        ("prod", "prod 111122223333 7h"),
    ):
        live.run(words.export("AWS_PROFILE", name))
        label += " *"
        assert live.prompt_line() == f"{label} $"
        assert live.cursor[1] == len(f"{label} $ ")
        live.type("echo x")
        live.press("ctrl-a")
        live.type("X")
        live.wait_for(f"{label} $ Xecho x")
        live.cancel_line()


def test_control_characters_in_an_unknown_name_are_not_drawn(live: Terminal, words: Words) -> None:
    value = r"a\e]0;evil\ab\n" if words.is_fish else r"$'a\e]0;evil\ab\n'"
    live.run(f"{'set -gx AWS_PROFILE ' if words.is_fish else 'export AWS_PROFILE='}{value}")
    assert live.prompt_line() == "a?]0;evil?b? * $" or "no such profile" in live.prompt_line()
    assert b"\x1b]0;evil" not in live.raw.rpartition(b"\x1b]7770")[0].rpartition(b"\x1b[?2004l")[2]


@pytest.mark.parametrize("variable", ["NO_COLOR=1", "TERM=dumb"])
def test_no_escape_sequence_in_a_segment_without_colours(
    variable: str, prod: Terminal, words: Words
) -> None:
    name, _, value = variable.partition("=")
    prod.run(words.export(name, value))
    seen = len(prod.raw)
    assert drawn(prod) == PROD
    assert PROD.encode() in bytes(prod.raw[seen:]).replace(b"\x1b]7771\x07", b"")


BY_HAND = {
    "bash": "PS1='<$(awsx_prompt)> '$__terminal_mark",
    "zsh": "setopt prompt_subst; PROMPT='<$(awsx_prompt)> '$__terminal_mark",
    "fish": "function fish_prompt\n set -l last $status\n echo -n '<'; awsx_prompt; echo -n '> '\n"
    " __terminal_mark $last\nend",
}


@pytest.mark.parametrize("no_prompt", [None, "1"])
def test_the_segment_placed_by_hand(
    no_prompt: str | None, shell: str, loaded: Loaded, words: Words, tmp_path: Path
) -> None:
    live = loaded(AWSX_NO_PROMPT=no_prompt)
    (tmp_path / "rc").write_text(f"{BY_HAND[shell]}\n{words.load()}", encoding="utf-8")
    live.run(f"source {tmp_path}/rc")
    assert live.prompt_line() == "<>"
    live.run("awsx prod")
    assert live.prompt_line() == "<prod 111122223333 7h >"
    assert live.cursor[1] == len("<prod 111122223333 7h > ")
    assert live.run("sh -c 'exit 7'").status == 7


def test_with_awsx_no_prompt_only_awsx_prompt_prints_the_segment(loaded: Loaded) -> None:
    live = loaded(AWSX_NO_PROMPT="1", AWS_PROFILE="prod", NO_COLOR="1")
    assert live.prompt_line() == "$"
    assert live.run("awsx_prompt; echo .").text == "prod 111122223333 7h ? ."


TWO_LINES = {
    "bash": r"PS1='top\n<$?> '",
    "zsh": "PROMPT=$'top\\n<%?> '",
    "fish": 'function fish_prompt\n set -l last $status\n echo top\n echo -n "<$last> "\nend',
}


def test_a_prompt_of_two_lines_keeps_them_and_sees_the_status(shell: str, loaded: Loaded) -> None:
    live = loaded(TWO_LINES[shell])
    live.run("awsx prod")
    live.run("sh -c 'exit 7'")
    assert live.prompt_line() == "<7>"
    assert live.screen()[live.cursor[0] - 1] == "prod 111122223333 7h top"


# --- the person's own hooks -----------------------------------------------------------------------

PIPE = {"bash": "${PIPESTATUS[*]}", "zsh": "${pipestatus[*]}", "fish": "$pipestatus"}
PIPELINE = "sh -c 'exit 3' | true | sh -c 'exit 4'"


def test_the_next_command_sees_status_and_pipestatus(shell: str, prod: Terminal) -> None:
    status = "$status" if shell == "fish" else "$?"
    prod.run("sh -c 'exit 7'")
    assert prod.run(f'echo "{status}"').text == "7"
    prod.run(PIPELINE)
    assert prod.run(f'echo "{PIPE[shell]}"').text == "3 0 4"


OWN = 'seen="$?:${PIPESTATUS[*]}"'
HOOKS = {
    "bash-string": ("bash", f"PROMPT_COMMAND='{OWN}'", ""),
    "bash-semicolon": ("bash", f"PROMPT_COMMAND='{OWN};'", ""),
    "bash-comment": ("bash", f"PROMPT_COMMAND='{OWN} # mine'", ""),
    "bash-array": ("bash", f"PROMPT_COMMAND=(true '{OWN}' :)", ""),
    "bash-later": ("bash", "", f"PROMPT_COMMAND='{OWN}'"),
    "bash-appended": ("bash", "", f"PROMPT_COMMAND+=('{OWN}')"),
    "zsh-array": (
        "zsh",
        'function mine { seen="$?:${pipestatus[*]}" }\nprecmd_functions=(mine)',
        "",
    ),
    "zsh-function": ("zsh", 'function precmd { seen="$?:${pipestatus[*]}" }', ""),
    "zsh-later": (
        "zsh",
        "",
        'function mine { seen="$?:${pipestatus[*]}" }\nprecmd_functions+=(mine)',
    ),
    "fish-event": (
        "fish",
        'function mine --on-event fish_prompt\n set -g seen "$status:$pipestatus"\nend',
        "",
    ),
    "fish-later": (
        "fish",
        "",
        'function mine --on-event fish_prompt\n set -g seen "$status:$pipestatus"\nend',
    ),
}


@pytest.mark.parametrize(("shell", "before", "after"), HOOKS.values(), ids=HOOKS)
def test_the_persons_own_hooks_see_status_and_pipestatus(
    shell: str, before: str, after: str, loaded: Loaded
) -> None:
    if shell == "bash" and version("bash") < (5, 1) and ("=(" in before or after):
        pytest.skip("bash before 5.1 runs PROMPT_COMMAND as a string")
    live = loaded(before, after)
    assert live.started.text == ""
    live.run("awsx prod")
    assert live.prompt_line() == PROD
    assert live.run(PIPELINE).status == 4
    assert live.run('echo "$seen"').text == "4:3 0 4"
    assert live.prompt_line() == PROD


@pytest.mark.parametrize("shell", ["bash"])
def test_commands_after_the_hook_in_prompt_command_see_the_status(prod: Terminal) -> None:
    """In bash before 5.1, PROMPT_COMMAND is always a string."""
    assert prod.run("sh -c 'exit 7'; __awsx_precmd; echo $?").text == "7"


ERR_TRAPS = [
    ("bash", "trap 'echo failed' ERR"),
    ("bash", "set -E; trap 'echo failed' ERR"),
    ("zsh", "trap 'echo failed' ZERR"),
]


@pytest.mark.parametrize(("shell", "trap"), ERR_TRAPS)
def test_an_err_trap_runs_once_for_a_failure(trap: str, loaded: Loaded) -> None:
    live = loaded("", trap)
    live.run("awsx prod")
    assert live.run("false").text == "failed"
    assert live.run("true").text == ""
    assert live.run("sh -c 'exit 3'").text == "failed"
    assert live.run("echo $?").text == "3"


@pytest.mark.parametrize("shell", ["bash"])
def test_a_readonly_prompt_command_is_left_alone(loaded: Loaded) -> None:
    live = loaded("readonly PROMPT_COMMAND=:")
    assert live.started.text == ""
    assert live.run("awsx prod").profile == "prod"
    assert live.prompt_line() == "$"


@pytest.mark.parametrize("shell", ["fish"])
def test_the_persons_own_fish_prompt_sees_status_and_pipestatus(
    live: Terminal, words: Words, tmp_path: Path
) -> None:
    own = (
        'function fish_prompt\n set -g seen "$status:$pipestatus"\n'
        ' echo -n "> "\n __terminal_mark 0\nend\n'
    )
    (tmp_path / "again").write_text(own + words.load(), encoding="utf-8")
    live.run(f"source {tmp_path}/again")
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h >"
    live.run(PIPELINE)
    assert live.run('echo "$seen"').text == "4:3 0 4"


@pytest.mark.parametrize("shell", ["zsh"])
def test_a_prompt_set_by_a_hook_at_the_first_draw_has_the_segment(loaded: Loaded) -> None:
    """Some themes load late and set the prompt in this way."""
    late = (
        "function late { PROMPT='late> '$__terminal_mark; "
        "precmd_functions=(${precmd_functions:#late}) }\n"
    )
    live = loaded(f"{late}precmd_functions+=(late)", AWS_PROFILE="prod")
    assert live.prompt_line() == "prod 111122223333 7h ? late>"


@pytest.mark.parametrize("shell", ["fish"])
def test_a_transient_prompt_gets_the_argument_final_rendering(loaded: Loaded) -> None:
    live = loaded(
        "function fish_prompt\n contains -- --final-rendering $argv; "
        "and echo short; or echo long\nend"
    )
    live.run("awsx prod")
    assert live.run("string match -q '*prod*short*' -- (fish_prompt --final-rendering)").status == 0
    assert live.run("string match -q '*prod*long*' -- (fish_prompt)").status == 0


# --- no process -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["prod", "ci", "nosuch", ""])
def test_a_draw_starts_no_process(name: str, live: Terminal, words: Words) -> None:
    live.run(words.export("AWS_PROFILE", name))
    with count_processes(live.pid) as seen:
        for _ in range(10):
            live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
    missing = {"nosuch": "nosuch no such profile * $", "": "'' no such profile * $"}
    assert live.prompt_line() == {"prod": "prod 111122223333 7h * $", **missing}.get(name, "ci * $")


def test_a_change_of_a_file_costs_one_start_of_the_core(
    prod: Terminal, aws: Aws, words: Words
) -> None:
    for change in (aws.log_in, aws.log_out, aws.config.touch, aws.log_in):
        change()
        with count_processes(prod.pid) as seen:
            for _ in range(3):
                prod.run("")
        assert (seen.forks, seen.execs) == (1, 1), (change, seen)


def test_a_failing_core_does_not_break_the_prompt(
    loaded: Loaded, core: Callable[[str], Path], words: Words
) -> None:
    live = loaded(python=core("echo noise; echo noise >&2; exit 3"), AWS_PROFILE="prod")
    assert (live.started.text, live.prompt_line()) == ("", "prod ? $")
    assert live.run("sh -c 'exit 7'") == (7, "prod", "")


def test_without_a_core_the_prompt_works_and_a_switch_fails(loaded: Loaded) -> None:
    live = loaded(python="/nonexistent/python", AWS_PROFILE="prod")
    assert (live.started.text, live.prompt_line()) == ("", "prod ? $")
    refused = live.run("awsx dev")
    assert (refused.status, refused.profile) == (127, "prod")
    assert "/nonexistent/python" in refused.text


def test_the_time_left_goes_down_while_nothing_else_changes(live: Terminal, aws: Aws) -> None:
    """Only the clock has changed, and the next draw shows it."""
    aws.log_in(63 / 3600)
    live.run("awsx prod --no-login")
    assert live.prompt_line().startswith("prod 111122223333 1m! ")
    deadline = time.monotonic() + 15
    while not live.prompt_line().startswith("prod 111122223333 <1m "):
        assert time.monotonic() < deadline, live.prompt_line()
        live.run("")
