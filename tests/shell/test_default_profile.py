"""Where no variable names a profile, the prompt shows [default] if the settings say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import KEYS, Aws, Words
from processes import count_processes
from terminal import Terminal

Loaded = Callable[..., Terminal]
Settings = Callable[[str], Path]

SHOW = '[prompt]\ndefault = "show"\n'
DEFAULT = "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"


def drawn(live: Terminal) -> str:
    """The line of the next prompt."""
    live.run("")
    return live.prompt_line()


def test_the_default_profile_is_drawn_as_nobodys_choice(
    settings: Settings, loaded: Loaded, aws: Aws, words: Words
) -> None:
    aws.config.write_text(DEFAULT + aws.config.read_text())
    settings(SHOW)
    live = loaded()
    assert live.prompt_line() == "default 111122223333 7h unset $"
    with count_processes(live.pid) as seen:
        for _ in range(5):
            live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert drawn(live) == "default 111122223333 7h unset $"
    aws.log_in(-1)
    assert drawn(live) == "default 111122223333 expired unset $"
    aws.log_in()
    live.run("awsx dev")
    assert live.prompt_line() == "dev 444455556666 7h $"
    live.run("awsx off")
    assert live.prompt_line() == "default 111122223333 7h unset $"
    live.run(words.export("AWS_PROFILE", "default"))
    assert live.prompt_line() == "default 111122223333 7h * $"
    live.run(words.unset("AWS_PROFILE"))
    assert "default" in live.run("awsx current").text
    settings("")
    assert drawn(live) == "$"


def test_a_default_profile_is_not_drawn_unless_it_can_be_used_and_somebody_wants_it(
    settings: Settings, loaded: Loaded, aws: Aws
) -> None:
    settings(SHOW)
    live = loaded()
    assert live.prompt_line() == "$"  # there is none
    aws.config.write_text("[default]\nsso_session = gone\n" + aws.config.read_text())
    assert drawn(live) == "$"  # broken
    with count_processes(live.pid) as seen:
        for _ in range(5):
            live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
    aws.config.write_text("[default]\nregion = eu-west-1\n" + KEYS)
    assert drawn(live) == "default unset $"
    settings('[prompt]\ndefault = "hide"\n# show\n')
    assert drawn(live) == "$"


def test_without_the_setting_a_terminal_without_a_profile_starts_no_process(
    settings: Settings, loaded: Loaded, aws: Aws
) -> None:
    aws.config.write_text(DEFAULT + aws.config.read_text())
    settings("[picker]\npreview = false\n")
    live = loaded()
    with count_processes(live.pid) as seen:
        for _ in range(3):
            live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.prompt_line() == "$"


def test_the_default_profile_is_exported_for_who_draws_the_prompt(
    settings: Settings, loaded: Loaded, aws: Aws
) -> None:
    aws.config.write_text(DEFAULT + aws.config.read_text())
    settings(SHOW)
    live = loaded(AWSX_EXPORT_PROMPT="1")
    assert live.run("printenv AWSX_PROMPT").text == "default 111122223333 7h unset"
