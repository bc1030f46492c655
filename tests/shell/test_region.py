"""`awsx region` changes the region of this terminal only, and `off` gives the old one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Words
from processes import count_processes
from terminal import Result, Terminal, shell_path

Loaded = Callable[..., Terminal]
Exported = Callable[[Terminal], dict[str, str]]

REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
AWAY = "awsx: region us-east-1 (prod's own is eu-west-1)"


def variables(live: Terminal, *names: str) -> list[str | None]:
    return [live.variable(name) for name in names]


def ours(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith("AWS")}


def test_region_sets_the_terminals_region_and_dash_drops_it(live: Terminal) -> None:
    live.run("awsx prod")
    assert live.run("awsx region use1") == Result(0, "prod", AWAY)
    assert variables(live, *REGIONS) == ["us-east-1", "us-east-1"]
    assert live.run("awsx region eu-west-1") == Result(0, "prod", "awsx: region eu-west-1")
    assert variables(live, *REGIONS) == ["eu-west-1", "eu-west-1"]
    assert live.run("awsx region </dev/null").text == "eu-west-1"
    assert live.run("awsx region -").text == "awsx: left region eu-west-1 (prod's own is eu-west-1)"
    assert variables(live, "AWS_PROFILE", *REGIONS) == ["prod", None, None]
    assert live.run("awsx region -") == Result(
        0, "prod", "awsx: this terminal uses no region of awsx's"
    )
    live.run("awsx region us-east-1")
    live.run("awsx dev")
    assert variables(live, "AWS_PROFILE", *REGIONS) == ["dev", None, None]
    assert live.run("awsx -").profile == "prod"


@pytest.mark.parametrize(
    "steps", [("use1",), ("use1", "usw2"), ("use1", "-"), ("use1", "-", "usw2")], ids=" ".join
)
def test_off_gives_back_the_region_from_before_awsx(
    steps: tuple[str, ...], loaded: Loaded, exported: Exported
) -> None:
    live = loaded(
        AWS_REGION="sa-east-1", AWS_PROFILE="mine", AWS_ACCESS_KEY_ID="old", AWS_SESSION_TOKEN="old"
    )
    before = exported(live)
    live.run("awsx prod")
    for step in steps:
        assert live.run(f"awsx region {step}").status == 0
        during = exported(live)
        assert during["AWS_PROFILE"] == "prod"
        assert not {"AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"} & set(during)
    assert live.run("awsx off") == Result(0, "mine", "awsx: left prod")
    assert exported(live) == before


def test_region_dash_gives_back_a_region_set_by_hand(loaded: Loaded, words: Words) -> None:
    live = loaded(AWS_REGION="sa-east-1")
    live.run("awsx prod")
    live.run("awsx region use1")
    assert live.run("awsx region -").text == "awsx: left region us-east-1 (prod's own is eu-west-1)"
    assert variables(live, *REGIONS) == ["sa-east-1", None]
    assert live.run("awsx region -").text.startswith(
        "awsx: AWS_REGION=sa-east-1 was not set by awsx and stays; to drop"
    )
    live.run("awsx region use1")
    live.run(words.export("AWS_REGION", "eu-north-1"))
    assert live.run("awsx region -").text.startswith(
        "awsx: AWS_REGION=eu-north-1 was not set by awsx and stays"
    )
    assert variables(live, *REGIONS) == ["eu-north-1", None]


def test_region_dash_drops_a_region_of_the_switch_too(live: Terminal) -> None:
    live.run("awsx prod -r us-west-2")
    assert live.run("awsx region -").text == "awsx: left region us-west-2 (prod's own is eu-west-1)"
    assert variables(live, "AWS_PROFILE", *REGIONS) == ["prod", None, None]


def test_off_keeps_what_was_set_by_hand_since_the_switch(loaded: Loaded, words: Words) -> None:
    live = loaded(AWS_SESSION_TOKEN="old")
    live.run("awsx prod")
    live.run(words.export("AWS_ACCESS_KEY_ID", "new"))
    live.run(words.export("AWS_PROFILE", "dev"))
    live.run("awsx region use1")
    names = ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN")
    assert variables(live, *names) == ["dev", "new", None]
    live.run("awsx off")
    assert variables(live, *names, *REGIONS) == ["dev", "new", "old", None, None]


@pytest.mark.parametrize(
    "found", [{}, {"AWS_PROFILE": "dev", "AWS_ACCESS_KEY_ID": "x", "AWS_REGION": "sa-east-1"}]
)
def test_region_works_without_a_switch(
    found: dict[str, str], loaded: Loaded, exported: Exported
) -> None:
    live = loaded(**found)
    before = exported(live)
    for step in ("use1", "us-west-2"):
        assert live.run(f"awsx region {step}").status == 0
    here = dict.fromkeys((*REGIONS, "AWSX_REGION"), "us-west-2") | {"AWSX_OWNER": str(live.pid)}
    assert ours(exported(live)) == ours(before) | here
    live.run("awsx region -")
    assert ours(exported(live)) == ours(before) | {"AWSX_OWNER": str(live.pid)}
    live.run("awsx region use1")
    assert live.run("awsx off").status == 0
    assert exported(live) == before


def test_off_tells_only_of_the_region_where_nothing_else_was_set(
    live: Terminal, words: Words
) -> None:
    live.run("awsx region use1")
    assert live.run("awsx off").text == "awsx: left region us-east-1"
    live.run("awsx region use1")
    live.run("awsx region -")
    assert live.run("awsx off").text == "awsx: this terminal uses no profile of awsx's"
    live.run(words.export("AWS_PROFILE", "dev"))
    live.run("awsx region use1")
    left, stays = live.run("awsx off").text.splitlines()[:2]
    assert (left, stays[:45]) == (
        "awsx: left region us-east-1",
        "awsx: AWS_PROFILE=dev was not set by awsx and",
    )
    assert variables(live, "AWS_PROFILE", *REGIONS) == ["dev", None, None]


def test_a_child_shell_changes_and_leaves_only_its_own_region(
    live: Terminal, words: Words, shell: str
) -> None:
    """The child shell leaves what it inherited; the parent keeps it."""
    live.run("awsx prod -r us-west-2")
    options = {"bash": "--norc", "zsh": "-f", "fish": "--no-config"}[shell]
    lines = [
        *words.load().splitlines(),
        "awsx region use1",
        "env | grep ^AWS_REGION",
        "awsx region -",
    ]
    lines += ["awsx region use1", "awsx off", "env | grep -c '^AWS_[PR]'"]
    live.run("printf '%s\\n' " + " ".join(words.quote(line) for line in lines) + " >~/script")
    text = live.run(f"{shell_path(shell)} {options} ~/script").text.splitlines()
    left = "awsx: left region us-east-1 (prod's own is eu-west-1)"
    assert text == [AWAY, "AWS_REGION=us-east-1", left, AWAY, "awsx: left prod", "0"]
    assert variables(live, "AWS_PROFILE", *REGIONS) == ["prod", "us-west-2", "us-west-2"]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("eu-wst-1", "awsx: no region eu-wst-1; did you mean eu-west-"),
        ("'$(touch pwned)'", "awsx: no region $(touch pwned)"),
    ],
)
def test_an_unknown_region_changes_nothing(
    word: str, told: str, live: Terminal, exported: Exported
) -> None:
    live.run("awsx prod -r us-west-2")
    before = exported(live)
    result = live.run(f"awsx region {word}")
    assert (result.status, result.text[: len(told)]) == (1, told)
    assert exported(live) == before


@pytest.mark.parametrize(
    "command",
    ["awsx dev -r {}", "awsx - --region={}", "awsx exec prod -r {} -- printenv AWS_REGION"],
)
def test_the_option_region_takes_the_same_names_as_the_command(
    command: str, live: Terminal, exported: Exported
) -> None:
    live.run("awsx dev")
    live.run("awsx prod")
    before = exported(live)
    wrong = live.run(command.format("eu-wst-1"))
    assert (wrong.status, wrong.text[:37]) == (1, "awsx: no region eu-wst-1; did you mea")
    assert exported(live) == before
    right = live.run(command.format("usw2"))
    assert (right.status, "us-west-2" in right.text) == (0, True)
    assert variables(live, *REGIONS) == (
        [None, None] if "exec" in command else ["us-west-2", "us-west-2"]
    )


def test_a_switch_exports_the_region_where_the_settings_want_it(
    loaded: Loaded, settings: Callable[[str], Path], exported: Exported
) -> None:
    settings("[switch]\nexport_region = true\n")
    live = loaded(AWS_REGION="sa-east-1")
    before = exported(live)
    for name in ("prod", "dev"):
        live.run(f"awsx {name}")
    assert variables(live, *REGIONS) == ["eu-central-1", "eu-central-1"]
    with count_processes(live.pid) as seen:  # the memos carry the region
        assert live.run("awsx prod").text.startswith("awsx: prod: 111122223333 Admin, eu-west-1, s")
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert variables(live, *REGIONS) == ["eu-west-1", "eu-west-1"]
    assert live.prompt_line() == "prod 111122223333 7h $"  # without a mark for the region
    assert live.run("awsx exec dev -- env | grep -c REGION=eu-central-1").text == "2"
    assert live.run("awsx region use1") == Result(0, "prod", AWAY)
    assert live.prompt_line() == "prod 111122223333 7h @us-east-1 $"
    live.run("awsx region -")
    assert variables(live, *REGIONS) == ["eu-west-1", "eu-west-1"]
    assert live.run("awsx region -").text == "awsx: this terminal uses no region of awsx's"
    live.run("awsx dev -r use2")
    assert variables(live, *REGIONS) == ["us-east-2", "us-east-2"]
    live.run("awsx -")
    assert live.run("awsx off") == Result(0, "", "awsx: left prod")
    assert exported(live) == before


# --- the picker and Tab ---------------------------------------------------------------------------


def open_picker(live: Terminal) -> None:
    live.type("awsx region")
    live.press("enter")
    live.wait_for(lambda lines: lines[0].startswith("region>") and "46/46" in lines[1])


def marked(live: Terminal) -> list[str]:
    return [
        line.lstrip("▌> ").split()[1]
        for line in live.screen()
        if line.lstrip("▌> ").startswith("* ")
    ]


def test_a_region_can_be_picked(loaded: Loaded) -> None:
    live = loaded(rows=60)
    live.run("awsx prod -r us-west-2")
    open_picker(live)
    live.wait_for(lambda _: marked(live) == ["us-west-2"])
    assert [line.lstrip("▌> ").split()[0] for line in live.screen() if "prod's own" in line] == [
        "eu-west-1"
    ]
    live.type("virginia")
    live.wait_for(lambda lines: "1/46" in lines[1])
    live.press("enter")
    assert live.wait_prompt() == Result(0, "prod", AWAY)
    assert variables(live, *REGIONS) == ["us-east-1", "us-east-1"]


@pytest.mark.parametrize("key", ["esc", "ctrl-c"])
def test_leaving_the_picker_of_regions_changes_nothing(
    key: str, loaded: Loaded, exported: Exported
) -> None:
    live = loaded(rows=60)
    live.run("awsx prod -r us-west-2")
    before = exported(live)
    open_picker(live)
    live.press(key)
    assert live.wait_prompt() == Result(130, "prod", "")
    assert exported(live) == before


def test_tab_completes_regions(loaded: Loaded, shell: str) -> None:
    live = loaded("autoload -Uz compinit && compinit -u" if shell == "zsh" else "")
    live.run("awsx prod")
    live.type("awsx region eu-so")
    live.press("tab")
    live.wait_for("awsx region eu-south-")
    live.type("1")
    live.press("enter")
    assert live.wait_prompt().text.endswith("awsx: region eu-south-1 (prod's own is eu-west-1)")
