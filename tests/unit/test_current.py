"""`awsx current`: every value with its source, and what is wrong."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sample import CORP, PROD

from awsx.commands import current
from awsx.files import tokens
from awsx.finding import FindingError
from awsx.term import AwsxError

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "SECRET"}
POD = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
    "AWS_ROLE_ARN": "arn:aws:iam::444455556666:role/Pod",
}
URI = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"}
START = str(Path(__file__).parents[2] / "awsx" / "start.py")
KEY = tokens.sha1_hex("corp")
CONFIG = f"""\
{CORP}{PROD}[profile deploy]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = prod
[profile loop]
role_arn = r
source_profile = loop
[profile lost]
sso_session = gone
"""


@pytest.fixture
def env(home):
    (home / ".aws" / "config").write_text(CONFIG)
    (home / ".aws" / "credentials").write_text(
        "[keys]\nregion = us-east-1\naws_access_key_id = SECRET\n"
        + "aws_secret_access_key = HUSH\n"
    )
    return {"HOME": str(home), "AWS_PROFILE": "prod"}


@pytest.fixture
def shown(env, capsysbinary):
    """shown(NAME=value): the lines, each as what, value, source."""

    def shown(as_json=False, **variables):
        current.current({n: v for n, v in {**env, **variables}.items() if v is not None}, as_json)
        out, err = capsysbinary.readouterr()
        assert err == b""
        if as_json:
            return json.loads(out)
        table = out.decode().partition("\n\n")[0]
        return [
            tuple(part.strip() for part in line.split("  ") if part.strip())
            for line in table.splitlines()
        ]

    return shown


def log_in(home, seconds, **more):
    now = int(time.time())
    tokens.save(
        {"HOME": str(home)},
        KEY,
        {"accessToken": "SECRET", "expiresAt": tokens.iso(now + seconds), **more},
    )
    return tokens.iso(now + seconds)


def test_each_value_with_its_source(shown, home):
    ends = log_in(home, 3630)
    assert shown() == [
        ("profile", "prod", "AWS_PROFILE"),
        ("account", "111122223333", "~/.aws/config:6"),
        ("role", "Admin", "~/.aws/config:7"),
        ("region", "eu-west-1", "~/.aws/config:8"),
        ("kind", "sso", "~/.aws/config:4"),
        ("session", "corp", "~/.aws/config:5"),
        ("left", f"1h ({ends})", f"~/.aws/sso/cache/{KEY[:8]}..."),
    ]


def test_columns_are_aligned(env, capsys):
    current.current(env)
    lines = capsys.readouterr().out.splitlines()
    assert len({line.index("~/.aws") for line in lines if "~/.aws" in line}) == 1
    assert not any(line.endswith(" ") for line in lines)


def test_a_role_shows_the_session_behind_it(shown):
    assert shown(AWS_PROFILE="deploy")[1:] == [
        ("account", "777788889999", "~/.aws/config:10"),
        ("role", "Deploy", "~/.aws/config:10"),
        ("region", "none"),
        ("kind", "role", "~/.aws/config:9"),
        ("session", "corp", "~/.aws/config:9"),
        ("left", "expired", f"~/.aws/sso/cache/{KEY[:8]}..."),
    ]


def test_keys(shown):
    assert shown(AWS_PROFILE="keys") == [
        ("profile", "keys", "AWS_PROFILE"),
        ("region", "us-east-1", "~/.aws/credentials:2"),
        ("kind", "keys", "~/.aws/credentials:1"),
    ]


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "a"}, ("region", "a", "AWS_REGION")),
        ({"AWS_DEFAULT_REGION": "b"}, ("region", "b", "AWS_DEFAULT_REGION")),
        ({"AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"}, ("region", "a", "AWS_REGION")),
        ({"AWS_REGION": ""}, ("region", "none", "AWS_REGION")),
        ({"AWS_DEFAULT_PROFILE": "keys"}, ("region", "eu-west-1", "~/.aws/config:8")),
        ({**KEYS}, ("region", "eu-west-1", "~/.aws/config:8")),
        ({"AWS_REGION": "\x1b[31m"}, ("region", "?[31m", "AWS_REGION")),
    ],
)
def test_the_region_of_the_environment_wins(variables, region, shown):
    assert [line for line in shown(**variables) if line[0] == "region"] == [region]


def test_no_variable_but_a_default_profile(shown, home):
    with (home / ".aws" / "config").open("a") as config:
        config.write("[default]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = prod\n")
    assert shown(AWS_PROFILE=None)[0] == ("profile", "default", "~/.aws/config:17")


def test_the_other_variable_names_the_profile(shown):
    assert shown(AWS_PROFILE=None, AWS_DEFAULT_PROFILE="prod")[0] == (
        "profile",
        "prod",
        "AWS_DEFAULT_PROFILE",
    )


def test_keys_beat_the_profile(shown):
    more = {
        "AWS_SESSION_TOKEN": "SECRET",
        "AWS_CREDENTIAL_EXPIRATION": "2030-01-01T00:00:00Z",
        "AWS_ACCOUNT_ID": "1",
    }
    lines = shown(**KEYS, **more)
    assert lines == [
        ("identity", "key AKIAEXAMPLE", "AWS_ACCESS_KEY_ID"),
        ("account", "1", "AWS_ACCOUNT_ID"),
        ("ends", "2030-01-01T00:00:00Z", "AWS_CREDENTIAL_EXPIRATION"),
        ("left", f"{int(1893456000 - time.time()) // 86400}d", "AWS_CREDENTIAL_EXPIRATION"),
        ("region", "eu-west-1", "~/.aws/config:8"),
        ("profile", "prod, not for credentials", "AWS_PROFILE"),
    ]


def test_keys_without_a_profile(shown):
    assert shown(AWS_PROFILE=None, **KEYS) == [
        ("identity", "key AKIAEXAMPLE", "AWS_ACCESS_KEY_ID"),
        ("region", "none"),
    ]


def test_keys_beat_a_profile_that_is_broken(shown):
    assert shown(AWS_PROFILE="loop", **KEYS)[-1] == (
        "profile",
        "loop, not for credentials",
        "AWS_PROFILE",
    )


def test_web_identity_beats_the_profile(shown):
    assert shown(**POD) == [
        ("identity", "web-identity", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ("account", "444455556666", "AWS_ROLE_ARN"),
        ("role", "Pod", "AWS_ROLE_ARN"),
        ("region", "eu-west-1", "~/.aws/config:8"),
        ("profile", "prod, not for credentials", "AWS_PROFILE"),
    ]


def test_a_token_of_the_environment_takes_the_role_of_the_profile(shown, home):
    role = "role_arn = arn:aws:iam::777788889999:role/Own\nweb_identity_token_file = /own\n"
    (home / ".aws" / "config").write_text(f"[profile pod]\n{role}")
    lines = shown(AWS_PROFILE="pod", AWS_WEB_IDENTITY_TOKEN_FILE="/token")
    assert lines[1:3] == [
        ("account", "777788889999", "~/.aws/config:2"),
        ("role", "Own", "~/.aws/config:2"),
    ]


def test_half_a_pair_of_keys_is_no_identity(shown):
    assert shown(AWS_ACCESS_KEY_ID="AKIA")[0] == ("identity", "none", "AWS_ACCESS_KEY_ID")
    assert shown(AWS_PROFILE=None, AWS_ACCESS_KEY_ID="AKIA") == [
        ("identity", "none", "AWS_ACCESS_KEY_ID"),
        ("region", "none"),
    ]


def test_a_container_where_the_profile_gives_nothing(shown):
    assert shown(AWS_PROFILE=None, **URI) == [
        ("identity", "container", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        ("region", "none"),
    ]
    assert shown(**URI)[0] == ("profile", "prod", "AWS_PROFILE")


def test_secrets_are_not_shown(env, capsys):
    variables = {
        **KEYS,
        "AWS_SESSION_TOKEN": "SECRET",
        "AWS_SECURITY_TOKEN": "SECRET",
        "AWS_DEFAULT_PROFILE": "keys",
    }
    for as_json in (False, True):
        current.current({**env, **variables}, as_json)
        assert "SECRET" not in capsys.readouterr().out.replace("AWS_SECRET_ACCESS_KEY", "")


def test_role_credentials_are_shown_while_they_last(shown, home, env):
    text = f'{{"accountId":"111122223333","roleName":"Admin","sessionName":"corp"}}'  # noqa: F541
    cache = home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    file = cache / f"{tokens.sha1_hex(text)}.json"
    for seconds, expected in ((1830, [("role credentials", "30m", "~/.aws/cli/cache")]), (-1, [])):
        ends = tokens.iso(int(time.time()) + seconds)
        file.write_text(
            json.dumps({"Credentials": {"SecretAccessKey": "SECRET", "Expiration": ends}})
        )
        assert [line for line in shown() if line[0] == "role credentials"] == expected


def test_an_alias(shown, home):
    (home / ".config" / "awsx").mkdir(parents=True)
    (home / ".config" / "awsx" / "config.toml").write_text(
        '[accounts]\n111122223333 = "Production"\n'
    )
    assert ("name", "Production", "settings") in shown()


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (None, "no profile: AWS_PROFILE is not set; pick one: awsx"),
        (
            "",
            "AWS_PROFILE is set to nothing, which no AWS tool accepts; "
            "run: unset AWS_PROFILE (fish: set -e AWS_PROFILE)",
        ),
        ("prdo", "no profile prdo (AWS_PROFILE); did you mean prod?"),
        (
            "loop",
            "~/.aws/config:14: profile loop leads back to itself through source_profile; "
            "break the loop",
        ),
        (
            "lost",
            "~/.aws/config:16: there is no [sso-session gone]; add the section or correct the name",
        ),
        (
            "prod ",
            "no profile 'prod ' (AWS_PROFILE); prod is one, without the blank",
        ),
        (
            "prod\r",
            "no profile 'prod\\r' (AWS_PROFILE); prod is one, without the carriage return, which"
            " ends each line of a file from Windows",
        ),
        (
            "\x1bprod",
            "no profile '\\x1bprod' (AWS_PROFILE); prod is one, without the control character",
        ),
        ("Prod", "no profile Prod (AWS_PROFILE); upper and lower case count: prod"),
        (
            "a\x1b[31m",
            "no profile 'a\\x1b[31m' (AWS_PROFILE); all of them: awsx ls",
        ),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_an_error_if_the_aws_cli_could_not_work(profile, told, as_json, shown):
    with pytest.raises(AwsxError) as caught:
        shown(as_json, AWS_PROFILE=profile)
    assert (str(caught.value), caught.value.code) == (told, 1)


@pytest.mark.parametrize(
    ("variables", "whence"),
    [
        ({"AWS_PROFILE": "prdo", "AWSX_ORIGIN": "hand"}, "AWS_PROFILE, not set by awsx"),
        ({"AWS_PROFILE": "prdo", "AWSX_ORIGIN": "inherited"}, "AWS_PROFILE, inherited"),
        (
            {"AWS_PROFILE": None, "AWS_DEFAULT_PROFILE": "prdo", "AWSX_ORIGIN": "hand"},
            "AWS_DEFAULT_PROFILE",
        ),
        ({"AWS_PROFILE": "prdo", **KEYS}, "AWS_PROFILE"),
    ],
)
def test_a_missing_profile_is_named_with_its_source(variables, whence, shown):
    with pytest.raises(AwsxError, match=rf"^no profile prdo \({whence}\); did you mean prod\?$"):
        shown(**variables)


def test_the_other_variable_set_to_nothing(shown):
    with pytest.raises(
        AwsxError, match=r"^AWS_DEFAULT_PROFILE is set to nothing, .*unset AWS_DEFAULT_PROFILE"
    ):
        shown(AWS_PROFILE=None, AWS_DEFAULT_PROFILE="")


@pytest.mark.parametrize(
    ("seconds", "renewable", "left", "state"),
    [
        (7230, False, "2h", "valid"),
        (7230, True, "2h+", "valid"),
        (-5, True, "renews", "renewable"),
        (-5, False, "expired", "expired"),
    ],
)
def test_json(seconds, renewable, left, state, shown, home):
    names = ("refreshToken", "clientId", "clientSecret")
    more = (
        {**dict.fromkeys(names, "SECRET"), "registrationExpiresAt": tokens.iso(2**33)}
        if renewable
        else {}
    )
    ends = log_in(home, seconds, **more)
    found = shown(True, AWS_REGION="us-east-1", AWS_DEFAULT_PROFILE="keys")
    seen_by = found.pop("seen_by")
    assert list(seen_by) == ["aws", "boto3", "js", "go", "rust"]
    assert seen_by["boto3"] == {
        "profile": "keys",
        "profile_source": "AWS_DEFAULT_PROFILE",
        "identity": "profile",
        "credentials": "keys",
        "credentials_source": "~/.aws/credentials:3",
        "region": "us-east-1",
        "region_source": "~/.aws/credentials:2",
    }
    assert seen_by["aws"]["profile"] == "prod"
    assert found == {
        "profile": "prod",
        "current": True,
        "guarded": False,
        "account_id": "111122223333",
        "account_name": None,
        "tags": [],
        "role": "Admin",
        "region": "us-east-1",
        "kind": "sso",
        "session": "corp",
        "expires_at": ends,
        "state": state,
        "left": left,
        "sources": {
            "profile": "AWS_PROFILE",
            "account": "~/.aws/config:6",
            "role": "~/.aws/config:7",
            "kind": "~/.aws/config:4",
            "session": "~/.aws/config:5",
            "left": f"~/.aws/sso/cache/{KEY[:8]}...",
            "region": "AWS_REGION",
        },
        "beaten_by": ["AWS_DEFAULT_PROFILE"],
        "identity": "profile",
        "usable": "login" if state == "expired" else True,
        "reason": "the session corp has expired; run: awsx login prod"
        if state == "expired"
        else None,
        "states": ["default-profile-differs", "region"],
        "findings": [
            {
                "code": "default-profile-differs",
                "severity": "warning",
                "place": "AWS_DEFAULT_PROFILE",
                "text": "AWS_DEFAULT_PROFILE=keys differs from AWS_PROFILE; "
                "boto3/CLI v1: profile keys",
                "remedy": "clear the way: awsx prod, or unset AWS_DEFAULT_PROFILE "
                "(fish: set -e AWS_DEFAULT_PROFILE)",
            },
            {
                "code": "region",
                "severity": "warning",
                "place": "AWS_REGION",
                "text": "the profile's eu-west-1 (~/.aws/config:8) gives way to "
                "AWS_REGION=us-east-1",
                "remedy": "back to it: unset AWS_REGION (fish: set -e AWS_REGION)",
            },
        ],
    }


@pytest.mark.parametrize("seen_before", [False, True], ids=["first time", "from the memo"])
def test_json_has_what_is_wrong_in_the_files(seen_before, env, home, capsys):
    with (home / ".aws" / "config").open("a") as config:
        config.write("nonsense\n")
    if seen_before:
        current.current(env)
        capsys.readouterr()
    current.current(env, as_json=True)
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["findings"] == [
        {
            "code": "bad-file",
            "severity": "error",
            "place": "~/.aws/config:17",
            "text": "this line is not `key = value`",
            "remedy": "add the =, put a # in front, or remove it",
        }
    ]
    assert found["states"] == []
    assert said.err.startswith("awsx: ~/.aws/config:17: this line is not `key = value`; add the =")


def test_an_error_of_current_is_a_finding(shown):
    with pytest.raises(FindingError) as caught:
        shown(AWS_PROFILE="prdo")
    assert caught.value.finding.as_json() == {
        "code": "no-such-profile",
        "severity": "error",
        "place": "AWS_PROFILE",
        "text": "no profile prdo (AWS_PROFILE)",
        "remedy": "did you mean prod?",
    }


def test_json_without_a_session(shown):
    found = shown(True, AWS_PROFILE="keys")
    assert (found["session"], found["left"], found["state"], found["expires_at"]) == (
        None,
        None,
        None,
        None,
    )


def test_json_of_another_identity(shown):
    found = shown(True, **POD)
    assert {
        key: found[key]
        for key in ("identity", "profile", "account_id", "role", "kind", "region", "current")
    } == {
        "identity": "web-identity",
        "profile": "prod",
        "account_id": "444455556666",
        "role": "Pod",
        "kind": "web-identity",
        "region": "eu-west-1",
        "current": False,
    }
    assert found["beaten_by"] == ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]
    alone = shown(True, AWS_PROFILE=None, **KEYS)
    assert (alone["identity"], alone["profile"], alone["account_id"], alone["session"]) == (
        "keys",
        None,
        None,
        None,
    )
    assert alone["states"] == ["keys"]
    half = shown(True, AWS_ACCESS_KEY_ID="AKIA")
    assert (half["identity"], half["kind"], half["seen_by"]["aws"]["credentials"]) == (
        "none",
        "error",
        "error",
    )


def test_json_of_a_guarded_profile(shown, home):
    (home / ".config" / "awsx").mkdir(parents=True)
    (home / ".config" / "awsx" / "config.toml").write_text('[guard]\nmatch = ["pr*"]\n')
    assert shown(True)["guarded"] is True


NAMES = ["a b", "$(touch x)", "%n", "\\[", "größe", "-x", "=ls", "a/b", "x" * 300]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(name, env, home, capsys):
    (home / ".aws" / "config").write_text(
        f"[profile '{name}']\nregion = eu-west-1\n", encoding="utf-8"
    )
    current.current({**env, "AWS_PROFILE": name})
    shown = name if len(name) <= 80 else name[:78] + ".."
    assert capsys.readouterr().out.splitlines()[0].startswith(f"profile  {shown}  ")
    current.current({**env, "AWS_PROFILE": name}, as_json=True)
    assert json.loads(capsys.readouterr().out)["profile"] == name


def test_values_cannot_move_the_cursor(env, home, capsys):
    (home / ".aws" / "config").write_text(
        "[profile prod]\nregion = a\x1b[31m\n\tb\n"
        "role_arn = arn:aws:iam::\x07:role/Deploy\ncredential_source = Environment\n"
    )
    current.current(env)
    out = capsys.readouterr().out
    assert all(line.isprintable() for line in out.splitlines())
    assert out.splitlines()[-2].startswith("needs: ~/.aws/config:5: credential_source = ")
    assert out.splitlines()[-1].startswith("bad-region: ~/.aws/config:2: region = a?[31m?b ")


def test_a_whole_process(env):
    ran = subprocess.run(
        [sys.executable, "-I", "-S", START, "current"], env=env, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("profile  prod ")


@pytest.mark.parametrize("place", [{"HOME": "/nowhere"}, {"AWS_CONFIG_FILE": "/nowhere"}], ids=str)
def test_files_that_are_not_there(place, env):
    ran = subprocess.run(
        [sys.executable, "-I", "-S", START, "current"],
        env={**env, **place},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("awsx: no profile prod")
    assert ran.stderr.count("\n") == 1
