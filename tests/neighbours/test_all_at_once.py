"""An rc file that loads starship, direnv, zoxide and completion at once, as many people's do."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import require

from .conftest import DEV, PROD, Near, check_segment, check_status, init, installed, segments
from .test_line_editor import plugin

BESIDES = {
    "bash": lambda: [
        "source " + installed("/usr/share/bash-completion/bash_completion", "bash-completion")
    ],
    "zsh": lambda: [
        "autoload -Uz compinit; compinit -u -D",
        plugin("suggestions"),
        plugin("colours"),
    ],
    "fish": list,
}


@pytest.fixture
def rc(shell: str) -> str:
    hooks = [
        init(shell, f"{what} {shell}") for what in ("starship init", "direnv hook", "zoxide init")
    ]
    for program in ("direnv", "zoxide"):
        require(program)
    return "\n".join([*BESIDES[shell](), *hooks])


def test_awsx_works_beside_all_of_them_at_once(
    rc: str, shell: str, near: Near, starship_folder: Path, environment: dict[str, str], home: Path
) -> None:
    (home / "project").mkdir()
    (home / "project" / ".envrc").write_text("export AWS_PROFILE=dev\n", encoding="utf-8")
    path = f"{starship_folder}:{environment['PATH']}"
    live = near(shell, rc, again=True, PATH=path, _ZO_DATA_DIR=str(home / "zoxide"))
    check_segment(live)
    live.run("direnv allow project")
    live.run("awsx prod")
    live.run("cd project")
    assert (live.run("").profile, segments(live)) == ("dev", DEV)
    check_status(live)
    live.run("cd ..")
    assert (live.run("").profile, segments(live)) == ("prod", PROD)
    live.run("z proj")
    assert live.run("pwd").text.splitlines()[-1] == f"{home}/project"
    assert segments(live) == DEV
