"""Small inputs that were once read wrongly: what the AWS CLI makes of each, awsx says.

The files lie beside the checkout, not in it. The AWS CLI 2.38.5 was run with them to see what is
right.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awsx.commands import current
from awsx.facts import Facts
from awsx.files import tokens
from awsx.files.memo import FIELDS, SEPARATOR
from awsx.memos.remember import remember
from awsx.tables.rows import Rows
from awsx.term import AwsxError

FOLDER = Path(__file__).parents[3] / "shared" / "cases"
START = str(Path(__file__).parents[2] / "awsx" / "start.py")
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "SECRET"}
URI = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"}

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"no {FOLDER}: the cases are not part of awsx"
)


def log_in(home, seconds, **more):
    ends = tokens.iso(int(time.time()) + seconds)
    content = {"accessToken": "x", "expiresAt": ends, **more}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex("corp"), content)


@pytest.fixture
def home(home):
    for name in ("config", "credentials"):
        shutil.copyfile(FOLDER / f"refused.{name}", home / ".aws" / name)
    log_in(home, 3600)
    return home


@pytest.fixture
def told(home, capsysbinary):
    """told(AWS_PROFILE=name): what `awsx current --json` prints, and its error."""

    def told(**variables):
        error = ""
        try:
            current.current({"HOME": str(home), "AWSX_SHELL": "bash", **variables}, as_json=True)
        except AwsxError as raised:
            error = str(raised)
        out = capsysbinary.readouterr().out
        return (json.loads(out) if out else {}), error

    return told


@pytest.fixture
def memo(home):
    """memo(name): the memo of a profile, from which the shells draw and switch."""

    def memo(name, **variables):
        env = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), **variables}
        facts = Facts(env)
        facts.stock.settle()
        facts.stock.take(facts.problems, facts.config.is_sound())
        remember(facts, name, facts.find(name))
        fields = facts.stock.kept(f"p.{name}").split(SEPARATOR)
        return dict(zip(FIELDS, fields))

    return memo


def row(home, name):
    env = {"HOME": str(home)}
    facts = Facts(env)
    return Rows(facts.config, facts.account, env, time.time()).of(facts.profile(name))


# Profile -> the place and a part of what is wrong.
REFUSED = {
    "no-role": ("~/.aws/config:16", "no sso_role_name in [profile no-role]"),
    "no-account": ("~/.aws/config:21", "no sso_account_id in [profile no-account]"),
    "other-region": ("~/.aws/config:28", "sso_region is us-east-1 in profile other-region, but"),
    "over-no-role": ("~/.aws/config:16", "no sso_role_name in [profile no-role]"),
    "over-nothing": ("~/.aws/config:43", "profile base holds no credentials"),
    "over-half": ("~/.aws/credentials:2", "aws_access_key_id without aws_secret_access_key"),
    "half": ("~/.aws/credentials:2", "aws_access_key_id without aws_secret_access_key"),
    "odd-source": ("~/.aws/config:53", "credential_source = environment"),
    "blank-keys": ("~/.aws/credentials:5", "aws_access_key_id has no value"),
    "commented-region": ("~/.aws/config:93", "region = eu-west-1 # Ireland"),
}
# Profile -> kind, session (where the profile has one), and what `usable` is: with a valid token and
# with an expired one.
TAKEN = {
    "good": ("sso", "corp", True, "login"),
    "session-and-process": ("process", None, "unknown", "unknown"),
    "session-and-keys": ("keys", None, True, True),
    "over-session-and-keys": ("role", None, True, True),
    "base": ("none", None, False, False),
}


@pytest.mark.parametrize("seconds", [3600, -60], ids=["logged in", "expired"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_the_aws_cli_refuses_is_broken_everywhere(name, seconds, told, memo, home):
    place, text = REFUSED[name]
    log_in(home, seconds)
    found, _ = told(AWS_PROFILE=name)
    assert found["usable"] is False
    assert place in found["reason"] or text in found["reason"]
    wrong = next(one for one in found["findings"] if one["severity"] == "error")
    assert wrong["place"] == place
    assert text in wrong["text"]
    assert wrong["remedy"]
    drawn = memo(name)
    assert (drawn["mark"], drawn["told"]) == ("broken", "")
    assert row(home, name).kind == "broken"
    with pytest.raises(AwsxError, match=r"^~/\.aws/"):
        Facts({"HOME": str(home)}).target(name)


@pytest.mark.parametrize("seconds", [3600, -60], ids=["logged in", "expired"])
@pytest.mark.parametrize("name", TAKEN)
def test_the_kind_is_what_the_aws_cli_takes(name, seconds, told, memo, home):
    kind, session, valid, expired = TAKEN[name]
    log_in(home, seconds)
    found, error = told(AWS_PROFILE=name)
    assert error == ""
    assert (found["kind"], found["session"]) == (kind, session)
    assert found["usable"] == (valid if seconds > 0 else expired)
    own = found["seen_by"]["aws"]["credentials"]
    assert own == kind
    assert memo(name)["kind"] == kind
    assert memo(name)["mark"] in ("", "js:keys", "js:process")
    target = Facts({"HOME": str(home)}).target(name)
    assert (target.kind, target.session and target.session.label) == (kind, session)


def test_a_session_alone_gives_no_credentials(told, memo, home):
    found, error = told()
    assert (error, found["kind"], found["usable"], found["left"]) == ("", "none", False, None)
    assert "nothing" in found["states"]
    assert memo("default")["kind"] == "none"
    assert memo("default")["key"] == ""


def test_a_login_still_finds_the_session_that_stands_alone(home):
    from awsx.commands import which_sessions
    from awsx.commands.which_sessions import Selection

    facts = Facts({"HOME": str(home)})
    found = which_sessions.selected(facts, Selection("default"))
    assert [session.name for session in found] == ["corp"]


def test_the_javascript_sdk_takes_the_region_of_the_session(told):
    seen = told(AWS_PROFILE="other-region")[0]["seen_by"]
    assert [seen[tool]["credentials"] for tool in ("aws", "boto3", "js")] == ["error"] * 2 + ["sso"]


@pytest.mark.parametrize("name", ["in-container", "over-container"])
def test_a_role_from_a_container_needs_its_variable(name, told, memo):
    found, _ = told(AWS_PROFILE=name)
    assert found["usable"] is False
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in found["reason"]
    assert found["findings"][0]["place"] == "~/.aws/config:76"
    found, error = told(AWS_PROFILE=name, **URI)
    assert (found["usable"], found["identity"], error) == ("unknown", "profile", "")
    assert memo(name)["told"] == ""  # the core knows which variables stay
    assert memo(name)["mark"] == ""


def test_a_role_from_the_environment_needs_the_keys(told, memo):
    found, _ = told(AWS_PROFILE="from-environment")
    assert found["usable"] is False
    assert "AWS_ACCESS_KEY_ID" in found["reason"]
    found, _ = told(AWS_PROFILE="from-environment", **KEYS)
    assert (found["usable"], found["identity"]) == (True, "keys")
    wrong = next(one for one in found["findings"] if one["code"] == "keys")
    assert wrong["remedy"].endswith("aws --profile from-environment")
    assert memo("from-environment")["told"] == ""


@pytest.fixture
def core(environment, home):
    """core(*argv, NAME=value): the core, run as a shell does, and the lines of its hand-over."""

    def core(*argv, **variables):
        handover = Path(environment["XDG_RUNTIME_DIR"]) / "awsx" / "shell.1"
        env = {
            **environment,
            "AWSX_HANDOVER": str(handover),
            "AWSX_PID": "1",
            "AWSX_SHELL": "bash",
            **variables,
        }
        command = [sys.executable, "-I", "-S", START, *argv]
        ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        lines = handover.read_text().splitlines() if handover.exists() else []
        return ran, lines

    return core


NEEDS = {"in-container": URI, "over-container": URI, "from-environment": KEYS}


@pytest.mark.parametrize("name", NEEDS)
def test_a_switch_leaves_what_the_profile_needs(name, core):
    ran, lines = core(name, **NEEDS[name])
    assert ran.returncode == 0, ran.stderr
    assert f"AWS_PROFILE={name}" in lines
    assert "AWS_DEFAULT_PROFILE" in lines
    assert not set(NEEDS[name]) & set(lines)
    other = KEYS if NEEDS[name] is URI else URI
    assert set(other) <= set(lines)
    assert ("aws --profile from-environment" in ran.stderr) == (name == "from-environment")


@pytest.mark.parametrize("name", NEEDS)
def test_exec_leaves_what_the_profile_needs(name, core):
    ran, _ = core("exec", name, "--", "/usr/bin/env", **KEYS, **URI)
    assert ran.returncode == 0, ran.stderr
    seen = {line.partition("=")[0] for line in ran.stdout.splitlines()}
    assert seen & {*KEYS, *URI} == set(NEEDS[name])
    assert ("aws --profile from-environment" in ran.stderr) == (name == "from-environment")


def test_a_role_over_one_with_a_source_keeps_it_too(core, home):
    with (home / ".aws" / "config").open("a") as config:
        config.write(
            "\n[profile third]\nrole_arn = arn:aws:iam::777788889999:role/Third\n"
            "source_profile = over-container\n"
        )
    assert not set(URI) & set(core("third", **URI)[1])


def test_another_region_lifts_the_refusal_of_a_commented_one(core, told, home):
    found, _ = told(AWS_PROFILE="commented-region", AWS_REGION="eu-west-1")
    assert (found["usable"], found["region"]) == (True, "eu-west-1")
    assert core("exec", "commented-region", "-r", "use1", "--", "true")[0].returncode == 0
    assert core("exec", "commented-region", "--", "true", AWS_REGION="eu-west-1")[0].returncode == 0
    ran, _ = core("exec", "commented-region", "--", "true")
    assert ran.returncode == 1
    assert ran.stderr.startswith("awsx: ~/.aws/config:93: ")
    assert "put the comment on a line of its own" in ran.stderr


@pytest.mark.parametrize("argv", [["meant-as-profile"], ["exec", "meant-as-profile", "--", "true"]])
def test_a_section_that_was_meant_as_a_profile_is_named(argv, core):
    ran, _ = core(*argv)
    assert ran.returncode == 1
    assert ran.stderr == (
        "awsx: no profile meant-as-profile; ~/.aws/config:95 has [meant-as-profile]; "
        "write [profile meant-as-profile] there\n"
    )


def test_current_names_that_section_too(told):
    assert told(AWS_PROFILE="meant-as-profile")[1].endswith(
        "~/.aws/config:95 has [meant-as-profile]; write [profile meant-as-profile] there"
    )


@pytest.mark.parametrize("name", [*REFUSED, "session-and-keys", "session-and-process", "default"])
def test_nobody_is_logged_in_for_a_profile_that_needs_no_session(name, core, home):
    """Without a terminal a login would be an error that names it."""
    log_in(home, -60)
    ran, _ = core("exec", name, "--", "true")
    assert "log in" not in ran.stderr
    assert (ran.returncode, ran.stderr.count("\n")) == ((1, 1) if name in REFUSED else (0, 0))


# --- role credentials that outlive the session

CHAIN = """
[profile chain]
role_arn = arn:aws:iam::777788889999:role/Deploy
source_profile = good
region = eu-west-1
"""
KEPT = {
    # The names that the AWS CLI 2.38.5 gives to its files (botocore's _create_cache_key).
    "chain": '{"RoleArn": "arn:aws:iam::777788889999:role/Deploy"}',
    "good": '{"accountId":"111122220000","roleName":"AdministratorAccess","sessionName":"corp"}',
}


def keep(home, name, seconds):
    """Role credentials of a profile, as the AWS CLI keeps them."""
    folder = home / ".aws" / "cli" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    ends = tokens.iso(int(time.time()) + seconds)
    credentials = {"AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}
    key = hashlib.sha1(KEPT[name].encode()).hexdigest()
    (folder / f"{key}.json").write_text(
        json.dumps({"Credentials": {**credentials, "Expiration": ends}})
    )


@pytest.fixture
def chain(home):
    with (home / ".aws" / "config").open("a") as config:
        config.write(CHAIN)
    log_in(home, -60)
    return home


def clock(seconds):
    return time.strftime("%H:%M", time.localtime(int(time.time()) + seconds))


# What is kept of each, in seconds -> how long aws goes on, 0: it does not
LASTING = {
    "the role's own": ({"chain": 3600}, 2700),
    "the source's": ({"good": 7200}, 6300),
    "both": ({"chain": 1800, "good": 3600}, 2700),
    "too little": ({"chain": 890, "good": 890}, 0),
    "none": ({}, 0),
}


@pytest.mark.parametrize("case", LASTING)
def test_aws_goes_on_with_role_credentials(case, chain, told, core, tmp_path):
    kept, lasts = LASTING[case]
    for name, seconds in kept.items():
        keep(chain, name, seconds)
    found, _ = told(AWS_PROFILE="chain")
    assert found["left"] == "expired"
    assert found["usable"] == (True if lasts else "login")
    assert ("the SDKs do not" in found["reason"]) == bool(lasts)
    program = tmp_path / "aws"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    aws, _ = core("exec", "chain", "--", str(program))
    assert (aws.returncode, aws.stdout) == ((0, "ran\n") if lasts else (1, "")), aws.stderr
    sdk, _ = core("exec", "chain", "--", "true")
    assert sdk.returncode == 1
    assert "has expired" in sdk.stderr
    said = f"session expired, aws until {clock(lasts)} (awsx login)"
    assert (said in core("chain")[0].stderr) == bool(lasts)
    shown, _ = core("current", AWS_PROFILE="chain")
    assert (f"expired, aws until {clock(lasts)} " in shown.stdout) == bool(lasts)


def test_a_token_with_its_last_seconds_is_used(core, home):
    log_in(home, 40)
    ran, _ = core("exec", "good", "--", "true")
    assert ran.returncode == 0, ran.stderr
    log_in(home, -1)
    assert core("exec", "good", "--", "true")[0].returncode == 1


# --- the environment

POD = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
    "AWS_ROLE_ARN": "arn:aws:iam::777788889999:role/Other",
}


def test_the_role_of_default_comes_before_a_web_identity(told, home):
    config = home / ".aws" / "config"
    text = config.read_text().replace("[default]\nsso_session = corp", f"[default]{CHAIN[16:]}")
    config.write_text(text.replace("region = eu-west-1\n\nregion", "\nregion"))
    found, _ = told(**POD)
    assert (found["identity"], found["kind"]) == ("profile", "role")
    assert found["seen_by"]["aws"]["credentials"] == "role"


@pytest.mark.parametrize("variables", [{"AWS_REGION": ""}, {"AWS_REGION": "eu-west-1"}], ids=str)
def test_a_profile_without_a_region(variables, told, home):
    with (home / ".aws" / "config").open("a") as config:
        config.write(CHAIN.replace("region = eu-west-1\n", ""))
    found, _ = told(AWS_PROFILE="chain", **variables)
    state = "region" if variables["AWS_REGION"] else "region-empty"
    assert (state in found["states"], found["usable"]) == (True, state == "region")


@pytest.mark.parametrize(
    ("ends", "usable"),
    [
        ("2026-01-01T00:00:00Z", False),
        ("2099-01-01T00:00:00Z", True),
        ("2099-01-01T00:00:00", False),
        ("soon", False),
        ("", True),
    ],
)
def test_keys_that_have_ended(ends, usable, told):
    found, _ = told(**KEYS, AWS_CREDENTIAL_EXPIRATION=ends)
    assert (found["identity"], found["usable"]) == ("keys", usable)
    assert ("keys-ended" in found["states"]) == (not usable)


TOKENS = {
    "no zone": (b"2099-01-01T00:00:00", False),
    "GMT": (b"2099-01-01T00:00:00 GMT", True),
    "z": (b"2099-01-01T00:00:00z", True),
    "hours": (b"2099-01-01T00:00:00+02", True),
    "compact": (b"20990101T000000Z", True),
    "RFC 822": (b"Thu, 01 Jan 2099 00:00:00 GMT", True),
    "no seconds": (b"2099-01-01T00:00Z", True),
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_ends_when_botocore_reads_that_it_does(case, told, home):
    ends, is_good = TOKENS[case]
    path = home / ".aws" / "sso" / "cache" / f"{tokens.sha1_hex('corp')}.json"
    path.write_bytes(b'{"accessToken": "x", "expiresAt": "%s"}' % ends)
    assert told(AWS_PROFILE="good")[0]["usable"] == (True if is_good else "login")


@pytest.mark.parametrize(
    ("before", "after"), [(b"\xef\xbb\xbf", b""), (b"", b' \xe9"')], ids=["BOM", "Latin-1"]
)
def test_a_token_file_that_the_aws_cli_cannot_read(before, after, told, home):
    path = home / ".aws" / "sso" / "cache" / f"{tokens.sha1_hex('corp')}.json"
    more = b', "by": "' + after if after else b""
    path.write_bytes(
        before + b'{"accessToken": "x", "expiresAt": "2099-01-01T00:00:00Z"' + more + b"}"
    )
    assert told(AWS_PROFILE="good")[0]["usable"] == "login"


# --- how others read the files

JS = {
    "a comment": ("region = eu-west-1 # Ireland\n", "", ("none", "eu-west-1")),
    "a comment without a blank": ("region = eu-west-1#x\n", "", ("none", "eu-west-1#x")),
    "capitals": ("REGION = eu-west-1\noutput = json\n", "", ("none", None)),
    "a colon": ("region : eu-west-1\noutput = json\n", "", ("none", None)),
    "capitals of keys": (
        "AWS_ACCESS_KEY_ID = A\nAWS_SECRET_ACCESS_KEY = S\noutput = json\n",
        "",
        ("none", None),
    ),
    "a blank key": (
        "credential_process = /bin/true\n",
        "aws_access_key_id =\naws_secret_access_key =\n",
        ("process", None),
    ),
    "keys after a comment": (
        "",
        "aws_access_key_id = A # mine\naws_secret_access_key = S ; hers\n",
        ("keys", None),
    ),
}


@pytest.mark.parametrize("case", JS)
def test_the_javascript_sdk_reads_the_files_its_own_way(case, told, home):
    config, credentials, expected = JS[case]
    (home / ".aws" / "config").write_text(f"[profile a]\n{config}" if config else "")
    (home / ".aws" / "credentials").write_text(f"[a]\n{credentials}" if credentials else "")
    seen = told(AWS_PROFILE="a")[0]["seen_by"]["js"]
    assert (seen["credentials"], seen["region"]) == expected


def test_the_javascript_sdk_sees_any_name_in_the_credentials_file(told, home):
    keys = "aws_access_key_id = A\naws_secret_access_key = S\n"
    (home / ".aws" / "credentials").write_text(f"[größe]\n{keys}", encoding="utf-8")
    found, _ = told(AWS_PROFILE="größe")
    assert found["seen_by"]["js"]["credentials"] == "keys"
    assert "name" in found["states"]  # the Rust SDK does not
    (home / ".aws" / "credentials").write_text("")
    (home / ".aws" / "config").write_text(f"[profile größe]\n{keys}", encoding="utf-8")
    assert told(AWS_PROFILE="größe")[0]["seen_by"]["js"]["credentials"] == "none"


@pytest.mark.parametrize("variable", [None, "BOTO_CONFIG"])
def test_the_keys_of_boto_2_are_used_where_nothing_else_is(variable, told, home):
    path = home / (".boto" if variable is None else "elsewhere")
    path.write_text("[Credentials]\naws_access_key_id = A\naws_secret_access_key = S\n")
    named = {variable: str(path)} if variable else {}
    found, _ = told(AWS_PROFILE="base", **named)
    assert (found["identity"], found["usable"]) == ("boto-config", True)
    assert found["seen_by"]["aws"]["credentials_source"] == f"~/{path.name}:2"
    assert found["seen_by"]["js"]["credentials"] == "none"
    assert told(AWS_PROFILE="good", **named)[0]["identity"] == "profile"


def test_no_remedy_has_nothing_to_name(told, home):
    """Half a pair beside a session: no tool but two takes it, and no line can be named."""
    for name in sorted(Facts({"HOME": str(home)}).config.profiles()):
        found, _ = told(AWS_PROFILE=name)
        for one in found.get("findings", []):
            assert "()" not in f"{one['text']}{one['remedy']}"
            assert one["remedy"].split()[-1] not in ("remove", "out")
