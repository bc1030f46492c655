"""`awsx status`: one line and an exit code for each state of a profile."""

import json
import time
from hashlib import sha1

import pytest
from sample import CORP, PROD

from awsx.commands import status as verb
from awsx.term import AwsxError

KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/Admin\n"
CONFIG = f"""{CORP}{PROD}
[profile over]
{ROLE}source_profile = prod
[profile own]
{KEYS}
[profile "it's"]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile half]
{ROLE}
[profile starts]
credential_process = true
"""
GUARD = '[guard]\nmatch = ["prod"]\n'
RENEWS = {
    "refreshToken": "r",
    "clientId": "i",
    "clientSecret": "s",
    "registrationExpiresAt": "2099-01-01T00:00:00Z",
}


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


@pytest.fixture
def status(home, capfd):
    """status(NAME, left=SECONDS, settings="", renews=False): the exit code and what is printed."""
    (home / ".aws" / "config").write_text(CONFIG)

    def run(name="", left=None, settings="", renews=False, as_json=False, **env):
        cache = home / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True, exist_ok=True)
        file = cache / f"{sha1(b'corp').hexdigest()}.json"
        file.unlink(missing_ok=True)
        if left is not None:
            token = {"accessToken": "x", "expiresAt": at(left)} | (RENEWS if renews else {})
            file.write_text(json.dumps(token))
        (home / ".config" / "awsx").mkdir(parents=True, exist_ok=True)
        (home / ".config" / "awsx" / "config.toml").write_text(settings)
        try:
            verb.status(
                {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **env}, name, as_json
            )
            code = 0
        except AwsxError as error:
            code = error.code
        return code, capfd.readouterr().out

    return run


HOUR = {"left": 3600 * 5 + 60}
NOT_HERE = "not logged in to corp; run: awsx login"
ROWS = {
    "valid": (("prod",), HOUR, 0, "prod: usable, session 5h\n"),
    "of a role": (("over",), HOUR, 0, "over: usable, session 5h\n"),
    "renews": (
        ("prod",),
        {"left": -60, "renews": True},
        0,
        "prod: usable, session renews itself\n",
    ),
    "ended": (
        ("prod",),
        {"left": -60},
        1,
        "prod: not usable, the session corp has expired; run: awsx login prod\n",
    ),
    "no login": (("prod",), {}, 1, f"prod: not usable, {NOT_HERE} prod\n"),
    "a name in quotes": (("it's",), {}, 1, f"it's: not usable, {NOT_HERE} 'it'\\''s'\n"),
    "guarded": (("prod",), {**HOUR, "settings": GUARD}, 3, "prod: guarded by prod, session 5h\n"),
    "guarded, ended": (
        ("prod",),
        {"settings": GUARD},
        1,
        f"prod: not usable, {NOT_HERE} prod\n",
    ),
    "keys of its own": (
        ("own",),
        {},
        0,
        "own: usable, no region is set, and most commands need one\n",
    ),
    "a process": (
        ("starts",),
        {},
        0,
        "starts: perhaps usable, nobody knows what the credential_process answers before it has "
        "run\n",
    ),
    "broken": (
        ("half",),
        {},
        1,
        "half: not usable, ~/.aws/config:22: role_arn without exactly one of source_profile and "
        "credential_source: the AWS CLI gives up; JavaScript SDK, Go SDK: nothing; give it exactly "
        "one\n",
    ),
    "the terminal's": ((), {**HOUR, "AWS_PROFILE": "prod"}, 0, "prod: usable, session 5h\n"),
    "keys in the environment": (
        (),
        {"AWS_PROFILE": "prod", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
        0,
        "keys: usable\n",
    ),
    "named, beside keys": (
        ("prod",),
        {**HOUR, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
        0,
        "prod: usable, session 5h\n",
    ),
    "nothing": ((), {}, 1, "no profile: not usable, nothing gives credentials\n"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_status_is_one_line_and_a_code(status, row):
    args, given, code, line = row
    assert status(*args, **given) == (code, line)


def test_json(status):
    code, text = status("prod", **HOUR, settings=GUARD, as_json=True)
    found = json.loads(text)
    assert code == 3
    assert found.pop("expires_at").endswith("Z")
    assert found == {
        "profile": "prod",
        "account_id": "111122223333",
        "usable": True,
        "guarded": True,
        "reason": None,
        "state": "valid",
        "left": "5h",
    }


def test_a_mistake_in_the_settings_makes_no_profile_usable(status):
    """Nobody knows then if the profile is guarded."""
    code, line = status("prod", **HOUR, settings="[guard]\nmach = 1\n")
    assert code == 1
    assert line.startswith("prod: not usable, ~/.config/awsx/config.toml:2: unknown setting")


def test_an_unknown_profile_is_an_error(status):
    assert status("prdo") == (1, "")


@pytest.mark.parametrize("argv", [["status", "prod"], ["login", "--check", "prod"]])
def test_login_check_is_the_same_hot_verb(argv):
    from awsx.argv import parse

    call = parse(argv)
    assert (call.verb, call.name) == ("status", "prod")
