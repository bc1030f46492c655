"""The tolerant reader against the strict ones it stands in for.

Configparser, botocore.configloader, shlex.
"""

import shlex

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awsx.files import ini, scan


def read(data):
    """The reader, and all the flaws of text and sections together."""
    text, flaws = ini.decode(data)
    reader = ini.Reader()
    reader.read(text)
    return reader, flaws + reader.flaws


def content(reader):
    return {
        name: {**reader.defaults.keys, **section.keys} for name, section in reader.sections.items()
    }


@pytest.fixture(scope="module")
def botocore(tmp_path_factory):
    """botocore(data): its sections; None where it refuses the file."""
    file = tmp_path_factory.mktemp("ini") / "config"

    def parse(data):
        file.write_bytes(data)
        try:
            raw_config_parse(str(file))
            return raw_config_parse(str(file), parse_subsections=False)
        except ConfigParseError:
            return None

    return parse


# --- one file, sound or not, as both see it

SOUND = {
    "empty": (b"", {}),
    "blank": (b"\n \n\t\n", {}),
    "no final newline": (b"[a]\nk=v", {"a": {"k": "v"}}),
    "CRLF": (b"[a]\r\nk = v\r\n\r\n[b]\r\n", {"a": {"k": "v"}, "b": {}}),
    "CR": (b"[a]\rk = v\r", {"a": {"k": "v"}}),
    "colon": (b"[a]\nk : v\n", {"a": {"k": "v"}}),
    "first mark wins": (b"[a]\nk : v = w\nl = v : w\n", {"a": {"k": "v = w", "l": "v : w"}}),
    "key case": (b"[A]\nKey = V\n", {"A": {"key": "V"}}),
    "empty value": (b"[a]\nk =\n", {"a": {"k": ""}}),
    "percent": (b"[a]\nk = %(x)s %\n", {"a": {"k": "%(x)s %"}}),
    "no inline comments": (b"[a]\nk = v # c ; d\n", {"a": {"k": "v # c ; d"}}),
    "comments": (b"# c\n;d\n[a]\n # e\nk = v\n# k = w\n", {"a": {"k": "v"}}),
    "after the header": (b"[a] # c\nk = v\n", {"a": {"k": "v"}}),
    "brackets in the header": (b"[a]b]\n[[c]]\n", {"a]b": {}, "[c]": {}}),
    "indented alike": (b" [a]\n k = v\n l = w\n", {"a": {"k": "v", "l": "w"}}),
    "indented further": (b"[a]\n k = v\n  l = w\n", {"a": {"k": "v\nl = w"}}),
    "key under an indented header": (b" [a]\nk = v\n", {"a": {"k": "v"}}),
    "continued": (b"[a]\nk = v\n  w\n\n  x\nl = y\n", {"a": {"k": "v\nw\n\nx", "l": "y"}}),
    "a comment in a continuation": (b"[a]\nk = v\n  # c\n  w\n", {"a": {"k": "v\nw"}}),
    "nested": (b"[a]\ns3 =\n  x = 1\n  y = 2\nk = v\n", {"a": {"s3": "\nx = 1\ny = 2", "k": "v"}}),
    "DEFAULT": (b"[a]\n[DEFAULT]\nk = v\n[b]\nk = w\n", {"a": {"k": "v"}, "b": {"k": "w"}}),
    "DEFAULT twice": (b"[DEFAULT]\nk = v\n[DEFAULT]\nl = w\n[a]\n", {"a": {"k": "v", "l": "w"}}),
    "non-ASCII": ("[a]\nk = zürich\n".encode(), {"a": {"k": "zürich"}}),
    "a section in the value": (b"[a]\nk =\n  [b] = c\n", {"a": {"k": "\n[b] = c"}}),
}


@pytest.mark.parametrize(("data", "expected"), SOUND.values(), ids=SOUND)
def test_sound(data, expected, botocore):
    reader, flaws = read(data)
    assert content(reader) == expected
    assert [flaw.text for flaw in flaws] == []
    assert botocore(data) == expected


# data, the flaw, its line, what is read all the same
FLAWED = {
    "section twice": (
        b"[a]\nk = v\n[b]\n[a]\nl = w\n",
        ini.DOUBLE_SECTION.format("a"),
        4,
        {"a": {"k": "v", "l": "w"}, "b": {}},
    ),
    "key twice": (
        b"[a]\nk = v\nl = x\nK = w\n",
        ini.DOUBLE_KEY.format("k", "a"),
        4,
        {"a": {"k": "w", "l": "x"}},
    ),
    "key twice, colon": (
        b"[a]\nk = v\nk : w\n",
        ini.DOUBLE_KEY.format("k", "a"),
        3,
        {"a": {"k": "w"}},
    ),
    "key twice in DEFAULT": (
        b"[DEFAULT]\nk=v\nk=w\n[a]\n",
        ini.DOUBLE_KEY.format("k", "DEFAULT"),
        3,
        {"a": {"k": "w"}},
    ),
    "junk": (
        b"[a]\nk = v\nAKIAIOSFODNN7EXAMPLE\nl = w\n",
        ini.NO_EQUALS,
        3,
        {"a": {"k": "v", "l": "w"}},
    ),
    "no key": (b"[a]\n= v\nk = w\n", ini.NO_EQUALS, 2, {"a": {"k": "w"}}),
    "header without end": (
        b"[a]\nk = v\n[b\nl = w\n",
        ini.NO_EQUALS,
        3,
        {"a": {"k": "v", "l": "w"}},
    ),
    "empty header": (b"[a]\n[]\nk = v\n", ini.NO_EQUALS, 2, {"a": {"k": "v"}}),
    "before a section": (b"# c\nk = v\n[a]\n", ini.NO_SECTION, 2, {"a": {}}),
    "nested junk": (
        b"[a]\ns3 =\n  x = 1\n  y\nk = v\n",
        ini.NOT_NESTED.format("s3"),
        4,
        {"a": {"k": "v"}},
    ),
    "BOM": (b"\xef\xbb\xbf[a]\nk = v\n", ini.BYTE_ORDER_MARK, 1, {"a": {"k": "v"}}),
    "Latin-1": (
        b"[a]\nk = v\nl = \xfc\n[b]\n",
        ini.NOT_UTF8,
        3,
        {"a": {"k": "v", "l": "\udcfc"}, "b": {}},
    ),
    "UTF-16": ("[a]\n".encode("utf-16"), ini.NOT_UTF8, 1, {}),
}


@pytest.mark.parametrize(("data", "text", "line", "expected"), FLAWED.values(), ids=FLAWED)
def test_a_flaw_is_named_by_its_line_and_the_rest_is_read(data, text, line, expected, botocore):
    reader, flaws = read(data)
    assert (flaws[0].line, flaws[0].text) == (line, text)
    found = content(reader)
    assert {
        n: {k: v for k, v in found[n].items() if k in keys} for n, keys in expected.items()
    } == expected
    assert botocore(data) is None


def test_no_flaw_shows_what_stands_in_the_line():
    _, flaws = read(b"SECRET-1\n[a]\nSECRET-2\nk = SECRET-3\nk = SECRET-4\ns =\n  SECRET-5\n")
    assert len(flaws) == 4
    assert not any("SECRET" in flaw.text for flaw in flaws)


def test_lines_of_sections_and_keys():
    reader, _ = read(b"# c\n\n[a]\nk = v\n\nl = w\n[b]\n\n: x\nm : y\n [c]\nn = z\n")
    a, b = reader.sections["a"], reader.sections["b"]
    assert (a.line, a.line_of("k"), a.line_of("l"), a.line_of("none")) == (3, 4, 6, 3)
    assert (b.line, b.line_of("m")) == (7, 10)


def test_the_last_of_a_doubled_key_gives_the_line():
    reader, _ = read(b"[a]\nk = v\nk = w\n[a]\nk = x\n")
    assert reader.sections["a"].line_of("k") == 5


# --- random grammar

HEADERS = (
    "[a]",
    "[b]",
    "[profile a]",
    '[profile "a b"]',
    "[DEFAULT]",
    "[a] # c",
    "[a",
    "[]",
    "[]]",
    "[a]=b",
    "[[a]]",
)
KEYS = ("k", "K", "k k", "l", "s3", "", "#", ";", "[k", "é", "İ")
VALUES = ("v", "", "v # c", "a = b", "a : b", "%(k)s", "[a]", "\u00a0", "é")
MARKS = ("=", " = ", ":", " : ", "", " ", "=:", "==")
lines = st.one_of(
    st.sampled_from(HEADERS),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(MARKS), st.sampled_from(VALUES)).map("".join),
    st.sampled_from(("", " ", "\t", "# c", ";", " # c", "junk", "\x0c", "\x1f", "\u2003")),
    st.text(st.sampled_from("ak[]=: #;\t\"'\\\u2028\x85"), max_size=8),
)
indents = st.sampled_from(("", "", "", "", "  ", "\t", "    ", "\u00a0"))
ends = st.sampled_from(("\n", "\n", "\n", "\n\n", "\r\n", "\r"))
texts = st.lists(st.tuples(indents, lines, ends).map("".join), max_size=12).map("".join)


@settings(max_examples=500, deadline=None)
@given(texts)
@example("[a]\nk=\n b=c\x0cd\n")  # str.splitlines cuts there
@example("[DEFAULT]\n[:\n  [a]\n")
def test_agrees_with_botocore_on_any_file(botocore, text):
    """Sound exactly where botocore reads the file, and then with the same content."""
    expected = botocore(text.encode())
    reader, flaws = read(text.encode())
    if (
        expected is not None
    ):  # botocore looks into [DEFAULT] only through a section that inherits from it
        inherited = [key for key, value in reader.defaults.keys.items() if value.startswith("\n")]
        flaws = [flaw for flaw in flaws if flaw.text not in map(ini.NOT_NESTED.format, inherited)]
    assert (not flaws) == (expected is not None)
    if expected is not None:
        assert content(reader) == expected
        assert list(reader.sections) == list(expected)


@settings(max_examples=300, deadline=None)
@given(st.binary() | texts.map(str.encode))
def test_no_file_is_too_broken_to_be_read(data):
    reader, flaws = read(data)
    assert content(reader) is not None
    assert all(1 <= flaw.line <= data.count(b"\n") + data.count(b"\r") + 1 for flaw in flaws)
    assert not any("\n" in flaw.text for flaw in flaws)


@settings(max_examples=500, deadline=None)
@given(texts)
def test_find_in_a_sound_file_is_what_reading_it_all_gives(text):
    reader, flaws = read(text.encode())
    if (
        "\r" in text
        or flaws
        or reader.defaults.keys
        or any(k[0] == "[" for section in reader.sections.values() for k in section.keys)
    ):
        return  # a line `[k = v` is a key; profiles.Config.is_sound keeps such files away from find
    for header, section in reader.sections.items():
        found = ini.find(text.encode(), header)
        if found:
            assert (found.header, found.keys) == (header, section.keys)
            if "\r" not in text.replace("\r\n", ""):  # a line that ends in a lone \r is not counted
                assert found.line == section.line
                assert all(found.line_of(key) == section.line_of(key) for key in section.keys)


FOUND = {
    "first": ("[a]\nk=v\n[b]\n", "a", 1),
    "second": ("[a]\nk=v\n\n[b]\n", "b", 4),
    "last, no newline": ("[a]\n[b]\nk=v", "b", 2),
    "not a prefix": ("[ab]\n", "a", None),
    "not inside a line": ("[a]\nk = [b]\n", "b", None),
    "not indented": ("[a]\nk = v\n  [b]\n", "b", None),
    "with a comment: misses": ("[a] # c\n", "a", None),
    "DEFAULT is no section": ("[DEFAULT]\nk=v\n", "DEFAULT", None),
    "a header of two lines": ("[a]\n[b]\n", "a]\n[b", None),
    "empty text": ("", "a", None),
    "empty header": ("[]\n", "", None),
}


@pytest.mark.parametrize(("text", "header", "line"), FOUND.values(), ids=FOUND)
def test_find(text, header, line):
    found = ini.find(text.encode(), header)
    assert (found and found.line) == line


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("scan") / "config"


@pytest.mark.parametrize("piece", [1, 2, 5, 32])
@pytest.mark.parametrize(("text", "header", "line"), FOUND.values(), ids=FOUND)
def test_find_in_pieces(text, header, line, piece, file, monkeypatch):
    monkeypatch.setattr(scan, "PIECE", piece)
    file.write_text(text)
    found = scan.find(str(file), header)
    assert (found and found.line) == line


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(1, 20))
def test_a_file_in_pieces_is_the_file(file, text, piece):
    """The same sections as in the whole file, with the same keys and lines."""
    data = text.encode()
    file.write_bytes(data)
    was, scan.PIECE = scan.PIECE, piece
    try:
        for header in (*read(data)[0].sections, "none"):
            whole, found = ini.find(data, header), scan.find(str(file), header)
            assert (whole and whole.keys) == (found and found.keys)
            assert (whole and whole.line) == (found and found.line)
            if whole:
                lines = [(whole.line_of(key), found.line_of(key)) for key in whole.keys]
                assert all(one == other for one, other in lines)
    finally:
        scan.PIECE = was


def test_a_file_that_cannot_be_read_has_no_section(tmp_path):
    assert scan.find(str(tmp_path / "none"), "a") is None
    assert scan.find(str(tmp_path), "a") is None
    assert scan.find("a\0b", "a") is None


# --- headers in words


def shlex_split(text):
    try:
        return shlex.split(text)
    except ValueError:
        return []


WORDS = [
    "",
    "profile a",
    "profile 'a b'",
    'profile "a b"',
    r"profile a\ b",
    "profile jane's",
    'p "',
    "a\\",
    "'' \"\"",
]


@pytest.mark.parametrize("header", WORDS)
def test_words(header):
    assert ini.words(header) == shlex_split(header)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab \t\r\n'\"\\#\u00a0é")) | st.text())
def test_words_are_those_of_shlex(header):
    assert ini.words(header) == shlex_split(header)
