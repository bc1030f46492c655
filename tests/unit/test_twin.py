"""`awsx creds NAME --twin`: a profile that gets its keys by a credential_process."""

import pytest
from sample import CORP, PROD

from awsx.commands import twin as verb
from awsx.facts import Facts
from awsx.files import ini
from awsx.term import AwsxError

CONFIG = f"{CORP}{PROD}[profile 'my dev']\nlogin_session = arn:aws:iam::111122223333:user/me\n"


@pytest.fixture
def env(home, monkeypatch):
    (home / ".aws" / "config").write_text(CONFIG)
    (home / "my bin").mkdir()
    (home / "my bin" / "awsx").write_text("#!/bin/sh\n")
    (home / "my bin" / "awsx").chmod(0o755)
    monkeypatch.setenv("PATH", str(home / "my bin"))
    return {"HOME": str(home)}


@pytest.mark.parametrize("name", ["prod", "my dev"])
def test_the_twin_starts_awsx_by_an_absolute_path(env, home, name):
    verb.twin(env, name, writes=True, is_sure=True)
    found = Facts(env).profile(f"{name}-process")
    words = [f"{home}/my bin/awsx", "creds", name, "--format", "process"]
    assert ini.words(found.get("credential_process")) == words
    text = (home / ".aws" / "config").read_text()
    assert text.startswith(CONFIG)
    verb.twin(env, name, writes=True, is_sure=True)
    assert (home / ".aws" / "config").read_text() == text


def test_it_is_printed_alone_without_write(env, home, capfd):
    verb.twin(env, "prod")
    assert capfd.readouterr().out == (
        "[profile prod-process]\n"
        f"credential_process = '{home}/my bin/awsx' creds prod --format process\n"
        "region = eu-west-1\n"
    )
    assert (home / ".aws" / "config").read_text() == CONFIG


def test_a_person_s_profile_of_that_name_stays(env, home):
    (home / ".aws" / "config").write_text(f"{CONFIG}[profile prod-process]\n")
    with pytest.raises(AwsxError, match=r"already \(~/.aws/config:11\)"):
        verb.twin(env, "prod", writes=True, is_sure=True)
    assert (home / ".aws" / "config").read_text() == f"{CONFIG}[profile prod-process]\n"


def test_nobody_to_ask_is_an_error_behind_the_diff(env, home, capfd):
    with pytest.raises(AwsxError, match="if you mean it: --yes"):
        verb.twin(env, "prod", writes=True)
    assert "+[profile prod-process]" in capfd.readouterr().err
    assert (home / ".aws" / "config").read_text() == CONFIG
