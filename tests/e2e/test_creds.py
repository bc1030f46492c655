"""`awsx creds` for each kind of profile, beside the real AWS CLI v2 and botocore."""

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import botocore.session
import pytest

from . import awscli
from .home import log_in, opened

ROOT = Path(__file__).parents[2]
CORE = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]


@pytest.fixture
def profiles(home, center):
    """Profiles of the kinds that the home does not have."""
    deploy = center.organisation.account("payments-dev").role_arn("Deploy")
    (home / "token").write_text(center.organisation.web_identity_token)
    answer = json.dumps({"Version": 1, "AccessKeyId": "AKPROC", "SecretAccessKey": "s"})
    process = f"sh -c {shlex.quote(f'echo {shlex.quote(answer)}')}"
    core = shlex.join(CORE)
    with (home / ".aws" / "config").open("a") as config:
        config.write(f"""
[profile web]
role_arn = {deploy}
web_identity_token_file = {home / "token"}
region = eu-west-1
[profile proc]
credential_process = {process}
[profile from-env]
role_arn = {deploy}
role_session_name = from-env
credential_source = Environment
region = eu-west-1
[profile over-keys]
role_arn = {deploy}
role_session_name = over-keys
source_profile = ci
region = eu-west-1
[profile chained]
role_arn = {deploy}
role_session_name = chained
source_profile = deploy
region = eu-west-1
[profile by-awsx]
credential_process = {core} creds prod --format process
region = eu-west-1
[profile loop]
credential_process = {core} creds loop --format process
[profile empty]
region = eu-west-1
""")


@pytest.fixture
def creds(environment, profiles):
    def creds(*argv, check=True, **variables):
        ran = subprocess.run(
            [*CORE, "creds", *argv],
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if check:
            assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
        return ran

    return creds


def whose(environment, found):
    """The ARN that AWS tells for credentials, asked by botocore."""
    variables = {"region_name": "eu-west-1", "endpoint_url": environment["AWS_ENDPOINT_URL"]}
    client = botocore.session.Session().create_client(
        "sts",
        **variables,
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found.get("SessionToken"),
    )
    return client.get_caller_identity()["Arn"]


KINDS = {
    "prod": "AWSReservedSSO_AdministratorAccess_",
    "legacy": "AWSReservedSSO_AdministratorAccess_",
    "deploy": ":assumed-role/Deploy/",
    "chained": ":assumed-role/Deploy/chained",
    "over-keys": ":assumed-role/Deploy/over-keys",
    "web": ":assumed-role/Deploy/",
    "ci": ":user/",
    "by-awsx": "AWSReservedSSO_AdministratorAccess_",
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_profile_gives_keys_that_aws_takes(name, creds, environment, home, center):
    log_in(home, center, legacy=name == "legacy")
    # Keys of somebody else in the environment do not beat the profile that is named.
    other = {"AWS_ACCESS_KEY_ID": "AKOTHER", "AWS_SECRET_ACCESS_KEY": "x"}
    found = json.loads(creds(name, "--format", "process", **other).stdout)
    assert found.pop("Version") == 1
    assert KINDS[name] in whose(environment, found)
    assert ("Expiration" in found) == (name != "ci")


def test_a_process_and_the_keys_of_the_environment(creds, environment, center):
    assert json.loads(creds("proc", "--format", "json").stdout)["AccessKeyId"] == "AKPROC"
    user = center.organisation.user
    keys = {
        "AWS_ACCESS_KEY_ID": user.access_key_id,
        "AWS_SECRET_ACCESS_KEY": user.secret_access_key,
    }
    found = json.loads(creds("from-env", "--format", "process", **keys).stdout)
    assert ":assumed-role/Deploy/from-env" in whose(environment, found)


@pytest.fixture
def exec_creds(environment, profiles):
    """What `awsx exec --creds NAME` lets a command see in its environment."""

    def exec_creds(*argv, **variables):
        ran = subprocess.run(
            [*CORE, "exec", "--creds", *argv, "--", "env", "-0"],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        return dict(line.split("=", 1) for line in ran.stdout.split("\0") if line)

    return exec_creds


def test_exec_gives_keys_and_no_profile(exec_creds, creds, home, center):
    log_in(home, center)
    given = json.loads(creds("dev", "--format", "json").stdout)
    other = {"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "x", "AWS_ROLE_ARN": "x"}
    seen = exec_creds("dev", **other)
    assert not {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN"} & seen.keys()
    assert {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
        "AWS_CREDENTIAL_EXPIRATION": given["Expiration"],
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items() <= seen.items()


def test_exec_with_static_keys_leaves_no_token_of_others(exec_creds, center):
    seen = exec_creds("ci", AWS_SESSION_TOKEN="x", AWS_CREDENTIAL_EXPIRATION="2020-01-01T00:00:00Z")
    assert seen["AWS_ACCESS_KEY_ID"] == center.organisation.user.access_key_id
    assert not {"AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"} & seen.keys()


def test_exec_with_keys_keeps_the_region_that_was_asked_for(exec_creds, home, center):
    log_in(home, center)
    regions = ("AWS_REGION", "AWS_DEFAULT_REGION")
    asked = exec_creds("dev", "-r", "us-east-1")
    assert [asked[name] for name in regions] == ["us-east-1"] * 2
    by_hand = exec_creds("dev", AWS_REGION="us-east-2")
    assert by_hand["AWS_REGION"] == "us-east-2"


def cached(home):
    return sorted((home / ".aws" / "cli" / "cache").glob("*.json"))


@pytest.mark.parametrize("name", ["prod", "deploy"])
def test_the_cli_takes_what_awsx_keeps(name, creds, env, home, center):
    log_in(home, center)
    found = json.loads(creds(name, "--format", "process").stdout)
    assert {path.stat().st_mode & 0o777 for path in cached(home)} == {0o600}
    files = cached(home)
    asked = len(center.log.operations())
    exported = awscli.run(
        env, "configure", "export-credentials", "--profile", name, "--format", "process"
    )
    assert json.loads(exported.stdout)["SessionToken"] == found["SessionToken"]
    assert cached(home) == files
    assert len(center.log.operations()) == asked


@pytest.mark.parametrize("name", ["prod", "deploy"])
def test_awsx_takes_what_the_cli_keeps(name, creds, env, home, center):
    log_in(home, center)
    identity = awscli.run(env, "sts", "get-caller-identity", "--profile", name)
    assert identity.returncode == 0, identity.stderr
    files, asked = cached(home), len(center.log.operations())
    found = json.loads(creds(name, "--format", "process").stdout)
    assert found["AccessKeyId"] in "".join(path.read_text() for path in files)
    assert len(center.log.operations()) == asked


def test_the_moment_to_renew_and_the_duration(creds, home, center):
    log_in(home, center)
    first = creds("deploy", "--format", "sts").stdout
    assert creds("deploy", "--format", "sts").stdout == first
    assert creds("deploy", "--format", "sts", "--expires-within", "3590").stdout == first
    newer = creds("deploy", "--format", "sts", "--expires-within", "7200").stdout
    assert newer != first
    short = json.loads(creds("deploy", "--format", "sts", "--duration", "1800").stdout)
    ends = time.mktime(time.strptime(short["Credentials"]["Expiration"], "%Y-%m-%dT%H:%M:%SZ"))
    assert 1700 < ends - time.timezone - time.time() <= 1800


def test_the_profile_of_the_terminal_is_meant_without_a_name(creds, home, center):
    log_in(home, center)
    found = json.loads(creds("--format", "json", AWS_PROFILE="dev").stdout)
    assert (found["Profile"], found["Region"]) == ("dev", "eu-central-1")
    refused = creds(check=False)
    assert (refused.returncode, refused.stdout) == (2, "")


REFUSALS = {
    "prod": "awsx: not logged in to corp, and there is no terminal to log in from;"
    " run: awsx login prod",
    "loop": "the credential_process of profile loop leads back to this profile; break the loop",
    "empty": "awsx: profile empty gives no credentials",
    "nosuch": "awsx: no profile nosuch; ",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_where_only_a_person_can_help_it_is_one_line_and_1(name, creds, environment):
    ran = creds(name, "--format", "process", check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert REFUSALS[name] in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert opened(environment) == []


def test_a_session_that_has_ended_is_renewed_once_for_all_callers(creds, environment, home, center):
    log_in(home, center)
    token = next((home / ".aws" / "sso" / "cache").glob("*.json"))
    content = json.loads(token.read_text())
    token.write_text(json.dumps({**content, "expiresAt": "2020-01-01T00:00:00Z"}))
    argv = [*CORE, "creds", "prod", "--format", "process"]
    running = [
        subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for _ in range(8)
    ]
    outs = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 8
    assert len(outs) == 1
    operations = center.log.operations()
    assert operations.count("CreateToken") == 1
    assert operations.count("GetRoleCredentials") == 1


def test_a_session_that_aws_has_ended_is_told(creds, home, center):
    log_in(home, center)
    center.revoke_sessions()
    ran = creds("prod", check=False)
    assert ran.stderr == (
        "awsx: AWS no longer accepts the session corp; run: awsx login prod --force\n"
    )
