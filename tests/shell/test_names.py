"""The names that AWS and the settings give accounts, in the prompt of live shells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import Words
from processes import count_processes
from terminal import Terminal

from awsx.commands import before, learn
from awsx.facts import Facts
from awsx.files import account_names, disk, paths

Settings = Callable[[str], Path]

HOSTILE = "pay $(touch x)`touch x`%n\x1b[31m\u202e"


def test_the_next_prompt_shows_a_name_that_was_learned_meanwhile(
    live: Terminal, home: Path, environment: dict[str, str]
) -> None:
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h $"
    disk.private_folder(paths.state_folder(environment))
    found = {"111122223333": (HOSTILE, "pay@example.com")}
    account_names.keep(environment, Facts(environment).learned, found)
    learn.tell(before.opened_quietly(environment), ["prod"])
    with count_processes(live.pid) as seen:
        live.run("")
    assert live.prompt_line() == "prod pay $(touch x)`touch x`%n?[31m? 7h $"
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert not list(home.rglob("x"))


OWN = """
[accounts]
111122223333 = { name = "money $(touch x)", tags = ["pci"] }
[profiles]
prod = "pay"
[regions]
eu-west-1 = "ire"
us-east-1 = "va$(date>x)*"
[prompt]
format = "{profile}@{region} {account} {left}"
"""


def test_an_alias_switches_and_the_prompt_has_the_persons_own_names(
    settings: Settings, loaded: Callable[..., Terminal], home: Path, words: Words, shell: str
) -> None:
    live = loaded("autoload -Uz compinit; compinit -u -D" if shell == "zsh" else "")
    settings(OWN)
    result = live.run("awsx pay")
    assert (result.status, result.profile) == (0, "prod"), result.text
    assert live.prompt_line() == "pay@ire money $(touch x) 7h $"
    with count_processes(live.pid) as seen:
        live.run(words.export("AWS_REGION", "us-east-1"))
        assert live.prompt_line() == "pay@va$(date>x)* money $(touch x) 7h $"
        live.run(words.export("AWS_REGION", "*"))
        assert live.prompt_line() == "pay@* money $(touch x) 7h $"
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.run("awsx dev").profile == "dev"
    assert live.run("awsx exec pay -- printenv AWS_PROFILE").text == "prod"
    live.type("awsx pa")
    live.press("tab")
    live.press("enter")
    assert live.wait_prompt().profile == "prod"
    assert not list(home.rglob("x"))
