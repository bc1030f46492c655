"""scripts/test-shells: which tests it runs in which shell, and how it counts them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from terminal import ROOT, shell_path

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "test-shells"))


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ([], [*SCRIPT["ALL"], "-k", "zsh"]),
        (["tests/shell/test_exec.py"], ["tests/shell/test_exec.py", "-k", "zsh"]),
        (["-k", "off or use", "-x"], ["-k", "(off or use) and zsh", "-x"]),
    ],
)
def test_only_the_tests_of_that_shell_run(arguments: list[str], chosen: list[str]) -> None:
    assert SCRIPT["chosen"](arguments, "zsh") == chosen


def test_the_program_tells_its_kind_and_version(shell: str) -> None:
    kind, version = SCRIPT["identify"](shell_path(shell))
    assert kind == shell
    assert version[0].isdecimal()


def test_another_program_is_refused_in_one_line() -> None:
    with pytest.raises(SystemExit, match="/bin/cat is no bash, zsh or fish"):
        SCRIPT["identify"]("/bin/cat")


def test_a_test_counts_as_its_last_try(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="tests.shell.test_a" name="one[zsh]"><failure/></testcase>'
        '<testcase classname="tests.shell.test_a" name="one[zsh]"/>'
        '<testcase classname="tests.shell.test_a" name="two[zsh]"><error/></testcase>'
        '<testcase classname="tests.shell.test_a" name="three[zsh]"><skipped/></testcase>'
        "</testsuite></testsuites>"
    )
    assert SCRIPT["read"](str(report)) == (1, ["test_a::two[zsh]"], 1)


def test_the_readme_claims_the_shells_of_the_table() -> None:
    page = (ROOT / "docs" / "shells.md").read_text(encoding="utf-8")
    assert "\n".join(SCRIPT["HEAD"]) in page
    rows = re.findall(r"(?m)^\| (\w+) ([\d.]+) \| \d+ \| \d+ \| \d+ \|$", page)
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    for kind in SCRIPT["KINDS"]:
        versions = [version for name, version in rows if name == kind]
        oldest, newest = versions[0], versions[-1]
        assert f"{kind} {oldest} to {newest}" in readme
