"""Credentials as text: each format with values that a careless writer would break."""

import json
import os
import shutil
import subprocess

import pytest

from awsx.credentials import written
from awsx.credentials.keys import Keys

# Nobody has seen such a key; a text that a shell evaluates shall not depend on that.
ODD = "a b'c\"d$HOME`id`\\n\\'e;f#g!h*~%&|<>(){}[]=:é\u2019x"
KEYS = Keys("AKIA", ODD, "token/+=", 1795000000, "111122223333")
STATIC = Keys("AKIA", "secret")
NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION")
VALUES = ["AKIA", ODD, "token/+=", "eu-west-1"]
EXPIRATION = "2026-11-18T11:06:40Z"


def text(form, keys=KEYS, region="eu-west-1", env=()):
    return written.text(form, keys, "prod", region, dict(env))


# For each shell: the format, and how it reads the file {0} and prints its environment.
SHELLS = {
    "sh": ("env", ["-c", ". {0}; env -0"]),
    "bash": ("env", ["-c", ". {0}; env -0"]),
    "zsh": ("env", ["-fc", ". {0}; env -0"]),
    "fish": ("fish", ["--no-config", "-c", "source {0}; env -0"]),
    "pwsh": ("powershell", ["-NoProfile", "-Command", ". {0}; env -0"]),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reads_the_values_as_they_are(shell, tmp_path):
    form, options = SHELLS[shell]
    if not shutil.which(shell):
        pytest.skip(f"no {shell}")
    file = tmp_path / "keys.ps1"
    file.write_text(text(form), encoding="utf-8")
    argv = [shell, *(option.format(file) for option in options)]
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(tmp_path)}
    ran = subprocess.run(argv, env=env, capture_output=True, check=True)
    seen = dict(line.split("=", 1) for line in ran.stdout.decode().split("\0") if "=" in line)
    assert [seen[name] for name in NAMES] == VALUES
    assert seen["AWS_CREDENTIAL_EXPIRATION"] == EXPIRATION


def test_a_dotenv_parser_reads_the_values_as_they_are(tmp_path):
    dotenv = pytest.importorskip("dotenv")
    file = tmp_path / ".env"
    file.write_text(text("dotenv"), encoding="utf-8")
    seen = dotenv.dotenv_values(file, interpolate=True)
    assert [seen[name] for name in NAMES] == VALUES


def test_dotenv_has_no_quotes_around_the_keys_of_aws():
    """Docker's --env-file would take quotes for a part of the value."""
    keys = Keys("AKIA", "abc/+XY", "IQo//e=", 1795000000)
    assert text("dotenv", keys) == (
        "AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=abc/+XY\nAWS_SESSION_TOKEN=IQo//e=\n"
        f"AWS_CREDENTIAL_EXPIRATION={EXPIRATION}\nAWS_REGION=eu-west-1\n"
        "AWS_DEFAULT_REGION=eu-west-1\n"
    )


def test_json_of_each_kind():
    parts = {
        "AccessKeyId": "AKIA",
        "SecretAccessKey": ODD,
        "SessionToken": "token/+=",
        "Expiration": EXPIRATION,
    }
    whose = {"AccountId": "111122223333", "Profile": "prod", "Region": "eu-west-1"}
    assert json.loads(text("json")) == {**parts, **whose}
    assert json.loads(text("sts")) == {"Credentials": parts}
    assert json.loads(text("process")) == {"Version": 1, **parts, "AccountId": "111122223333"}


def test_keys_without_an_end_are_told_without_one():
    pair = {"AccessKeyId": "AKIA", "SecretAccessKey": "secret"}
    assert json.loads(text("process", STATIC)) == {"Version": 1, **pair}
    assert json.loads(text("sts", STATIC)) == {"Credentials": pair}
    nothing = dict.fromkeys(("SessionToken", "Expiration", "AccountId", "Region"))
    assert json.loads(text("json", STATIC, "")) == {**pair, **nothing, "Profile": "prod"}


@pytest.mark.parametrize("form", ["process", "sts", "json"])
def test_json_is_one_line(form):
    assert text(form).count("\n") == 1


UNSET = [
    ({}, []),
    ({"AWS_PROFILE": "prod"}, []),
    ({"AWS_PROFILE": "dev"}, ["AWS_PROFILE"]),
    ({"AWS_DEFAULT_PROFILE": "dev"}, ["AWS_DEFAULT_PROFILE"]),
    ({"AWS_SESSION_TOKEN": "old"}, ["AWS_SESSION_TOKEN"]),
    ({"AWS_SECURITY_TOKEN": ""}, ["AWS_SECURITY_TOKEN"]),
]


@pytest.mark.parametrize(("env", "names"), UNSET, ids=str)
def test_what_would_stand_beside_the_keys_is_unset(env, names):
    assert text("env", STATIC, "", env).splitlines()[2:] == [f"unset {name}" for name in names]


def test_a_token_of_these_keys_is_not_unset():
    assert "unset" not in text("env", env={"AWS_SESSION_TOKEN": "old"})
