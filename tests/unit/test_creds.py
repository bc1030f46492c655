"""`awsx creds`: what it says beside the keys, and which STS it asks for how long."""

import json
import posix
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from awsx.argv import parse
from awsx.commands import creds
from awsx.files import tokens
from awsx.term import AwsxError

ROLE = "arn:aws:iam::111122223333:role/Deploy"
CONFIG = f"""\
[profile ci]
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile proc]
credential_process = echo '{{"Version":1,"AccessKeyId":"AKPROC","SecretAccessKey":"s"}}'
[profile deploy]
role_arn = {ROLE}
source_profile = ci
region = eu-west-1
duration_seconds = 1800
[profile us]
role_arn = {ROLE}
source_profile = ci
region = us-east-1
[profile old]
role_arn = {ROLE}
source_profile = ci
region = us-east-1
sts_regional_endpoints = legacy
[profile nowhere]
role_arn = {ROLE}
source_profile = ci
"""


class Body:
    """What botocore reads an answer from."""

    def __init__(self, text):
        self.text = text

    def stream(self, **_):
        yield self.text.encode()


@pytest.fixture
def env(home, monkeypatch):
    (home / ".aws" / "config").write_text(CONFIG)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_STS_REGIONAL_ENDPOINTS"):
        monkeypatch.delenv(name, raising=False)
    return {"HOME": str(home), "PATH": "/usr/bin:/bin"}


@pytest.fixture
def asked(monkeypatch):
    """The requests to STS, none of which leaves the process: the host, and the duration."""
    found = []

    def send(_, request):
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        seconds = int(parse_qs(body).get("DurationSeconds", ["3600"])[0])
        found.append((request.url.split("/")[2], seconds))
        ends = datetime.now(timezone.utc) + timedelta(seconds=seconds)
        text = (
            '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
            "<AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
            "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            f"<Expiration>{ends:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
            "</AssumeRoleResult></AssumeRoleResponse>"
        )
        return AWSResponse(request.url, 200, {}, Body(text))

    monkeypatch.setattr(URLLib3Session, "send", send)
    return found


def printed(env, capfd, words):
    creds.creds(env, parse(["creds", *words.split()]))
    return capfd.readouterr()


@pytest.mark.parametrize(("name", "kind"), [("ci", "keys"), ("proc", "process")])
def test_a_duration_that_nobody_can_give_is_told_in_one_line(name, kind, env, capfd):
    out, err = printed(env, capfd, f"{name} --format json --duration 900")
    assert json.loads(out)["Expiration"] is None
    assert err == (
        f"awsx: --duration has no effect on profile {name} (kind {kind}): only the keys of a role"
        " with role_arn last as long as asked\n"
    )


# The words, the variables: the host of STS, and for how many seconds it is asked.
ASKED = {
    "the profile's region": ("deploy", {}, "sts.eu-west-1.amazonaws.com", 1800),
    "and duration": ("deploy --duration 900", {}, "sts.eu-west-1.amazonaws.com", 900),
    "no duration": ("us", {}, "sts.us-east-1.amazonaws.com", 3600),
    "another region": (
        "deploy",
        {"AWS_REGION": "eu-north-1"},
        "sts.eu-north-1.amazonaws.com",
        1800,
    ),
    "the setting": ("old", {}, "sts.amazonaws.com", 3600),
    "the variable": ("us", {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}, "sts.amazonaws.com", 3600),
    "it wins": (
        "old",
        {"AWS_STS_REGIONAL_ENDPOINTS": "regional"},
        "sts.us-east-1.amazonaws.com",
        3600,
    ),
    "no region": ("nowhere", {}, "sts.amazonaws.com", 3600),
}


@pytest.mark.parametrize("case", ASKED)
def test_where_a_role_is_assumed_and_for_how_long(case, env, asked, monkeypatch, capfd):
    words, variables, host, seconds = ASKED[case]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    out, err = printed({**env, **variables}, capfd, f"{words} --format process")
    assert (asked, err) == ([(host, seconds)], "")
    left = tokens.epoch(json.loads(out)["Expiration"]) - time.time()
    assert seconds - 30 < left <= seconds


@pytest.mark.parametrize("name", ["ci", ""])
def test_a_screen_gets_keys_only_where_a_format_is_given(name, env, monkeypatch, capfd):
    monkeypatch.setattr(posix, "isatty", lambda fd: True)
    env["AWS_PROFILE"] = "ci"
    with pytest.raises(AwsxError) as refused:
        printed(env, capfd, name)
    assert refused.value.code == 2
    assert str(refused.value).endswith(f'eval "$(awsx creds{name and f" {name}"})"')
    assert capfd.readouterr().out == ""
    assert "AKIA" in printed(env, capfd, f"{name} --format env").out
