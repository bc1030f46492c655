"""`--ensure NAME`, which the shells start before a command.

It is silent and succeeds, unless a login failed.
"""

import signal

import pytest

from awsx import __main__
from awsx.commands import before
from awsx.login import ensure
from awsx.term import AwsxError, Cancelled

CONFIG = """
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile chained]
role_arn = arn:aws:iam::111122223333:role/Reader
source_profile = prod
[profile ci]
aws_access_key_id = AKIA
aws_secret_access_key = SECRET
[profile alone]
sso_session = corp
[profile half]
sso_session = corp
sso_account_id = 111122223333
[profile broken]
sso_session = nosuch
[profile looped]
role_arn = arn:aws:iam::111122223333:role/Reader
source_profile = looped
"""


@pytest.fixture
def logins(environment, home, monkeypatch):
    """The sessions that were made valid; a person sits at the terminal."""
    (home / ".aws" / "config").write_text(CONFIG)
    found = []
    monkeypatch.setattr("awsx.files.paths.environment", lambda: environment)
    monkeypatch.setattr(
        ensure, "valid_session", lambda env, session, settings, **_: found.append(session.name)
    )
    for asked in ("on_terminal", "in_foreground"):
        monkeypatch.setattr(before, asked, lambda: True)
    return found


def ensured(name):
    return __main__.run(["--ensure", name])


@pytest.mark.parametrize("name", ["prod", "chained"])
def test_the_session_behind_a_profile_is_made_valid(name, logins, capsys):
    assert (ensured(name), logins, capsys.readouterr()) == (0, ["corp"], ("", ""))


NO_LOGIN = ["ci", "alone", "half", "nosuch", "broken", "looped", "", "--all", "a\tb"]


@pytest.mark.parametrize("name", NO_LOGIN)
def test_what_a_login_cannot_mend_is_left_to_the_command(name, logins, capsys):
    assert (ensured(name), logins, capsys.readouterr()) == (0, [], ("", ""))


def test_a_broken_file_is_left_to_the_command(logins, home, capsys):
    with (home / ".aws" / "config").open("a") as config:
        config.write("nonsense\n")
    assert (ensured("ci"), logins, capsys.readouterr()) == (0, [], ("", ""))


@pytest.mark.parametrize("asked", ["on_terminal", "in_foreground"])
def test_without_a_terminal_in_the_foreground_nobody_logs_in(asked, logins, monkeypatch):
    monkeypatch.setattr(before, asked, lambda: False)
    assert (ensured("prod"), logins) == (0, [])


FAILURES = [(AwsxError("no"), 1, "awsx: no\n", []), (Cancelled(), 130, "", [signal.SIGINT])]


@pytest.mark.parametrize(("error", "code", "said", "signals"), FAILURES)
def test_a_failed_login_fails_and_a_cancelled_one_interrupts_the_shell(
    error, code, said, signals, environment, logins, monkeypatch, capsys
):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(ensure, "valid_session", fail)
    raised = []
    monkeypatch.setattr("_signal.raise_signal", raised.append)
    monkeypatch.setitem(environment, "AWSX_SHELL", "bash")
    assert (ensured("prod"), capsys.readouterr().err, raised) == (code, said, signals)


@pytest.mark.parametrize("name", ["prod", "ci", "nosuch"])
def test_the_memo_is_written_that_saves_the_next_start(name, logins, home):
    ensured(name)
    assert [memo.name for memo in (home / ".cache").rglob("p.*")] == [f"p.{name}"]
