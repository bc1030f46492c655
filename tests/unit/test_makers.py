"""What other tools say of the keys that they make: for which profile, and until when."""

import time

import pytest

from awsx.facts import Facts
from awsx.files import key_ends, tokens
from awsx.truth import makers
from awsx.truth.findings import Terminal
from awsx.truth.usable import usable

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}
MADE = [
    ({"AWS_VAULT": "prod"}, ("prod", "aws-vault", "AWS_VAULT")),
    ({"AWSUME_PROFILE": "prod"}, ("prod", "awsume", "AWSUME_PROFILE")),
    ({"AWS_SSO_PROFILE": "1:Admin"}, ("1:Admin", "aws-sso", "AWS_SSO_PROFILE")),
    ({"AWSU_PROFILE": "prod"}, ("prod", "awsu", "AWSU_PROFILE")),
    ({"GRANTED_SSO": "true", "AWS_PROFILE": "dev"}, ("dev", "granted", "GRANTED_SSO")),
    ({"GRANTED_SSO": "true"}, None),
    ({"AWS_VAULT": "", "AWS_PROFILE": "dev"}, None),
]


@pytest.mark.parametrize(("env", "wanted"), MADE, ids=str)
def test_variables_name_the_tool_that_made_the_keys(env, wanted):
    found = makers.maker(env)
    assert (found and (found.profile, found.tool, found.variable)) == wanted


ENDS = [
    ({"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T00:00:00Z"}, 1893456000, ""),
    ({"AWS_SESSION_EXPIRATION": "2030-01-01T02:00:00+02:00"}, 1893456000, ""),
    ({"AWS_SESSION_EXPIRATION": "2020-01-01T00:00:00Z"}, 1577836800, "AWS_SESSION_EXPIRATION"),
    ({"AWS_SESSION_EXPIRATION": "soon"}, 0, ""),
    ({"AWS_CREDENTIAL_EXPIRATION": "soon"}, 0, "AWS_CREDENTIAL_EXPIRATION"),
    ({}, 0, ""),
]


@pytest.mark.parametrize(("env", "at", "ended"), ENDS, ids=str)
def test_the_end_of_the_keys(env, at, ended):
    assert makers.end(env)[1] == at
    assert makers.ended(env, 1.8e9) == ended


FORMS = {
    "2030-01-01T00:00:00Z": 1893456000,
    "2030-01-01T01:00:00+01:00": 1893456000,
    "2030-01-01T00:00:00.000Z": 1893456000,
    "1893456000": 1893456000,
    "1893456000123": 1893456000,
    "2030-01-01 00:00:00": 0,  # awsume writes local time without saying so
    "12": 0,
    "never": 0,
    "": 0,
}


@pytest.mark.parametrize("text", FORMS)
def test_the_forms_of_times_in_the_credentials_file(text):
    assert key_ends.epoch(text) == FORMS[text]


CREDENTIALS = """\
[saml]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = x
{} = {}
region = eu-west-1
"""


@pytest.mark.parametrize("name", key_ends.NAMES)
@pytest.mark.parametrize(("left", "is_usable"), [(3600, True), (-5, False)])
def test_keys_in_the_credentials_file_end_as_their_section_says(name, left, is_usable, home):
    ends = int(time.time()) + left
    text = CREDENTIALS.format(name, tokens.iso(ends))
    (home / ".aws" / "credentials").write_text(text)
    env = {"HOME": str(home), "AWS_PROFILE": "saml"}
    facts = Facts(env)
    assert facts.target("saml").lasts == ends
    assert usable(Terminal(env, facts.config), time.time()).usable is is_usable


def test_current_says_who_made_the_keys(home, capfd):
    from awsx.commands import current

    ends = tokens.iso(int(time.time()) + 3700)
    env = {"HOME": str(home), "AWS_VAULT": "prod", "AWS_CREDENTIAL_EXPIRATION": ends, **KEYS}
    current.current(env, short=True)
    assert capfd.readouterr().out == "prod by aws-vault 1h\n"
