"""shell/words and shell/regions say what the commands and botocore say."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "words"))
REMEDY = "out of date; write it anew: .venv/bin/python scripts/words"
WORDS = (ROOT / "shell" / "words").read_text(encoding="utf-8")
REGIONS = (ROOT / "shell" / "regions").read_text(encoding="utf-8")


def test_the_words_are_those_of_the_commands():
    assert SCRIPT["words"]() == WORDS, f"shell/words is {REMEDY}"


def test_four_fields_a_line_and_no_word_twice():
    lines = [line.split("\t") for line in WORDS.splitlines()]
    assert all(len(line) == 4 and all(line) for line in lines)
    assert len({(command, word) for command, word, _, _ in lines}) == len(lines)
    # The shells take words for patterns nowhere, and no word needs quotes.
    assert all(re.fullmatch(r"[a-z0-9*-]+", word) for _, word, _, _ in lines)


def test_what_comes_after_a_word_is_something_that_the_shells_know():
    kinds = {"VERB", "PROFILE", "REGION", "SESSION", "COMMAND", "TEXT", "-"}
    taken = {takes for _, _, takes, _ in (line.split("\t") for line in WORDS.splitlines())}
    assert {takes for takes in taken if not re.fullmatch(r"[a-z ]+", takes)} == kinds


def test_the_regions_are_those_of_botocore():
    """A newer botocore may know more, an older one less."""
    ours = dict(line.split("\t") for line in REGIONS.splitlines())
    theirs = dict(line.split("\t") for line in SCRIPT["regions"]().splitlines())
    assert list(ours) == sorted(ours)
    assert {"eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"} <= ours.keys() & theirs.keys()
    assert len(ours.keys() & theirs.keys()) >= 0.8 * min(len(ours), len(theirs)), (
        f"shell/regions is {REMEDY}"
    )
    assert all(
        re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", name) and text.isascii() for name, text in ours.items()
    )
