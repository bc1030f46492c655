"""The names that AWS and the settings give accounts, in the prompt of live shells."""

from __future__ import annotations

from pathlib import Path

from processes import count_processes
from terminal import Terminal

from awsx.commands import before, learn
from awsx.facts import Facts
from awsx.files import account_names, disk, paths, tokens

HOSTILE = "pay $(touch x)`touch x`%n\x1b[31m\u202e"


def test_the_next_prompt_shows_a_name_that_was_learned_meanwhile(
    live: Terminal, home: Path, environment: dict[str, str]
) -> None:
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h $"
    disk.private_folder(paths.state_folder(environment))
    found = {"111122223333": (HOSTILE, "pay@example.com")}
    account_names.keep(environment, tokens.sha1_hex("corp"), Facts(environment).learned, found)
    learn.tell(before.opened_quietly(environment), ["prod"])
    with count_processes(live.pid) as seen:
        live.run("")
    assert live.prompt_line() == "prod pay $(touch x)`touch x`%n?[31m? 7h $"
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert not list(home.rglob("x"))
