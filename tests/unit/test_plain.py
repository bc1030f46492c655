"""The quick proof never contradicts the reader, and succeeds for what tools and people write."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awsx.files import ini, plain, profiles
from awsx.files.profiles import Config

KEYS = "sso_session = corp\nsso_account_id = {:012}\nsso_role_name = Admin\nregion = eu-west-1\n"
MANY = 1000


def section(number, keys=KEYS):
    return f"[profile p{number}]\n{keys.format(number)}"


PLAIN = {
    "no file": "",
    "comments before the first section": "# c\n\n ; d\n[a]\nk = v\n",
    "a section without keys": "[a]\n[b]\nk = v\n[c]",
    "no newline at the end": "[a]\nk = v",
    "empty lines": "\n\n[a]\n\n\n\nk = v\n\n\nl = w\n\n\n\n[b]\n",
    "comments": "[a]\n# c\nk = v\n;d\n#\n[b]\nk = v\n # indented\n",
    "brackets under a key": "[a]\nk = v\n [b]\n",
    "any value": "[a]\nk = v = w : x # y\nl = [m]\nm =\nn = #\n",
    "any blanks": "[a]\nk=v\nl =w\nm\t=\tx\n[b]\nk   =  v  \n",
    "letters": "[ä]\nKey = V\nÜ = ü\n",
    "nested": "[a]\nk = v\ns3 =\n  x = 1\n  y = 2\n[b]\nk = v\n",
    "continued": "[a]\nk = v\n  w\n",
    "a key with a colon behind it": "[a]\nk : v\n",
    "thousands": "".join(map(section, range(MANY))),
    "an empty line between": "\n".join(map(section, range(MANY))),
    "a comment above each": "".join(f"\n\n# account {n}\n{section(n)}" for n in range(MANY)),
    "two spellings of a key": "".join(
        section(n, KEYS.replace(" =", "=") if n % 2 else KEYS) for n in range(MANY)
    ),
    "two kinds of sections": "".join(
        section(n, "role_arn = arn\nsource_profile = p{}\n" if n % 3 else KEYS) for n in range(MANY)
    ),
    "a few nested": "".join(
        section(n, KEYS if n % 100 else "s3 =\n  x = 1\n") for n in range(MANY)
    ),
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_what_tools_and_people_write_is_proven(text):
    reader = ini.Reader()
    reader.read(text)
    assert plain.headers(text) == [f"{header}]" for header in reader.sections]


NOT_PLAIN = {
    "a section twice": "[a]\nk = v\n[a]\nl = w\n",
    "DEFAULT": "[DEFAULT]\nk = v\n[a]\n",
    "no header": "[]\nk = v\n",
    "a header without its end": "[a\nk = v\n",
    "a header and more": "[a] # c\nk = v\n",
    "a header and a blank": "[a] \n",
    "an indented header": "[a]\n [b]\n",
    "a header as a key": "[a]\n[b = c\nk = v\n",
    "a key before the first section": "k = v\n[a]\n",
    "a key twice": "[a]\nk = v\nk = w\n",
    "a key twice, between others": "[a]\nk = v\nl = w\nk = v\n",
    "a key twice, another spelling": "[a]\nk = v\nk= w\n",
    "a key twice, upper case": "[a]\nk = v\nK = w\n",
    "a key twice, with a colon": "[a]\nk = v\nk : w\n",
    "a key twice, the colon in it": "[a]\nk:x = v\nk:y = w\n",
    "junk": "[a]\nk = v\njunk\n",
    "no key": "[a]\n= v\n",
    "junk in a nested value": "[a]\nk =\n  junk\n",
}


@pytest.mark.parametrize("many", [False, True], ids=["alone", "among thousands"])
@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_what_is_not_plain_is_not_proven(text, many):
    others = "".join(section(n) for n in range(MANY if many else 0))
    assert plain.headers(text + others) is None
    assert plain.headers(others + text) is None or text.startswith("k")


def test_a_flaw_in_every_section_is_not_proven():
    assert plain.headers("".join(section(n, f"{KEYS}junk\n") for n in range(MANY))) is None
    assert plain.headers("".join(section(n, f"{KEYS}region = x\n") for n in range(MANY))) is None


def test_more_keys_than_are_counted():
    keys = "".join(f"k{n} = v\n" for n in range(plain.MOST_KEYS + 1))
    assert plain.headers("".join(section(n, keys) for n in range(20))) is not None
    assert plain.headers("".join(section(n, keys) for n in range(MANY))) is None
    assert plain.headers(f"[a]\n{keys}k7 = w\n") is None


# --- against the reader

LINES = (
    *("k = v", "k=v", "K = v", "l = w", "k : v", "k:l = v", "s3 =", "  x = 1", "\ty = 2", " z"),
    *("", "", " ", "\t", "# c", ";", " # c", "junk", "= v", ": v", "[k = v", "\x0c", "k\x1f= v"),
    *("é = ü", "k =", "k = v = w", "\u00a0k = v", "k\u00a0= v", "\x1fk = v", "#k = v", "\x85"),
)
HEADERS = (
    *("a", "b", "c", "d", "profile a", "profile  a", 'profile "a"', "DEFAULT", "", "]", "a]b"),
    *("profile é", "profile 'a'", "profile 'default'", 'profile "a b"', "services a"),
    *("a] # c", "a] ", "default", "profile default", "profile b", "sso-session b", "profilex a"),
)
sections = st.tuples(st.sampled_from(HEADERS), st.lists(st.sampled_from(LINES), max_size=6)).map(
    lambda s: f"[{s[0]}]\n" + "".join(f"{line}\n" for line in s[1])
)
quiet = st.lists(st.sampled_from(("", "# c", "k = v", " ; d", "junk")), max_size=2)
texts = st.tuples(
    st.lists(st.sampled_from(("", "# c", " # c", "k = v")), max_size=2).map("\n".join),
    st.sampled_from(("", "\n")),
    st.lists(sections, max_size=8).map("".join),
    st.text(st.sampled_from("ak[]=: #;\t\n\r\"'\\\u2028\x85"), max_size=8),
    st.sampled_from(("\n", "\r\n", "\r")),
).map(lambda t: "".join(t[:4]).replace("\n", t[4]))


def compare(text):
    """True if `text` was proven to be plain; then the reader has to agree."""
    text, flaws = ini.decode(text.encode("utf-8", "surrogatepass"))
    reader = ini.Reader()
    reader.read(text)
    headers = plain.headers(text)
    if headers is not None:
        assert headers == [f"{header}]" for header in reader.sections]
        assert reader.is_plain
        assert [*flaws, *reader.flaws] == []
        assert reader.defaults.keys == {}
    return headers is not None


@settings(max_examples=600, deadline=None)
@given(texts)
@example("[a]\n[k = v\n")
@example("[a]\nk = v\n\n\n\n  w\n")
@example("[a]\n\n\n\nk = v\nk = v\n")
def test_agrees_with_the_reader_on_any_text(text):
    compare(text)


@settings(max_examples=600, deadline=None)
@given(texts, st.integers(1, 3), st.integers(0, 2))
def test_agrees_with_the_reader_however_little_is_left_to_it(text, sample, few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "SAMPLE", sample)
        patch.setattr(plain, "FEW_SECTIONS", few)
        compare(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(sections, max_size=5).map("".join), st.lists(sections, max_size=5).map("".join))
@example("[profile a]\n[profile  a]\n", "")
@example('[profile a]\n[profile "a"]\n', "")
@example("[default]\n[profile default]\n", "")
@example("[profile a]\n[profilex a]\n", "")
@example("[profile ]\nk = v\n", "")
@example('[profile default]\n[profile "default"]\n', "")
@example("[default]\n[profile 'default']\n", "")
@example("[profile a]\nk = v\n", "[a]\nk = v\n[b]\nk = v\nk = w\n")
def test_both_files_are_sound_where_they_are_proven_to_be(tmp_path_factory, config, credentials):
    """Reading the files whole, without the proof, tells the same and finds the same profiles."""
    home = tmp_path_factory.getbasetemp() / "plain"
    home.mkdir(exist_ok=True)
    env = {"HOME": "/nowhere", "AWS_CONFIG_FILE": f"{home}/c"}
    env["AWS_SHARED_CREDENTIALS_FILE"] = f"{home}/k"
    (home / "c").write_text(config, encoding="utf-8", newline="")
    (home / "k").write_text(credentials, encoding="utf-8", newline="")
    quick = Config(env)
    names = {"", "a", "b", "c", "default", "a b", "profile a"}
    found = {name: seen(quick.profile(name)) for name in names}
    told = [problem.as_text() for problem in quick.problems()], quick.is_sound()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "headers", lambda _: None)
        whole = Config(env)
        assert told == ([problem.as_text() for problem in whole.problems()], whole.is_sound())
        assert found == {name: seen(whole.profile(name)) for name in names}
        assert list(quick.profiles()) == list(whole.profiles())


def seen(profile):
    return profile and (profile.name, profile.header, profile.settings, profile.place())


def test_a_proven_file_is_not_read_whole(home, monkeypatch):
    session = "[sso-session corp]\nsso_start_url = x\nsso_region = y\n"
    text = f"{session}[profile 'my own']\n[profile Zürich]\n{''.join(map(section, range(9)))}"
    (home / ".aws" / "config").write_text(text)
    monkeypatch.setattr(profiles.Source, "all", lambda _: pytest.fail("the whole file was read"))
    config = Config({"HOME": str(home)})
    assert (config.problems(), config.is_sound()) == ([], True)
    profile = config.profile("p7")
    assert profile.account == "000000000007"
    assert profiles.own_session(config, profile).name == "corp"
