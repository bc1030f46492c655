"""Sessions of `aws login`: what their file says of them, and where awsx shows it."""

import json
import time
from hashlib import sha256

import pytest

from awsx import term
from awsx.commands import current, logout, ls
from awsx.commands.which_sessions import Selection
from awsx.facts import Facts
from awsx.files import tokens
from awsx.files.login_sessions import LoginSession
from awsx.login import awscli, ensure
from awsx.login.cached_token import CachedToken
from awsx.login.options import Login, Wish, login_command
from awsx.term import AwsxError

ARN = "arn:aws:iam::111122223333:user/jane"
CONFIG = f"""\
[profile console]
login_session = {ARN}
region = eu-west-1

[profile deploy]
role_arn = arn:aws:iam::444455556666:role/Deploy
source_profile = console
region = eu-west-1
"""
HOUR = 3600


@pytest.fixture
def env(home, environment):
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(CONFIG)
    return {**environment, "AWS_PROFILE": "console"}


@pytest.fixture
def keep(env, home):
    """Write the session's file as the AWS CLI does, with credentials that last so many seconds."""

    def keep(seconds, *without, folder=home / ".aws" / "login" / "cache"):
        content = {
            "accessToken": {
                "accessKeyId": "ASIA1",
                "secretAccessKey": "secret",
                "sessionToken": "token",
                "accountId": "111122223333",
                "expiresAt": tokens.iso(int(time.time()) + seconds),
            },
            "tokenType": "aws_sigv4",
            "clientId": "arn:aws:signin:::devtools/same-device",
            "refreshToken": "refresh",
            "idToken": "a.b.c",
            "dpopKey": "-----BEGIN EC PRIVATE KEY-----",
        }
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{sha256(ARN.encode()).hexdigest()}.json"
        file.write_text(json.dumps({k: v for k, v in content.items() if k not in without}))
        return file

    return keep


# How long the credentials last, which fields the file lacks: the state, and the time left.
STATES = {
    "fresh": ((900,), "valid", "15m+"),
    "after their end": ((-1800,), "renewable", "renews"),
    "before the end of the longest session": ((-12 * HOUR + 930,), "renewable", "renews"),
    "after it": ((-12 * HOUR + 870,), "expired", "expired"),
    "no refresh token": ((-1800, "refreshToken"), "expired", "expired"),
    "botocore refuses it": ((900, "dpopKey"), "expired", "expired"),
}


@pytest.mark.parametrize("name", ["console", "deploy"])
@pytest.mark.parametrize("case", STATES)
def test_the_state_of_a_session_as_ls_and_current_tell_it(case, name, env, keep, capsys):
    given, state, left = STATES[case]
    keep(*given)
    ls.ls(env, as_json=True)
    found = {row["profile"]: row for row in json.loads(capsys.readouterr().out)}[name]
    current.current({**env, "AWS_PROFILE": name}, as_json=True)
    now = json.loads(capsys.readouterr().out)
    assert (found["state"], found["session"]) == (state, ARN)
    assert [now[key] for key in ("state", "left", "expires_at")] == [
        state,
        left,
        found["expires_at"],
    ]
    assert now["usable"] == ("login" if state == "expired" else True)
    assert not now["reason"] or f"awsx login {name}" in now["reason"]


def test_a_variable_moves_the_files(env, keep, home):
    file = keep(900, folder=home / "elsewhere")
    for value in (str(home / "elsewhere"), "~/elsewhere", "$HOME/elsewhere"):
        target = Facts({**env, "AWS_LOGIN_CACHE_DIRECTORY": value}).find("console")
        assert (target.token_path, target.token.raw["refreshToken"]) == (str(file), "refresh")
    assert Facts(env).find("console").token is None


def test_the_switch_says_what_is_left(env, keep):
    keep(-1800)
    target = Facts(env).target("console")
    assert tokens.told(target.token, time.time()) == "session renews itself"


# How the person logs in, and what the AWS CLI is told: its words, and the browser.
WAYS = {
    "browser": ({"BROWSER": "true"}, Wish(), "login --profile console", "/bin/sh"),
    "no browser": (
        {"BROWSER": "true"},
        Wish(open_browser=False),
        "login --profile console --remote",
        "true",
    ),
    "ssh": ({"SSH_TTY": "/dev/pts/1"}, Wish(), "login --profile console --remote", "true"),
    "ssh -L": (
        {"SSH_TTY": "/dev/pts/1"},
        Wish(port=8400),
        "login --profile console --redirect-port 8400",
        "true",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_how_aws_login_is_called(way, env):
    more, wish, words, browser = WAYS[way]
    path = {"PATH": "/usr/bin:/bin"}
    session = Facts({**env, **more}).find("console").session
    login = Login({**env, **path, **more, "AWS_ACCESS_KEY_ID": "AKIA"}, session, wish)
    cli = awscli.AwsCli("aws", (2, 38, 5))
    assert awscli.command(cli, login) == ["aws", *words.split()]
    child = awscli.environment(login)
    assert child["BROWSER"].partition(" ")[0] == browser
    assert child["AWS_CLI_AGENT_TOOLKIT_HINT_DISABLED"] == "true"
    assert child["AWS_CLI_AUTO_PROMPT"] == "off"
    assert (child["AWS_PROFILE"], child.get("AWS_ACCESS_KEY_ID")) == ("console", None)


def test_a_profile_without_a_region_is_logged_in_to_where_aws_login_would_propose(env, home):
    (home / ".aws" / "config").write_text(f"[profile console]\nlogin_session = {ARN}\n")
    session = Facts(env).find("console").session
    cli = awscli.AwsCli("aws", (2, 38, 5))
    for more, words in (({}, ["--region", "us-east-1"]), ({"AWS_REGION": "eu-west-1"}, [])):
        login = Login({**env, **more}, session, Wish(open_browser=False))
        assert awscli.command(cli, login)[4:] == [*words, "--remote"]


# The output of `aws --version` of the AWS CLIs on PATH, and what awsx says.
CLIS = {
    "none": ([], "there is none on PATH"),
    "too old": (["aws-cli/2.31.9 Python/3.13.7"], "the one on PATH is 2.31.9"),
    "version 1": (["aws-cli/1.40.2 Python/3.11"], "the one on PATH is 1.40.2"),
}


@pytest.mark.parametrize("case", CLIS)
def test_without_an_aws_cli_that_can_one_line_says_what_to_install(
    case, env, tmp_path, monkeypatch
):
    said, wanted = CLIS[case]
    path = tmp_path / "bin"
    path.mkdir()
    for text in said:
        (path / "aws").write_text(f"#!/bin/sh\necho {text}\n")
        (path / "aws").chmod(0o755)
    monkeypatch.setattr(term, "on_terminal", lambda: True)
    monkeypatch.setattr(term, "in_foreground", lambda: True)
    env = {**env, "PATH": f"{path}"}
    facts = Facts(env)
    with pytest.raises(AwsxError) as raised:
        ensure.valid_session(env, facts.find("console").session, facts.settings)
    assert str(raised.value).startswith(
        f"a login to {ARN} takes the AWS CLI 2.32 or later, and {wanted}; install it: https://"
    )


def test_a_command_goes_on_where_nobody_here_can_renew_its_session(env, keep, tmp_path):
    keep(-60)
    facts = Facts({**env, "PATH": str(tmp_path)})
    session = facts.find("console").session
    assert ensure.valid_session(facts.env, session, facts.settings) is False


def test_logout_deletes_the_file_and_says_that_credentials_go_on(env, keep, capsys):
    file = keep(900)
    logout.logout(env, Selection("console", verb="logout"))
    assert not file.exists()
    assert capsys.readouterr().err == (
        f"awsx: {ARN}: logged out; what has loaded its credentials may use them for up to"
        " 15 minutes\n"
    )
    keep(900)
    logout.logout(env, Selection(every=True, verb="logout"))
    assert not file.exists()


# Where the AWS CLI keeps sessions: what a person makes their own if it cannot be written.
FOLDERS = {
    "": "~/.aws/login",
    "~/my cache": "'{home}/my cache'",
    "/nowhere/cache": "/nowhere",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_cannot_be_written_is_the_one_that_is_named(folder, env, home, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("awsx.files.draft.Draft.__enter__", refuse)
    if folder:
        env["AWS_LOGIN_CACHE_DIRECTORY"] = folder
    with (
        pytest.raises(AwsxError) as raised,
        CachedToken(env, Facts(env).find("console").session).reserved(),
    ):
        pass
    wanted = FOLDERS[folder].format(home=home)
    assert str(raised.value).endswith(f'make it yours: sudo chown -R "$(id -un)" {wanted}')


@pytest.mark.parametrize(
    ("name", "word"), [("console", "console"), ("my console", "'my console'"), ("a'b", "'a'\\''b'")]
)
def test_a_remedy_names_a_profile_as_one_word_of_a_shell(name, word):
    assert login_command(LoginSession(ARN, "", name)) == f"awsx login {word}"
