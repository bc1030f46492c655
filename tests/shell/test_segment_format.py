"""The segment looks as the settings say; their texts are drawn and never evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from processes import count_processes
from terminal import Terminal

Loaded = Callable[..., Terminal]
Settings = Callable[[str], Path]


def colours(live: Terminal) -> dict[str, str]:
    """The colour of each word on the line of the prompt, after `bold ` if it is bold."""
    row = live.display.buffer[live.cursor[0]]
    found = {}
    for word in re.finditer(r"\S+", live.prompt_line()):
        cells = {("bold " if row[x].bold else "") + row[x].fg for x in range(*word.span())}
        found[word[0]] = "/".join(sorted(cells))
    return found


def format_of(form: str, more: str = "") -> str:
    return f"[prompt]\nformat = '''{form}'''\n{more}"


HOSTILE = "$(touch pwned) `touch pwned` %F{red} %n ${HOME} \\u & !!"
FORMATS = {
    "{profile}": "prod",
    "{account_id}/{role}@{region} {left}": "111122223333/Admin@eu-west-1 7h",
    "[{profile}] ({account}) {state}": "[prod] (Production)",
    "{state} {left} {profile}": "7h prod",
    "aws: {profile} | {left}": "aws: prod | 7h",
    "": "",
    HOSTILE.replace("{", "{{").replace("}", "}}"): HOSTILE,
}


@pytest.mark.parametrize(("form", "drawn"), FORMATS.items())
def test_the_segment_follows_the_format(
    form: str, drawn: str, settings: Settings, live: Terminal, home: Path
) -> None:
    settings(format_of(form, "[accounts]\n111122223333 = 'Production'\n"))
    live.run("awsx prod")
    assert live.prompt_line() == f"{drawn} $".strip()
    assert live.cursor[1] == len(live.prompt_line()) + 1
    assert live.run("echo on").text == "on"
    assert not list(home.rglob("pwned"))


def test_each_prompt_fills_in_the_present_values(
    settings: Settings, live: Terminal, words: Words
) -> None:
    settings(format_of("{region} {state} {profile}"))
    live.run("awsx prod")
    assert live.prompt_line() == "eu-west-1 prod $"
    live.run("awsx region use1")
    # There is no mark for a region where the format shows the region.
    assert live.prompt_line() == "us-east-1 prod $"
    live.run(words.export("AWS_PROFILE", "dev"))
    assert live.prompt_line() == "us-east-1 * dev $"
    live.run(words.export("AWS_PROFILE", "ci"))
    settings(format_of("<{profile}>"))
    live.run("")
    assert live.prompt_line() == "<ci> $"


def test_braces_and_codes_in_values_are_text(
    settings: Settings, live: Terminal, aws: Aws, words: Words
) -> None:
    hostile = "{left}$(touch pwned)%F{red}&\\"
    settings(
        format_of("{profile} {account} {left}", f"[accounts]\n111122223333 = '''{hostile}'''\n")
    )
    aws.add("{left}", "a\\b&c", "%n%~")
    live.run("awsx prod")
    assert live.prompt_line() == f"prod {hostile} 7h $"
    for name in ("{left}", "a\\b&c", "%n%~"):
        live.run(words.export("AWS_PROFILE", name))
        assert live.prompt_line() == f"{name} $"
        assert live.cursor[1] == len(live.prompt_line()) + 1


def test_each_part_has_the_colour_of_the_settings(
    settings: Settings, live: Terminal, aws: Aws
) -> None:
    settings(
        format_of("{profile} {account} {role} {left} {state}")
        + "[colors]\nprofile = 'bold blue'\naccount = 208\nrole = ''\n"
        "good = 'bright-white'\nstate = 'magenta'\n"
    )
    live.run("awsx prod -r us-east-1")
    assert live.prompt_line() == "prod 111122223333 Admin 7h @us-east-1 $"
    seen = colours(live)
    assert seen.pop("7h") in ("brightwhite", "white", "e5e5e5")
    wanted = {
        "prod": "bold blue",
        "111122223333": "ff8700",
        "Admin": "default",
        "@us-east-1": "magenta",
        "$": "default",
    }
    assert seen == wanted
    settings("[colors]\nprofile = 'green'\n")
    live.run("")
    assert colours(live)["prod"] == "green"


def test_a_guarded_profile_has_its_own_colour(settings: Settings, live: Terminal) -> None:
    settings("[guard]\nmatch = '*prod*'\ncolor = 'bold magenta'\n")
    for name, colour in (("prod", "bold magenta"), ("dev", "cyan"), ("prod", "bold magenta")):
        live.run(f"awsx {name}")
        assert colours(live)[f"!{name}" if name == "prod" else name] == colour


def test_without_colours_little_time_left_has_a_mark(
    settings: Settings, loaded: Loaded, aws: Aws
) -> None:
    settings("[prompt]\nsoon = '2h'\n")
    live = loaded(NO_COLOR="1")
    for hours, renewable, left in (
        (2.01, 0, "2h"),
        (1.9, 0, "1h!"),
        (0.195, 0, "11m!"),
        (1.9, 900, "1h+"),
        (-1, 900, "renews"),
        (-1, 0, "expired"),
    ):
        aws.log_in(hours, renewable)
        live.run("awsx prod --no-login")
        assert live.prompt_line() == f"prod 111122223333 {left} $"


def test_a_narrow_terminal_gets_the_narrow_format(settings: Settings, live: Terminal) -> None:
    live.run("awsx prod")
    for columns, drawn in (
        (59, "prod 7h $"),
        (60, "prod 111122223333 7h $"),
        (40, "prod 7h $"),
        (100, "prod 111122223333 7h $"),
    ):
        live.resize(24, columns)
        live.run("true")
        live.run("")
        assert live.prompt_line() == drawn
    settings("[prompt]\nnarrow = '{left}'\nnarrow_below = 101\n")
    live.run("")
    assert live.prompt_line() == "7h $"
    settings("[prompt]\nnarrow_below = 0\n")
    live.resize(24, 30)
    live.run("true")
    live.run("")
    assert live.prompt_line() == "prod 111122223333 7h $"


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_letters_that_the_locale_lacks_are_question_marks(
    locale: str, settings: Settings, loaded: Loaded, shell: str
) -> None:
    settings(format_of("→ {account} {left}", "[accounts]\n111122223333 = 'größe'\n"))
    live = loaded(LC_ALL=locale)
    live.run("awsx prod")
    assert re.fullmatch(r"\?{1,3} gr\?{1,2}\?{1,2}e 7h \$", live.prompt_line()), live.prompt_line()


def test_a_mistake_in_the_settings_is_marked_in_the_default_format(
    settings: Settings, live: Terminal
) -> None:
    live.run("awsx prod")
    settings("[prompt]\nformat = '{name}'\n")
    live.run("")
    assert live.prompt_line() == "prod 111122223333 7h bad settings $"
    refused = live.run("awsx dev")
    assert (refused.status, refused.profile) == (1, "prod")
    assert refused.text.startswith(
        "awsx: ~/.config/awsx/config.toml:2: prompt.format has a wrong value; "
        "use words with {profile}"
    )


def test_no_format_starts_a_process(settings: Settings, live: Terminal) -> None:
    settings(
        format_of(
            "{region} {role} {account_id} {left} {state}",
            "[guard]\nmatch = 'prod'\nleave_after = '1h'\n",
        )
    )
    live.run("awsx prod")
    with count_processes(live.pid) as seen:
        for _ in range(5):
            live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen
