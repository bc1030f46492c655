"""Neighbours of the line editor: suggestions, syntax colours, Tab."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Terminal

from .conftest import Near, check_segment, check_status, installed

PLUGINS = {
    "suggestions": "/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh",
    "colours": "/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh",
}


def plugin(name: str) -> str:
    path = PLUGINS[name]
    return "source " + installed(path, Path(path).stem)


def colour(live: Terminal, word: str) -> str:
    """The colour of the word's last occurrence on the line of the prompt."""
    line = live.prompt_line()
    row = live.display.buffer[live.cursor[0]]
    return str(row[line.rindex(word)].fg) if word in line else ""


@pytest.fixture(params=[["suggestions"], ["colours"], ["suggestions", "colours"]], ids="+".join)
def plugged(request: pytest.FixtureRequest, near: Near) -> tuple[set[str], Terminal]:
    return set(request.param), near("zsh", "\n".join(plugin(name) for name in request.param))


def test_suggestions_and_syntax_colours_work_beside_awsx(
    plugged: tuple[set[str], Terminal],
) -> None:
    names, live = plugged
    check_segment(live)
    live.run("awsx dev")
    live.run("awsx prod")
    check_status(live)
    if "colours" in names:
        live.type("awsx")
        live.wait_for(lambda _: colour(live, "awsx") == "green")  # a known command
        live.type("y")
        live.wait_for(lambda _: colour(live, "awsxy") == "red")
        live.cancel_line()
    if "suggestions" in names:
        live.type("awsx d")
        live.wait_for(lambda _: live.prompt_line().endswith("awsx dev"))  # from the history
        live.press("right", "enter")
        assert live.wait_prompt().profile == "dev"


# --- Tab in bash ----------------------------------------------------------------------------------

SHOW = """bind -x '"\\C-x\\C-p": builtin printf "%s\\n.\\n" "$READLINE_LINE" >|~/line'"""


def tab(live: Terminal, typed: str) -> str:
    """The line after one Tab."""
    file = Path.home() / "line"
    file.write_text("", encoding="utf-8")
    live.type(typed)
    live.press("tab", "ctrl-x", "ctrl-p")
    live.wait_for(lambda _: file.read_text(encoding="utf-8").endswith("\n.\n"))
    live.cancel_line()
    return file.read_text(encoding="utf-8").removesuffix("\n.\n")


@pytest.mark.parametrize("loaded", [True, False], ids=["bash-completion", "bare"])
def test_tab_completes_awsx_and_the_wrapped_command(
    loaded: bool, near: Near, tmp_path: Path
) -> None:
    """The AWS CLI completes by `complete -C`; here `aws` is a function of awsx."""
    completer = tmp_path / "completer"
    completer.write_text(
        '#!/bin/sh\ncase $2 in s*) echo s3 ;; *) echo "[$COMP_LINE]" ;; esac\n', encoding="utf-8"
    )
    completer.chmod(0o755)
    lines = (
        "source " + installed("/usr/share/bash-completion/bash_completion", "bash-completion")
        if loaded
        else ":"
    )
    live = near("bash", lines, above=f"{SHOW}\ncomplete -C {completer} aws")
    assert live.run("awsx prod").status == 0
    assert live.run("declare -F aws").text == "aws"
    wanted = {
        "awsx pr": "awsx prod ",
        "awsx prod --region=il": "awsx prod --region=il-central-1 ",
        "aws s": "aws s3 ",
        "awsx exec prod -- whoam": "awsx exec prod -- whoami ",
    }
    assert {typed: tab(live, typed) for typed in wanted} == wanted
    check_status(live)
