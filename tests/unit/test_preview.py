"""The picker's preview says what the row of a profile does not, and nothing twice."""

import os
import time

import pytest

from awsx.commands import preview
from awsx.files import tokens
from awsx.memos import uses
from awsx.tables.picker import DRAWN
from awsx.term import AwsxError

CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_account_name = Production
sso_role_name = Admin
region = eu-west-1
[profile dev]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Reader
[profile deploy]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = prod
[profile base]
role_arn = arn:aws:iam::777788889999:role/Base
source_profile = deploy
[profile half]
aws_access_key_id = x
"""
END = int(time.time()) + 7 * 3600
COLUMNS = {
    "PROFILE": 12,
    "LEFT": 7,
    "NAME": 12,
    "ROLE": 12,
    "REGION": 10,
    "SESSION": 7,
    "ACCOUNT": 12,
}
BEHIND = [
    "kind sso",
    f"ends {tokens.iso(END)}",
    "start URL https://corp.awsapps.com/start",
]


@pytest.fixture
def env(home):
    (home / ".aws" / "config").write_text(CONFIG)
    content = {"accessToken": "SECRET", "expiresAt": tokens.iso(END)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), content)
    return {"HOME": str(home)}


def lines(env, capsys, name, **widths):
    drawn = " ".join(f"{title}={width}" for title, width in widths.items())
    preview.preview({**env, DRAWN: drawn}, name)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def columns(number, **other):
    return {**dict(list(COLUMNS.items())[:number]), **other}


SAID = [  # the profile, the columns of its row, and what the preview says
    ("prod", columns(7), ["file ~/.aws/config:4", *BEHIND]),
    (
        "prod",
        columns(3),
        [
            "file ~/.aws/config:4",
            "account 111122223333",
            "role Admin",
            "region eu-west-1",
            BEHIND[0],
            "session corp",
            *BEHIND[1:],
        ],
    ),
    (
        "prod",
        columns(7, NAME=6, ROLE=3),  # both are cut in the row
        ["file ~/.aws/config:4", "name Production", "role Admin", *BEHIND],
    ),
    ("dev", columns(7), ["file ~/.aws/config:10", *BEHIND]),
    ("dev", columns(4), ["file ~/.aws/config:10", BEHIND[0], "session corp", *BEHIND[1:]]),
    (
        "base",
        columns(7),
        [
            "file ~/.aws/config:17",
            "kind role",
            *BEHIND[1:],
            "chain base <- deploy <- prod",
        ],
    ),
]


@pytest.mark.parametrize(("name", "drawn", "said"), SAID)
def test_it_says_what_the_columns_do_not(name, drawn, said, env, capsys):
    assert lines(env, capsys, name, **drawn) == said


def test_without_columns_it_says_everything(env, capsys):
    said = lines(env, capsys, "prod")
    assert said[:4] == [
        "file ~/.aws/config:4",
        "profile prod",
        "name Production",
        "account 111122223333",
    ]
    assert {"role Admin", "region eu-west-1", "session corp"} < set(said)
    assert any(line.startswith("left 6h") or line == "left 7h" for line in said)


def test_a_session_that_has_ended(env, home, capsys):
    path = next((home / ".aws" / "sso" / "cache").iterdir())
    path.write_text('{"accessToken": "SECRET", "expiresAt": "2020-01-01T00:00:00Z"}')
    assert "ended 2020-01-01T00:00:00Z" in lines(env, capsys, "prod", **COLUMNS)


@pytest.mark.parametrize(("ago", "told"), [(0, "<1m"), (3700, "1h"), (3 * 86400 + 60, "3d")])
def test_when_it_was_used_last(ago, told, env, capsys):
    uses.count(env, "prod", time.time() - ago)
    assert lines(env, capsys, "prod", **COLUMNS)[-1] == f"last used {told} ago"
    assert "last used" not in " ".join(lines(env, capsys, "dev", **COLUMNS))


def test_what_the_aws_cli_refuses_is_the_error(env, capsys):
    with pytest.raises(AwsxError, match=r"config:21.*aws_secret_access_key"):
        lines(env, capsys, "half", **COLUMNS)


@pytest.mark.parametrize("name", ["$(touch x)", "two words", "ünï-☁", os.fsdecode(b"\xff")])
def test_any_name(name, env, home, capsys):
    header = f"[profile '{name}']\nregion = eu-west-1\n"
    (home / ".aws" / "config").write_bytes(header.encode("utf-8", "surrogateescape"))
    assert lines(env, capsys, name, **COLUMNS)[0] == "file ~/.aws/config:1"
