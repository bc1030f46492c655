"""Pins: a terminal that enters a pinned folder uses its profile, and gives back what was before."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from processes import count_processes
from terminal import Terminal, shell_path

from awsx.files import pins

Loaded = Callable[..., Terminal]
Write = Callable[[str], Path]

PROD = "awsx: prod: 111122223333 Admin, eu-west-1, session 7h"
DEV = "awsx: dev: 444455556666 Reader, eu-central-1, session 7h"
AT_PROD, AT_WORK = ", by the pin of ~/work/prod", ", by the pin of ~/work"
QUESTION = "awsx: prod (111122223333, Admin) is guarded by *prod*: switch to it? [y/N]"
HOSTILE = (
    "two  words ",
    "it's",
    'a "b"',
    "$(touch pwned)",
    "`touch pwned`",
    "x;touch pwned",
    "*",
    "[a-z]?",
    "{a,b}",
    "%n%25%0A",
    "~",
    "-e",
    "a\\nb\\",
    "new\nline\n",
    "\x1b[31mred\x1f",
    "stra\N{LATIN SMALL LETTER SHARP S}e",
)


@pytest.fixture
def work(home: Path) -> Path:
    """The folder ~/work with the folders `prod` and `prod/deep`, and ~/else."""
    (home / "work" / "prod" / "deep").mkdir(parents=True)
    (home / "else").mkdir()
    return home / "work"


def keep(env: dict[str, str], folder: Path, name: str) -> None:
    """Pin a folder without a terminal."""
    pins.put(env, pins.Pin(str(folder), os.path.realpath(folder), name))


def follows(live: Terminal, *steps: tuple[str, str, str | None]) -> None:
    """After each command, the profile and what was printed are as given; None: anything."""
    for command, profile, text in steps:
        told = live.run(command).text
        assert (live.run("").profile, told) == (profile, told if text is None else text), command


def test_a_folder_and_all_below_it_use_the_profile(live: Terminal, work: Path) -> None:
    follows(
        live,
        ("awsx pin", "", "awsx: no pin here; make one: awsx pin NAME"),
        ("awsx prod", "prod", PROD),
        ("awsx dev", "dev", DEV),
        ("awsx off", "", "awsx: left dev"),
        ("cd work/prod", "", ""),
        # The pin holds at once, in the terminal that has made it.
        (
            "awsx pin prod",
            "prod",
            f"awsx: ~/work/prod and all below it use prod from now on\n{PROD}{AT_PROD}",
        ),
        ("true", "prod", ""),
        ("cd ../../else", "", "awsx: left prod, the pin of ~/work/prod"),
    )
    with count_processes(live.pid) as seen:
        follows(
            live,
            ("cd ../work/prod/deep", "prod", PROD + AT_PROD),
            ("cd ..", "prod", ""),
            ("cd ~", "", "awsx: left prod, the pin of ~/work/prod"),
            ("cd work/prod", "prod", PROD + AT_PROD),
        )
        live.wait_for(lambda _: live.prompt_line().startswith("prod 111122223333 7h $"))
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.run("awsx pin").text == "prod  the pin of ~/work/prod"
    current = live.run("awsx current").text
    assert "AWS_PROFILE, set by the pin of ~/work/prod" in current
    # A switch in the folder stays until the folder is left; then what was before it is back.
    follows(
        live,
        ("awsx dev", "dev", DEV),
        ("cd deep", "dev", ""),
        (
            "awsx pin --remove",
            "dev",
            "awsx: no pin on ~/work/prod/deep; the one in force is that of ~/work/prod; "
            "to drop it: awsx pin --remove ~/work/prod",
        ),
        ("cd ~", "", "awsx: left dev, the pin of ~/work/prod"),
        ("cd work/prod", "prod", PROD + AT_PROD),
        ("awsx off", "", "awsx: left prod"),
        ("cd deep", "", ""),
        ("cd ~", "", ""),
        ("cd work/prod", "prod", PROD + AT_PROD),
    )
    told = "awsx: ~/work/prod is no longer pinned to prod\nawsx: left prod, the pin of ~/work/prod"
    follows(live, ("awsx pin --remove", "", told))


def test_what_was_before_comes_back_and_the_nearest_pin_wins(
    live: Terminal, work: Path, words: Words, environment: dict[str, str]
) -> None:
    """What was before: the profile, its region, and keys that its switch had put aside."""
    keep(environment, work, "dev")
    keep(environment, work / "prod", "prod")
    live.run(words.export("AWS_SESSION_TOKEN", "mine"))
    live.run("awsx prod")
    live.run("awsx dev")
    live.run("awsx use ci -r us-west-2")
    follows(
        live,
        ("cd else", "ci", ""),
        ("cd ../work", "dev", DEV + AT_WORK),
        ("cd prod", "prod", PROD + AT_PROD),
        ("awsx ci", "ci", None),
        ("cd ..", "dev", DEV + AT_WORK),
        ("cd", "ci", "awsx: left dev, the pin of ~/work, back to ci"),
    )
    assert live.variable("AWS_REGION") == live.variable("AWS_DEFAULT_REGION") == "us-west-2"
    assert live.variable("AWS_SESSION_TOKEN") is None
    follows(live, ("awsx -", "dev", DEV), ("awsx off", "", "awsx: left dev"))
    assert live.variable("AWS_SESSION_TOKEN") == "mine"
    assert live.variable("AWS_REGION") is None


def test_a_guarded_pin_asks_once_each_time_the_folder_is_entered(
    loaded: Loaded, settings: Write, work: Path, environment: dict[str, str]
) -> None:
    settings("[guard]\nmatch = ['*prod*']\nconfirm = true\n")
    keep(environment, work / "prod", "prod")
    live = loaded()
    for keys, profile in ((["n", "enter"], ""), (["ctrl-c"], ""), (["y", "enter"], "prod")):
        live.type("cd ~/work/prod")
        live.press("enter")
        live.wait_for(lambda _: live.prompt_line().startswith(QUESTION))
        live.press(*keys)
        live.wait_prompt()
        follows(live, ("cd deep", profile, ""), ("cd ..", profile, ""), ("cd ~", "", None))


def test_a_profile_or_keys_set_by_hand_come_first(
    loaded: Loaded, work: Path, words: Words, environment: dict[str, str]
) -> None:
    keep(environment, work, "prod")
    live = loaded(AWS_PROFILE="ci")  # before awsx was loaded
    follows(live, ("cd work", "ci", ""))
    assert live.run("awsx pin").text.startswith("prod  the pin of ~/work")
    follows(
        live,
        (words.unset("AWS_PROFILE"), "", ""),
        ("cd prod", "prod", PROD + AT_WORK),
        (words.export("AWS_PROFILE", "dev"), "dev", ""),
        ("cd ~", "dev", ""),
        ("cd work", "dev", ""),
        (words.unset("AWS_PROFILE"), "", ""),
        (words.export("AWS_ACCESS_KEY_ID", "AKIAMINE"), "", ""),
        ("cd prod", "", ""),
        (words.unset("AWS_ACCESS_KEY_ID"), "", ""),
        ("cd ..", "prod", PROD + AT_WORK),
    )


def test_a_folder_may_have_any_name(
    loaded: Loaded, work: Path, environment: dict[str, str]
) -> None:
    folders = {f"FOLDER_{n}": str(work / name / "in") for n, name in enumerate(HOSTILE)}
    live = loaded(**folders)
    live.run("awsx prod")
    live.run("awsx off")
    for variable, folder in folders.items():
        Path(folder).mkdir(parents=True)
        keep(environment, Path(folder).parent, "prod")
        assert live.run(f'cd "${variable}"').text.startswith(PROD + ", by the pin of ~/work/")
        follows(live, ("true", "prod", ""), ("cd ~/else", "", None))
    assert not list(work.parent.rglob("pwned"))


def test_links_lead_into_a_pinned_folder_and_out_of_it(
    live: Terminal, work: Path, environment: dict[str, str]
) -> None:
    """A pin holds under the path that the person has seen, and under the real one."""
    outside = work.parent / "outside"
    outside.mkdir()
    (work.parent / "else" / "to prod").symlink_to(work / "prod")
    (work / "out").symlink_to(outside)
    keep(environment, work / "prod", "prod")
    keep(environment, work / "out", "dev")
    live.run("awsx prod")
    live.run("awsx dev")
    live.run("awsx off")
    with count_processes(live.pid) as seen:
        follows(
            live,
            ("cd else/'to prod'", "prod", None),
            ("cd deep", "prod", ""),
            ("cd ~", "", "awsx: left prod, the pin of ~/work/prod"),
            ("cd work/out", "dev", DEV + AT_WORK + "/out"),
            ("cd ../../outside", "dev", ""),
            ("cd ..", "", None),
        )
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.run("pwd").text == str(work.parent)
    follows(live, ("cd else/'to prod'/deep", "prod", None), ("cd -", "", None))


def test_a_file_counts_once_it_is_trusted_and_while_it_stays_the_same(
    live: Terminal, work: Path
) -> None:
    file = work / "prod" / ".awsx"
    file.write_text("prod\n", encoding="utf-8")
    live.run("awsx prod")
    live.run("awsx off")
    untrusted = (
        "awsx: ~/work/prod/.awsx names prod, and is not trusted; read it, then: awsx pin --trust"
    )
    changed = (
        "awsx: ~/work/prod/.awsx has changed since you trusted it; read it, then: awsx pin --trust"
    )
    trusted = "awsx: ~/work/prod/.awsx is trusted as it is: ~/work/prod and all below it use prod"
    by = f"{PROD}{AT_PROD}/.awsx"
    follows(
        live,
        ("cd work/prod/deep", "", ""),
        ("awsx pin", "", untrusted),
        ("awsx pin --trust", "prod", f"{trusted}\n{by}"),
        ("awsx pin", "prod", "prod  the pin of ~/work/prod/.awsx"),
        ("cd ~", "", "awsx: left prod, the pin of ~/work/prod/.awsx"),
        ("cd work/prod", "prod", by),
        ("cd ~", "", None),
    )
    file.write_text("dev\n", encoding="utf-8")
    follows(
        live,
        ("cd work/prod", "", changed),
        ("cd ~", "", ""),
        ("cd work/prod", "", ""),
        ("awsx pin", "", changed),
        ("cd ~", "", ""),
    )
    file.write_text("prod", encoding="utf-8")  # as it was, but for the newline
    follows(live, ("cd work/prod", "prod", by), ("cd ~", "", None))
    file.unlink()
    follows(live, ("cd work/prod", "", ""))


def test_a_pin_that_leads_nowhere_changes_nothing(
    live: Terminal, work: Path, environment: dict[str, str]
) -> None:
    keep(environment, work, "gone")
    keep(environment, work / "prod", "prod")
    nowhere = "awsx: ~/work is pinned to gone, which is no profile; nothing was changed"
    live.run("awsx prod")
    live.run("awsx dev")
    follows(
        live,
        ("cd work", "dev", nowhere),
        ("true", "dev", ""),
        ("cd prod", "prod", PROD + AT_PROD),
        ("rmdir deep; cd ..; rmdir prod; cd ~", "dev", None),
        ("mkdir gone; cd gone; rmdir ../gone", "dev", None),
        ("awsx pin dev", "dev", "awsx: this folder is gone; cd to another one"),
        ("cd ~/else", "dev", ""),
    )


def test_the_first_prompt_of_a_terminal_in_the_folder_switches_and_scripts_do_not(
    terminal: Callable[..., Terminal],
    aws: Aws,
    words: Words,
    work: Path,
    environment: dict[str, str],
    shell: str,
) -> None:
    keep(environment, work, "prod")
    live = terminal(shell, words.load(), cwd=work)
    assert (live.run("").profile, live.started.text) == ("prod", PROD + AT_WORK)
    script = f'{words.load()}\ncd {work}/prod\necho "in $AWS_PROFILE."'
    done = subprocess.run(
        [shell_path(shell), "-c", script], env=environment, cwd=work, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("in .\n", "")
    # In a shell that this one starts, the profile was not set by hand, and ends with the folder.
    inner = terminal(shell, words.load(), cwd=work, AWS_PROFILE="prod", AWSX_OWNER="1")
    assert inner.run("").profile == "prod"
    follows(inner, ("cd ~", "", "awsx: left prod, the pin of ~/work"))
