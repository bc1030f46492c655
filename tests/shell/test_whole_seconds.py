"""A file system that keeps mtimes in whole seconds (HFS+, exFAT, ext3, some NFS and bind mounts).

Two changes within one second give a file the same mtime there, and a shell sees no other clock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from conftest import CONFIG, Aws
from terminal import Terminal

SECOND_NS = 1_000_000_000


def cut(*paths: Path) -> None:
    """Cut the mtimes to whole seconds, as such a file system does."""
    for path in paths:
        seconds = path.stat().st_mtime_ns // SECOND_NS
        os.utime(path, ns=(seconds * SECOND_NS, seconds * SECOND_NS))


def test_each_change_shows_at_the_next_prompt(
    live: Terminal, aws: Aws, settings: Callable[[str], Path]
) -> None:
    cut(aws.config, aws.credentials, aws.token_path())
    live.run("awsx prod")
    assert live.prompt_line() == "prod 111122223333 7h $"
    for account in ("222233334444", "555566667777"):  # of one length, in the same file
        aws.config.write_text(CONFIG.replace("111122223333", account), encoding="utf-8")
        cut(aws.config)
        live.run("")
        assert live.prompt_line() == f"prod {account} 7h $"
    for hours in (3, 2):
        aws.log_in(hours=hours + 0.5)
        cut(aws.token_path())
        live.run("")
        assert live.prompt_line() == f"prod 555566667777 {hours}h $"
    for words in ("{profile} {left}", "{left} {profile}"):
        cut(settings(f'[prompt]\nformat = "{words}"\n'))
        live.run("")
        wanted = words.format(profile="prod", left="2h")
        assert live.prompt_line() == f"{wanted} $"
    assert live.run("awsx dev").text.startswith("awsx: dev: 444455556666 Reader")
    assert live.prompt_line() == "2h dev $"
    aws.log_out()
    live.run("")
    assert live.prompt_line() == "expired dev $"
