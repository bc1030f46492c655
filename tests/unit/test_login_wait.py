"""`awsx login --wait`: a login without a terminal, for agents, IDEs and jobs."""

from __future__ import annotations

import json
import time

import pytest

from awsx import term
from awsx.files import disk, tokens
from awsx.files.login_sessions import LoginSession
from awsx.files.profiles import SsoSession
from awsx.files.settings import Settings
from awsx.login import browser, ensure, own, registrations
from awsx.login.lock import NotTried
from awsx.login.options import Login, Wish
from awsx.login.talk import Talk
from awsx.service import start_page
from awsx.term import AwsxError

CORP = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "prod")
LOGIN = LoginSession("arn:aws:iam::111122223333:user/a", "eu-west-1", "root")
URL = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH"


def waiting(seconds=60, as_json=True):
    return Wish(until=time.monotonic() + seconds, as_json=as_json)


@pytest.fixture
def env(environment, monkeypatch):
    """No terminal, no browser, and no AWS CLI."""
    monkeypatch.setattr(term, "on_terminal", lambda: False)
    monkeypatch.setattr(browser, "is_remote", lambda *_: True)
    return {**environment, "PATH": "/nowhere"}


@pytest.fixture
def own_login(monkeypatch):
    """The sessions that awsx's own login was asked for; it succeeds."""
    calls = []

    def log_in(login, talk):
        calls.append(login.label)
        ends = tokens.iso(int(time.time() + 3600))
        tokens.save(login.env, tokens.key(login.session), {"accessToken": "x", "expiresAt": ends})

    monkeypatch.setattr(own, "log_in", log_in)
    monkeypatch.setattr(registrations, "drop_forgotten", lambda *_: None)
    monkeypatch.setattr(start_page, "region", lambda *_: "")
    return calls


def test_it_logs_in_without_a_terminal_only_if_it_is_to_wait(env, own_login):
    with pytest.raises(NotTried, match="or add --wait"):
        ensure.valid_session(env, CORP, Settings({}), Wish())
    assert ensure.valid_session(env, CORP, Settings({}), waiting()) is True
    assert own_login == ["corp"]


def test_a_code_that_is_pasted_needs_a_terminal_all_the_same(env, own_login):
    with pytest.raises(NotTried, match="needs a person"):
        ensure.valid_session(env, LOGIN, Settings({}), waiting())


def test_who_joins_another_login_waits_no_longer_than_the_deadline(env, own_login, monkeypatch):
    monkeypatch.setattr(disk.Lock, "_try", lambda _: False)  # a process does not shut out itself
    with pytest.raises(NotTried, match="another process"):
        ensure.valid_session(env, CORP, Settings({}), waiting(0.2))
    assert own_login == []


def test_a_link_that_nobody_opened_is_one_line_of_json(env, capfd):
    with Talk(Login(env, CORP, waiting())) as talk:
        talk.show_link(URL, "ABCD-EFGH")
    out, err = capfd.readouterr()
    assert json.loads(out) == {"session": "corp", "url": URL, "code": "ABCD-EFGH"}
    assert out.count("\n") == 1
    assert URL not in err


@pytest.mark.parametrize(("opens", "as_json"), [(True, True), (False, False)])
def test_else_the_link_is_talk(opens, as_json, env, monkeypatch, capfd):
    monkeypatch.setattr(browser, "may_open", lambda *_: opens)
    with Talk(Login(env, CORP, waiting(as_json=as_json))) as talk:
        talk.show_link(URL)
    out, err = capfd.readouterr()
    assert out == ""
    assert URL in err


def test_the_deadline_ends_a_login(env):
    with (
        Talk(Login(env, CORP, waiting(-1))) as talk,
        pytest.raises(AwsxError, match="within --timeout"),
    ):
        talk.goes_on()
