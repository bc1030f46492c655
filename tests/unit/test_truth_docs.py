"""docs/truth.md: its tables are the code's, and what it shows is what `awsx current` prints."""

import re
import shlex
import time
from pathlib import Path

import pytest

from awsx.commands import current
from awsx.files import tokens
from awsx.term import AwsxError
from awsx.truth import tools

TEXT = (Path(__file__).parents[2] / "docs" / "truth.md").read_text(encoding="utf-8")
FILES = re.findall(r"```ini\n# ~/\.aws/(\w+)\n(.*?)```", TEXT, re.DOTALL)
EXAMPLES = [
    part.partition("\n")
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for part in block.split("$ ")[1:]
]
# What a line of the page does, and a test's process cannot.
DONE = {"export AWS_PROFILE=prod;": ["AWS_PROFILE=prod", "AWSX_ORIGIN=hand"]}
DONE["bash -i;"] = ["AWS_PROFILE=prod", "AWSX_ORIGIN=inherited"]


@pytest.fixture
def home(home):
    for name, text in FILES:
        (home / ".aws" / name).write_text(f"# ~/.aws/{name}\n{text}")
    token = {"accessToken": "x", "expiresAt": tokens.iso(int(time.time()) + 7 * 3600 + 60)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), token)
    return home


@pytest.mark.parametrize(("line", "_", "output"), EXAMPLES, ids=[line for line, _, _ in EXAMPLES])
def test_what_the_page_shows_is_what_is_printed(line, _, output, home, capsys):
    env = {"HOME": str(home), "AWSX_SHELL": "bash"}
    words = next(
        (words for begin, words in DONE.items() if line.startswith(begin)), shlex.split(line)[:-2]
    )
    env |= dict(word.split("=", 1) for word in words)
    try:
        current.current(env)
        printed = capsys.readouterr().out
    except AwsxError as error:
        printed = f"awsx: {error}\n"
    printed = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-21T17:00:00Z", printed)
    if not output.startswith(("profile", "identity", "awsx:")):  # the table is left out
        printed = printed.partition("\n\n")[2]
    assert printed.rstrip() == output.rstrip()


def test_there_are_examples():
    assert len(FILES) == 2
    assert len(EXAMPLES) > 12


def rows(title):
    """The rows of the table under a heading, each as its cells."""
    table = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line[:1] == "|"
    ]


def test_the_variables_of_each_tool():
    assert rows("Who reads what")[2:] == [
        [tool.title, ", ".join(tool.profiles), ", ".join((*tool.regions, "profile"))]
        for tool in tools.TOOLS
    ]


SPELLED = {
    "env:keys": "keys in the environment",
    "env:keys?": "keys in the environment if no variable names a profile",
    "any:web-identity": "web identity (environment or profile)",
    "role@own": "role with the profile's own credentials",
    "env:web-identity": "web identity in the environment",
    "web-identity": "web identity in the profile",
    "keys@credentials": "keys in the credentials file",
    "keys@config": "keys in the config",
}


def test_the_order_of_each_tool():
    said = dict(rows("Where credentials come from")[2:6])
    for tool in tools.TOOLS:
        links = [link.rstrip("!") for link in tool.chain if not link.startswith(("profile", "fit"))]
        titles = next(titles for titles in said if tool.title in titles.split(", "))
        assert said[titles] == ", ".join(SPELLED.get(link, link) for link in links)
