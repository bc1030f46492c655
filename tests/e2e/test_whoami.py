"""`awsx whoami`: what STS says of a profile's credentials, or of what this terminal uses."""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .home import PROD, log_in

CORE = [sys.executable, "-I", "-S", str(Path(__file__).parents[2] / "awsx" / "start.py")]


@pytest.fixture
def whoami(environment):
    """whoami(*WORDS, **VARIABLES): the finished process."""

    def run(*words, **variables):
        return subprocess.run(
            [*CORE, "whoami", *words],
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def test_a_profile_by_its_name(whoami, home, center):
    log_in(home, center)
    account = center.organisation.account(PROD).id
    ran = whoami("prod")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = dict(line.split(None, 1) for line in ran.stdout.splitlines())
    assert lines["profile"] == "prod"
    assert lines["account"] == account
    assert lines["arn"].startswith(f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_")
    assert re.fullmatch(r"\S+Z \(\d+[hm]\)", lines["until"])


def test_json_has_each_part(whoami, home, center):
    log_in(home, center)
    account = center.organisation.account(PROD).id
    (home / ".config" / "awsx").mkdir(parents=True)
    (home / ".config" / "awsx" / "config.toml").write_text(f'[accounts]\n{account} = "money"\n')
    found = json.loads(whoami("--json", AWS_PROFILE="prod").stdout)
    assert found.pop("arn").startswith("arn:aws:sts::")
    assert found.pop("expires_at").endswith("Z")
    assert found.pop("user_id") != ""
    assert found == {
        "profile": "prod",
        "account_id": account,
        "account_name": "money",
        "expected_account_id": account,
    }


def test_keys_in_the_environment_are_what_this_terminal_uses(whoami, home, center):
    user = center.organisation.user
    keys = {
        "AWS_ACCESS_KEY_ID": user.access_key_id,
        "AWS_SECRET_ACCESS_KEY": user.secret_access_key,
    }
    found = json.loads(whoami("--json", AWS_PROFILE="prod", **keys).stdout)
    assert (found["profile"], found["expires_at"]) == (None, None)
    assert ":user/" in found["arn"]


def test_another_account_than_the_profile_names_is_said(whoami, home, center):
    with (home / ".aws" / "credentials").open("a") as file:
        file.write("aws_account_id = 999999999999\n")  # of [ci]
    ran = whoami("ci")
    account = ran.stdout.partition("account  ")[2].split("\n")[0]
    assert ran.stderr == (
        "awsx: ci names account 999999999999, but these credentials are of account "
        + account
        + "\n"
    )


def test_an_ended_session_and_no_profile_are_one_line(whoami):
    ran = whoami("prod")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("awsx: not logged in to ")
    assert ran.stderr.count("\n") == 1


def test_denied_and_unreachable_are_one_line(whoami, home):
    keys = {"AWS_ACCESS_KEY_ID": "AKNOBODY", "AWS_SECRET_ACCESS_KEY": "x"}
    ran = whoami(**keys)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("awsx: AWS refuses these credentials (")
    ran = whoami(**keys, AWS_ENDPOINT_URL_STS="http://127.0.0.1:1")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("awsx: cannot reach AWS to ask who this is: ")
    assert ran.stderr.count("\n") == 1


def test_a_server_that_is_silent_is_given_up(whoami):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        began = time.monotonic()
        keys = {"AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "x"}
        ran = whoami(**keys, AWS_ENDPOINT_URL_STS=url)
        assert ran.returncode == 1
        assert ran.stderr.startswith("awsx: cannot reach AWS to ask who this is: ")
        assert time.monotonic() - began < 20  # a busy machine starts botocore for seconds


def test_all_asks_about_each_profile(whoami, home, center):
    log_in(home, center)
    ran = whoami("--all", "--json")
    found = {answer["profile"]: answer for answer in json.loads(ran.stdout)}
    assert ran.returncode == 1
    assert list(found) == ["prod", "dev", "legacy", "deploy", "no-access", "ci"]
    assert found["prod"]["account_id"] == center.organisation.account(PROD).id
    assert [name for name in found if found[name]["error"]] == ["legacy", "no-access"]
    assert found["legacy"]["error"].startswith("not logged in to ")
    ran = whoami("--all")
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["prod", "dev", "deploy", "ci"]
    assert "\nawsx: no-access: " in f"\n{ran.stderr}"


def test_all_and_a_name_exclude_each_other(whoami, home):
    ran = whoami("--all", "prod")
    assert (ran.returncode, ran.stderr[:40]) == (2, "awsx: --all asks about every profile; le")
