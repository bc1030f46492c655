"""Whatever options, aliases and variables the rc file sets, awsx loads silently and works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Terminal

Loaded = Callable[..., Terminal]

EVIL = "$(touch pwned) %F{red}%n`touch pwned`"
ALIASES = (
    "printf local read export unset set return builtin command "
    "awsx awsx_prompt true test typeset print"
)
BASH = {
    "plain": "",
    "nounset": "set -u",
    "noclobber": "set -o noclobber -o pipefail",
    "ifs": "IFS=e",
    "aliases": "shopt -s expand_aliases; for name in "
    + ALIASES
    + '; do alias "$name=false broken"; done',
    "posix": "set -o posix",
    "allexport": "set -a",
    "prompt-command": "PROMPT_COMMAND='true;'",
    "globs": "shopt -s nullglob nocasematch extglob failglob dotglob globstar 2>/dev/null",
    "traps": "set -uET",
    "errexit": "set -e",
    "failing-functions": "function command { false; }\nfunction printf { false; }\n"
    "function test { false; }",
}
ZSH = {
    "plain": "",
    "ksh": "setopt ksh_arrays sh_word_split",
    "nounset": "setopt no_unset",
    "sh": "emulate sh",
    "globs": "setopt noclobber extended_glob glob_subst null_glob",
    "aliases": f'for name in {ALIASES}; do alias "$name=false broken"; done\n'
    "alias -g done=x then=y do=z fi=w",
    "prompts": "setopt prompt_subst prompt_bang",
    "ifs": "IFS=e",
    "allexport": "setopt all_export posix_builtins",
    "warnings": "setopt warn_create_global; setopt warn_nested_var 2>/dev/null",  # from zsh 5.4 on
    "numbers": "setopt rc_quotes c_bases octal_zeroes",
    "errexit": "setopt err_exit",
    "ksh-all": "emulate ksh",
    "typeset": "setopt typeset_silent ksh_typeset posix_identifiers magic_equal_subst",
}
FISH = {
    "plain": "",
    "aliases": "alias ls=false\nabbr -a prod never\nfor name in cat date\n"
    " function $name\n false\n end\nend",
    "universal": "set -Ux AWS_PROFILE universal",
    "variables": "set -g name x; set -g line y; set -g code z; "
    "set -g left w; set -g key v; set -g account 1",
}
CASES = [
    *[("bash", name) for name in BASH],
    *[("zsh", name) for name in ZSH],
    *[("fish", name) for name in FISH],
]
MATRIX = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@pytest.mark.parametrize(("shell", "case"), CASES)
def test_switch_dash_off_and_segment_work(
    shell: str, case: str, loaded: Loaded, aws: Aws, words: Words, tmp_path: Path
) -> None:
    aws.add(EVIL)
    live = loaded(MATRIX[shell][case], words.load() * 2)
    universal = "universal" if case == "universal" else ""
    assert (live.started.text, live.started.profile) == ("", universal)  # loading prints nothing

    switched = live.run("awsx prod")
    assert (switched.status, switched.profile) == (0, "prod")
    assert live.prompt_line() == "prod 111122223333 7h $"
    if "errexit" not in case:
        assert live.run("sh -c 'exit 7'").status == 7
        assert live.prompt_line() == "prod 111122223333 7h $"
        refused = live.run("awsx nosuch </dev/null")
        assert (refused.status, refused.profile, refused.text) == (
            1,
            "prod",
            "awsx: no profile nosuch; all of them: awsx ls",
        )
    live.run(f"awsx use -- {words.quote(EVIL)}")
    assert live.variable("AWS_PROFILE") == EVIL
    assert live.prompt_line() == f"{EVIL} $"
    assert live.run("awsx -").profile == "prod"
    left = live.run("awsx off")
    assert (left.status, left.profile, left.text) == (0, universal, "awsx: left prod")
    assert live.prompt_line() == ("universal no such profile ? $" if universal else "$")
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    ("shell", "failing"),
    [
        ("bash", "set -e"),
        ("zsh", "setopt err_exit"),
        ("bash", "set -eu -o pipefail"),
        ("bash", "set -eET"),
    ],
)
def test_a_prompt_does_not_end_a_shell_with_errexit(
    shell: str, failing: str, loaded: Loaded, aws: Aws, words: Words
) -> None:
    live = loaded(after=failing)
    for value in ("prod", "nosuch", "ci", ""):
        live.run(words.export("AWS_PROFILE", value))
    live.run(words.export("AWS_PROFILE", "prod"))
    aws.log_out()
    live.run("")
    assert live.prompt_line() == "prod 111122223333 expired * $"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_readonly_variable_is_told_and_the_shell_goes_on(loaded: Loaded) -> None:
    live = loaded("readonly AWS_REGION=sa-east-1; export AWS_REGION")
    result = live.run("awsx prod -r us-west-2")
    assert result.status == 1
    assert (
        "awsx: AWS_REGION is readonly in this shell; start a new one without it"
        in result.text.splitlines()
    )
    assert live.variable("AWS_REGION") == "sa-east-1"
    assert live.run("echo on").text == "on"


@pytest.mark.parametrize("shell", ["fish"])
def test_a_universal_variable_that_would_beat_the_profile_is_told(loaded: Loaded) -> None:
    live = loaded("set -Ux AWS_ACCESS_KEY_ID universal")
    result = live.run("awsx prod")
    assert result.status == 1
    assert "awsx: AWS_ACCESS_KEY_ID is a universal variable and stays in the way" in result.text
    assert "set -eU AWS_ACCESS_KEY_ID" in result.text


def test_loading_again_in_a_running_shell_changes_nothing(
    live: Terminal, words: Words, tmp_path: Path
) -> None:
    live.run("awsx prod -r us-west-2")
    (tmp_path / "again").write_text(words.load(), encoding="utf-8")
    for _ in range(2):
        assert live.run(f"source {tmp_path}/again").text == ""
    assert live.prompt_line() == "prod 111122223333 7h @us-west-2 $"
    live.run("awsx off")
    assert [live.variable(name) for name in ("AWS_PROFILE", "AWS_REGION")] == [None, None]


OWN_PROMPT = {
    "bash": "PS1='mine> '$__terminal_mark",
    "zsh": "PROMPT='mine> '$__terminal_mark",
    "fish": "function fish_prompt\n set -l last $status\n echo -n 'mine> '\n"
    " __terminal_mark $last\nend",
}


def test_an_rc_file_read_again_draws_the_segment_once(
    shell: str, live: Terminal, words: Words, tmp_path: Path
) -> None:
    """`source ~/.bashrc` sets the prompt anew and loads awsx once more."""
    live.run("awsx prod")
    rc = tmp_path / "rc"
    for rebuilds in (OWN_PROMPT[shell], "", OWN_PROMPT[shell]):
        rc.write_text(f"{rebuilds}\n{words.load()}", encoding="utf-8")
        live.run(f"source {rc}")
        live.run("")
        assert live.prompt_line() == "prod 111122223333 7h mine>"
