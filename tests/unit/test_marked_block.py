"""The marked block in an rc file: in, replaced, and out again byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx.files.marked_block import BEGIN, add, remove
from awsx.term import AwsxError

BLOCK = b"source '/opt/awsx/awsx.bash'\n"
MARKED = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx <<<\n"
ENDED = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx (ended the last line) <<<\n"
MADE = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx (made this file) <<<\n"

ADDED = {
    "empty": (b"", True, MARKED),
    "one line": (b"alias l=ls\n", True, b"alias l=ls\n" + MARKED),
    "no final newline": (b"l=1", True, b"l=1\n" + ENDED),
    "CRLF": (b"l=1\r\n", True, b"l=1\r\n" + MARKED),
    "ends in CR": (b"l=1\r", True, b"l=1\r\n" + ENDED),
    "not UTF-8": (b"\xff\xfe\x00\n", True, b"\xff\xfe\x00\n" + MARKED),
    "no file": (b"", False, MADE),
}


@pytest.mark.parametrize(("text", "existed", "expected"), ADDED.values(), ids=ADDED)
def test_add(text, existed, expected):
    assert add(text, BLOCK, existed) == expected
    assert remove(expected) == (text if existed else None)


def test_a_block_without_final_newline_gets_one():
    assert add(b"", BLOCK.rstrip(b"\n"), True) == MARKED


pieces = st.sampled_from([b"a", b"\n", b"\r\n", b"\r", b"\xff", b"#", b" "])
texts = (st.binary() | st.lists(pieces).map(b"".join)).filter(lambda text: b" awsx " not in text)


@given(texts, st.booleans())
def test_round_trip(text, existed):
    assert remove(add(text if existed else b"", BLOCK, existed)) == (text if existed else None)


@given(texts, texts)
def test_a_second_add_replaces_the_block_and_nothing_else(before, after):
    once = add(before, b"old\n", True) + after
    twice = add(once, BLOCK, True)
    assert twice == once.replace(b">>>\nold\n#", b">>>\n" + BLOCK + b"#")
    assert twice.count(BEGIN) == 1
    assert add(twice, BLOCK, True) == twice
    assert remove(twice) == remove(once)


@given(texts.filter(bool), texts.filter(bool))
def test_what_was_written_around_the_block_stays(before, after):
    left = remove(add(before, BLOCK, True) + after)
    assert left == (before if before.endswith(b"\n") else before + b"\n") + after


def test_a_file_we_made_stays_if_somebody_wrote_into_it():
    made = add(b"", BLOCK, False)
    assert remove(made + b"alias l=ls\n") == b"alias l=ls\n"
    assert remove(b"alias l=ls\n" + made) == b"alias l=ls\n"


def test_markers_survive_an_editor():
    assert remove(b"a\r\n" + MARKED.replace(b"\n", b"\r\n") + b"b\r\n") == b"a\r\nb\r\n"
    assert remove(b"a\n" + MARKED.rstrip(b"\n")) == b"a\n"
    indented = b"if x; then\n  " + MARKED.replace(b"\n", b"\n  ").rstrip(b" ") + b"fi\n"
    assert remove(indented) == b"if x; then\nfi\n"


@pytest.mark.parametrize(
    "text", [b"", b"# >>> conda >>>\n# <<< conda <<<\n", b"echo '# >>> awsx >>>'\n"]
)
def test_without_a_block_nothing_is_removed(text):
    assert remove(text) == text


BROKEN = {
    "no end": (b"a\n# >>> awsx >>>\nb\n", 2),
    "two begins": (b"# >>> awsx >>>\n# >>> awsx >>>\n# <<< awsx <<<\n", 2),
    "two blocks": (MARKED + b"a\n" + MARKED, 5),
    "two ends": (MARKED + b"# <<< awsx <<<\n", 4),
    "end alone": (b"a\nb\n# <<< awsx <<<\n", 3),
    "end first": (b"# <<< awsx <<<\n# >>> awsx >>>\n", 1),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_broken_markers_are_named_by_line(text, line):
    for act in (lambda: remove(text, "rc"), lambda: add(text, BLOCK, True, "rc")):
        with pytest.raises(
            AwsxError, match=rf"^rc:{line}: awsx's markers do not make one pair; [^\n]+$"
        ):
            act()
