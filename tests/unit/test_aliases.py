"""Which aliases of the AWS CLI are no reason to log in first."""

import pytest

from awsx.files import aliases

ALIASES = {
    "sso login": True,
    "sso login --profile prod": True,
    "--region eu-west-1 sso login": True,
    "--region=eu-west-1 --no-cli-pager 'sso' login": True,
    "\n  sso\n  login": True,
    "configure list": True,
    "login": True,
    "other": True,
    "loop": False,
    "sts get-caller-identity": False,
    "s3 ls s3://sso login": False,
    "ec2 describe-instances --query 'sso login'": False,
    "!aws sso login --profile prod": True,
    '!f() { aws sso login --profile "$1"; aws s3 ls; }; f': True,
    "!f() { (aws login) }; f": True,
    "!aws s3 ls": False,
    "!echo sso-login": False,
    "!": False,
    "": False,
    "'": False,
}


def written(home, text):
    folder = home / ".aws" / "cli"
    folder.mkdir(exist_ok=True)
    (folder / "alias").write_text(text)
    return {"HOME": str(home)}


@pytest.mark.parametrize(("value", "expected"), ALIASES.items(), ids=ALIASES)
def test_an_alias_is_followed_to_its_command(value, expected, home):
    env = written(
        home,
        f"[toplevel]\nother = first\nfirst=sso login\nloop = pool\npool = loop\nmine = {value}\n",
    )
    assert aliases.needs_no_login(env, "mine") is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[other]\nmine = sso login\n",
        "[command mine]\nlogin = sso login\n",
        "mine = sso login\n",
        "[toplevel\nmine = sso login\n",
        "[toplevel]\nmine = mine\n",
    ],
)
def test_without_such_an_alias_the_command_is_its_own(text, home):
    assert not aliases.needs_no_login(written(home, text), "mine")


def test_an_alias_may_change_a_command_of_the_same_name(home):
    env = written(home, "[toplevel]\ns3 = s3 --no-sign-request\n")
    assert not aliases.needs_no_login(env, "s3")


def test_a_file_that_cannot_be_read_has_no_aliases(home):
    (home / ".aws" / "cli" / "alias").mkdir(parents=True)
    assert not aliases.needs_no_login({"HOME": str(home)}, "mine")
