"""What is unusual about what a terminal uses: the sentence for each state, with its remedy."""

import pytest

from awsx.commands import current
from awsx.truth import findings

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "SECRET"}
POD = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
    "AWS_ROLE_ARN": "arn:aws:iam::444455556666:role/Pod",
}
URI = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"}
SESSION = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
SSO = """\
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
"""
STATIC = """\
aws_access_key_id = AKIA
aws_secret_access_key = SECRET
"""
CONFIG = f"""\
{SESSION}[profile prod]
{SSO}region = eu-west-1
[profile deploy]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = prod
[profile keys]
{STATIC}"""


@pytest.fixture
def told(home, capsysbinary):
    """told(NAME=value): {state: sentence}, as they stand below the table of `awsx current`.

    `config` and `credentials` are what is in the files.
    """

    def told(config=CONFIG, credentials="", **variables):
        (home / ".aws" / "config").write_text(config)
        (home / ".aws" / "credentials").write_text(credentials)
        env = {"HOME": str(home), "AWS_PROFILE": "prod", "AWSX_SHELL": "bash", **variables}
        current.current({name: value for name, value in env.items() if value is not None})
        below = capsysbinary.readouterr().out.decode().partition("\n\n")[2]
        return dict(line.split(": ", 1) for line in below.splitlines())

    return told


SSO_OF_PROD = "sso of profile prod (~/.aws/config:6)"
REGION_OF_PROD = "eu-west-1 (~/.aws/config:8)"
CLEAR_KEYS = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
CLEAR_POD = "unset AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE"

# Variables -> the state, and the parts of its sentence.
STATES = {
    "by hand": (
        {"AWSX_ORIGIN": "hand"},
        "by-hand",
        "AWS_PROFILE was not set by awsx but by hand, direnv or a plugin",
        "make it this terminal's: awsx prod",
    ),
    "inherited": (
        {"AWSX_ORIGIN": "inherited"},
        "inherited",
        "AWS_PROFILE was inherited from what started this shell",
        "make it this terminal's: awsx prod",
    ),
    "the other variable alone": (
        {"AWS_PROFILE": None, "AWS_DEFAULT_PROFILE": "prod", "AWSX_ORIGIN": "hand"},
        "default-profile",
        "AWS_DEFAULT_PROFILE alone names profile prod",
        "JavaScript SDK, Rust SDK: no profile",
        "for every tool: awsx prod",
    ),
    "the other variable differs": (
        {"AWS_DEFAULT_PROFILE": "keys"},
        "default-profile-differs",
        "AWS_DEFAULT_PROFILE=keys differs from AWS_PROFILE",
        "boto3/CLI v1: profile keys",
        "clear the way: awsx prod, or unset AWS_DEFAULT_PROFILE",
    ),
    "the other variable names none": (
        {"AWS_DEFAULT_PROFILE": "nope"},
        "default-profile-differs",
        "AWS_DEFAULT_PROFILE=nope differs from AWS_PROFILE",
        "boto3/CLI v1: an error, there is no profile nope",
        "clear the way: awsx prod, or unset AWS_DEFAULT_PROFILE",
    ),
    "the other variable set to nothing": (
        {"AWS_DEFAULT_PROFILE": ""},
        "default-profile-differs",
        "AWS_DEFAULT_PROFILE=(nothing) differs from AWS_PROFILE",
        "boto3/CLI v1: an error, there is no profile",
        "clear the way: awsx prod, or unset AWS_DEFAULT_PROFILE",
    ),
    "keys": (
        KEYS,
        "keys",
        "the key in the environment (AWS_ACCESS_KEY_ID) comes before profile prod (AWS_PROFILE)",
        f"JavaScript SDK: {SSO_OF_PROD}",
        f"clear the way: awsx prod, or {CLEAR_KEYS}",
    ),
    "keys alone": (
        {"AWS_PROFILE": None, **KEYS},
        "keys",
        "the key in the environment (AWS_ACCESS_KEY_ID) comes before any profile",
        f"clear the way: awsx, or {CLEAR_KEYS}",
    ),
    "half a key": (
        {"AWS_ACCESS_KEY_ID": "AKIA"},
        "half",
        "AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY: the AWS CLI gives up",
        f"JavaScript SDK, Go SDK, Rust SDK: {SSO_OF_PROD}",
        "set both, or unset AWS_ACCESS_KEY_ID",
    ),
    "web identity": (
        POD,
        "web-identity",
        "the web identity in the environment (AWS_WEB_IDENTITY_TOKEN_FILE) "
        "comes before profile prod (AWS_PROFILE)",
        f"JavaScript SDK, Rust SDK: {SSO_OF_PROD}",
        f"clear the way: awsx prod, or {CLEAR_POD}",
    ),
    "web identity beside a role": (
        {"AWS_PROFILE": "deploy", **POD},
        "web-identity",
        "the web identity (AWS_WEB_IDENTITY_TOKEN_FILE) counts for some tools only",
        "Go SDK: web-identity (AWS_WEB_IDENTITY_TOKEN_FILE)",
        f"clear the way: awsx deploy, or {CLEAR_POD}",
    ),
    "a token without a role": (
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"},
        "half",
        "AWS_WEB_IDENTITY_TOKEN_FILE without AWS_ROLE_ARN: the AWS CLI gives up",
        f"JavaScript SDK, Rust SDK: {SSO_OF_PROD}",
        "set both, or unset AWS_WEB_IDENTITY_TOKEN_FILE",
    ),
    "a container": (
        {"AWS_PROFILE": None, **URI},
        "container",
        "no profile gives credentials, so the container does (AWS_CONTAINER_CREDENTIALS_FULL_URI)",
        "pick a profile: awsx",
    ),
    "one region": (
        {"AWS_REGION": "us-east-1"},
        "region",
        f"the profile's {REGION_OF_PROD} gives way to AWS_REGION=us-east-1",
        f"boto3/CLI v1: {REGION_OF_PROD}",
        "back to it: unset AWS_REGION",
    ),
    "the other region": (
        {"AWS_DEFAULT_REGION": "us-east-1"},
        "region",
        f"the profile's {REGION_OF_PROD} gives way to AWS_DEFAULT_REGION=us-east-1",
        f"JavaScript SDK: {REGION_OF_PROD}",
        "back to it: unset AWS_DEFAULT_REGION",
    ),
    "two regions": (
        {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"},
        "region",
        f"the profile's {REGION_OF_PROD} gives way to "
        "AWS_REGION=us-east-1 and AWS_DEFAULT_REGION=us-east-2",
        "boto3/CLI v1: us-east-2 (AWS_DEFAULT_REGION)",
        "back to it: unset AWS_REGION AWS_DEFAULT_REGION",
    ),
    "a region that was asked for": (
        {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWSX_REGION": "us-east-1"},
        "region",
        f"the profile's {REGION_OF_PROD} gives way to "
        "AWS_REGION=us-east-1 and AWS_DEFAULT_REGION=us-east-1",
        "back to it: awsx region -",
    ),
    "a region where the profile has none": (
        {"AWS_PROFILE": "deploy", "AWS_REGION": "us-east-1"},
        "region",
        "AWS_REGION=us-east-1 is set, and the profile has no region",
        "boto3/CLI v1: no region",
        "set it for every tool: awsx region us-east-1",
    ),
    "a region set to nothing": (
        {"AWS_REGION": ""},
        "region-empty",
        "AWS_REGION is set to nothing, which is taken for a region",
        f"boto3/CLI v1, Go SDK: {REGION_OF_PROD}",
        "unset AWS_REGION",
    ),
}


@pytest.mark.parametrize("case", STATES)
def test_each_state_in_words(case, told):
    variables, state, *parts = STATES[case]
    assert told(**variables) == {state: "; ".join(parts)}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"AWSX_ORIGIN": "awsx"},
        {"AWS_DEFAULT_PROFILE": "prod"},
        {"AWS_REGION": "eu-west-1"},
        {"AWS_ACCESS_KEY_ID": ""},
        {"AWS_SECRET_ACCESS_KEY": "SECRET"},
        {"AWS_ROLE_ARN": "r"},
        URI,
    ],
    ids=str,
)
def test_no_finding_if_nothing_is_unusual(variables, told):
    assert told(**variables) == {}


def test_the_default_profile_is_a_finding(told):
    assert told(f"{SESSION}[default]\n{SSO}", AWS_PROFILE=None) == {
        "default": "~/.aws/config:4: no variable names a profile, so [default] is used; "
        "pick one: awsx"
    }


# [profile prod] from line 4 of the config on, and [prod] in the credentials file -> state, parts
PROFILES = {
    "sso and keys": (
        SSO + STATIC,
        "",
        "mixed",
        "~/.aws/config:8: profile prod holds sso (~/.aws/config:6) and keys (~/.aws/config:8)",
        "the AWS CLI takes sso",
        "JavaScript SDK, Go SDK: keys",
        "keep only one kind",
    ),
    "sso, and keys in the credentials file": (
        SSO,
        STATIC,
        "mixed",
        "~/.aws/credentials:2: "
        "profile prod holds sso (~/.aws/config:6) and keys (~/.aws/credentials:2)",
        "the AWS CLI takes sso",
        "JavaScript SDK, Go SDK: keys",
        "keep only one kind",
    ),
    "process and keys": (
        "credential_process = x\n" + STATIC,
        "",
        "mixed",
        "~/.aws/config:6: profile prod holds keys (~/.aws/config:6) and process (~/.aws/config:5)",
        "the AWS CLI takes process",
        "JavaScript SDK, Go SDK: keys",
        "keep only one kind",
    ),
    "process, and keys in the credentials file": (
        "credential_process = x\n",
        STATIC,
        "mixed",
        "~/.aws/config:5: "
        "profile prod holds keys (~/.aws/credentials:2) and process (~/.aws/config:5)",
        "the AWS CLI takes keys",
        "Rust SDK: process",
        "keep only one kind",
    ),
    "nothing": (
        "output = json\n",
        "",
        "nothing",
        "~/.aws/config:4: profile prod holds no credentials, and no variable does: "
        "the AWS CLI fails except on EC2",
        "pick another: awsx",
    ),
    "half a role": (
        "role_arn = r\n",
        "",
        "half",
        "~/.aws/config:5: role_arn without exactly one of source_profile and credential_source: "
        "the AWS CLI gives up",
        "JavaScript SDK, Go SDK: nothing",
        "give it exactly one",
    ),
    "half a pair of keys": (
        "aws_access_key_id = AKIA\n",
        "",
        "half",
        "~/.aws/config:5: aws_access_key_id without aws_secret_access_key: the AWS CLI gives up",
        "JavaScript SDK: nothing",
        "add aws_secret_access_key = ...",
    ),
    "half a web identity": (
        "web_identity_token_file = /token\n",
        "",
        "half",
        "~/.aws/config:5: web_identity_token_file without role_arn: the AWS CLI gives up",
        "JavaScript SDK, Rust SDK: web-identity of profile prod (~/.aws/config:5)",
        "add role_arn = ...",
    ),
    "a key that Go refuses": (
        SSO + "credential_source = Environment\n",
        "",
        "mixed",
        "~/.aws/config:8: profile prod holds sso (~/.aws/config:6)",
        "the AWS CLI takes sso",
        "Go SDK: an error",
        "remove credential_source",
    ),
}


@pytest.mark.parametrize("case", PROFILES)
def test_each_state_of_a_profile_in_words(case, told):
    text, credentials, state, *parts = PROFILES[case]
    found = told(
        f"{SESSION}[profile prod]\n{text}", f"[prod]\n{credentials}" if credentials else ""
    )
    assert found == {state: "; ".join(parts)}


def test_an_empty_token_variable_hides_the_token_of_the_profile(told):
    pod = "[profile prod]\nrole_arn = arn:aws:iam::1:role/R\nweb_identity_token_file = /own\n"
    found = told(pod, AWS_WEB_IDENTITY_TOKEN_FILE="")
    assert found["half"].startswith(
        "AWS_WEB_IDENTITY_TOKEN_FILE is set to nothing, which hides what profile prod says"
    )
    assert found["half"].endswith("; unset AWS_WEB_IDENTITY_TOKEN_FILE")


def test_a_name_that_some_tools_cannot_see(told):
    found = told(
        f"{SESSION}[profile 'my prod']\n{SSO}", AWS_PROFILE="my prod", AWSX_ORIGIN="inherited"
    )
    assert found["inherited"].endswith("make it this terminal's: awsx 'my prod'")
    assert found["name"] == (
        "~/.aws/config:4: JavaScript SDK, Go SDK, Rust SDK cannot see a profile of this name, "
        "only letters, digits and _-@+.%:/, without quotes; rename it"
    )


def test_a_role_whose_source_holds_two_kinds(told):
    deploy = "[profile deploy]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = prod\n"
    found = told(
        f"{SESSION}{deploy}[profile prod]\n{SSO}", f"[prod]\n{STATIC}", AWS_PROFILE="deploy"
    )
    assert found == {
        "mixed": "~/.aws/credentials:2: "
        "profile prod, which the role of profile deploy is assumed with, "
        "holds sso (~/.aws/config:9) and keys (~/.aws/credentials:2); "
        "the AWS CLI takes sso; JavaScript SDK, Go SDK, Rust SDK: keys; "
        "keep only one kind"
    }


@pytest.mark.parametrize(
    ("shell", "remedy"),
    [
        ("bash", "unset AWS_REGION"),
        ("zsh", "unset AWS_REGION"),
        ("fish", "set -e AWS_REGION"),
        (None, "unset AWS_REGION (fish: set -e AWS_REGION)"),
    ],
)
def test_the_remedy_is_written_for_the_shell(shell, remedy, told):
    assert told(AWS_REGION="us-east-1", AWSX_SHELL=shell)["region"].endswith(
        f"; back to it: {remedy}"
    )


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("prod", "awsx prod"),
        ("ls", "awsx use ls"),
        ("-x", "awsx use -- -x"),
        ("a b", "awsx 'a b'"),
        ("$(touch x)", "awsx '$(touch x)'"),
        ("it's", "awsx 'it'\\''s'"),
        ("a\x1bb", "awsx 'a?b'"),
        ("=ls", "awsx '=ls'"),
    ],
)
def test_the_command_that_switches_is_quoted_for_a_shell(name, command):
    assert findings.use(name) == command


def test_several_states_at_once(told):
    variables = {
        **KEYS,
        "AWS_DEFAULT_PROFILE": "keys",
        "AWS_REGION": "us-east-1",
        "AWSX_ORIGIN": "hand",
    }
    assert list(told(**variables)) == ["by-hand", "default-profile-differs", "keys", "region"]


def test_values_of_the_environment_cannot_move_the_cursor(told):
    found = told(AWS_REGION="a\x1b[31m\nb", AWS_DEFAULT_PROFILE="\x1b]0;x\x07")
    assert all(sentence.isprintable() for sentence in found.values())
    assert set(found) == {"bad-region", "region", "default-profile-differs"}
