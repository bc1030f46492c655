"""docker-credential-awsx: which registry a host is, which profile it takes, what docker is told."""

import io
import json
from types import SimpleNamespace

import pytest

from awsx.commands import docker_credential
from awsx.credentials.keys import Keys
from awsx.facts import Facts
from awsx.service.registry import of_url
from awsx.term import AwsxError, Told

NUMBER, OTHER = "111122223333", "444455556666"
IRELAND = f"{NUMBER}.dkr.ecr.eu-west-1.amazonaws.com"
NOT_FOUND = "credentials not found in native keychain\n"

HOSTS = {
    IRELAND: (NUMBER, "eu-west-1", False),
    f"https://{IRELAND}": (NUMBER, "eu-west-1", False),
    f"https://{IRELAND.upper()}:443/v2/": (NUMBER, "eu-west-1", False),
    f"{IRELAND}/app:1": (NUMBER, "eu-west-1", False),
    f"{NUMBER}.dkr.ecr-fips.us-gov-west-1.amazonaws.com": (NUMBER, "us-gov-west-1", True),
    f"{NUMBER}.dkr-ecr.eu-west-1.on.aws": (NUMBER, "eu-west-1", False),
    f"{NUMBER}.dkr-ecr-fips.us-east-1.on.aws": (NUMBER, "us-east-1", True),
    f"{NUMBER}.dkr.ecr.cn-north-1.amazonaws.com.cn": (NUMBER, "cn-north-1", False),
    f"{NUMBER}.dkr.ecr.eusc-de-east-1.amazonaws.eu": (NUMBER, "eusc-de-east-1", False),
    "public.ecr.aws": ("", "us-east-1", False),
    "https://ecr-public.aws.com": ("", "us-east-1", False),
    # A token for one of these would be a token for a stranger.
    f"{IRELAND}.example.org": None,
    f"{NUMBER}.dkr.ecr.eu-west-1.example.org": None,
    f"x.{IRELAND}": None,
    f"1{IRELAND}": None,
    f"{IRELAND}@example.org": None,
    f"example.org/{IRELAND}": None,
    f"https://user@{IRELAND}": None,
    "١١١١٢٢٢٢٣٣٣٣.dkr.ecr.eu-west-1.amazonaws.com": None,
    "ghcr.io": None,
    "": None,
}


@pytest.mark.parametrize("url", HOSTS)
def test_a_host_names_account_and_region(url):
    found = of_url(url)
    assert (found and (found.account, found.region, found.is_fips)) == HOSTS[url]


CONFIG = """\
[profile alone]
sso_account_id = 444455556666
sso_role_name = r
[profile admin]
sso_start_url = https://d-1.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = r
[profile reader]
role_arn = arn:aws:iam::111122223333:role/r
source_profile = ci
[profile ci]
region = eu-west-1
"""
CHOSEN = '[ecr]\n111122223333 = "reader"\n"public.ecr.aws" = "alone"\n'
TOO_MANY = "2 profiles use the account 111122223333: admin, reader; name one of them, in the"
CASES = {
    "the account has one profile": (f"{OTHER}.dkr.ecr.eu-west-1.amazonaws.com", "", "", "alone"),
    "several, and nothing tells which": (IRELAND, "", "", f"!{TOO_MANY}"),
    "the terminal's": (IRELAND, "", "admin", "admin"),
    "the terminal's is of another account": (IRELAND, "", "alone", f"!{TOO_MANY}"),
    "the settings'": (IRELAND, CHOSEN, "", "reader"),
    "the terminal's before the settings'": (IRELAND, CHOSEN, "admin", "admin"),
    "the settings' where the terminal has another account": (IRELAND, CHOSEN, "alone", "reader"),
    "the settings' may be of any account": (IRELAND, f'[ecr]\n{NUMBER} = "ci"\n', "", "ci"),
    "no such account": ("9" * 12 + IRELAND[12:], CHOSEN, "", "?no profile of account 9999"),
    "several, but the environment has keys": (IRELAND, "", "AKIA", ""),
    "one, though the environment has keys": (
        f"{OTHER}.dkr.ecr.eu-west-1.amazonaws.com",
        "",
        "AKIA",
        "alone",
    ),
    "no such account, but keys": ("9" * 12 + IRELAND[12:], "", "AKIA", ""),
    "public, and keys": ("public.ecr.aws", "", "AKIA", ""),
    "public, the terminal's": ("public.ecr.aws", CHOSEN, "admin", "admin"),
    "public, the settings'": ("public.ecr.aws", CHOSEN, "", "alone"),
    "public, and nothing tells which": ("public.ecr.aws", "", "", "?which profile for public"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_profile_for_a_registry(case, environment, home):
    url, settings, own, wanted = CASES[case]
    env = written(environment, home, settings)
    if own == "AKIA":
        env |= {"AWS_ACCESS_KEY_ID": own, "AWS_SECRET_ACCESS_KEY": "x"}
    elif own:
        env["AWS_PROFILE"] = own
    try:
        found = docker_credential.profile_of(Facts(env), of_url(url))
    except docker_credential.Anonymous as error:
        found = f"?{error}"
    except AwsxError as error:
        found = f"!{error}"
    assert found == wanted or (wanted[:1] in ("!", "?") and found.startswith(wanted))


def written(environment, home, settings=""):
    (home / ".aws" / "config").write_text(CONFIG)
    if settings:
        (home / ".config" / "awsx").mkdir(parents=True)
        (home / ".config" / "awsx" / "config.toml").write_text(settings)
    return dict(environment)


@pytest.fixture
def docker(environment, home, monkeypatch, capfd):
    """docker(ACTION, STDIN): exit code, stdout and stderr of the helper, without a terminal."""
    env = written(environment, home)

    def ask(action, text="", **variables):
        stdin = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stdin))
        code = 0
        try:
            docker_credential.answer({**env, **variables}, action)
        except Told as error:
            code = error.code
        return code, *capfd.readouterr()

    return ask


@pytest.fixture
def given(monkeypatch):
    """Whose keys were used for which registry, in place of a question to AWS."""
    asked = []

    def login(registry, name, keys):
        asked.append((registry.host, name, keys[0]))
        return "AWS", 'se"cret'

    monkeypatch.setattr("awsx.credentials.valid.keys", lambda *_: Keys("AKIA", "s", "t"))
    monkeypatch.setattr("awsx.service.registry.login", login)
    return asked


def test_get_prints_one_object(docker, given):
    code, out, err = docker("get", f"https://{IRELAND}\n", AWS_PROFILE="admin")
    assert (code, err, out.count("\n")) == (0, "", 1)
    wanted = {"ServerURL": f"https://{IRELAND}", "Username": "AWS", "Secret": 'se"cret'}
    assert json.loads(out) == wanted
    assert given == [(IRELAND, "admin", "AKIA")]


@pytest.mark.parametrize("url", ["ghcr.io", "9" * 12 + IRELAND[12:], "public.ecr.aws", b"\xff\xfe"])
def test_docker_goes_on_without_a_login(url, docker, given):
    code, out, err = docker("get", url)
    assert (code, out) == (1, NOT_FOUND)
    assert err.startswith("awsx: ")
    assert err.count("\n") == 1
    assert given == []


def test_docker_shows_why_there_is_no_login(docker, given):
    code, out, err = docker("get", IRELAND)
    assert (code, out, out.count("\n")) == (1, err, 1)
    assert out.startswith(f"awsx: {TOO_MANY}")


def test_what_docker_shows_is_one_line(docker, given, monkeypatch):
    def refuse(*_):
        raise AwsxError("no login\n\x1b[31mat all")

    monkeypatch.setattr("awsx.credentials.valid.keys", refuse)
    told = docker("get", IRELAND, AWS_PROFILE="admin")
    assert told == (1, "awsx: no login ?[31mat all\n", "awsx: no login ?[31mat all\n")


def test_the_public_registry_serves_everybody(docker, given, monkeypatch):
    def refuse(*_):
        raise AwsxError("the session has ended")

    monkeypatch.setattr("awsx.credentials.valid.keys", refuse)
    told = docker("get", "public.ecr.aws", AWS_PROFILE="admin")
    assert told == (1, NOT_FOUND, "awsx: the session has ended\n")
    assert docker("get", IRELAND, AWS_PROFILE="admin")[1] == "awsx: the session has ended\n"


ACTIONS = {
    "list": (0, "{}\n"),
    "version": (0, "docker-credential-awsx (awsx) "),
    "--help": (0, "usage: docker-credential-awsx get|"),
    "guess": (1, "usage: docker-credential-awsx get|"),
    "": (1, "usage: docker-credential-awsx get|"),
    "store": (1, "not implemented\n"),
    "erase": (1, "not implemented\n"),
    "get": (1, "no credentials server URL\n"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_other_actions(action, docker):
    code, out, _ = docker(action)
    assert code == ACTIONS[action][0]
    assert out.startswith(ACTIONS[action][1])


@pytest.mark.parametrize("action", ["store", "erase"])
def test_docker_login_and_logout_pass_where_that_is_wanted(action, docker):
    assert docker(action, "{}", AWS_ECR_IGNORE_CREDS_STORAGE="true") == (0, "", "")
