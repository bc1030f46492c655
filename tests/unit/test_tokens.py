"""The shared caches: names as botocore's, every format of time, whatever stands in a file."""

import json
import os
import posix
import stat
from datetime import datetime, timedelta, timezone

import pytest
from botocore.credentials import SSOCredentialFetcher
from botocore.utils import SSOTokenLoader
from hypothesis import given
from hypothesis import strategies as st

from awsx.files import role_cache, tokens
from awsx.files.profiles import Config, SsoSession
from awsx.files.tokens import Token, epoch, iso, left
from awsx.term import AwsxError

NOW = 1_800_000_000


@pytest.fixture
def env(home):
    return {"HOME": str(home)}


def session(name="", start_url="https://corp.awsapps.com/start"):
    return SsoSession(name, start_url, "eu-west-1", "prod")


# --- times

EPOCHS = [
    ("1970-01-01T00:00:00Z", 0),
    ("2026-11-20T18:57:37Z", 1795201057),
    ("2026-11-20T18:57:37UTC", 1795201057),
    ("2026-11-20T18:57:37 GMT", 1795201057),
    ("2026-11-20T18:57:37z", 1795201057),
    ("2026-11-20T20:57:37+02", 1795201057),
    ("2026-11-20T18:57Z", 1795201020),
    ("20261120T185737Z", 1795201057),
    ("20261120T205737+0200", 1795201057),
    ("Fri, 20 Nov 2026 18:57:37 GMT", 1795201057),
    ("20 Nov 2026 20:57 +0200", 1795201020),
    ("2026-11-20 18:57:37Z", 1795201057),
    ("2026-11-20T18:57:37.796Z", 1795201057),
    ("2026-11-20T18:57:37.123456789Z", 1795201057),
    ("2026-11-20T18:57:37+00:00", 1795201057),
    ("2026-11-20T20:57:37+02:00", 1795201057),
    ("2026-11-20T20:57:37.5+0200", 1795201057),
    ("2026-11-20T13:27:37-05:30", 1795201057),
    ("2024-02-29T23:59:59Z", 1709251199),
    ("2000-02-29T00:00:00Z", 951782400),
    ("2100-03-01T00:00:00Z", 4107542400),
    ("9999-12-31T23:59:59Z", 253402300799),
    *(
        (text, None)
        for text in (
            "",
            "Z",
            "never",
            "2026-11-20",
            "2026-11-20T18:57",
            "2026-11-20T18:57:37",
            "2026-11-20T18:57:37.5",
            "20261120T185737",
            "Fri, 20 Nov 2026 18:57:37",
            "Fri, 20 Foo 2026 18:57:37 GMT",
            "2026-11-20T18:57:37 CET",
            "20261320T185737Z",
            "1795201057",
        )
    ),
    *(
        (text, None)
        for text in ("2026-13-20T18:57:37Z", "2026-00-20T18:57:37Z", "2026-11-32T18:57:37Z")
    ),
    *(
        (text, None)
        for text in ("2026-11-20T24:57:37Z", "2026-11-20T18:60:37Z", "2026/11/20T18:57:37Z")
    ),
    *(
        (text, None)
        for text in ("2026-11-20T18:57:37X", "2026-11-20T18:57:37+2", "2026-11-20T18:57:37+aa:bb")
    ),
    *((thing, None) for thing in (None, 1795201057, 1.5, True, [], {}, ["2026-11-20T18:57:37Z"])),
]


@pytest.mark.parametrize(("text", "expected"), EPOCHS, ids=repr)
def test_epoch(text, expected):
    assert epoch(text) == expected


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1971, 1, 1), datetime(9990, 1, 1), timezones=zones)


@given(moments, st.sampled_from(["seconds", "milliseconds", "microseconds"]))
def test_epoch_is_datetimes(moment, precision):
    assert epoch(moment.isoformat(timespec=precision)) == int(
        moment.replace(microsecond=0).timestamp()
    )
    utc = moment.astimezone(timezone.utc)
    for pattern in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%SUTC", "%Y-%m-%dT%H:%M:%S.%fZ"):
        assert epoch(utc.strftime(pattern)) == int(moment.replace(microsecond=0).timestamp())


@given(st.text() | st.text(st.sampled_from("0123456789-:TZ+. UC"), min_size=17, max_size=30))
def test_no_text_is_too_odd_for_epoch(text):
    assert isinstance(epoch(text), int | None)


@given(st.integers(0, 253402300799))
def test_iso_and_back(seconds):
    assert epoch(iso(seconds)) == seconds
    assert iso(seconds).endswith("Z")


# --- names of files

URLS = [
    "https://corp.awsapps.com/start",
    "https://corp.awsapps.com/start/",
    "https://corp.awsapps.com/start#/",
    "ü",
]


@pytest.mark.parametrize("start_url", URLS)
@pytest.mark.parametrize("name", ["", "corp", "my corp", "größe", "生产", "a/b", '"', "\\"])
def test_names_are_botocores(name, start_url):
    assert tokens.key(session(name, start_url)) == SSOTokenLoader()._generate_cache_key(
        start_url, name or None
    )


def test_a_known_name():
    assert tokens.key(session("corp")) == "ee0bfd2552fbd840c02cc48b6e823320543c450f"


def test_the_folder_is_moved_by_home_alone(home, env):
    moved = {
        **env,
        "AWS_CONFIG_FILE": "/x",
        "AWS_SHARED_CREDENTIALS_FILE": "/y",
        "XDG_CACHE_HOME": "/z",
    }
    assert tokens.path(moved, "abc") == f"{home}/.aws/sso/cache/abc.json"


def cache_name(name, start_url, account, role):
    fetcher = SSOCredentialFetcher(
        start_url, "eu-west-1", role, account, None, cache={}, sso_session_name=name or None
    )
    return fetcher._create_cache_key()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("", "Admin"),
        ("corp", "Read+Only=,.@-_"),
        ("my corp", "Admin"),
        ("größe", "Admin"),
        ("生产", "a"),
        ("a", 'a"b'),
    ],
)
def test_role_credentials_have_botocores_name(name, role, home, env):
    found = cache_name(name, URLS[0], "111122223333", role)
    cache = home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{found}.json").write_text(
        '{"ProviderType":"sso","Credentials":{"Expiration":"2026-11-20T18:57:37Z"}}'
    )
    (home / ".aws" / "config").write_text(
        f"[profile a]\nsso_account_id=111122223333\nsso_role_name={role}\n", "utf-8"
    )
    assert role_cache.expiry(env, Config(env).profiles()["a"], session(name)) == 1795201057


ROLE_FILES = {
    "offset": ('{"Credentials":{"Expiration":"2026-11-20T18:57:37+00:00"}}', 1795201057),
    "no expiration": ('{"Credentials":{}}', None),
    "no credentials": ("{}", None),
    "another shape": ('{"Credentials":[]}', None),
    "half written": ('{"Credentials":{"Expira', None),
    "a list": ("[]", None),
    "empty": ("", None),
    "missing": (None, None),
}


@pytest.mark.parametrize(("text", "expected"), ROLE_FILES.values(), ids=ROLE_FILES)
def test_role_credentials(text, expected, home, env):
    cache = home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    if text is not None:
        (cache / f"{cache_name('corp', '', '1', 'r')}.json").write_text(text)
    (home / ".aws" / "config").write_text("[profile a]\nsso_account_id = 1\nsso_role_name = r\n")
    assert role_cache.expiry(env, Config(env).profiles()["a"], session("corp")) == expected


# --- token files

VALID = {"accessToken": "SECRET", "expiresAt": "2026-11-20T18:57:37Z"}
RENEWABLE = {
    **VALID,
    "refreshToken": "SECRET",
    "clientId": "id",
    "clientSecret": "SECRET",
    "registrationExpiresAt": "2027-02-18T18:57:37Z",
}
FILES = {
    "valid": (VALID, (1795201057, 0)),
    "renewable": (RENEWABLE, (1795201057, 1802977057)),
    "UTC": ({**VALID, "expiresAt": "2026-11-20T18:57:37UTC"}, (1795201057, 0)),
    "JS": (
        json.dumps({**VALID, "expiresAt": "2026-11-20T18:57:37.796Z"}, indent=2),
        (1795201057, 0),
    ),
    "unknown keys": ({**VALID, "toolkit": {"a": [1, None, 1.5, "ü"]}}, (1795201057, 0)),
    "BOM": ("\ufeff" + json.dumps(VALID), None),
    "blanks around": (f"\n {json.dumps(VALID)} \n\n", (1795201057, 0)),
    **{
        f"no {key}": ({k: v for k, v in RENEWABLE.items() if k != key}, (1795201057, 0))
        for key in ("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")
    },
    "registration without a date": (
        {**RENEWABLE, "registrationExpiresAt": "soon"},
        (1795201057, 0),
    ),
    "no access token": ({"expiresAt": "2026-11-20T18:57:37Z"}, None),
    "empty access token": ({**VALID, "accessToken": ""}, None),
    "no expiry": ({"accessToken": "SECRET"}, None),
    "expiry of another type": ({**VALID, "expiresAt": 1795201057}, None),
    "a client registration": (
        {"clientId": "a", "clientSecret": "b", "expiresAt": "2026-11-20T18:57:37Z"},
        None,
    ),
    "half written": (json.dumps(RENEWABLE)[:70], None),
    "two at once": (json.dumps(VALID) * 2, None),
    "truncated over a longer one": (json.dumps(VALID) + '7Z"}', None),
    "empty": ("", None),
    "a list": ([VALID], None),
    "a number": ("1", None),
    "nested without end": ("[" * 100_000, None),
    "a huge number": ('{"a":' + "9" * 10_000 + "}", None),
    "not JSON": ("SQLite format 3\0", None),
    "NaN": (
        '{"accessToken":"SECRET","expiresAt":"2026-11-20T18:57:37Z","x":NaN,"y":-Infinity}',
        (1795201057, 0),
    ),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_load(content, expected, home, env):
    file = home / ".aws" / "sso" / "cache" / "k.json"
    file.parent.mkdir(parents=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    token = tokens.load(env, "k")
    assert (token and (token.expires, token.renewable)) == expected


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "Latin-1", "no folder"])
def test_load_what_is_no_token(kind, home, env):
    file = home / ".aws" / "sso" / "cache" / "k.json"
    if kind != "no folder":
        file.parent.mkdir(parents=True)
    {
        "folder": file.mkdir,
        "fifo": lambda: os.mkfifo(file),
        "Latin-1": lambda: file.write_bytes(b'{"accessToken": "\xfc", '),
    }.get(kind, lambda: None)()
    assert tokens.load(env, "k") is None


def test_an_unreadable_token_is_none(env, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(posix, "open", refuse)
    assert tokens.load(env, "k") is None


LEFT = [
    (None, "expired", False),
    ((NOW - 1, 0), "expired", False),
    ((NOW, 0), "expired", False),
    ((NOW + 60, 0), "1m", False),  # too short for a command that is yet to start
    ((NOW + 61, 0), "1m", True),
    ((NOW + 6 * 3600 + 59, 0), "6h", True),
    ((NOW + 6 * 3600, NOW + 9999), "6h+", True),
    ((NOW + 6 * 3600, NOW - 1), "6h", True),
    ((NOW - 1, NOW + 1), "renews", False),
    ((NOW - 1, NOW), "expired", False),
    ((NOW + 30, NOW + 9999), "<1m+", False),
]


@pytest.mark.parametrize(("token", "expected", "valid"), LEFT, ids=str)
def test_left(token, expected, valid):
    token = token and Token(*token, {})
    assert left(token, NOW) == expected
    assert bool(token and token.is_valid(NOW)) == valid


def test_save_writes_what_botocore_would(home, env):
    tokens.save(env, "k", RENEWABLE)
    file = home / ".aws" / "sso" / "cache" / "k.json"
    assert file.read_text() == json.dumps(RENEWABLE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert os.listdir(file.parent) == ["k.json"]
    assert tokens.load(env, "k").raw == RENEWABLE


def test_save_where_nothing_can_be_written(env, home):
    (home / ".aws" / "sso").write_text("")
    with pytest.raises(
        AwsxError, match=r"^cannot write ~/\.aws/sso/cache/k\.json: Not a directory$"
    ) as caught:
        tokens.save(env, "k", VALID)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(("blanks", "is_read"), [(900_000, True), (1_000_000, False)])
def test_a_token_file_has_a_size_limit(blanks, is_read, tmp_path):
    """Whatever lies there (a log, a core dump) must not fill the memory of each prompt's core."""
    file = tmp_path / "token.json"
    file.write_text('{"accessToken": "x", "expiresAt": "2026-11-20T18:57:37Z"}' + " " * blanks)
    assert (tokens.read(str(file)) is not None) == is_read
