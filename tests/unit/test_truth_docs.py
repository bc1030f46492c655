"""docs/truth.md has the tables of the code, and shows what `awsx current` prints."""

import re
import shlex
import time
from pathlib import Path

import pytest

from awsx.commands import current
from awsx.files import tokens
from awsx.finding import MARKS
from awsx.term import AwsxError
from awsx.truth import findings, tools

TEXT = (Path(__file__).parents[2] / "docs" / "truth.md").read_text(encoding="utf-8")
FILES = re.findall(r"```ini\n# ~/\.aws/(\w+)\n(.*?)```", TEXT, re.DOTALL)
EXAMPLES = [
    part.partition("\n")
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for part in block.split("$ ")[1:]
]
# What these lines of the page set in a shell.
DONE = {"export AWS_PROFILE=prod;": ["AWS_PROFILE=prod", "AWSX_ORIGIN=hand"]}
DONE["bash -i;"] = ["AWS_PROFILE=prod", "AWSX_ORIGIN=inherited"]
DONE["awsx exec prod;"] = [*DONE["bash -i;"], "AWSX_EXEC=prod"]


@pytest.fixture
def home(home):
    for name, text in FILES:
        (home / ".aws" / name).write_text(f"# ~/.aws/{name}\n{text}")
    token = {"accessToken": "x", "expiresAt": tokens.iso(int(time.time()) + 7 * 3600 + 60)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), token)
    return home


@pytest.mark.parametrize(("line", "_", "output"), EXAMPLES, ids=[line for line, _, _ in EXAMPLES])
def test_the_examples_show_what_current_prints(line, _, output, home, capsys):
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


def in_words(link):
    """One link of a chain as the page says it."""
    if link.with_own_credentials:
        return "role with the profile's own credentials"
    if link.kind == "web-identity":
        return {
            tools.ENVIRONMENT: "web identity in the environment",
            tools.PROFILE: "web identity in the profile",
            tools.BOTH: "web identity (environment or profile)",
        }[link.where]
    if link.kind == "keys" and link.where == tools.ENVIRONMENT:
        condition = " if no variable names a profile" if link.unless_named else ""
        return f"keys in the environment{condition}"
    if link.file:
        return f"{link.kind} in the {link.file.replace('credentials', 'credentials file')}"
    return link.kind


def test_the_order_of_each_tool():
    orders = dict(rows("Where credentials come from")[2:6])
    for tool in tools.TOOLS:
        links = [in_words(link) for link in tool.chain if link.where != tools.CHECK]
        titles = next(titles for titles in orders if tool.title in titles.split(", "))
        assert orders[titles] == ", ".join(links)


def test_every_mark_is_explained():
    """`mark `X`` stands on the page for each mark of a finding."""
    marks = {"mixed": "js:keys", "region": "@us-east-1", "default-profile-differs": "boto3:dev"}
    for code, mark in MARKS.items():
        assert f"mark `{marks.get(code, mark)}`" in " ".join(TEXT.split()), code


def test_every_state_is_explained():
    """The page has each code that a state of the terminal can have."""
    source = (Path(findings.__file__)).read_text(encoding="utf-8")
    codes = {*re.findall(r'_finding\(\s*"([a-z-]+)"', source), *findings.IDENTITIES}
    assert len(codes) > 12
    for code in codes:
        assert f"`{code}`" in TEXT, code
