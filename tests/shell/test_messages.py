"""One state, one message: a shell that answers without the core says the same, word for word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Aws, Words, write_settings
from terminal import Result, Terminal

Loaded = Callable[..., Terminal]
Core = Callable[[str], Path]

# A step is a line that the person types, or (what to do with a variable, its name, its value).
Step = str | tuple[str, str] | tuple[str, str, str]

LONG = "n" * 79
TOO_LONG = "n" * 81
PRINTED_AS_THEY_ARE = ("with blank", LONG, "a'b", "$HOME", "%s", "a\\nb", "-n")
NAMES = (*PRINTED_AS_THEY_ARE, "two  blanks", " led", "trailed ", "grün", TOO_LONG)


class Story(NamedTuple):
    steps: tuple[Step, ...]
    by_shell: bool = True  # the shell answers the last step without the core
    before: dict[str, str] = {}  # inherited variables  # noqa: RUF012


def story(*steps: Step, by_shell: bool = True, **before: str) -> Story:
    return Story(steps, by_shell, before)


# The messages of all steps are compared; only for the last one it matters who gives the answer.
STORIES = {
    "switch": story("awsx prod"),
    "switch, no session": story("awsx ci"),
    "switch, no region": story("awsx plain"),
    "switch, name of the account": story("awsx dev"),
    "switch, again": story("awsx prod", "awsx prod"),
    "switch, to another": story("awsx prod", "awsx ci", "awsx dev"),
    "back": story("awsx prod", "awsx dev", "awsx -"),
    "back, twice": story("awsx prod", "awsx dev", "awsx -", "awsx -"),
    "back, nothing before": story("awsx -", by_shell=False),
    "back after off": story("awsx prod", "awsx off", "awsx -"),
    "region": story(("export", "AWS_REGION", "us-east-1"), "awsx prod"),
    "region, the other variable": story(("export", "AWS_DEFAULT_REGION", "us-east-1"), "awsx prod"),
    "region, both": story(
        ("export", "AWS_REGION", "us-east-1"), ("export", "AWS_DEFAULT_REGION", "x1"), "awsx prod"
    ),
    "region, its own": story(("export", "AWS_REGION", "eu-west-1"), "awsx prod"),
    "region, its own and another": story(
        ("export", "AWS_REGION", "eu-west-1"),
        ("export", "AWS_DEFAULT_REGION", "us-east-1"),
        "awsx prod",
    ),
    "region, empty": story(("export", "AWS_REGION", ""), "awsx prod"),
    "region, none of its own": story(("export", "AWS_REGION", "us-east-1"), "awsx plain"),
    "region, not exported": story(("keep", "AWS_REGION", "us-east-1"), "awsx prod"),
    "region, long": story(("export", "AWS_REGION", "r" * 33), "awsx prod", by_shell=False),
    "region, odd": story(("export", "AWS_REGION", "us east 1"), "awsx prod", by_shell=False),
    "region, asked for": story("awsx prod -r us-east-1", "awsx dev"),
    "region, inherited": story("awsx prod", AWS_REGION="us-east-1"),
    "put aside": story(
        ("export", "AWS_SESSION_TOKEN", "x"),
        ("export", "AWS_CONTAINER_AUTHORIZATION_TOKEN_X", "x"),
        ("export", "AWS_ACCESS_KEY_ID", "x"),
        ("export", "AWS_DEFAULT_PROFILE", "x"),
        ("export", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "x"),
        "awsx prod",
    ),
    "put aside, then no more": story(("export", "AWS_ROLE_ARN", "x"), "awsx prod", "awsx dev"),
    "put aside, set again": story("awsx prod", ("export", "AWS_ROLE_ARN", "x"), "awsx dev"),
    "put aside, empty": story(("export", "AWS_ROLE_ARN", ""), "awsx prod"),
    "put aside, not exported": story(("keep", "AWS_ROLE_ARN", "x"), "awsx prod"),
    "put aside, inherited": story(
        "awsx prod", AWS_SECURITY_TOKEN="x", AWS_CONTAINER_AUTHORIZATION_TOKEN_X="x"
    ),
    "put aside, region": story(
        ("export", "AWS_REGION", "x-1"), ("export", "AWS_ROLE_ARN", "x"), "awsx ci"
    ),
    "off": story("awsx prod", "awsx off"),
    "off, after two": story("awsx prod", "awsx dev", "awsx off"),
    "off, twice": story("awsx prod", "awsx off", "awsx off", by_shell=False),
    "off, never on": story("awsx off", by_shell=False),
    "off, what was there comes back": story("awsx prod", "awsx off", AWS_PROFILE="dev"),
    "off, by hand": story("awsx prod", ("export", "AWS_PROFILE", "dev"), "awsx off"),
    "off, by hand, the same": story("awsx prod", ("export", "AWS_PROFILE", "prod"), "awsx off"),
    "off, by hand, the inherited one": story(
        "awsx prod", ("export", "AWS_PROFILE", "dev"), "awsx off", by_shell=False, AWS_PROFILE="dev"
    ),
    "off, unset": story("awsx prod", ("unset", "AWS_PROFILE"), "awsx off"),
    "off, emptied": story("awsx prod", ("export", "AWS_PROFILE", ""), "awsx off"),
    "off, region": story("awsx prod -r us-east-1", "awsx off"),
    "off, region, by hand": story(
        "awsx prod -r us-east-1", ("export", "AWS_PROFILE", "dev"), "awsx off"
    ),
    "off, region, unset": story("awsx prod -r us-east-1", ("unset", "AWS_PROFILE"), "awsx off"),
    "off, region alone": story("awsx region us-east-1", "awsx off", by_shell=False),
    "off, by hand, not exported": story(
        "awsx prod", ("keep", "AWS_PROFILE", "dev"), "awsx off", by_shell=False
    ),
    **{
        f"off, by hand, {name!a}": story(
            "awsx prod",
            ("export", "AWS_PROFILE", name),
            "awsx off",
            by_shell=name in PRINTED_AS_THEY_ARE,
        )
        for name in NAMES
    },
}
# Here the shells add messages of their own, after those of the core.
READONLY = {
    "readonly": story(("readonly", "AWS_ROLE_ARN", "x"), "awsx prod"),
    "readonly, two": story(
        ("readonly", "AWS_SESSION_TOKEN", "x"),
        ("readonly", "AWS_ROLE_ARN", "x"),
        "awsx prod",
        "awsx dev",
    ),
    "readonly, off": story("awsx prod", ("readonly", "AWSX_REGION", "x"), "awsx off"),
}


class Pair:
    """Two terminals: in one the shell may answer, in the other the core always does."""

    def __init__(
        self, start: Loaded, words: Words, core: Path, log: Path, before: dict[str, str]
    ) -> None:
        never = {
            "fish": "function {0}; return 125; end",
            "bash": "function {0} {{ return 1; }}",
            "zsh": "function {0} {{ return 1 }}",
        }[words.shell]
        after = "\n".join(never.format(name) for name in ("__awsx_switch", "__awsx_leave"))
        self.words, self.log = words, log
        self.shell, self.core = (
            start(python=core, **before),
            start(after=after, python=core, **before),
        )

    def take(self, step: Step) -> tuple[Result, Result, int, int]:
        """Run a step in both; return both answers, and how often each started the core."""
        line = self.line(step)
        begin = self.starts()
        by_shell = self.shell.run(line)
        between = self.starts()
        by_core = self.core.run(line)
        return by_shell, by_core, between - begin, self.starts() - between

    def starts(self) -> int:
        return len(self.log.read_text(encoding="utf-8").splitlines()) if self.log.exists() else 0

    def line(self, step: Step) -> str:
        if isinstance(step, str):
            return step
        deed, name, *values = step
        value = self.words.quote(values[0]) if values else ""
        if deed == "export":
            return self.words.export(name, values[0])
        if deed == "unset":
            return self.words.unset(name)
        if deed == "readonly":
            return (
                f"set -Ux {name} {value}"
                if self.words.is_fish
                else f"export {name}={value}; readonly {name}"
            )
        if self.words.is_fish:
            return f"set -gu {name} {value}"
        return f"{name}={value}; " + (
            f"export -n {name}" if self.words.shell == "bash" else f"typeset +x {name}"
        )


@pytest.fixture
def pair(
    loaded: Loaded, words: Words, core: Core, aws: Aws, home: Path, tmp_path: Path
) -> Callable[..., Pair]:
    """pair(names, NAME="value") makes a Pair in which every profile has a memo."""
    log = tmp_path / "starts"
    script = f'case $* in *--refresh*) ;; *) echo >>{log} ;; esac\nexec {sys.executable} "$@"'

    def make(names: tuple[str, ...], **before: str) -> Pair:
        write_settings(home, "[accounts]\n444455556666 = 'Develop  ment'\n")
        aws.add(*[name for name in names if name not in ("prod", "dev", "ci")])
        first = loaded()
        for name in names:
            assert first.run(f"awsx use --no-login -- {words.quote(name)}").status == 0
        return Pair(loaded, words, core(script), log, before)

    return make


def difference(pair: Pair, found: Story) -> str:
    """The differences between the answers to a story; both terminals are reset after it."""
    different = ""
    for step in found.steps:
        by_shell, by_core, starts, core_starts = pair.take(step)
        if by_shell != by_core:
            different += f"{step}: the shell {by_shell}, the core {by_core}\n"
    assert by_core.text.startswith("awsx: ")
    if (starts == 0, core_starts) != (found.by_shell, 1):
        different += (
            f"{step}: the shell started {starts} cores, the core's terminal {core_starts}\n"
        )
    pair.take("awsx off")
    names = {step[1] for step in found.steps if not isinstance(step, str)}
    for name in ("AWS_PROFILE", "__awsx_previous", *names):
        pair.take(("unset", name))
    return different


def test_the_shell_says_what_the_core_says(pair: Callable[..., Pair]) -> None:
    both = pair(("prod", "dev", "ci", "plain"))
    different = {
        name: difference(both, found) for name, found in STORIES.items() if not found.before
    }
    assert {name: text for name, text in different.items() if text} == {}


@pytest.mark.parametrize("name", [name for name, found in STORIES.items() if found.before])
def test_the_shell_says_what_the_core_says_of_inherited_variables(
    name: str, pair: Callable[..., Pair]
) -> None:
    assert difference(pair(("prod", "dev"), **STORIES[name].before), STORIES[name]) == ""


@pytest.mark.parametrize("name", READONLY)
def test_a_readonly_variable_is_told_alike_after_the_message(
    name: str, pair: Callable[..., Pair], words: Words
) -> None:
    if words.is_fish and "off" in name:
        pytest.skip("fish has no readonly variables; a universal one hides no global one")
    assert difference(pair(("prod", "dev")), READONLY[name]) == ""


def test_shell_and_core_print_any_name_alike(pair: Callable[..., Pair], words: Words) -> None:
    both = pair(NAMES)
    for name in NAMES:
        is_option = name[0] == "-"
        command = f"awsx {'use -- ' if is_option else ''}{words.quote(name)}"
        assert difference(both, story(command, by_shell=not is_option)) == ""
        both.take(command)
        by_shell, by_core, *_ = both.take("awsx off")
        assert by_shell == by_core


def test_shell_and_core_print_the_time_left_alike(pair: Callable[..., Pair], aws: Aws) -> None:
    both = pair(("prod",))
    for hours, renewable in ((0.76, 0), (0.76, 1000), (7.5, 1000), (40.5, 0), (100.5, 0)):
        aws.log_in(hours, renewable)
        both.shell.run("awsx use prod --no-login")  # so that the session has a fresh memo
        both.shell.run("awsx off")
        assert difference(both, story("awsx prod")) == ""
