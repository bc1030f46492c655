"""The table of profiles.

Whole lines in a pipe, JSON, names alone, words that must stand in a row.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from drawn import CORE, Drawn

from awsx.commands import ls
from awsx.files import tokens
from awsx.term import AwsxError

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = AdministratorAccess
region = eu-west-1
[profile prod reader]
[profile 'prod reader']
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Reader
[profile dev]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = AdministratorAccess
region = eu-central-1
[profile lost]
sso_session = gone
"""


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CONFIG)
    (home / ".aws" / "credentials").write_text(
        "[keys]\naws_access_key_id = SECRET\naws_secret_access_key = SECRET\n"
    )
    return {**environment, "AWS_PROFILE": "prod"}


@pytest.fixture
def listed(env, capsys):
    def listed(query="", **options):
        ls.ls(env, query, **options)
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return listed


def test_names(listed):
    assert listed(names=True) == "prod\nprod reader\ndev\nlost\nkeys\n"


QUERIES = [
    ("prod", ["prod", "prod reader"]),
    ("PROD admin", ["prod"]),
    ("admin prod", ["prod"]),
    ("111122223333", ["prod", "prod reader"]),
    ("eu-central", ["dev"]),
    ("corp reader", ["prod reader"]),
    ("  ", ["prod", "prod reader", "dev", "lost", "keys"]),
    ("keys", ["keys"]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_query_has_all_its_words_in_a_row(query, expected, listed):
    assert listed(query, names=True).splitlines() == expected
    assert [row["profile"] for row in json.loads(listed(query, as_json=True))] == expected
    assert len(listed(query).splitlines()) == len(expected) + 1


@pytest.mark.parametrize("query", ["nothing-like-it", "prod dev", ".*", "\x1b[31m"])
def test_nothing_like_it(query, listed):
    for options in ({}, {"names": True}):
        with pytest.raises(
            AwsxError, match=r"^no profile is like '.*'; all of them: awsx ls$"
        ) as caught:
            listed(query, **options)
        assert caught.value.code == 1
    assert json.loads(listed(query, as_json=True)) == []


def test_no_profiles(env, home):
    (home / ".aws" / "config").write_text("")
    (home / ".aws" / "credentials").unlink()
    for options in ({}, {"names": True}, {"query": "x"}):
        with pytest.raises(
            AwsxError,
            match=r"^no profiles in ~/\.aws/config; .*awsx setup; .*awsx demo$",
        ):
            ls.ls(env, **options)


def test_the_table(listed, home):
    now = int(time.time())
    tokens.save(
        {"HOME": str(home)},
        tokens.sha1_hex("corp"),
        {"accessToken": "SECRET", "expiresAt": tokens.iso(now + 7230)},
    )
    lines = [line.split("\t") for line in listed().splitlines()]
    account, other = "111122223333", "444455556666"
    admin, corp = "AdministratorAccess", "corp"
    assert lines == [
        ["PROFILE", "LEFT", "NAME", "ROLE", "REGION", "SESSION", "ACCOUNT", "KIND", "MARKS"],
        ["prod", "2h", "", admin, "eu-west-1", corp, account, "sso", "*"],
        ["prod reader", "2h", "", "Reader", "", corp, account, "sso", ""],
        ["dev", "2h", "", admin, "eu-central-1", corp, other, "sso", ""],
        ["lost", "broken", "", "", "", "", "", "broken", ""],
        ["keys", "", "", "", "", "", "", "keys", ""],
    ]
    assert "\x1b" not in listed()


def test_whoever_reads_a_pipe_gets_whole_lines(listed, home):
    name, role = "p" * 150, "r" * 64
    role_arn = f"role_arn = arn:aws:iam::1:role/{role}"
    text = f"[profile {name}]\n{role_arn}\nsource_profile = x\n[profile x]\n"
    (home / ".aws" / "config").write_text(text)
    line = listed(name).splitlines()[1]
    assert name in line
    assert role in line


# At each width, the titles on the screen: whole columns go, and no line is wrapped.
WIDE = {
    200: "PROFILE LEFT ACCOUNT ROLE REGION SESSION KIND",
    80: "PROFILE LEFT ACCOUNT ROLE REGION SESSION",
    60: "PROFILE LEFT ACCOUNT ROLE",
    35: "PROFILE LEFT",
    20: "PROFILE",
    9: "PROFILE",
}


@pytest.mark.parametrize("width", WIDE)
def test_a_narrow_screen_loses_whole_columns(width, env):
    with Drawn([*CORE, "ls"], env, width, 10) as drawn:
        assert drawn.wait_end() == 0
    assert drawn.lines()[0].split() == WIDE[width].split()
    names = [line[2:13].rstrip() for line in drawn.lines()[1:6]]
    whole = ["prod", "prod reader", "dev", "lost", "keys"]
    assert names == (whole if width > 9 else ["prod", "prod r…", "dev", "lost", "keys"])
    assert drawn.lines()[1].startswith("* prod")
    if width > 59:
        cells = "prod expired 111122223333 AdministratorAccess eu-west-1 corp sso"
        count = len(WIDE[width].split())
        assert drawn.lines()[1].split()[1:] == cells.split()[:count]


def columns_of(lines):
    """Where the titles stand, and where the cells of the first row do."""
    cells = ("PROFILE", "prod"), ("LEFT", "7h"), ("ACCOUNT", "1111"), ("ROLE", "Admin")
    return [(lines[0].index(title), lines[1].index(cell)) for title, cell in cells]


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1"}], ids=["colours", "NO_COLOR"])
def test_colours_move_no_column(more, env, home):
    (home / ".aws" / "config").write_text(CONFIG.partition("[profile lost]")[0])
    content = {"accessToken": "SECRET", "expiresAt": tokens.iso(int(time.time()) + 7 * 3600 + 60)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), content)
    with Drawn([*CORE, "ls"], {**env, **more}, 90, 20) as drawn:
        assert drawn.wait_end() == 0
    lines = [line for line in drawn.lines() if line]
    assert len(lines) == 5  # none is wrapped
    assert [title for title, _ in columns_of(lines)] == [cell for _, cell in columns_of(lines)]


def test_the_table_has_the_colours_of_the_prompt_and_of_the_guard(env, home):
    path = home / ".config" / "awsx" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[guard]\nmatch = ['dev']\ncolor = 'magenta'\n")
    with Drawn([*CORE, "ls"], env, 100, 10) as drawn:
        drawn.wait_end()
    dev, lost = drawn.lines().index(next(x for x in drawn.lines() if "!dev" in x)), 4
    assert drawn.cell(0, "PROFILE").bold
    assert (drawn.cell(dev, "dev").fg, drawn.cell(1, "prod").fg) == ("magenta", "default")
    assert drawn.cell(1, "expired").fg == drawn.cell(lost, "broken").fg == "red"


def marks(table):
    return [line.rpartition("\t")[2] for line in table.splitlines()[1:]]


def test_guarded_profiles_are_marked(listed, home):
    path = home / ".config" / "awsx" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[guard]\nmatch = ['dev', '111122223333']\n")
    assert marks(listed()) == ["*!", " !", " !", "", ""]
    found = {row["profile"]: row["guarded"] for row in json.loads(listed(as_json=True))}
    assert found == {"prod": True, "prod reader": True, "dev": True, "lost": False, "keys": False}
    path.write_text("[guard]\nmatch = ['keys']\n")
    assert marks(listed()) == ["*", "", "", "", " !"]


def test_json(listed, home):
    found = {row["profile"]: row for row in json.loads(listed(as_json=True))}
    assert list(found) == ["prod", "prod reader", "dev", "lost", "keys"]
    assert found["prod"] == {
        "profile": "prod",
        "current": True,
        "guarded": False,
        "account_id": "111122223333",
        "account_name": None,
        "tags": [],
        "role": "AdministratorAccess",
        "region": "eu-west-1",
        "kind": "sso",
        "session": "corp",
        "expires_at": None,
        "state": "expired",
    }
    assert found["lost"]["kind"] == "broken"
    assert "SECRET" not in json.dumps(found)


HOSTILE = [
    "$(touch x)",
    "[red]x[/red]",
    "[/]",
    "%n",
    "\\[",
    ":smile:",
    "größe",
    "生产",
    "a\\nb",
    "=ls",
    "-x",
    "[link=x]",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_drawn_as_they_are(name, listed, home):
    """rich's own markup means nothing here."""
    (home / ".aws" / "config").write_text(
        f"[profile '{name}']\nregion = [bold]r\n", encoding="utf-8"
    )
    line = listed().splitlines()[1]
    assert line.split() == [*name.split(), "broken", "[bold]r", "broken"]
    assert listed(names=True).splitlines()[0] == name


def test_control_characters_are_not_drawn(listed, home):
    (home / ".aws" / "config").write_text(
        "[profile 'a\x1b[31m']\nregion = \x07\x1b]0;x\x07\n[profile b]\n"
    )
    assert listed().splitlines()[1].split() == ["a?[31m", "broken", "??]0;x?", "broken"]


def test_names_are_byte_for_byte_in_a_pipe(env, home):
    (home / ".aws" / "config").write_bytes(b"[profile \xff]\n[profile b]\n")
    command = [sys.executable, "-I", "-S", START, "ls", "--names"]
    ran = subprocess.run(command, env=env, capture_output=True)
    assert ran.returncode == 0
    assert ran.stdout == b"\xff\nb\nkeys\n"
    assert ran.stderr.startswith(b"awsx: ~/.aws/config:1: is not UTF-8; ")


@pytest.mark.parametrize("query", ["", "prod"])
def test_a_broken_file_lists_the_rest(query, env, home):
    (home / ".aws" / "config").write_text(CONFIG + "SECRET\n[profile prod]\n")
    ran = subprocess.run(
        [sys.executable, "-I", "-S", START, "ls", query], env=env, capture_output=True, text=True
    )
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[1].startswith("prod\t")
    assert [line.split(": ")[1] for line in ran.stderr.splitlines()] == [
        "~/.aws/config:21",
        "~/.aws/config:22",
    ]
    assert "SECRET" not in ran.stdout + ran.stderr


def test_colours(env, home, monkeypatch, capsys):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("posix.isatty", lambda _: True)
    ls.ls(env)
    coloured = "\x1b[31m" in capsys.readouterr().out
    ls.ls({**env, "NO_COLOR": "1"})
    out = capsys.readouterr().out
    assert (coloured, "\x1b[31m" in out) == (True, False)
