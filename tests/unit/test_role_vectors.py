"""Roles and their sources: awsx beside the vectors of the AWS SDKs, and beside botocore itself.

The vectors come from smithy-rs. They are not part of this repository; without them these tests are
skipped. No request leaves the process: each is noted, and answered with made-up keys.
"""

import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.credentials import SSOProvider
from botocore.exceptions import BotoCoreError
from botocore.utils import InstanceMetadataFetcher

from awsx.credentials import valid
from awsx.facts import Facts
from awsx.files import tokens
from awsx.term import AwsxError

FILE = Path(__file__).parents[3] / "shared" / "vectors" / "smithy-rs-assume-role-tests.json"
if FILE.exists():
    VECTORS = [
        pytest.param(vector, id=f"{number}: {vector['docs']}")
        for number, vector in enumerate(json.loads(FILE.read_text(encoding="utf-8")))
    ]
else:
    missing = pytest.mark.skip(reason=f"no {FILE}: the vectors are not part of awsx")
    VECTORS = [pytest.param(None, marks=missing)]

NO_KEYS = "no keys"
# Where botocore, and so awsx, does not do what a vector says, and why.
DIFFERENT = {
    # smithy-rs gives the token of the session. It signs no request, and so botocore sees a profile
    # without credentials in it.
    "SSO token profile selected": NO_KEYS,
}


class Noted:
    """The requests of one attempt, as steps of a vector, and with which keys they were signed."""

    def __init__(self):
        self.steps, self.signed_by = [], []

    def call(self, client, operation, given):
        signer = client._request_signer._credentials
        self.signed_by.append(signer.access_key if signer else "")
        self.steps.append(step(operation, given))
        key = f"ASIA{len(self.steps)}"
        if operation == "GetRoleCredentials":
            ends = int(time.time() + 3600) * 1000
            names = {"accessKeyId": key, "secretAccessKey": "s", "sessionToken": "t"}
            return {"roleCredentials": {**names, "expiration": ends}}
        ends = datetime.now(timezone.utc) + timedelta(hours=1)
        names = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t"}
        role = {"AssumedRoleId": "AROA:x", "Arn": "arn:aws:sts::123456789012:assumed-role/r/x"}
        return {"Credentials": {**names, "Expiration": ends}, "AssumedRoleUser": role}


def step(operation, given):
    """A request as the vectors write it; a session name that botocore made up is left out."""
    if operation == "GetRoleCredentials":
        return {"Sso": {"sso_account_id": given["accountId"], "sso_role_name": given["roleName"]}}
    name = given.get("RoleSessionName", "")
    found = {"role_arn": given["RoleArn"], "external_id": given.get("ExternalId")}
    found["role_session_name"] = None if name.startswith("botocore-session-") else name
    kind = "WebIdentityToken" if operation == "AssumeRoleWithWebIdentity" else "AssumeRole"
    return {kind: {key: value for key, value in found.items() if value}}


def wanted(vector):
    """The requests that a vector wants, and the key that signs the first; NO_KEYS for an error."""
    chain = vector["output"].get("ProfileChain")
    if chain is None:
        return NO_KEYS
    first = ""
    steps = []
    for link in chain:
        ((kind, content),) = link.items()
        if kind == "AccessKey":
            first = content["access_key_id"]
        elif kind == "NamedSource":
            first = "INSTANCE"
        else:
            kept = ("role_arn", "external_id", "role_session_name")
            kept += ("sso_account_id", "sso_role_name")
            steps.append({kind: {key: content[key] for key in kept if key in content}})
    return steps, first


@pytest.fixture
def noted(home, monkeypatch):
    """Let all requests of botocore be noted."""
    found = Noted()
    monkeypatch.setattr(BaseClient, "_make_api_call", lambda *given: found.call(*given))
    folder = str(home / ".aws" / "sso" / "cache")  # botocore looks up HOME when it is imported
    monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", folder)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    return found


def let_instance_give_keys(monkeypatch):
    """Let the metadata of EC2 answer, where the vector names them: each chain ends with them."""
    keys = {"role_name": "r", "access_key": "INSTANCE", "secret_key": "s", "token": "t"}
    found = {**keys, "expiry_time": "2099-01-01T00:00:00Z"}
    monkeypatch.setattr(InstanceMetadataFetcher, "retrieve_iam_role_credentials", lambda _: found)
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)


def write(home, vector):
    """Write the vector's profiles, and a login to each session."""
    lines = []
    given = vector["input"]
    for kind, sections in (("profile", "profiles"), ("sso-session", "sso_sessions")):
        for name, keys in given.get(sections, {}).items():
            lines += [f"[{kind} {name}]", *(f"{key} = {value}" for key, value in keys.items())]
    (home / "token.jwt").write_text("token")
    text = "\n".join([*lines, ""]).replace("/var/token.jwt", str(home / "token.jwt"))
    (home / ".aws" / "config").write_text(text)
    for key in ("https://foo.bar", *given.get("sso_sessions", ())):
        file = home / ".aws" / "sso" / "cache" / f"{tokens.sha1_hex(key)}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        token = {"accessToken": "t", "expiresAt": "2099-01-01T00:00:00Z"}
        file.write_text(json.dumps({**token, "startUrl": "https://foo.bar", "region": "us-east-7"}))
    return given["selected_profile"]


def of_awsx(home, name):
    env = {"HOME": str(home), "AWS_DEFAULT_REGION": "eu-west-1"}
    facts = Facts(env)
    return valid.keys(facts, facts.target(name)).access_key


def of_botocore(_, name):
    found = botocore.session.Session(profile=name).get_credentials()
    return found.get_frozen_credentials().access_key if found else None


@pytest.mark.parametrize("give", [of_awsx, of_botocore], ids=["awsx", "botocore"])
@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector(vector, give, home, noted, monkeypatch):
    name = write(home, vector)
    if "Ec2InstanceMetadata" in str(vector):
        let_instance_give_keys(monkeypatch)
    try:
        given = give(home, name)
    except (AwsxError, BotoCoreError):
        given = None
    expected = DIFFERENT.get(vector["docs"]) or wanted(vector)
    if expected == NO_KEYS:
        assert given is None
        return
    steps, first = expected
    assert noted.steps == steps
    assert given == (f"ASIA{len(steps)}" if steps else first)
    # Each request is signed with what the one before gave.
    keys = [first, *(f"ASIA{n + 1}" for n in range(len(steps) - 1))]
    assert noted.signed_by == (keys if first else ["", *keys[1:]])


@pytest.mark.parametrize("vector", VECTORS)
def test_what_awsx_says_of_a_vector_names_the_place(vector, home):
    """An error is one line with file and line; where it is about a source, with the profile."""
    name = write(home, vector)
    if "Error" not in vector["output"] or not vector["input"]["profiles"]:
        return
    with pytest.raises(AwsxError) as refused:
        of_awsx(home, name)
    text = str(refused.value)
    assert "\n" not in text
    assert "~/.aws/config:" in text or "profile A gives no credentials" in text
