"""`awsx serve` and `awsx exec --serve`: real SDKs ask the server, and what they may outlive."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from .at_terminal import AWSX, AtTerminal
from .home import log_in

# boto3 as a program of its own: it asks twice, and tells which role it was, from which provider.
BOTO3 = """
import boto3
session = boto3.Session()
print(session.get_credentials().method, session.client("sts").get_caller_identity()["Arn"])
"""
PROVIDER = "container-role"


@pytest.fixture
def execute(environment):
    def execute(*command, name="prod", **variables):
        argv = [*AWSX, "exec", name, "--serve", "--", *command]
        env = {**environment, **variables}
        return subprocess.run(argv, env=env, capture_output=True, text=True, check=False)

    return execute


def test_boto3_asks_the_server(execute, home, center):
    log_in(home, center)
    ran = execute(sys.executable, "-c", BOTO3)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"{PROVIDER} arn:aws:sts::")
    assert "AWSReservedSSO_AdministratorAccess" in ran.stdout


def test_the_aws_cli_asks_the_server_though_default_has_keys(env, home, center):
    """[default] comes before a container: without care the command would use other keys."""
    log_in(home, center)
    user = center.organisation.user
    with (home / ".aws" / "credentials").open("a") as credentials:
        credentials.write(
            f"[default]\naws_access_key_id = {user.access_key_id}\n"
            f"aws_secret_access_key = {user.secret_access_key}\n"
        )
    aws = ["aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"]
    ran = subprocess.run(
        [*AWSX, "exec", "--serve", "dev", "--", *aws],
        env={**env, "AWS_PROFILE": "prod", "AWS_ACCESS_KEY_ID": "AKOTHER"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert center.organisation.account("payments-dev").id in ran.stdout
    assert "AWSReservedSSO_AdministratorAccess" in ran.stdout


def test_the_environment_of_the_command(execute, home, center, environment):
    log_in(home, center)
    rivals = {"AWS_PROFILE": "dev", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ROLE_ARN": "y"}
    ran = execute("env", **rivals)
    child = dict(line.split("=", 1) for line in ran.stdout.splitlines())
    assert not set(child) & set(rivals)
    added = {name: child[name] for name in set(child) - set(environment)}
    token = added.pop("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    uri = added.pop("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/prod", uri)
    assert len(token) >= 40
    assert added == {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
    assert execute("printenv", "AWS_CONTAINER_AUTHORIZATION_TOKEN").stdout != token
    with pytest.raises(urllib.error.URLError):  # the server ended with its command
        urllib.request.urlopen(uri, timeout=5)


ODD = ["", "a b", "'", "$HOME", "--", "-r", "\n"]


def test_argv_exit_code_and_stdin_are_the_command_s_own(environment, home, center):
    log_in(home, center)
    program = "import json, sys; print(json.dumps([sys.argv[1:], sys.stdin.read()])); sys.exit(7)"
    ran = subprocess.run(
        [*AWSX, "exec", "prod", "--serve", "--", sys.executable, "-c", program, *ODD],
        env=environment, input="in", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, json.loads(ran.stdout)) == (7, [ODD, "in"])
    ran = subprocess.run(
        [*AWSX, "exec", "prod", "--serve", "--", "no-such-program"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 127


def test_the_command_is_this_process_and_has_no_children(execute, home, center):
    """A signal reaches it as without awsx, and it does not wait for what it has not started."""
    log_in(home, center)
    program = (
        "import os, signal\n"
        "try: os.waitpid(-1, os.WNOHANG)\n"
        "except ChildProcessError: print('none', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGTERM)"
    )
    ran = execute(sys.executable, "-c", program)
    assert (ran.returncode, ran.stdout) == (-signal.SIGTERM, "none\n")


LONG = """
import boto3, sys, time
session = boto3.Session()
credentials = session.get_credentials()
seen = set()
until = time.monotonic() + 40
while len(seen) < 3 and time.monotonic() < until:
    seen.add(credentials.get_frozen_credentials().access_key)
    print(session.client("sts").get_caller_identity()["Arn"], flush=True)
    time.sleep(0.2)
print(len(seen))
"""


def test_a_command_goes_on_past_the_end_of_keys_and_tokens(execute, home, center):
    """Keys and access tokens that last a second or two: the session is renewed meanwhile."""
    center.behaviour.role_credentials_lifetime = 2
    center.behaviour.access_token_lifetime = 2
    log_in(home, center)
    ran = execute(sys.executable, "-c", LONG)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "3"
    assert center.log.count("CreateToken", "refresh_token") > 0


def test_a_session_that_only_a_person_can_renew_is_told_once(execute, home, center, environment):
    center.behaviour.refresh_tokens = False
    center.behaviour.role_credentials_lifetime = 1
    log_in(home, center)
    program = (
        "import os, time, urllib.error, urllib.request\n"
        "request = urllib.request.Request(os.environ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],\n"
        "  headers={'Authorization': os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN']})\n"
        "open(os.environ['TMPDIR'] + '/ready', 'w').close()\n"
        "until = time.monotonic() + 30\n"
        "while time.monotonic() < until:\n"
        "  try: urllib.request.urlopen(request).read()\n"
        "  except urllib.error.HTTPError as error:\n"
        "    print(error.read().decode()); break\n"
        "  time.sleep(0.1)\n"
    )
    argv = [*AWSX, "exec", "prod", "--serve", "--", sys.executable, "-c", program]
    running = subprocess.Popen(
        argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(Path(environment["TMPDIR"], "ready").exists)
    next((home / ".aws" / "sso" / "cache").glob("*.json")).unlink()
    out, err = running.communicate(timeout=60)
    assert "not logged in to corp" in json.loads(out)["message"]
    assert err.count("run: awsx login prod") == 1


def wait_for(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_serve_prints_what_a_terminal_needs_and_ends_by_ctrl_c(env, home, center):
    log_in(home, center)
    with AtTerminal(["serve", "prod", "dev"], env, columns=200) as awsx:
        awsx.wait_for("until Ctrl-C")
        shown = awsx.shown
        blocks = re.split(r"^# .*\n", shown, flags=re.MULTILINE)[1:]
        assert len(blocks) == 2
        for block, account in zip(blocks, ("payments-prod", "payments-dev")):
            lines = "\n".join(block.split("awsx: ")[0].splitlines())
            aws = "aws sts get-caller-identity --query Arn --output text"
            ran = subprocess.run(
                ["/bin/sh", "-c", f"{lines}\n{aws}"], env={**env, "AWS_PROFILE": "legacy"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert center.organisation.account(account).id in ran.stdout, ran.stderr
        token = re.search(r"TOKEN='([^']+)'", shown)[1]
        found = Path(f"/proc/{awsx.pid}/cmdline").read_bytes()
        assert token.encode() not in found + Path(f"/proc/{awsx.pid}/environ").read_bytes()
        awsx.press_ctrl_c()
        assert awsx.end() == 130


PLAIN_CLIENT = """
import os, urllib.request
url = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
token = os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
request = urllib.request.Request(url, headers={"Authorization": token})
print(urllib.request.urlopen(request).read().decode())
"""


def test_the_answer_has_the_fields_of_a_container_and_the_server_logs_nothing(
    execute, home, center
):
    log_in(home, center)
    ran = execute(sys.executable, "-c", PLAIN_CLIENT)
    assert set(json.loads(ran.stdout)) == {
        "AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId",
    }  # fmt: skip
    assert ran.stderr == ""
