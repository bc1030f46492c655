"""The real AWS CLI v2 and boto3 use the identity and the region that `awsx current` shows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from awsx.demo import IdentityCenter
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, json_response
from awsx.demo.center.signature import credential_scope
from awsx.files.profiles import Config
from awsx.truth import credentials, tools

from .at_terminal import AWSX
from .home import DEV, PROD, ROLE, log_in

pytestmark = pytest.mark.awscli

BOTO3 = """
import boto3, json
session = boto3.Session()
sts = session.client("sts", region_name=session.region_name or "us-east-1")
print(json.dumps([sts.get_caller_identity()["Arn"], session.region_name]))
"""
AWS = ["/usr/bin/env", "aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"]
ELSEWHERE = "payments-staging"  # where the web identity of the environment leads
POD = "checkout-prod"
SOURCES = ("sso-keys", "process-keys", "sso-process", "sso+file", "process+file")


class Center(IdentityCenter):
    """Also answers as a container does.

    It keeps the region in which each tool asks who it is, and the keys that assume a role.
    """

    def __init__(self) -> None:
        super().__init__()
        self.container: dict[str, str] = {}
        self.regions: dict[str, str] = {}
        self.assumed_with: list[str] = []

    def handle(self, request: Request) -> Response:
        if request.path == "/container":
            return json_response(self.container)
        scope = credential_scope(request)
        if scope and request.form.get("Action") == "GetCallerIdentity":
            self.regions[request.headers["user-agent"].partition("/")[0]] = scope[2]
        if scope and request.form.get("Action") == "AssumeRole":
            self.assumed_with.append(scope[0])
        return super().handle(request)

    def keys(self, session: str) -> dict[str, str]:
        """Keys whose ARN ends with the name of a session."""
        import boto3

        user = self.organisation.user
        keys = {
            "aws_access_key_id": user.access_key_id,
            "aws_secret_access_key": user.secret_access_key,
        }
        sts = boto3.client("sts", endpoint_url=self.url, region_name="us-east-1", **keys)
        role = self.organisation.account(PROD).role_arn("Deploy")
        found = sts.assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        return {name: found[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}


@pytest.fixture(scope="module")
def center() -> Iterator[Center]:
    with Center() as center:
        center.container = {
            **center.keys("in-the-container"),
            "Token": "",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        center.container["Token"] = center.container.pop("SessionToken")
        yield center


@pytest.fixture(scope="module")
def issued(center: Center) -> dict[str, dict[str, str]]:
    return {session: center.keys(session) for session in ("in-the-file", "by-the-process")}


@pytest.fixture
def env(
    env: dict[str, str], home: Path, center: Center, issued: dict[str, dict[str, str]]
) -> dict[str, str]:
    """A person is logged in and has every kind of profile, and profiles with two kinds in one."""
    log_in(home, center)
    (home / "token").write_text(center.organisation.web_identity_token)
    process = home / "process"
    process.write_text(
        f"#!/bin/sh\ncat <<'.'\n{json.dumps({'Version': 1, **issued['by-the-process']})}\n.\n"
    )
    process.chmod(0o700)
    keys = issued["in-the-file"]
    static = (
        "aws_access_key_id = {AccessKeyId}\naws_secret_access_key = {SecretAccessKey}\n"
        "aws_session_token = {SessionToken}\n"
    ).format(**keys)
    account = center.organisation.account(PROD).id
    sso = f"sso_session = corp\nsso_account_id = {account}\nsso_role_name = {ROLE}\n"
    half = f"role_arn = {center.organisation.account(POD).role_arn('Deploy')}\n"
    pod = f"{half}web_identity_token_file = {home}/token\n"
    run = f"credential_process = {process}\n"
    more = {
        "static": static,
        "vault": run,
        "pod": pod,
        "bare": "region = eu-west-3\n",
        "sso-keys": sso + static,
        "sso-process": sso + run,
        "process-keys": run + static,
        "sso+file": sso,
        "process+file": run,
        "role-process": f"{half}source_profile = prod\n{run}",
        "half": half,
        "'my prod'": sso,
    }
    for source in SOURCES:
        more[f"over-{source}"] = f"{half}source_profile = {source}\n"
    with (home / ".aws" / "config").open("a") as config:
        config.writelines(
            f"[profile {name}]\n{text}region = eu-west-2\n"
            for name, text in more.items()
            if name != "bare"
        )
        config.write(f"[profile bare]\n{more['bare']}")
    (home / ".aws" / "with-default").write_text(
        (home / ".aws" / "config").read_text() + f"[default]\n{sso}"
    )
    with (home / ".aws" / "credentials").open("a") as credentials:
        credentials.write(f"[sso+file]\n{static}[process+file]\n{static}")
    return env


@pytest.fixture
def arn(center: Center) -> Callable[[dict[str, Any]], str]:
    """arn(what awsx says of a tool): a part of the ARN that no other identity has."""
    organisation = center.organisation

    def role(account: str, name: str) -> str:
        return f":{organisation.account(account).id}:assumed-role/{name}"

    permission_set = f"AWSReservedSSO_{ROLE}_"
    by_name = {
        "dev": role(DEV, permission_set),
        "deploy": role(DEV, "Deploy/"),
        "pod": role(POD, "Deploy/"),
    }
    by_name["role-process"] = by_name["pod"]
    by_kind = {
        "sso": role(PROD, permission_set),
        "keys": "/in-the-file",
        "process": "/by-the-process",
    }
    others = {
        "keys": organisation.user.arn,
        "web-identity": role(ELSEWHERE, "Deploy/"),
        "container": "/in-the-container",
    }

    def arn(seen: dict[str, Any]) -> str:
        if seen["identity"] != "profile":
            return others[seen["identity"]]
        return by_name.get(seen["profile"]) or by_kind[seen["credentials"]]

    return arn


def variables(center: Center, home: Path, words: str) -> dict[str, str]:
    """`prod DP=dev keys` -> the variables that these words stand for."""
    user, organisation = center.organisation.user, center.organisation
    known = {
        "keys": {
            "AWS_ACCESS_KEY_ID": user.access_key_id,
            "AWS_SECRET_ACCESS_KEY": user.secret_access_key,
        },
        "half": {"AWS_ACCESS_KEY_ID": user.access_key_id},
        "token": {"AWS_WEB_IDENTITY_TOKEN_FILE": f"{home}/token"},
        "no-token": {"AWS_WEB_IDENTITY_TOKEN_FILE": ""},
        "role": {"AWS_ROLE_ARN": organisation.account(ELSEWHERE).role_arn("Deploy")},
        "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{center.url}/container"},
        "default": {"AWS_CONFIG_FILE": f"{home}/.aws/with-default"},
    }
    short = {
        "P": "AWS_PROFILE",
        "DP": "AWS_DEFAULT_PROFILE",
        "R": "AWS_REGION",
        "DR": "AWS_DEFAULT_REGION",
    }
    found: dict[str, str] = {}
    for word in words.split():
        name, equals, value = word.partition("=")
        found |= {short[name]: value.replace("_", " ")} if equals else known[word]
    return found


KINDS = {"in-the-file": "keys", "by-the-process": "process"}
ROWS = [
    "P=prod",
    "DP=dev",
    "P=prod DP=dev",
    "P=prod DP=nope",
    "P= DP=dev",
    "P=nope keys",
    "default R=us-east-1",
    "R=us-east-1 DR=us-east-1",
    "P=prod keys",
    "keys R=us-east-1",
    "P=prod half",
    "P=prod token role",
    "P=deploy token role",
    "P=prod token",
    "P=pod role",
    "P=pod no-token",
    "P=bare",
    "P=bare container",
    "P=prod R=us-east-1",
    "P=prod DR=us-east-2",
    "P=prod R=us-east-1 DR=us-east-2",
    "P=prod R=",
    "P=sso-keys",
    "P=process-keys",
    "P=sso+file",
    "P=process+file",
    "P=half",
    "P=role-process",
    "P=my_prod",
]


@pytest.mark.parametrize("row", ROWS)
def test_the_tools_use_what_current_says(
    row: str, env: dict[str, str], center: Center, home: Path, arn: Callable[[dict[str, Any]], str]
) -> None:
    env |= variables(center, home, row)
    center.regions.clear()
    tools = {
        "aws": subprocess.Popen(AWS, env=env, stdin=-3, stdout=-1, stderr=-1, text=True),
        "boto3": subprocess.Popen(
            [sys.executable, "-c", BOTO3], env=env, stdin=-3, stdout=-1, stderr=-1, text=True
        ),
    }
    said = told(env)
    for name, process in tools.items():
        out, err = process.communicate(timeout=60)
        seen = said[name]
        assert (process.returncode == 0) is (seen["identity"] != "none"), (seen, out, err)
        if seen["identity"] == "none":
            assert is_cause(seen, err), (seen, err)
        elif name == "aws":
            assert arn(seen) in out
            assert center.regions["aws-cli"] == (seen["region"] or "")
        else:
            used, region = json.loads(out)
            assert arn(seen) in used
            assert (region or "") == (seen["region"] or "")


@pytest.mark.parametrize("source", SOURCES)
def test_the_tools_assume_a_role_with_the_credentials_that_awsx_says(
    source: str, env: dict[str, str], center: Center, issued: dict[str, dict[str, str]]
) -> None:
    env["AWS_PROFILE"] = f"over-{source}"
    keys = {issued[session]["AccessKeyId"]: kind for session, kind in KINDS.items()}
    profile = Config(env).profile(source)
    assert profile
    for tool, command in (("aws", AWS), ("boto3", [sys.executable, "-c", BOTO3])):
        center.assumed_with.clear()
        subprocess.run(command, env=env, capture_output=True, check=True, timeout=60)
        row = next(row for row in tools.TOOLS if row.name == tool)
        assert [keys.get(key, "sso") for key in center.assumed_with] == [
            credentials.inside(row, profile, is_source=True)
        ]


def told(env: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What each tool uses, as `awsx current` says; if that is an error, as the code says."""
    done = subprocess.run(
        [*AWSX, "current", "--json"], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        found: dict[str, dict[str, Any]] = json.loads(done.stdout)["seen_by"]
        return found
    assert done.stderr.startswith("awsx: ")
    assert done.stderr.count("\n") == 1
    seen = {tool.name: credentials.seen(tool, env, Config(env)).as_json() for tool in tools.TOOLS}
    assert seen["aws"]["identity"] == "none"
    return {name: dict(one) for name, one in seen.items()}


def is_cause(seen: dict[str, Any], err: str) -> bool:
    """True if a tool's own words name the same cause."""
    if seen["credentials"] == "none":
        return "Unable to locate credentials" in err
    if seen["credentials_source"].startswith("~/.aws/config:"):
        return "missing: source_profile or credential_source" in err
    causes = {
        seen["profile_source"]: f"The config profile ({seen['profile'] or ''}) could not be found",
        "AWS_ACCESS_KEY_ID": "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "has no role ARN configured",
    }
    return causes[seen["credentials_source"]] in err
