"""An account id, an ARN or a URL in the place of a profile's name."""

import time

import pytest
from drawn import CORE, Drawn

from awsx.__main__ import act
from awsx.argv import parse
from awsx.commands import meant
from awsx.facts import Facts
from awsx.term import AwsxError

CONFIG = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n" + (
    "sso_region = eu-west-1\n"
)
PROFILES = (
    ("pay-reader", "111122223333", "Reader"),
    ("pay-admin", "111122223333", "Admin"),
    ("web", "444455556666", "Admin"),
)
SEVERAL = (
    "2 profiles use the account 111122223333: pay-reader, pay-admin; name one of them",
    "2 profiles use the account 111122223333: pay-admin, pay-reader; name one of them",
)


@pytest.fixture
def env(environment, home, tmp_path):
    (home / ".aws" / "config").write_text(
        CONFIG
        + "".join(
            f"[profile {name}]\nsso_session = corp\nsso_account_id = {account}\n"
            f"sso_role_name = {role}\nregion = eu-west-1\n"
            for name, account, role in PROFILES
        )
    )
    more = {"AWSX_HANDOVER": str(tmp_path / "handover"), "AWSX_PID": "1", "AWSX_SHELL": "bash"}
    (tmp_path / "handover").write_text("")
    return {**environment, **more}


WORDS = [
    "444455556666",
    "4444-5555-6666",
    "4444 5555 6666",
    "arn:aws:lambda:eu-west-1:444455556666:function:f",
    "https://444455556666-ab12cd34.eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1",
    "https://corp.awsapps.com/start/#/console?account_id=444455556666",
    "https://corp.awsapps.com/start/#/console?account_id=444455556666&role_name=Gone",
]


@pytest.mark.parametrize("word", WORDS)
def test_the_one_profile_of_an_account(word, env):
    assert meant.profile(Facts(env), word) == "web"


@pytest.mark.parametrize("word", ["web", "prod", "44445555666", "arn:aws:s3:::bucket", ""])
def test_a_word_that_names_no_account(word, env):
    assert meant.profile(Facts(env), word) == ""


def test_a_portal_link_names_the_role_too(env):
    link = "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin"
    assert meant.profile(Facts(env), link + "&destination=https%3A%2F%2Fx") == "pay-admin"


def test_an_account_without_a_profile(env):
    with pytest.raises(AwsxError, match="no profile uses the account 999900001111; all of them"):
        meant.profile(Facts(env), "9999-0000-1111")


@pytest.mark.parametrize(
    "line", ["111122223333", "use 111122223333", "exec 1111-2222-3333 -- true", "1111 2222 3333"]
)
def test_without_a_terminal_several_profiles_are_named_the_most_used_first(line, env, home):
    with pytest.raises(AwsxError) as caught:
        act(parse(line.split()), env)
    assert (str(caught.value), caught.value.code) == (SEVERAL[0], 1)
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "used").write_text(f"3 {time.time():.0f} pay-admin\n")
    with pytest.raises(AwsxError) as caught:
        act(parse(line.split()), env)
    assert str(caught.value) == SEVERAL[1]


def test_a_switch_by_account(env, tmp_path, capsys):
    act(parse(["4444-5555-6666", "--no-login"]), env)
    assert "AWS_PROFILE=web\n" in (tmp_path / "handover").read_text()
    assert "awsx: web: 444455556666 Admin, eu-west-1" in capsys.readouterr().err


def test_exec_by_account(env, monkeypatch):
    became = {}
    monkeypatch.setattr("awsx.process.become", lambda command, child: became.update(child))
    act(parse(["exec", "4444-5555-6666", "--no-login", "--", "true"]), env)
    assert became["AWS_PROFILE"] == "web"


def test_on_a_terminal_the_picker_shows_the_profiles_of_the_account_alone(env, tmp_path):
    with Drawn([*CORE, "--no-login", "1111-2222-3333"], env, 100, 24) as drawn:
        drawn.wait_for(lambda lines: any("2/2" in line for line in lines))
        text = "\n".join(drawn.lines())
        assert "pay-reader" in text
        assert "pay-admin" in text
        assert "444455556666" not in text
        drawn.press("admin\r")
        assert drawn.wait_end() == 0
    assert "AWS_PROFILE=pay-admin\n" in (tmp_path / "handover").read_text()
