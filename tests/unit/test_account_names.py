"""The accounts' names as AWS tells them: kept, shown everywhere, and no reason to wait."""

import json
import os
import posix
import time

import pytest
from sample import CORP, PROD

from awsx.commands import before, current, learn, ls, preview
from awsx.facts import Facts
from awsx.files import account_names, disk, paths, tokens
from awsx.login import learning
from awsx.memos.remember import remember, remember_names

KEY = tokens.sha1_hex("corp")
FOUND = {"111122223333": ("payments", "pay@example.com")}
HOSTILE = {
    "$(touch x)": "$(touch x)",
    "`x`%n\\u": "`x`%n\\u",
    "a\tb\nc": "a?b?c",
    "\x1b[31mred\x07": "?[31mred?",
    "\u202eevil\u200f": "?evil?",
    "🚀 team": "🚀 team",
    "x\x1ey\x1fz\x02": "x?y?z?",
    "": "",
}


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CORP + PROD)
    disk.private_folder(paths.state_folder(environment))
    return {**environment, "AWSX_NO_NAMES": ""}


def keep(env, found):
    account_names.keep(env, Facts(env).learned, found)


def memo(env, name="prod"):
    facts = before.opened_quietly(env)
    remember(facts, name, facts.find(name))
    return facts.stock.kept(f"p.{name}")


def test_the_names_are_kept_for_their_owner_alone_beside_the_others(env):
    keep(env, FOUND)
    keep(env, {"444455556666": ("web", "x" * 300)})
    found = Facts(env).learned
    assert found["111122223333"] == ("payments", "pay@example.com")
    assert found["444455556666"] == ("web", "x" * 254 + "..")
    assert os.stat(paths.names_path(env)).st_mode & 0o777 == 0o600
    assert [name for name in os.listdir(paths.state_folder(env)) if "tmp" in name] == []


@pytest.mark.parametrize(("name", "kept"), HOSTILE.items(), ids=ascii)
def test_a_hostile_name_is_harmless_everywhere(name, kept, env, capsys):
    keep(env, {"111122223333": (name, name)})
    assert Facts(env).learned["111122223333"] == (kept, kept)
    drawn = f":{kept or '111122223333'}\x1e"
    assert drawn in memo(env)
    before.opened(env).stock.keep("names", "")
    facts = before.opened_quietly(env)
    remember_names(facts)
    described = " ".join(filter(None, ("111122223333", kept, "Admin")))
    assert facts.stock.kept("names") == f"prod\t{described}\n"
    ls.ls(env)
    preview.preview(env, "prod")
    current.current({**env, "AWS_PROFILE": "prod"})
    assert all(line.isprintable() for line in capsys.readouterr().out.expandtabs().split("\n"))


def test_a_damaged_file_counts_as_empty(env):
    disk.write(paths.names_path(env), b"\xff\xfe\tx\n111122223333\tpayments\t\nonly one\n")
    assert Facts(env).learned == {"111122223333": ("payments", "")}
    assert Facts(env).alias("111122223333") == "payments"
    assert Facts(env).alias("only one") == ""


@pytest.mark.parametrize("damage", ["folder", "others"])
def test_a_file_that_is_not_ours_counts_as_empty(damage, env):
    path = paths.names_path(env)
    if damage == "folder":
        os.mkdir(path)
    else:
        disk.write(path, b"111122223333\tpayments\t\n")
        os.chmod(path, 0o666)
    assert Facts(env).learned == {}


def test_the_name_is_shown_without_a_setting(env, capsys):
    assert "payments" not in memo(env)
    keep(env, FOUND)
    assert ":payments\x1e" in memo(env)
    assert "prod: 111122223333 (payments) Admin" in memo(env)
    ls.ls(env, "payments", as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["account_name"] == "payments"
    current.current({**env, "AWS_PROFILE": "prod"})
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["name", "payments", "~/.local/state/awsx/accounts"] in lines
    preview.preview(env, "prod")
    assert "pay@example.com" in capsys.readouterr().out


def test_the_settings_win_and_guard_patterns_see_the_name(env, write_settings):
    keep(env, FOUND)
    write_settings('[guard]\nmatch = ["pay*"]\n')
    assert Facts(env).target("prod").pattern == "pay*"
    write_settings('[accounts]\n111122223333 = "mine"\n')
    assert Facts(env).target("prod").alias == "mine"
    write_settings('[accounts]\n111122223333 = { tags = ["x"] }\n')
    assert Facts(env).target("prod").alias == "payments"


def test_one_account_is_found_as_it_is_among_all(env):
    found = {f"{n:012}": (f"team {n}", "") for n in range(3)}
    keep(env, found)
    numbers = [*found, "000000000009", ""]
    told = {number: Facts(env).alias(number) for number in numbers}
    assert told == {
        **{number: name for number, (name, _) in found.items()},
        "000000000009": "",
        "": "",
    }
    for first in numbers:
        facts = Facts(env)
        assert [facts.alias(number) for number in (first, *numbers)] == [
            told[first],
            *told.values(),
        ]


def test_a_change_of_the_names_makes_the_stock_stale(env):
    memo(env)
    assert Facts(env).stock.is_fresh
    keep(env, FOUND)
    assert not Facts(env).stock.is_fresh
    memo(env)
    keep(env, FOUND)  # the same again
    assert Facts(env).stock.is_fresh


def test_at_most_once_a_day_for_each_session(env):
    now = time.time()
    assert account_names.is_due(env, KEY, now)
    account_names.note(env, KEY)
    assert not account_names.is_due(env, KEY, time.time())
    assert account_names.is_due(env, "other", now)
    assert account_names.is_due(env, KEY, now + account_names.DAY + 60)
    assert not account_names.is_due({**env, "AWSX_NO_NAMES": "1"}, "other", now)


@pytest.fixture
def started(monkeypatch):
    """The last two words of each process that is started."""
    started = []
    monkeypatch.setattr(posix, "posix_spawn", lambda _, words, __: started.append(words[-2:]) or 1)
    monkeypatch.setattr(posix, "waitpid", lambda *_: None)
    return started


def test_a_process_is_started_once_and_only_if_it_is_wanted(env, started):
    session = Facts(env).target("prod").session
    learning.begin({**env, "AWSX_NO_NAMES": "1"}, session)
    assert started == []
    for _ in range(2):
        learning.begin(env, session)
    assert started == [["--learn", KEY]]


BEFORE = {  # seconds that the token had left which awsx saw first, and whether a login followed
    "none": (None, True),
    "ended": (-60, True),
    "valid": (3600, False),
}


@pytest.mark.parametrize(("seconds", "learns"), BEFORE.values(), ids=BEFORE)
def test_a_login_by_another_program_is_followed(seconds, learns, env, started):
    if seconds:
        log_in(env, seconds)
    memo(env)
    assert started == []
    log_in(env, 7200)
    memo(env)
    assert started == [["--learn", KEY]] * learns


def test_the_first_token_that_awsx_sees_is_no_login(env, started):
    log_in(env)
    memo(env)
    assert started == []


class Listed:
    """What stands in for AWS's list."""

    def __init__(self, session, token):
        assert (session.label, token) == ("corp", "SECRET")

    def pages(self):
        from awsx.service.accounts import Account

        yield [Account("111122223333", "payments", "pay@example.com")]
        yield [Account("444455556666", "web", "")]


def log_in(env, seconds=3600):
    ends = tokens.iso(int(time.time()) + seconds)
    tokens.save(env, KEY, {"accessToken": "SECRET", "expiresAt": ends})


def test_the_names_are_learned_and_the_memos_follow(env, monkeypatch):
    monkeypatch.setattr(learn, "Accounts", Listed)
    log_in(env)
    memo(env)
    account_names.note(env, KEY)
    learn.learn(env, KEY)
    assert not account_names.is_due(env, KEY, time.time())
    assert Facts(env).learned["444455556666"] == ("web", "")
    stock = Facts(env).stock
    assert ":payments\x1e" in stock.kept("p.prod")
    assert "payments" in stock.kept("names")


@pytest.mark.parametrize("seconds", [None, -60])
def test_nobody_is_asked_without_a_session(seconds, env, monkeypatch):
    monkeypatch.setattr(learn, "Accounts", None)
    if seconds:
        log_in(env, seconds)
    account_names.note(env, KEY)
    learn.learn(env, KEY)
    assert account_names.is_due(env, KEY, time.time())


def test_a_home_that_is_gone_is_not_made_again(env, tmp_path):
    gone = str(tmp_path / "gone")
    learn.learn({**env, "HOME": gone}, KEY)
    assert not os.path.exists(gone)
