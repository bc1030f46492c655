"""Client registrations in AWS's cache: which one suits a flow, and how it is written."""

import json
import os
import stat
import time
from pathlib import Path

import pytest

from awsx.files import tokens
from awsx.files.profiles import SsoSession
from awsx.login import registrations
from awsx.term import AwsxError

SESSION = SsoSession(
    "corp", "https://corp.awsapps.com/start", "eu-west-1", "prod", "sso:account:access"
)
DAY = 86400


@pytest.fixture
def env(home):
    return {"HOME": str(home)}


def put(env, content, session=SESSION):
    path = Path(registrations.path(env, session))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def registration(seconds=90 * DAY, **more):
    return {
        "clientId": "i",
        "clientSecret": "s",
        "expiresAt": tokens.iso(int(time.time() + seconds)),
        **more,
    }


def test_the_file_name_depends_on_all_that_a_registration_is_good_for(env):
    """As in the AWS CLI v2 (tests/e2e/test_login_cli.py compares the two)."""
    url, region = "https://corp.awsapps.com/start", "eu-west-1"
    sessions = [
        SESSION,
        SsoSession("corp", url, region, "other profile", "sso:account:access"),
        SsoSession("corp", url, region, ""),
        SsoSession("two", url, region, "prod", "sso:account:access"),
        SsoSession("corp", url + "/", region, "prod", "sso:account:access"),
        SsoSession("corp", url, "us-east-1", "prod", "sso:account:access"),
        SsoSession("corp", url, region, "prod", "sso:account:access,x"),
        SsoSession("", url, region, "prod"),
    ]
    paths = [registrations.path(env, session) for session in sessions]
    assert paths[0] == paths[1]
    assert len(set(paths)) == len(paths) - 1


GRANTS = {"grantTypes": registrations.GRANTS}
BROWSER, DEVICE, ANY = True, False, None


@pytest.mark.parametrize(
    ("content", "good_for"),
    [
        (registration(**GRANTS), {BROWSER, ANY}),
        (registration(), {DEVICE, ANY}),
        (registration(60 * 60), {DEVICE, ANY}),
        (registration(14 * 60), set()),
        (registration(-1), set()),
        ({**registration(), "clientSecret": ""}, set()),
        ({"clientId": "i", "clientSecret": "s"}, set()),
        ({**registration(), "expiresAt": "some day"}, set()),
        ('{"clientId": "i", "clie', set()),
        ("", set()),
        ("[]", set()),
    ],
)
def test_a_registration_must_be_whole_unexpired_and_of_the_flow(content, good_for, env):
    put(env, content)
    assert {
        flow for flow in (BROWSER, DEVICE, ANY) if registrations.load(env, SESSION, flow)
    } == good_for


def test_a_missing_registration_and_a_folder_count_as_none(env):
    assert registrations.load(env, SESSION) is None
    registrations.forget(env, SESSION)
    Path(put(env, registration())).unlink()
    os.mkdir(registrations.path(env, SESSION))
    assert registrations.load(env, SESSION) is None


def test_a_registration_is_written_privately_and_renamed_into_place(env, monkeypatch):
    calls = []
    for name in ("fsync", "rename"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, name=name, real=real: (calls.append(name), real(*args))[1]
        )
    content = registrations.save(
        env,
        SESSION,
        {"clientId": "i", "clientSecret": "s", "clientSecretExpiresAt": 1795201057},
        by_browser=True,
    )
    path = Path(registrations.path(env, SESSION))
    assert calls[-2:] == ["fsync", "rename"]
    assert json.loads(path.read_text()) == content
    assert list(content) == ["clientId", "clientSecret", "expiresAt", "scopes", "grantTypes"]
    assert content["expiresAt"] == "2026-11-20T18:57:37Z"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]
    registrations.forget(env, SESSION)
    assert not path.exists()


def test_a_cache_that_cannot_be_written_is_one_line(env, home):
    (home / ".aws" / "sso").write_text("")
    with pytest.raises(AwsxError, match=r"cannot write ~/\.aws/sso/cache/"):
        registrations.save(
            env, SESSION, {"clientId": "i", "clientSecret": "s", "clientSecretExpiresAt": 1}, True
        )
