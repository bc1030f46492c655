"""NAME, use, `-`, off and -r, checked by what the shell's next command finds in its environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Result, Terminal

Loaded = Callable[..., Terminal]
Exported = Callable[[Terminal], dict[str, str]]
Core = Callable[[str], Path]

PROD = "awsx: prod: 111122223333 Admin, eu-west-1, session 7h"
DEV = "awsx: dev: 444455556666 Reader, eu-central-1, session 7h"
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
# Every rival: the variables that would beat the profile.
ASIDE = (
    "AWS_DEFAULT_PROFILE",
    "AWS_EB_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
HOSTILE = (
    "two words",
    " two  blanks ",
    "it's",
    'a "b"',
    "$(touch pwned)",
    "`touch pwned`",
    "x;touch pwned",
    "x|touch pwned",
    "${HOME}",
    "%n",
    "%F{red}x",
    r"\[\u\w\]",
    "a\\",
    "\\x41",
    "=ls",
    "a/b",
    "../../../etc/passwd",
    "-x",
    "--refresh",
    "*",
    "[a-z]*",
    "~",
    "~root",
    "!x",
    "!!",
    "#c",
    ";x",
    "(x)",
    "&",
    ">pwned",
    "a=b",
    "ünï-☁-東京",
    "n" * 300,
)


def switch(live: Terminal, name: str, words: Words) -> Result:
    return live.run(f"awsx use -- {words.quote(name)}")


def variables(live: Terminal, *names: str) -> list[str | None]:
    return [live.variable(name) for name in names]


def test_a_name_switches_this_terminal_and_one_line_says_so(live: Terminal) -> None:
    assert live.run("awsx prod") == Result(0, "prod", PROD)
    assert live.variable("AWS_PROFILE") == "prod"
    assert live.run("awsx use dev") == Result(0, "dev", DEV)
    assert live.variable("AWS_PROFILE") == "dev"


def test_a_switch_prints_nothing_on_stdout(live: Terminal, tmp_path: Path) -> None:
    assert live.run(f"awsx prod >{tmp_path}/out").text == PROD
    assert (tmp_path / "out").read_bytes() == b""
    assert live.run(f"awsx dev 2>{tmp_path}/err") == Result(0, "dev", "")


def test_the_message_of_a_switch_from_memos_can_be_redirected(
    live: Terminal, tmp_path: Path
) -> None:
    for command in ("awsx prod", "awsx dev"):
        live.run(command)
    for command, said in (("awsx prod", PROD), ("awsx dev", DEV), ("awsx off", "awsx: left dev")):
        result = live.run(f"{command} 2>{tmp_path}/err")
        assert (result.status, result.text) == (0, "")
        assert (tmp_path / "err").read_text(encoding="utf-8") == said + "\n"


def test_dash_goes_back_and_forth(live: Terminal) -> None:
    refused = live.run("awsx -")
    assert refused == Result(1, "", "awsx: this terminal has no previous profile; pick one: awsx")
    live.run("awsx prod")
    live.run("awsx dev")
    assert [live.run("awsx -").profile for _ in range(3)] == ["prod", "dev", "prod"]
    live.run("awsx off")
    assert live.run("awsx -") == Result(0, "prod", PROD)


def test_dash_to_a_profile_that_is_gone_is_an_error(live: Terminal, words: Words) -> None:
    live.run(words.export("AWS_PROFILE", "prdo"))
    live.run("awsx dev")
    assert live.run("awsx -") == Result(1, "dev", "awsx: no profile prdo; did you mean prod?")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("awsx use -- -dash", "-dash"),
        ("awsx -- -dash", "-dash"),
        ("awsx use ls", "ls"),
        ("awsx use -- prod", "prod"),
    ],
)
def test_names_that_look_like_options_or_verbs(command: str, name: str, live: Terminal) -> None:
    result = live.run(command)
    assert (result.status, result.profile) == (0, name)


def test_a_verb_wins_over_a_profile_of_its_name(live: Terminal) -> None:
    assert live.run("awsx ls --names").text.split() == ["prod", "dev", "ci", "-dash", "ls"]
    assert live.variable("AWS_PROFILE") is None


@pytest.mark.parametrize(
    "command",
    [
        "awsx prod -r us-west-2",
        "awsx use --region us-west-2 prod",
        "awsx use prod --region=us-west-2",
    ],
)
def test_a_region_asked_for_ends_with_the_next_switch(command: str, live: Terminal) -> None:
    assert live.run(command).text == PROD.replace("eu-west-1", "us-west-2")
    assert variables(live, *REGIONS) == ["us-west-2", "us-west-2"]
    assert live.run("awsx dev").text == DEV
    assert variables(live, *REGIONS) == [None, None]


def test_the_persons_own_region_is_given_back_by_the_next_switch(loaded: Loaded) -> None:
    live = loaded(AWS_REGION="sa-east-1")
    told = live.run("awsx prod").text
    assert told == PROD.replace(
        "eu-west-1", "sa-east-1 (from AWS_REGION, not the profile's eu-west-1)"
    )
    assert variables(live, *REGIONS) == ["sa-east-1", None]
    live.run("awsx dev -r us-west-2")
    assert variables(live, *REGIONS) == ["us-west-2", "us-west-2"]
    live.run("awsx ci")
    assert variables(live, *REGIONS) == ["sa-east-1", None]
    live.run("awsx off")
    assert variables(live, *REGIONS) == ["sa-east-1", None]


def test_off_leaves_the_environment_as_it_was_found(loaded: Loaded, exported: Exported) -> None:
    found = {
        name: f"found {name}"
        for name in (*ASIDE, "AWS_PROFILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_NEW")
    }
    live = loaded(**found)
    before = exported(live)
    assert found.items() <= before.items()
    told = live.run("awsx prod").text
    assert told.startswith(f"{PROD}, put aside until `awsx off`: {' '.join(ASIDE)}")
    during = exported(live)
    assert during["AWS_PROFILE"] == "prod"
    assert not [name for name in during if name in found and name != "AWS_PROFILE"]
    assert not [name for name, value in during.items() if value.startswith("found ")]
    live.run("awsx dev -r us-west-2")
    live.run("awsx ci")
    assert not [name for name, value in exported(live).items() if value.startswith("found ")]
    assert live.run("awsx off") == Result(0, "found AWS_PROFILE", "awsx: left ci")
    assert exported(live) == before


def test_off_removes_every_variable_that_a_switch_has_added(
    live: Terminal, exported: Exported
) -> None:
    before = exported(live)
    live.run("awsx prod -r us-west-2")
    assert {"AWS_PROFILE", *REGIONS} <= set(exported(live))
    live.run("awsx off")
    assert exported(live) == before


def test_a_second_off_says_that_there_is_nothing_to_leave(live: Terminal) -> None:
    live.run("awsx prod")
    assert live.run("awsx off") == Result(0, "", "awsx: left prod")
    assert live.run("awsx off") == Result(0, "", "awsx: this terminal uses no profile of awsx's")


def test_off_keeps_a_profile_that_awsx_did_not_set(live: Terminal, words: Words) -> None:
    live.run(words.export("AWS_PROFILE", "mine"))
    result = live.run("awsx off")
    assert (result.status, result.profile) == (0, "mine")
    assert result.text.startswith("awsx: AWS_PROFILE=mine was not set by awsx and stays")


def test_off_keeps_what_was_changed_by_hand_after_a_switch(loaded: Loaded, words: Words) -> None:
    live = loaded(AWS_PROFILE="before", AWS_ACCESS_KEY_ID="old", AWS_SESSION_TOKEN="old")
    live.run("awsx prod -r us-west-2")
    live.run(words.export("AWS_ACCESS_KEY_ID", "new"))
    live.run(words.export("AWS_REGION", "sa-east-1"))
    live.run("awsx off")
    names = ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", *REGIONS)
    assert variables(live, *names) == ["before", "new", "old", "sa-east-1", None]


def test_a_key_set_by_hand_after_a_switch_is_put_aside_by_the_next(
    live: Terminal, words: Words
) -> None:
    live.run("awsx prod")
    live.run(words.export("AWS_ACCESS_KEY_ID", "by hand"))
    live.run("awsx dev")
    assert live.variable("AWS_ACCESS_KEY_ID") is None
    live.run("awsx off")
    assert variables(live, "AWS_PROFILE", "AWS_ACCESS_KEY_ID") == [None, "by hand"]


def test_a_profile_set_by_hand_after_a_switch_stays_at_off(live: Terminal, words: Words) -> None:
    live.run("awsx prod")
    live.run(words.export("AWS_PROFILE", "dev"))
    live.run("awsx off")
    assert live.variable("AWS_PROFILE") == "dev"


def test_an_empty_profile_is_given_back_empty(loaded: Loaded, exported: Exported) -> None:
    live = loaded(AWS_PROFILE="")
    assert exported(live)["AWS_PROFILE"] == ""
    assert live.run("awsx prod").status == 0
    live.run("awsx off")
    assert exported(live)["AWS_PROFILE"] == ""


def test_a_variable_that_was_not_exported_is_not_exported_when_given_back(
    live: Terminal, words: Words
) -> None:
    live.run("set -g AWS_SECRET_ACCESS_KEY mine" if words.is_fish else "AWS_SECRET_ACCESS_KEY=mine")
    live.run("awsx prod")
    assert live.run('echo "<$AWS_SECRET_ACCESS_KEY>"').text == "<>"
    live.run("awsx off")
    assert live.run('echo "<$AWS_SECRET_ACCESS_KEY>"').text == "<mine>"
    assert live.variable("AWS_SECRET_ACCESS_KEY") is None


@pytest.mark.parametrize(
    "command",
    ["awsx prdo </dev/null", "awsx use prdo -r us-east-1 </dev/null", "awsx prdo 2>&1 | cat"],
)
def test_an_unknown_name_changes_nothing(command: str, live: Terminal, exported: Exported) -> None:
    live.run("awsx dev")
    before = exported(live)
    result = live.run(command)
    assert result.text == "awsx: no profile prdo; did you mean prod?"
    assert result.status == (0 if "|" in command else 1)
    assert exported(live) == before


@pytest.mark.parametrize(
    "command", ["awsx prod --nonsense", "awsx prod dev", "awsx use", "awsx prod -r"]
)
def test_a_wrong_call_gives_one_line_and_exit_code_2(command: str, live: Terminal) -> None:
    live.run("awsx dev")
    result = live.run(command)
    assert (result.status, result.profile) == (2, "dev")
    assert result.text.startswith("awsx: ") and "\n" not in result.text


def test_a_switch_touches_no_file_of_another_terminal(
    live: Terminal, aws: Aws, loaded: Loaded
) -> None:
    other = loaded()
    before = {path: path.read_bytes() for path in aws.folder.rglob("*") if path.is_file()}
    live.run("awsx prod")
    live.run("awsx off")
    assert {path: path.read_bytes() for path in aws.folder.rglob("*") if path.is_file()} == before
    assert other.run("").profile == ""


# --- hostile names --------------------------------------------------------------------------------


def test_any_name_arrives_byte_for_byte_and_none_is_executed(
    live: Terminal, aws: Aws, words: Words, tmp_path: Path
) -> None:
    aws.add(*HOSTILE)
    arrived = {}
    for name in HOSTILE:
        switch(live, name, words)
        arrived[name] = live.variable("AWS_PROFILE")
    assert arrived == {name: name for name in HOSTILE}
    assert not list(tmp_path.rglob("pwned"))


def test_a_name_that_reads_as_an_operator_causes_no_message(
    live: Terminal, aws: Aws, words: Words
) -> None:
    aws.add("!", "-n")
    for name in ("!", "-n", "!"):
        switch(live, name, words)
        assert live.run("awsx prod").text == PROD
        assert live.run("awsx -").profile == name


def test_dash_and_off_work_with_hostile_names(
    live: Terminal, aws: Aws, words: Words, tmp_path: Path
) -> None:
    first, second = "$(touch pwned) %n", "`touch pwned`'\"\\"
    aws.add(first, second)
    switch(live, first, words)
    switch(live, second, words)
    live.run("awsx -")
    assert live.variable("AWS_PROFILE") == first
    live.run("awsx off")
    assert live.variable("AWS_PROFILE") is None
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`", "a'b\"c\\", " blanks  ", "=ls", "%n", "*", "~"]
)
def test_any_value_is_given_back_byte_for_byte(value: str, loaded: Loaded, tmp_path: Path) -> None:
    live = loaded(AWS_PROFILE=value, AWS_SECRET_ACCESS_KEY=value)
    live.run("awsx prod")
    live.run("awsx off")
    assert variables(live, "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY") == [value, value]
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("control", ["\x1b]0;title\x07", "\x01", "\x7f", "\t"])
def test_a_name_with_a_control_character_is_refused(
    control: str, live: Terminal, aws: Aws, words: Words, exported: Exported
) -> None:
    aws.add(f"a{control}b")
    live.run("awsx prod")
    before = exported(live)
    octal = "".join(f"\\{ord(c):03o}" for c in control)
    name = f"(printf 'a{octal}b')" if words.is_fish else f"\"$(printf 'a{octal}b')\""
    result = live.run(f"awsx use {name} </dev/null")
    assert result.status == 1
    assert result.text.startswith("awsx: a profile name with a control character cannot be used")
    assert "\n" not in result.text
    assert exported(live) == before


# --- data, never code -----------------------------------------------------------------------------

PLANTED = """\
PATH=/evil
LD_PRELOAD=/evil
HOME=/evil
AWS_X;touch pwned=1
AWS_A[$(touch pwned)]=1
AWS_B`touch pwned`
aws_lower=1
AWSY=1
 AWS_BLANK=1
export AWS_WORD=1
-x AWS_OPTION=1

AWS_LATER=$(touch pwned) `touch pwned` %n ;touch pwned
AWS_PROFILE=$(touch pwned)
AWS_TWO=a=b=c
"""


def test_a_hand_over_is_never_evaluated(
    loaded: Loaded, core: Core, exported: Exported, tmp_path: Path
) -> None:
    (tmp_path / "planted").write_text(f"{PLANTED}.\n", encoding="utf-8")
    live = loaded(python=core(f'cat {tmp_path}/planted >"$AWSX_HANDOVER"'))
    before = exported(live)
    assert live.run("awsx prod") == Result(0, "$(touch pwned)", "")
    after = exported(live)
    assert {name: value for name, value in after.items() if before.get(name) != value} == {
        "AWS_LATER": "$(touch pwned) `touch pwned` %n ;touch pwned",
        "AWS_PROFILE": "$(touch pwned)",
        "AWS_TWO": "a=b=c",
    }
    assert before.keys() <= after.keys()
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    "half",
    [
        "AWSX_OWNER=1\nAWS_PROFILE=half\n",
        "AWS_PROFILE=half",
        "AWS_PROFILE=half\n.\nAWS_REGION=x\n",
        "\n",
        ".x\n",
    ],
)
def test_a_hand_over_without_its_end_is_ignored(
    half: str, loaded: Loaded, core: Core, exported: Exported
) -> None:
    live = loaded(
        python=core(f"printf '%s' '{half}' >\"$AWSX_HANDOVER\"; exit 3"), AWS_PROFILE="before"
    )
    before = exported(live)
    assert live.run("awsx prod") == Result(3, "before", "")
    assert exported(live) == before


@pytest.mark.parametrize("command", ["awsx --version", "awsx nosuch </dev/null", "awsx --nonsense"])
def test_an_old_hand_over_is_not_applied(command: str, live: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "run" / "awsx"
    folder.mkdir(mode=0o700)
    (folder / f"shell.{live.pid}").write_text("AWS_PROFILE=stale\n.\n", encoding="utf-8")
    live.run(command)
    assert live.variable("AWS_PROFILE") is None


def test_a_planted_link_is_neither_followed_nor_emptied(live: Terminal, tmp_path: Path) -> None:
    target, folder = tmp_path / "precious", tmp_path / "run" / "awsx"
    folder.mkdir(mode=0o700)
    target.write_text("AWS_PROFILE=planted\n.\n", encoding="utf-8")
    (folder / f"shell.{live.pid}").symlink_to(target)
    live.run("awsx --version")
    assert live.variable("AWS_PROFILE") is None
    assert target.read_text(encoding="utf-8") == "AWS_PROFILE=planted\n.\n"
    assert live.run("awsx prod").profile == "prod"
    assert target.read_text(encoding="utf-8") == "AWS_PROFILE=planted\n.\n"


def test_a_hand_over_does_not_stay_on_disk(loaded: Loaded, tmp_path: Path) -> None:
    live = loaded(AWS_SECRET_ACCESS_KEY="hunter-one")
    live.run("awsx prod")
    assert (tmp_path / "run" / "awsx" / f"shell.{live.pid}").read_bytes() == b""
    files = [
        path for path in tmp_path.rglob("*") if path.is_file() and "terminal-" not in str(path)
    ]
    assert not [path for path in files if b"hunter-one" in path.read_bytes()]


# --- secrets --------------------------------------------------------------------------------------

SECRETS = {"AWS_SECRET_ACCESS_KEY": "hunter-one", "AWS_SESSION_TOKEN": "hunter-two"}


def test_secrets_put_aside_are_never_traced(loaded: Loaded, words: Words) -> None:
    live = loaded(**SECRETS)
    live.run("set -g fish_trace 1" if words.is_fish else "set -x")
    for command in ("awsx prod", "awsx dev", "awsx -", "awsx off"):
        live.run(command)
    assert b"__awsx_" in live.raw  # the trace was on
    assert b"hunter" not in live.raw
    live.run("set -e fish_trace" if words.is_fish else "set +x")
    assert variables(live, *SECRETS) == list(SECRETS.values())


def test_the_shells_trace_goes_on_after_a_switch(live: Terminal, words: Words) -> None:
    live.run("set -g fish_trace 1" if words.is_fish else "set -x")
    live.run("awsx prod")
    assert "/bin/echo seen" in live.run("/bin/echo seen").text


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_secrets_put_aside_are_not_exported_under_allexport(
    loaded: Loaded, exported: Exported
) -> None:
    live = loaded("set -a", **SECRETS)
    live.run("awsx prod")
    live.run("awsx dev")
    assert not [name for name, value in exported(live).items() if "hunter" in value]
    live.run("awsx off")
    assert variables(live, *SECRETS) == list(SECRETS.values())


def test_no_secret_is_in_a_list_of_all_exported_variables(loaded: Loaded, words: Words) -> None:
    live = loaded(**SECRETS)
    live.run("awsx prod")
    assert "hunter" not in live.run("set -x" if words.is_fish else "export -p").text
