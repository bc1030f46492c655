"""Rows: what a list shows of each profile, broken ones too."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx.files import chains, tokens
from awsx.files.profiles import Config
from awsx.files.settings import Settings
from awsx.tables import rows
from awsx.tables.columns import aligned, drawn, usual
from awsx.tables.rows import Rows, state
from awsx.term import screen_width, wrapped

NOW = 1_800_000_000
CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_account_name = production
sso_role_name = Admin
region = eu-west-1
[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
sso_account_id = 444455556666
sso_role_name = Reader
[profile deploy]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = prod
[profile keys]
aws_access_key_id = SECRET
aws_secret_access_key = HUSH
[profile nothing]
[profile no-session]
sso_session = gone
sso_account_id = 111122223333
[profile no-source]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = gone
[profile loop]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = loop
"""


@pytest.fixture
def found(home):
    """found(**settings): every row by its profile's name."""

    def found(text=CONFIG, **tables):
        (home / ".aws" / "config").write_text(text, encoding="utf-8")
        env = {"HOME": str(home)}
        chosen = Settings(tables)
        return {
            row.name: row
            for row in Rows(Config(env), chosen.account, env, NOW, chosen.guard.patterns).all()
        }

    return found


def log_in(home, label, seconds, **more):
    key = tokens.sha1_hex(label)
    content = {"accessToken": "SECRET", "expiresAt": tokens.iso(NOW + seconds), **more}
    tokens.save({"HOME": str(home)}, key, content)


def test_every_profile_has_a_row(found):
    shown = {
        name: (r.account, r.account_name, r.role, r.region, r.kind, r.session, r.left)
        for name, r in found().items()
    }
    assert shown == {
        "prod": ("111122223333", "production", "Admin", "eu-west-1", "sso", "corp", "expired"),
        "legacy": (
            "444455556666",
            "",
            "Reader",
            "",
            "sso",
            "https://old.awsapps.com/start",
            "expired",
        ),
        "deploy": ("777788889999", "", "Deploy", "", "role", "corp", "expired"),
        "keys": ("", "", "", "", "keys", "", ""),
        "nothing": ("", "", "", "", "none", "", ""),
        "no-session": ("111122223333", "", "", "", "broken", "", ""),
        "no-source": ("777788889999", "", "Deploy", "", "broken", "", ""),
        "loop": ("777788889999", "", "Deploy", "", "broken", "", ""),
    }


def test_an_alias_of_the_settings_wins(found):
    row = found(accounts={"111122223333": "Production"})["prod"]
    assert (row.account, row.account_name) == ("111122223333", "Production")


@pytest.mark.parametrize("seconds", [3600, -1])
def test_a_token_is_shared_by_all_behind_it(seconds, found, home):
    log_in(home, "corp", seconds)
    shown = found()
    left = "1h" if seconds > 0 else "expired"
    assert [shown[name].left for name in ("prod", "deploy", "legacy")] == [left, left, "expired"]
    assert [shown[name].expires for name in ("prod", "deploy", "legacy")] == [
        NOW + seconds,
        NOW + seconds,
        None,
    ]


def test_one_broken_profile_does_not_break_its_neighbours(found):
    """Two legacy profiles on one start URL, the second without a region: each has its own fate."""
    legacy = "[profile {}]\nsso_start_url = https://x\nsso_account_id = 1\nsso_role_name = r\n"
    good, bad = legacy.format("good") + "sso_region = eu-west-1\n", legacy.format("bad")
    for text in (good + bad, bad + good):
        assert {name: row.kind for name, row in found(text).items()} == {
            "good": "sso",
            "bad": "broken",
        }


def test_a_thousand_roles_look_for_their_source_once(found, monkeypatch):
    text = CONFIG + "".join(
        f"[profile r{n}]\nrole_arn = arn:aws:iam::1:role/Deploy\nsource_profile = prod\n"
        for n in range(1000)
    )
    walks = []
    really = chains.follow
    monkeypatch.setattr(
        chains, "follow", lambda config, profile: walks.append(profile) or really(config, profile)
    )
    assert [found(text)[f"r{n}"].session for n in (0, 999)] == ["corp", "corp"]
    assert len(walks) < 20


def test_a_session_is_looked_up_once(found, home, monkeypatch):
    text = CONFIG + "".join(
        f"[profile p{n}]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
        for n in range(1000)
    )
    loads = []
    really = tokens.load
    monkeypatch.setattr(tokens, "load", lambda env, name: loads.append(name) or really(env, name))
    assert len(found(text)) == 1008
    assert len(loads) == 2


JSON = {
    "profile": "prod",
    "current": True,
    "guarded": False,
    "account_id": "111122223333",
    "account_name": "production",
    "tags": [],
    "role": "Admin",
    "region": "eu-west-1",
    "kind": "sso",
    "session": "corp",
    "expires_at": "2027-01-15T09:00:00Z",
    "state": "valid",
}


@pytest.mark.parametrize(
    ("pattern", "guarded"),
    [
        ("pro*", ["prod"]),
        ("111122223333", ["prod", "no-session"]),
        ("production", ["prod"]),
        ("777788889999", ["deploy", "no-source", "loop"]),
        ("reader", ["legacy"]),
        ("keys", ["keys"]),  # a name, not a kind
        ("corp", []),
        ("eu-*", []),
    ],
)
def test_guarded(pattern, guarded, found):
    assert [
        row.name for row in found(guard={"match": pattern}).values() if row.is_guarded
    ] == guarded


def test_the_name_that_the_settings_give_an_account_guards_it(found):
    shown = found(guard={"match": ["live"]}, accounts={"111122223333": "Live"})
    assert [row.name for row in shown.values() if row.is_guarded] == ["prod", "no-session"]


def test_json(found, home):
    log_in(home, "corp", 3600)
    shown = found()
    assert shown["prod"].as_json("prod") == JSON
    assert shown["keys"].as_json("prod") == {
        **dict.fromkeys(JSON),
        "profile": "keys",
        "current": False,
        "guarded": False,
        "kind": "keys",
        "tags": [],
    }
    assert "SECRET" not in json.dumps([row.as_json("") for row in shown.values()])


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("", None),
        ("expired", "expired"),
        ("renews", "renewable"),
        ("7h", "valid"),
        ("7h+", "valid"),
        ("<1m", "valid"),
    ],
)
def test_state(left, expected):
    assert state(left) == expected


# --- a table


def test_aligned():
    table = [
        ("A", "EMPTY", "LONG"),
        ("größe", "", "x"),
        ("生产", "", "y" * 9),
        ("\x1b[31m", "", ""),
    ]
    lines = list(aligned(list(zip(*table)), (6, 5, 6)))
    assert lines == ["A      LONG  ", "größe  x     ", "生产   yyyyy…", "?[31m        "]


DRAWN = [  # widths with all whole, widths that suit nearly all, room: what is drawn
    ((10, 7, 20, 30), (10, 7, 20, 30), 80, [10, 7, 20, 30]),
    ((10, 7, 20, 30), (10, 7, 20, 30), 72, [10, 7, 20]),
    ((10, 7, 20, 30), (10, 7, 20, 19), 72, [10, 7, 20, 29]),  # one column more, one cell cut
    ((10, 7, 20, 30), (10, 7, 20, 19), 61, [10, 7, 20]),
    ((10, 7, 20, 30), (10, 7, 12, 19), 61, [10, 7, 19, 19]),  # the more important one gets more
    ((10, 0, 20, 30), (10, 0, 20, 19), 54, [10, 0, 20, 20]),  # an empty one takes no place
    ((50, 7), (50, 7), 40, [40]),
    ((50, 7), (50, 7), 1, [4]),
]


@pytest.mark.parametrize(("full", "least", "room", "widths"), DRAWN)
def test_which_columns_are_drawn_and_how_wide(full, least, room, widths):
    assert drawn(full, least, room) == widths


USUAL = [
    ("ROLE", ["short"] * 9 + ["x" * 30], 5),
    ("ROLE", ["short"] * 8 + ["x" * 30] * 2, 30),  # nobody would know which of the two it is
    ("ROLE", ["short"] * 8 + ["x" * 30], 30),  # a short list
    ("ROLE", ["short"] * 38 + ["x" * 30] * 2, 5),
    ("ROLE", ["ab"] * 9 + ["x" * 30], 4),  # as wide as the title
    ("ROLE", ["生产"] * 9 + ["x" * 30], 4),
    ("PROFILE", ["short"] * 9 + ["x" * 30], 30),
    ("REGION", ["eu-west-1"] * 9 + ["ap-southeast-1"], 14),
]


@pytest.mark.parametrize(("title", "texts", "width"), USUAL)
def test_the_width_that_suits_nearly_all_texts(title, texts, width):
    assert usual(title, texts, max(map(screen_width, texts))) == width


def test_a_column_that_ends_beyond_the_screen_is_left_out():
    table = (["A", "aaaa"], ["B", "bbbb"], ["C", "c"])
    lines = {room: list(aligned(table, (9, 9, 9), room))[1] for room in (3, 9, 10, 12, 13)}
    assert lines == {3: "aaaa", 9: "aaaa", 10: "aaaa  bbbb", 12: "aaaa  bbbb", 13: "aaaa  bbbb  c"}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "  three"]),
        ("one two three", 6, ["one", "  two", "  three"]),
        ("one two three", 100, ["one two three"]),
        ("mediterranean sea", 5, ["mediterranean", "  sea"]),
        ("  one two", 6, ["  one", "  two"]),
        ("生产 生产", 8, ["生产", "  生产"]),
        ("", 5, [""]),
    ],
)
def test_a_text_is_broken_at_blanks(text, width, lines):
    assert list(wrapped(text, width, "  ")) == lines


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("größe", 5), ("生产", 4), ("e\u0301", 1), ("\uff21", 2)],
)
def test_columns(text, width):
    assert screen_width(text) == width


@given(
    st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1),
    st.tuples(*[st.integers(2, 20)] * 3),
)
def test_every_line_is_as_wide_as_the_next(table, widest):
    lines = list(aligned(list(zip(("A", "B", "C"), *table)), widest))
    assert len(lines) == len(table) + 1
    assert len({screen_width(line) for line in lines}) == 1
    assert all(line.isprintable() for line in lines)


def test_five_thousand_rows_are_quick(found, home):
    log_in(home, "corp", 3600)
    text = CONFIG + "".join(
        f"[profile p{n}]\nsso_session = corp\nsso_account_id = {n:012}\n" for n in range(5000)
    )
    began = time.process_time()
    assert len(found(text)) == 5008
    assert time.process_time() - began < 3  # 0.1 s; ten times that would be quadratic


def test_rows_has_no_clock_of_its_own():
    assert "time" not in vars(rows)
