"""What awsx does where bash lacks something, held in the bash that is here.

`old` loads a copy of the shell files in which every bash takes itself for 3.2, so that each branch
for an old one runs. What an old bash parses or expands in another way shows only there
(scripts/test-shells, docs/shells.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import terminal as harness
from conftest import CONFIG, Aws
from terminal import ROOT, Result, Terminal

Loaded = Callable[..., Terminal]
PROD = "prod 111122223333 7h $"
VERSION = "BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]"


@pytest.fixture
def shell() -> str:
    return "bash"


@pytest.fixture(params=["3.2"])
def old(
    request: pytest.FixtureRequest,
    loaded: Loaded,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Loaded:
    """Start a terminal whose awsx takes this bash for bash 3.2, or for another version."""
    major, minor = request.param.split(".")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "shell", copy / "shell")
    (copy / "awsx").symlink_to(ROOT / "awsx")
    for path in (copy / "shell").glob("*.bash"):
        text = path.read_text(encoding="utf-8")
        text = text.replace(VERSION, f"{major}0{minor}").replace("${BASH_VERSINFO[0]}", major)
        assert "BASH_VERSINFO" not in text
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(harness, "ROOT", copy)
    monkeypatch.setattr(harness, "compares_whole_seconds", lambda _: True)
    return loaded


# --- PROMPT_COMMAND as a string -------------------------------------------------------------------

# In VS Code's terminal the hook goes into a string in every bash.
STRINGS = {"old": {}, "vscode": {"TERM_PROGRAM": "vscode"}}


@pytest.mark.parametrize("where", STRINGS.values(), ids=STRINGS)
@pytest.mark.parametrize("theirs", ["true", "true;", "PS1=$PS1 # mine", "x=__awsx_precmd"])
def test_the_hook_stays_in_a_prompt_command_that_is_a_string(
    theirs: str, where: dict[str, str], old: Loaded
) -> None:
    live = old(f"PROMPT_COMMAND='{theirs}'", **where)
    live.run("awsx prod")
    shown = theirs != "x=__awsx_precmd"  # that looks as if we were there already
    assert live.prompt_line() == (PROD if shown else "$")
    assert live.run("").status == 0
    assert live.prompt_line() == (PROD if shown else "$")


@pytest.mark.parametrize("where", STRINGS.values(), ids=STRINGS)
def test_an_err_trap_hears_a_failure_once_where_the_hook_is_in_a_string(
    where: dict[str, str], old: Loaded
) -> None:
    live = old("PROMPT_COMMAND=:", "trap 'echo failed' ERR", **where)
    live.run("awsx prod")
    assert live.run("false") == Result(1, "prod", "failed")
    assert live.run("sh -c 'exit 3'") == Result(3, "prod", "failed")


def test_what_stands_behind_the_hook_in_a_string_sees_the_status(old: Loaded) -> None:
    live = old("", "PROMPT_COMMAND=\"$PROMPT_COMMAND\"$'\\n''seen=$?'")
    live.run("awsx prod")
    live.run("(exit 7)")
    assert live.run('echo "$seen"').text == "7"


# --- which variables are exported -----------------------------------------------------------------


def test_a_variable_that_is_not_exported_does_not_count(old: Loaded) -> None:
    live = old()
    live.run("AWS_PROFILE=prod")
    assert live.prompt_line() == "$"
    live.run("export AWS_PROFILE; AWS_ACCESS_KEY_ID=mine")
    assert live.prompt_line() == "prod 111122223333 7h * $"
    live.run("export AWS_ACCESS_KEY_ID")
    assert live.prompt_line() == "keys without a secret, not prod $"


def test_off_gives_a_secret_back_as_it_was(old: Loaded) -> None:
    live = old()
    live.run("AWS_SECRET_ACCESS_KEY=mine; export AWS_SESSION_TOKEN=theirs")
    assert live.run("awsx prod").text.endswith("until `awsx off`: AWS_SESSION_TOKEN")
    live.run("awsx off")
    assert live.run('echo "$AWS_SECRET_ACCESS_KEY$AWS_SESSION_TOKEN"').text == "minetheirs"
    assert live.variable("AWS_SECRET_ACCESS_KEY") is None
    assert live.variable("AWS_SESSION_TOKEN") == "theirs"


# --- files that were changed just now -------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "said"), [("3.2", "bash4"), ("4.4", "bash4"), ("5.0", "bash")], indirect=["old"]
)
def test_the_core_is_told_whether_this_bash_compares_whole_seconds(
    said: str, old: Loaded, core: Callable[[str], Path], tmp_path: Path
) -> None:
    live = old(python=core(f'echo "$AWSX_SHELL" >{tmp_path}/said'))
    live.run("awsx prod")
    assert (tmp_path / "said").read_text() == f"{said}\n"


def test_what_has_changed_just_now_is_shown_at_once(
    old: Loaded, aws: Aws, settings: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No memo can be trusted for two seconds, so the core tells what it has just read."""
    live = old()
    live.run("awsx prod")
    monkeypatch.setattr(Terminal, "ages_files", False)
    for account in ("222233334444", "555566667777"):
        aws.config.write_text(CONFIG.replace("111122223333", account), encoding="utf-8")
        live.run("")
        assert live.prompt_line() == f"prod {account} 7h $"
    for hours in (3, 2):
        aws.log_in(hours=hours + 0.5)
        live.run("")
        assert live.prompt_line() == f"prod 555566667777 {hours}h $"
    settings('[guard]\nmatch = ["prod"]\nleave_after = "1h"\n')
    assert live.run("").status == 0
    assert live.run('echo "$__awsx_leave_after"').text == "3600"
    assert live.run("awsx dev").text.startswith("awsx: dev: 444455556666 Reader")
    assert live.prompt_line() == "dev 444455556666 2h $"
    aws.log_out()
    live.run("")
    assert live.prompt_line() == "dev 444455556666 expired $"
