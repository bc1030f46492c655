"""The lists of all profiles: made when something asks for one, and kept until a source changes."""

import os
import stat
import time
import zlib

import pytest

from awsx.argv import Call
from awsx.commands import before, ls, switch
from awsx.term import AwsxError

CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_account_name = production
sso_role_name = Admin
[profile dev]
region = eu-west-1
"""
LISTS = ("names", "sessions", "commands", "table")


@pytest.fixture
def env(environment, home, tmp_path):
    (home / ".aws" / "config").write_text(CONFIG)
    settings = home / ".config" / "awsx" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[login]\ncommands = ["aws", "terraform"]\n')
    return {**environment, "AWSX_HANDOVER": str(tmp_path / "run" / "shell.1"), "AWSX_PID": "1"}


@pytest.fixture
def kept(home):
    """kept(): the lists that lie in the cache, by their name."""

    def kept():
        files = [file for name in LISTS for file in (home / ".cache" / "awsx").rglob(name)]
        return {file.name: file.read_bytes() for file in files}

    return kept


FOR_COMPLETION = {
    "names": b"prod\t111122223333 production Admin\ndev\t\n",
    "sessions": b"corp\n",
    "commands": b"aws\nterraform\n",
}


def test_a_switch_makes_the_lists_of_a_small_config(env, kept):
    switch.use(env, Call("use", "prod", may_login=False))
    assert kept() == FOR_COMPLETION


def test_a_switch_makes_no_list_of_a_large_config(env, home, kept):
    with (home / ".aws" / "config").open("a") as config:
        config.writelines(f"[profile p{n}]\nregion = eu-west-1\n" for n in range(2000))
    switch.use(env, Call("use", "prod", may_login=False))
    assert kept() == {}
    ls.ls(env, names=True)
    assert kept()["names"].count(b"\n") == 2002


def test_what_completion_asks_for(env, kept, capsys):
    ls.ls(env, names=True)
    assert capsys.readouterr().out == "prod\ndev\n"
    assert kept() == FOR_COMPLETION


@pytest.mark.parametrize("options", [{}, {"query": "p"}, {"as_json": True}], ids=str)
def test_a_table_makes_no_list_for_completion(options, env, kept):
    ls.ls(env, **options)
    assert list(kept()) == ["table"]


def test_commands_are_listed_where_there_are_no_profiles(env, home, kept):
    (home / ".aws" / "config").write_text("")
    with pytest.raises(AwsxError, match="no profiles"):
        ls.ls(env, names=True)
    assert kept()["commands"] == b"aws\nterraform\n"


def test_an_empty_list_of_commands_is_one(env, home, kept):
    (home / ".config" / "awsx" / "config.toml").write_text("[login]\ncommands = []\n")
    ls.ls(env, names=True)
    assert kept()["commands"] == b""


def test_without_settings_there_are_no_commands(env, home, kept):
    (home / ".config" / "awsx" / "config.toml").unlink()
    ls.ls(env, names=True)
    assert set(kept()) == {"names", "sessions"}


def test_a_name_that_no_list_can_hold(env, home, kept, capsys):
    with (home / ".aws" / "config").open("a") as config:
        config.write("[profile 'a\tb']\n[profile '\x1b[31m']\n[profile ü]\nsso_role_name = a\tb\n")
    ls.ls(env, names=True)
    names = [line.partition("\t")[0] for line in kept()["names"].decode().splitlines()]
    assert names == ["prod", "dev", "ü"]
    assert kept()["names"].decode().endswith("ü\ta?b\n")
    capsys.readouterr()


def printed(env, capsys, **options):
    ls.ls({**env, "AWS_PROFILE": "prod"}, **options)
    return capsys.readouterr().out


FORMS = [{}, {"query": "e"}, {"as_json": True}, {"names": True}, {"names": True, "query": "p"}]


@pytest.mark.parametrize("options", FORMS, ids=str)
def test_a_kept_table_says_the_same(options, env, capsys):
    first = printed(env, capsys, **options)
    assert printed(env, capsys, **options) == first


def test_a_kept_table_is_not_made_again(env, monkeypatch):
    ls.ls(env)
    monkeypatch.setattr(
        "awsx.files.profiles.Config.each", lambda _: pytest.fail("the files were read")
    )
    ls.ls(env)


@pytest.mark.parametrize("file", [".aws/config", ".aws/credentials", ".config/awsx/config.toml"])
def test_an_edit_makes_a_list_of_old_forgotten(file, env, home, kept):
    ls.ls(env, names=True)
    path = home / file
    text = path.read_text() if path.exists() else ""
    path.write_text(f"# c\n{text}")
    os.utime(path, (time.time() - 60, time.time() - 60))
    before.opened(env)
    assert kept() == {}


@pytest.mark.parametrize("junk", [b"", b"junk", zlib.compress(b""), zlib.compress(b"\n")], ids=str)
def test_a_damaged_table_is_made_again(junk, env, home, capsys):
    first = printed(env, capsys)
    (table,) = (home / ".cache" / "awsx").rglob("table")
    table.write_bytes(junk)
    assert printed(env, capsys) == first


def test_a_text_of_two_lines_is_not_kept(env, home, kept, capsys):
    with (home / ".aws" / "config").open("a") as config:
        config.write("[profile two]\nregion = a\n  b\n")
    first = printed(env, capsys)
    assert kept() == {}
    assert printed(env, capsys) == first


def test_nobody_else_may_read_a_list(env, home):
    ls.ls(env, names=True)
    ls.ls(env)
    for name in LISTS:
        (file,) = (home / ".cache" / "awsx").rglob(name)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
