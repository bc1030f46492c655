"""The versions of fish that awsx loads in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import ROOT, Terminal


@pytest.mark.parametrize(
    ("version", "loads"),
    [
        ("2.7.1", False),
        ("3.3.1", False),
        ("3.4.0", True),
        ("3.10.0", True),
        ("4.0b1", True),
        ("4.9.3", True),
        ("10.0", True),
    ],
)
def test_an_old_fish_says_in_one_line_that_awsx_is_not_loaded(
    version: str, loads: bool, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    text = (ROOT / "shell" / "awsx.fish").read_text(encoding="utf-8")
    assert text.count("$version") == 2
    (tmp_path / "awsx.fish").write_text(text.replace("$version", version), encoding="utf-8")
    live = terminal("fish", f"source {tmp_path}/awsx.fish")
    said = "" if loads else f"awsx: not loaded: fish {version} is too old, it takes 3.4 or later"
    assert (live.started.text, live.run("functions -q awsx").status) == (said, 0 if loads else 1)


def test_a_script_in_an_old_fish_gets_no_message(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    text = (ROOT / "shell" / "awsx.fish").read_text(encoding="utf-8")
    (tmp_path / "awsx.fish").write_text(text.replace("$version", "3.3.1"), encoding="utf-8")
    live = terminal("fish")
    assert live.run(f"fish --no-config -c 'source {tmp_path}/awsx.fish'").text == ""
