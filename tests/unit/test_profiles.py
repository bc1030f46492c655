"""The two files -> profiles, sessions, problems.

What botocore sees, and whatever stands in them.
"""

import os
import posix
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
import sample
from botocore.exceptions import ConfigParseError
from botocore.session import Session
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awsx.files import ini, paths
from awsx.files.chains import links, login_session, sso_session
from awsx.files.profiles import Config, own_session
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env(home):
    return {"HOME": str(home)}


@pytest.fixture
def write(home):
    """write(config, credentials): text or bytes, or None for no file; the profiles."""

    def write(config=None, credentials=None, sound=False):
        for name, text in (("config", config), ("credentials", credentials)):
            if text is not None:
                (home / ".aws" / name).write_bytes(
                    text if isinstance(text, bytes) else text.encode()
                )
        return Config({"HOME": str(home)}, sound)

    return write


def told(config):
    return [problem.as_text() for problem in config.problems()]


# --- which profiles there are, and what they say

NAMES = {
    "plain": ("[profile a]\n[default]\n[profile b-c.d/e@f]\n", "", ["a", "default", "b-c.d/e@f"]),
    "credentials come after": ("[profile b]\n", "[a]\n[b]\n", ["b", "a"]),
    "profile in the credentials is a name": ("", "[profile a]\n", ["profile a"]),
    "no profile without the word": ("[a]\n[Profile b]\n[PROFILE c]\n", "", []),
    "quoted": ("[profile 'a b']\n[profile \"c d\"]\n[profile e\\ f]\n", "", ["a b", "c d", "e f"]),
    "not quoted": ("[profile a b]\n[profile jane's]\n[ profile c ]\n[profile]\n", "", []),
    "any word that begins so": ("[profiles x]\n[profilea b]\n", "", ["x", "b"]),
    "tab": ("[profile\ta]\n", "", ["a"]),
    "two blanks": ("[profile  a]\n", "", ["a"]),
    "other kinds": ("[sso-session a]\n[services b]\n[plugins]\n", "", []),
    "DEFAULT": ("[DEFAULT]\nregion = x\n[profile a]\n", "[DEFAULT]\n", ["a"]),
    "default twice": ("[default]\n[profile default]\n", "[default]\n", ["default"]),
    "non-ASCII": ("[profile größe]\n[profile 生产]\n", "", ["größe", "生产"]),
    "no-break space": ("[profile a\u00a0b]\n", "", ["a\u00a0b"]),
}


@pytest.mark.parametrize(("config", "credentials", "names"), NAMES.values(), ids=NAMES)
def test_names(config, credentials, names, write):
    found = write(config, credentials)
    assert list(found.profiles()) == names
    assert told(found) == []
    assert list(Session().full_config["profiles"]) == names


def test_the_credentials_file_wins(write):
    profile = write("[profile a]\nregion = x\noutput = json\n", "[a]\nregion = y\n").profiles()["a"]
    assert profile.settings == {"region": "y", "output": "json"}
    assert (profile.place("region"), profile.place("output")) == (
        "~/.aws/credentials:2",
        "~/.aws/config:3",
    )
    assert (profile.place(), profile.place("role_arn")) == ("~/.aws/config:1", "~/.aws/config:1")


def test_the_place_of_a_profile_of_the_credentials_file(write):
    profile = write("", "\n[a]\nregion = x\n").profiles()["a"]
    assert (profile.place(), profile.place("region")) == (
        "~/.aws/credentials:2",
        "~/.aws/credentials:3",
    )


def test_the_later_spelling_replaces_the_earlier(write):
    profile = write(
        '[profile a]\nregion = x\noutput = json\n[profile "a"]\nregion = y\n'
    ).profiles()["a"]
    assert profile.settings == {"region": "y"}
    assert Session(profile="a").full_config["profiles"]["a"] == {"region": "y"}


# --- hostile names: listed as they are, wherever botocore sees them

HOSTILE = [
    "a b",
    "it's",
    'say "hi"',
    "$(touch x)",
    "`touch x`",
    "%n",
    "\\[",
    "\x1b[31mred\x1b[0m",
    "-rf",
    "--help",
    "=ls",
    "a/b",
    "../../etc/passwd",
    "x" * 300,
    "größe-生产",
    "a;b&c|d>e",
    "*",
    "~",
    "{a,b}",
    "!!",
    "#a",
    "a\tb",
    "a]b",
    "[a]",
    "use",
    "-",
]


def quoted(name):
    """The name as a word of shlex."""
    return "'" + name.replace("'", "'\"'\"'") + "'"


@pytest.mark.parametrize("sound", [False, True], ids=["read whole", "known to be sound"])
@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names(name, sound, write):
    assert write(f"[profile {quoted(name)}]\nregion = eu-west-1\n").is_sound()
    found = write(sound=sound).profile(name)
    assert (found.name, found.settings) == (name, {"region": "eu-west-1"})
    assert Session(profile=name).get_scoped_config() == {"region": "eu-west-1"}


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_in_the_credentials_file(name, write):
    assert write("", f"[{name}]\naws_access_key_id = a\n").profiles()[name].kind == "keys"
    assert write(sound=True).profile(name).kind == "keys"


@pytest.mark.parametrize(
    "name",
    ["", " ", "\n", "\0", "a]\n[profile b", "no", "prod ", " prod", "PROD", "'prod'", '"prod"'],
)
def test_a_name_that_is_none(name, write):
    text = "[profile prod]\nregion = eu-west-1\n[profile b]\n[a]\n"
    assert write(text).profile(name) is None
    assert write(text, sound=True).profile(name) is None


# The short way (`ini.find`) must not see what botocore doesn't: [profile a b] is no profile.
UNSEEN = {
    "not quoted": ("[profile a b]\n", "a b"),
    "quotes are no part of the name": ('[profile "a"]\n', '"a"'),
    "nor single ones": ("[profile 'a b']\n", "'a b'"),
    "nor a backslash": ("[profile a\\ b]\n", "a\\ b"),
    "an open quote": ("[profile jane's]\n", "jane's"),
    "[profile default] is `default`": ("[profile default]\n", "profile default"),
}


@pytest.mark.parametrize("sound", [False, True], ids=["read whole", "known to be sound"])
@pytest.mark.parametrize(("config", "name"), UNSEEN.values(), ids=UNSEEN)
def test_what_botocore_does_not_see_is_no_profile(config, name, sound, write):
    found = write(config)
    assert found.is_sound()
    assert name not in Session().full_config["profiles"]
    assert write(sound=sound).profile(name) is None


@pytest.mark.parametrize("sound", [False, True], ids=["read whole", "known to be sound"])
def test_a_session_that_botocore_does_not_see(sound, write):
    write("[sso-session a b]\nsso_start_url = https://x\nsso_region = eu-west-1\n")
    with pytest.raises(AwsxError, match=r"there is no \[sso-session a b\]"):
        write(sound=sound).session("a b")


HEADERS = (
    *(
        "profile a",
        'profile "a"',
        "profile b",
        "profile 'a b'",
        "profile a b",
        "profile  a",
        "profile a] # c",
        "profile é",
    ),
    *(
        "default",
        "profile default",
        "a",
        "b",
        "a] # c",
        "a b",
        "DEFAULT",
        "profiles a",
        'profile "',
    ),
    *("sso-session a", "sso-session 'a'"),
)
headers = st.sampled_from(HEADERS)
pairs = st.sampled_from(
    (
        "region = x\n",
        "region = y\n",
        "output=json\n",
        "s3 =\n  a = b\n",
        "\n",
        "# c\n",
        "k : v\n",
        "junk\n",
        " l = m\n",
    )
)
sections = st.tuples(headers, st.lists(pairs, max_size=4).map("".join)).map(
    lambda s: f"[{s[0]}]\n{s[1]}".replace("c]", "c")
)
texts = st.lists(sections, max_size=5).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts, texts)
@example('[profile a]\nregion = x\n[profile "a"]\nregion = y\n', "")
@example("[DEFAULT]\nregion = x\n[profile a]\n", "")
@example("", "[DEFAULT]\nregion = x\n[a]\n")
@example("[profile 'a b']\nregion = x\n", "[a b]\noutput=json\n")
@example("[profile a]\n[k = v\nregion = x\n", "")
@example("[profile a]\nregion = x\n", "[a]\n[k = v\noutput = json\n")
@example("[profile a]\n", "[DEFAULT]\nregion = x\n[a]\n")
@example("[profile a] # c\nregion = x\n", "[a]\noutput=json\n")
@example("[profile a]\nregion = x\n", "[a] # c\noutput=json\n")
def test_random_files(tmp_path_factory, config, credentials):
    """Profiles are botocore's.

    What was read whole before gives, the short way, the same for every name.
    """
    home = tmp_path_factory.getbasetemp() / "random"
    home.mkdir(exist_ok=True)
    env = {
        "HOME": "/nowhere",
        "AWS_CONFIG_FILE": f"{home}/c",
        "AWS_SHARED_CREDENTIALS_FILE": f"{home}/k",
    }
    (home / "c").write_text(config, encoding="utf-8")
    (home / "k").write_text(credentials, encoding="utf-8")
    found = Config(env)
    session = Session()
    session.set_config_variable("config_file", env["AWS_CONFIG_FILE"])
    session.set_config_variable("credentials_file", env["AWS_SHARED_CREDENTIALS_FILE"])
    try:
        expected = session.full_config["profiles"]
    except ConfigParseError:
        assert found.problems()
        assert not found.is_sound()
        return
    assert not found.problems()
    assert list(found.profiles()) == list(expected)
    for name, profile in found.profiles().items():
        assert {k: v for k, v in profile.settings.items() if k != "s3"} == {
            k: v for k, v in expected[name].items() if k != "s3"
        }
    if found.is_sound():
        for name in {
            *expected,
            "a",
            "b",
            "a b",
            '"a"',
            "'a b'",
            "default",
            "profile a",
            '"',
            "DEFAULT",
            "é",
            "",
        }:
            short = Config(env, sound=True).profile(name)
            assert (short and short.settings) == (
                found.profiles()[name].settings if name in expected else None
            )


# --- kinds, accounts, roles

SSO = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
STATIC = "aws_access_key_id = a\naws_secret_access_key = b\n"
ROLE = "role_arn = arn:aws:iam::444455556666:role/path/Deploy\n"
KINDS = {
    "sso": (SSO, "", ("sso", "111122223333", "Admin")),
    "legacy": (
        "sso_start_url = https://x\nsso_account_id = 111122223333\n",
        "",
        ("sso", "111122223333", ""),
    ),
    "a session alone": ("sso_session = corp\n", "", ("none", "", "")),
    "a start URL alone": ("sso_start_url = https://x\nsso_region = x\n", "", ("none", "", "")),
    "a session and keys": ("sso_session = corp\n" + STATIC, "", ("keys", "", "")),
    "a session and a process": (
        "sso_session = corp\ncredential_process = x\n",
        "",
        ("process", "", ""),
    ),
    "a blank role beside a session": ("sso_session = corp\nsso_role_name =\n", "", ("sso", "", "")),
    "a blank key before a process": (
        "credential_process = x\n",
        "aws_access_key_id =\n",
        ("keys", "", ""),
    ),
    "a blank process before keys": ("credential_process =\n" + STATIC, "", ("process", "", "")),
    "a blank token file hides a role": (
        ROLE + "source_profile = b\nweb_identity_token_file =\n",
        "",
        ("none", "444455556666", "Deploy"),
    ),
    "role": (ROLE + "source_profile = b\n", "", ("role", "444455556666", "Deploy")),
    "role with keys": (
        ROLE + STATIC + "source_profile = b\n",
        "",
        ("role", "444455556666", "Deploy"),
    ),
    "web identity": (
        ROLE + "web_identity_token_file = /t\n",
        "",
        ("web-identity", "444455556666", "Deploy"),
    ),
    "keys": (STATIC, "", ("keys", "", "")),
    "keys in the credentials file": ("", STATIC, ("keys", "", "")),
    "keys of a known account": (
        STATIC + "aws_account_id = 111122223333\n",
        "",
        ("keys", "111122223333", ""),
    ),
    "process": ("credential_process = x\n", "", ("process", "", "")),
    "login": (
        "login_session = arn:aws:iam::444455556666:user/u\n",
        "",
        ("login", "444455556666", ""),
    ),
    "nothing": ("region = x\n", "", ("none", "", "")),
    "sso before keys": (SSO + STATIC, "", ("sso", "111122223333", "Admin")),
    "process before keys": ("credential_process = x\n" + STATIC, "", ("process", "", "")),
    "keys in the credentials file before process": (
        "credential_process = x\n",
        STATIC,
        ("keys", "", ""),
    ),
    "sso before keys in the credentials file": (SSO, STATIC, ("sso", "111122223333", "Admin")),
    "role that is no ARN": ("role_arn = Deploy\n", "", ("role", "", "Deploy")),
}


@pytest.mark.parametrize(("config", "credentials", "expected"), KINDS.values(), ids=KINDS)
def test_kind(config, credentials, expected, write):
    profile = write(f"[profile a]\n{config}", f"[a]\n{credentials}").profiles()["a"]
    assert (profile.kind, profile.account, profile.role) == expected


# --- source_profile

OVER_B = "[profile a]\nrole_arn=r\nsource_profile=b\n"
CHAINS = {
    "none": ("[profile a]\n", ["a"]),
    "one": (f"{OVER_B}[profile b]\n", ["a", "b"]),
    "two": (f"{OVER_B}[profile b]\nrole_arn=r\nsource_profile=c\n[profile c]\n", ["a", "b", "c"]),
    "keys end it": (f"{OVER_B}[profile b]\nrole_arn=r\nsource_profile=none\n{STATIC}", ["a", "b"]),
    "itself, with keys": (f"[profile a]\nrole_arn=r\nsource_profile=a\n{STATIC}", ["a"]),
    "credential_source": ("[profile a]\nrole_arn=r\ncredential_source=Environment\n", ["a"]),
    "no role: not followed": ("[profile a]\nsource_profile=b\n", ["a"]),
    "a quoted source": (
        "[profile a]\nrole_arn=r\nsource_profile=b c\n[profile 'b c']\n",
        ["a", "b c"],
    ),
}


@pytest.mark.parametrize(("text", "names"), CHAINS.values(), ids=CHAINS)
def test_chain(text, names, write):
    config = write(text)
    assert [link.name for link in links(config, config.profiles()["a"])] == names


BROKEN_CHAINS = {
    "itself": (
        "[profile a]\nrole_arn = r\nsource_profile = a\n",
        "~/.aws/config:3: profile a leads back to itself through source_profile; break the loop",
    ),
    "loop": (
        "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n",
        "~/.aws/config:6: profile a leads back to itself through source_profile; break the loop",
    ),
    "loop further on": (
        "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=b\n",
        "~/.aws/config:6: profile a leads back to itself through source_profile; break the loop",
    ),
    "missing": (
        "[profile a]\nrole_arn = r\nsource_profile = gone\n",
        "~/.aws/config:3: profile a names source_profile gone, which does not exist; "
        "add it or correct the name",
    ),
    "missing further on": (
        "[profile a]\nrole_arn=r\nsource_profile=b\n"
        "[profile b]\nrole_arn=r\nsource_profile=go\x1bne\n",
        "~/.aws/config:6: profile b names source_profile go?ne, which does not exist; "
        "add it or correct the name",
    ),
}


@pytest.mark.parametrize(("text", "message"), BROKEN_CHAINS.values(), ids=BROKEN_CHAINS)
def test_a_broken_chain_is_named(text, message, write):
    config = write(text)
    with pytest.raises(AwsxError) as caught:
        links(config, config.profiles()["a"])
    assert str(caught.value) == message


# --- sessions

CORP = (
    "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
)
LEGACY = (
    "sso_start_url = https://x/start/\nsso_region = us-east-1\n"
    "sso_account_id = 1\nsso_role_name = r\n"
)
SESSIONS = {
    "named": (
        f"{CORP}[profile a]\n{SSO}",
        ("corp", "https://corp.awsapps.com/start", "eu-west-1", "a"),
    ),
    "legacy": (f"[profile a]\n{LEGACY}", ("", "https://x/start/", "us-east-1", "a")),
    "behind a role": (
        f"{CORP}[profile a]\n{ROLE}source_profile=b\n[profile b]\n{SSO}",
        ("corp", "https://corp.awsapps.com/start", "eu-west-1", "b"),
    ),
    "quoted": (
        f"{CORP.replace('corp]', chr(34) + 'my corp' + chr(34) + ']')}[profile a]\n{SSO}".replace(
            "sso_session = corp", "sso_session = my corp"
        ),
        ("my corp", "https://corp.awsapps.com/start", "eu-west-1", "a"),
    ),
    "from [DEFAULT]": (
        "[DEFAULT]\nsso_region = eu-west-1\n"
        "[sso-session corp]\nsso_start_url = https://x\n[profile a]\n" + SSO,
        ("corp", "https://x", "eu-west-1", "a"),
    ),
    "keys": (f"[profile a]\n{STATIC}", None),
    "a role over keys": (f"[profile a]\n{ROLE}source_profile=b\n[profile b]\n{STATIC}", None),
}


@pytest.mark.parametrize(("text", "expected"), SESSIONS.values(), ids=SESSIONS)
def test_session(text, expected, write):
    config = write(text)
    found = sso_session(config, config.profiles()["a"])
    assert (found and (found.name, found.start_url, found.region, found.holder)) == expected
    if found:
        assert found.label == (found.name or found.start_url)


BROKEN_SESSIONS = {
    "missing": (
        f"[profile a]\n{SSO}",
        "~/.aws/config:2: there is no [sso-session corp]; add the section or correct the name",
    ),
    "no start URL": (
        f"[sso-session corp]\nsso_region = x\n[profile a]\n{SSO}",
        "~/.aws/config:1: no sso_start_url in [sso-session corp]; add sso_start_url = ...",
    ),
    "no region": (
        f"\n[sso-session corp]\nsso_start_url = x\nsso_region =\n[profile a]\n{SSO}",
        "~/.aws/config:4: no sso_region in [sso-session corp]; add sso_region = ...",
    ),
    "legacy without a region": (
        "[profile a]\nsso_start_url = x\nsso_account_id = 1\nsso_role_name = r\n",
        "~/.aws/config:1: no sso_region in [profile a]; add sso_region = ...",
    ),
    "legacy without a start URL": (
        "[profile a]\nsso_account_id = 1\n",
        "~/.aws/config:1: no sso_start_url in [profile a]; add sso_start_url = ...",
    ),
}


@pytest.mark.parametrize("sound", [False, True], ids=["read whole", "known to be sound"])
@pytest.mark.parametrize(("text", "message"), BROKEN_SESSIONS.values(), ids=BROKEN_SESSIONS)
def test_a_broken_session_is_named(text, message, sound, write):
    config = write(text, sound=sound)
    with pytest.raises(AwsxError) as caught:
        sso_session(config, config.profile("a"))
    assert str(caught.value) == message


LOGINS = {
    "a session alone": (f"{CORP}[profile a]\nsso_session = corp\n", "corp"),
    "a session and keys": (f"{CORP}[profile a]\nsso_session = corp\n{STATIC}", "corp"),
    "a start URL alone": ("[profile a]\nsso_start_url = https://x\nsso_region = r\n", "https://x"),
    "behind a role": (
        f"{CORP}[profile a]\n{ROLE}source_profile=b\n[profile b]\nsso_session = corp\n{STATIC}",
        "corp",
    ),
    "keys": (f"[profile a]\n{STATIC}", None),
}


@pytest.mark.parametrize(("text", "label"), LOGINS.values(), ids=LOGINS)
def test_a_login_finds_a_session_that_gives_no_credentials(text, label, write):
    config = write(text)
    profile = config.profile("a")
    found = login_session(config, profile)
    assert (found and found.label, sso_session(config, profile)) == (label, None)


def test_sessions_are_listed(write):
    assert write(f"{CORP}[sso-session 'a b']\n[sso-session c d]\n").sessions() == ["corp", "a b"]


# --- files that are not what they should be

GOOD = "[profile good]\nregion = eu-west-1\n"
BAD = {
    "section twice": (
        f"[profile a]\nk=v\n[profile a]\n{GOOD}",
        ["~/.aws/config:3: section [profile a] stands twice; merge the two"],
    ),
    "key twice": (
        f"[profile a]\nk=v\nk=w\n{GOOD}",
        ["~/.aws/config:3: k stands twice in [profile a]; remove one"],
    ),
    "junk": (f"[profile a]\nSECRET\n{GOOD}", [f"~/.aws/config:2: {ini.NO_EQUALS}; {ini.MEND}"]),
    "before": (f"SECRET = 1\n{GOOD}", [f"~/.aws/config:1: {ini.NO_SECTION}; {ini.MOVE}"]),
    "BOM": (f"\ufeff{GOOD}", [f"~/.aws/config:1: {ini.BYTE_ORDER_MARK}; {ini.SAVE_WITHOUT}"]),
    "Latin-1": (
        b"[profile a]\nk = \xfc\n" + GOOD.encode(),
        [f"~/.aws/config:2: {ini.NOT_UTF8}; {ini.SAVE}"],
    ),
    "CRLF": (f"[profile a]\n{GOOD}".replace("\n", "\r\n"), []),
    "NUL": (f"[profile a]\nk = \0\n{GOOD}", []),
}


@pytest.mark.parametrize(("text", "problems"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named_and_costs_no_other_profile(text, problems, write):
    config = write(text)
    assert told(config) == problems
    assert config.profiles()["good"].settings == {"region": "eu-west-1"}
    assert config.is_sound() == (not problems)


def test_a_bad_credentials_file_is_named_too(write):
    config = write(GOOD, "SECRET\n[keys]\naws_access_key_id = a\n")
    assert told(config) == [f"~/.aws/credentials:1: {ini.NO_SECTION}; {ini.MOVE}"]
    assert list(config.profiles()) == ["good", "keys"]


@pytest.mark.parametrize(
    "text", [None, "", "\n", "# nothing\n"], ids=["missing", "empty", "blank", "comment"]
)
def test_nothing(text, write):
    config = write(text, text)
    assert (config.profiles(), config.sessions(), told(config)) == ({}, [], [])
    assert config.profile("a") is None


def test_no_home_at_all():
    config = Config({"HOME": "/nowhere/at/all"})
    assert (config.profiles(), told(config)) == ({}, [])


@pytest.mark.parametrize("kind", ["folder", "fifo", "null", "dangling", "under a file"])
def test_what_is_no_file_counts_as_none_and_does_not_hang(kind, home, env):
    path = home / ".aws" / "config"
    {
        "folder": path.mkdir,
        "fifo": lambda: os.mkfifo(path),
        "null": lambda: path.symlink_to("/dev/null"),
        "dangling": lambda: path.symlink_to("gone"),
        "under a file": lambda: (shutil.rmtree(home / ".aws"), (home / ".aws").touch()),
    }[kind]()
    seen = []
    reader = threading.Thread(target=lambda: seen.append(Config(env).profiles()), daemon=True)
    reader.start()
    reader.join(10)
    assert seen == [{}]


def test_a_link_is_followed(home, write):
    (home / "dotfiles").write_text(GOOD, encoding="utf-8")
    (home / ".aws" / "config").symlink_to(home / "dotfiles")
    assert list(write().profiles()) == ["good"]


def test_unreadable(write, monkeypatch):
    write(GOOD, "[keys]\naws_access_key_id = a\n")
    really = os.open

    def refuse(path, *more):
        if str(path).endswith("config"):
            raise PermissionError(13, "Permission denied", path)
        return really(path, *more)

    monkeypatch.setattr(posix, "open", refuse)
    config = write()
    assert list(config.profiles()) == ["keys"]
    assert told(config) == [
        "~/.aws/config: cannot be read (Permission denied); "
        "its profiles are missing until you correct its permissions"
    ]
    assert not config.is_sound()


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root, to become somebody else"
)
def test_unreadable_for_real(home, write):
    write(GOOD, "[keys]\naws_access_key_id = a\n")
    (home / ".aws" / "config").chmod(0)
    for folder in (home / ".aws", *home.parents):
        if folder.stat().st_uid == os.geteuid() and Path(tempfile.gettempdir()) in folder.parents:
            folder.chmod(0o755)
    ask = (
        "from awsx.files.profiles import Config; c = Config({'HOME': %r}); "
        "print(*c.profiles(), len(c.problems()))"
    )
    ran = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", sys.executable, "-c", ask % str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (ran.stdout, ran.stderr) == ("keys 1\n", "")


def test_ten_megabytes(write):
    section = (
        "[profile p{}]\nsso_session = corp\nsso_account_id = 111122223333\n"
        "sso_role_name = Admin\nregion = eu-west-1\n"
    )
    text = "".join(section.format(n) for n in range(10 * 1024 * 1024 // len(section)))
    config = write(text)
    assert len(config.profiles()) == text.count("[")
    assert told(config) == []
    last = f"p{text.count('[') - 1}"
    assert write(sound=True).profile(last).settings == config.profiles()[last].settings


def test_ten_megabytes_in_one_line(write):
    config = write(f"{GOOD}[profile long]\nregion = {'x' * 10 * 1024 * 1024}\n")
    assert list(config.profiles()) == ["good", "long"]


# --- where the files are

PLACES = [
    ({}, "{home}/.aws/config"),
    ({"AWS_CONFIG_FILE": "/x/y"}, "/x/y"),
    ({"AWS_CONFIG_FILE": "~/x"}, "{home}/x"),
    ({"AWS_CONFIG_FILE": "~"}, "{home}"),
    ({"AWS_CONFIG_FILE": "~root/x"}, os.path.expanduser("~root/x")),
    ({"AWS_CONFIG_FILE": "~nobody-of-this-name/x"}, "{cwd}/~nobody-of-this-name/x"),
    ({"AWS_CONFIG_FILE": "$AWSX_TEST_FOLDER/x"}, "/folder/x"),
    ({"AWS_CONFIG_FILE": "${AWSX_TEST_FOLDER}/x"}, "/folder/x"),
    ({"AWS_CONFIG_FILE": "$AWSX_TEST_NONE/x"}, "{cwd}/$AWSX_TEST_NONE/x"),
    ({"AWS_CONFIG_FILE": "x/../y"}, "{cwd}/x/../y"),
    ({"AWS_CONFIG_FILE": ""}, ""),
]


@pytest.mark.parametrize(("variables", "expected"), PLACES, ids=str)
def test_place(variables, expected, env, home, monkeypatch):
    monkeypatch.setenv("AWSX_TEST_FOLDER", "/folder")
    expected = expected.format(home=home, cwd=os.getcwd())
    assert paths.config_path({**env, **variables}) == expected
    renamed = {"AWS_SHARED_CREDENTIALS_FILE": variables["AWS_CONFIG_FILE"]} if variables else {}
    assert paths.credentials_path({**env, **renamed}) == expected.replace(
        ".aws/config", ".aws/credentials"
    )


def test_home_is_that_of_the_environment_given():
    for value in ("~/x", "~"):
        assert (
            paths.config_path({"HOME": "/elsewhere", "AWS_CONFIG_FILE": value})
            == f"/elsewhere{value[1:]}"
        )


@pytest.mark.parametrize("value", ["~/other", "$HOME/other", "/nowhere", "", "other"])
def test_the_place_is_botocores(value, write, home, env, monkeypatch):
    write(GOOD)
    (home / "other").write_text("[profile other]\n", encoding="utf-8")
    monkeypatch.chdir(home)
    monkeypatch.setenv("AWS_CONFIG_FILE", value)
    found = Config({**env, "AWS_CONFIG_FILE": value})
    assert list(found.profiles()) == list(Session().full_config["profiles"])


def test_home_unset(monkeypatch):
    """Then it is the password database's, as for botocore."""
    monkeypatch.delenv("HOME")
    assert paths.config_path({}) == os.path.expanduser("~") + "/.aws/config"


def test_a_working_folder_that_is_gone(tmp_path):
    """An absolute path needs none; a relative one is nowhere, as for botocore."""
    (tmp_path / "config").write_text(GOOD, encoding="utf-8")
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); os.mkdir('gone'); os.chdir('gone'); "
        "os.rmdir('../gone')\n"
        "from awsx.files.profiles import Config\n"
        "print(*Config({'HOME': '/nowhere', 'AWS_CONFIG_FILE': sys.argv[2]}).profiles())"
    )
    for path, expected in ((f"{tmp_path}/config", "good\n"), ("config", "\n")):
        ran = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script, str(ROOT), path],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert (ran.stdout, ran.stderr) == (expected, "")


@pytest.mark.parametrize("name", ["prod", "other", "default", "a b", "x-y", "none"])
def test_a_profile_of_a_big_file_is_the_same_with_its_line(name, home):
    """A big sound file is not read whole for one profile."""
    many = "".join(f"[profile p{n}]\nregion = eu-west-{n}\n" for n in range(6000))
    last = f"{sample.CORP}{sample.PROD}[profile 'a b']\n[profile x-y]\n"
    text = f"[default]\noutput = json\n{many}{last}"
    (home / ".aws" / "config").write_text(text)
    (home / ".aws" / "credentials").write_text(
        f"[other]\nregion = r\n{many.replace('profile ', '')}"
    )
    env = {"HOME": str(home)}
    found, whole = (Config(env, sound).profile(name) for sound in (True, False))
    assert (found and found.settings) == (whole and whole.settings)
    for key in ("", "sso_session", "region"):
        assert (found and found.place(key)) == (whole and whole.place(key))
    if name == "prod":
        assert own_session(Config(env, True), found).region == "eu-west-1"
