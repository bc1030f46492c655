"""Which region a word names, and the change that makes it this terminal's region."""

import pytest

from awsx.argv import Call
from awsx.commands import region
from awsx.environment import RIVALS
from awsx.facts import Facts
from awsx.files.regions import known_regions, region_named, short
from awsx.term import AwsxError

KNOWN = known_regions()
CONFIG = """
[default]
region = eu-west-3
[profile prod]
region = eu-west-1
[profile bare]
[profile new]
region = nz-south-9
"""


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CONFIG)
    return environment


@pytest.fixture
def facts(env):
    return Facts(env)


SHORT = {
    "euw1": "eu-west-1",
    "use1": "us-east-1",
    "usw2": "us-west-2",
    "euc1": "eu-central-1",
    "usgw1": "us-gov-west-1",
    "apse2": "ap-southeast-2",
    "apne1": "ap-northeast-1",
    "aps1": "ap-south-1",
    "ape1": "ap-east-1",
    "cnn1": "cn-north-1",
    "cnnw1": "cn-northwest-1",
    "mec1": "me-central-1",
    "afs1": "af-south-1",
    "ilc1": "il-central-1",
    "cac1": "ca-central-1",
    "sae1": "sa-east-1",
    "usisoe1": "us-iso-east-1",
    "usisobe1": "us-isob-east-1",
}


@pytest.mark.parametrize(("word", "name"), SHORT.items())
def test_a_short_form_stands_for_a_region(word, name, facts, capsys):
    assert region_named(word, facts.config) == name
    assert capsys.readouterr() == ("", "")


def test_every_region_has_a_short_form_of_its_own():
    shorts = {short(name) for name in KNOWN}
    assert len(shorts) == len(KNOWN) > 40
    assert not shorts & KNOWN.keys()
    assert all(word.isascii() and word.isalnum() and len(word) <= 8 for word in shorts)


@pytest.mark.parametrize("name", KNOWN)
def test_a_region_can_be_named_in_full_or_in_short(name, facts, capsys):
    assert region_named(name, facts.config) == region_named(short(name), facts.config) == name
    assert capsys.readouterr() == ("", "")


def test_a_region_that_aws_has_added_is_known_once_a_profile_names_it(facts, capsys):
    assert region_named("nz-south-9", facts.config) == "nz-south-9"
    assert capsys.readouterr() == ("", "")


UNKNOWN = {
    "eu-wst-1": "did you mean eu-west-1",
    "us-east-9": "did you mean us-east-",
    "nz-south-8": "no region nz-south-8",
    "eu-west": "did you mean eu-west-",
    "eu-west-1a": "did you mean eu-west-1",
    "EU-WEST-1": "did you mean eu-west-1",
    "eu_west_1": "did you mean eu-west-1",
    "euw9": "did you mean euw",
    "moon": "no region moon; all of them: awsx region\n",
    "": "no region ''; all of them: awsx region\n",
    "-": "no region -",
    "west-1": "no region west-1",
    "e-west-1": "no region e-west-1",
    "eu-west-": "no region eu-west-",
    "eu-wést-1": "no region",
    "eu-west-1\nX=1": "no region",
    "eu-west-\u0661": "no region",
    "\x1b[31m": "no region ?[31m",
}


@pytest.mark.parametrize(("word", "told"), UNKNOWN.items(), ids=ascii)
def test_an_unknown_region_is_an_error_that_suggests_a_similar_one(word, told, facts):
    with pytest.raises(AwsxError) as caught:
        region_named(word, facts.config)
    assert told in f"{caught.value}\n"
    assert str(caught.value).isprintable()
    assert caught.value.code == 1


PLAIN = {"AWSX_PID": "7"}
OURS = {**PLAIN, "AWSX_OWNER": "7"}
INHERITED = {**PLAIN, "AWSX_OWNER": "6"}
HERE = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1")
ASIDE = dict.fromkeys(RIVALS)

CHANGES = {
    "no owner": (PLAIN, {"AWSX_OWNER": "7"}),
    "no owner, a profile and keys": (
        {**PLAIN, "AWS_PROFILE": "mine", "AWS_ACCESS_KEY_ID": "x"},
        {"AWSX_OWNER": "7"},
    ),
    "switched": (
        {**OURS, "AWS_PROFILE": "prod"},
        {"AWSX_OWNER": "7", "AWS_PROFILE": "prod", **ASIDE},
    ),
    "switched, then keys by hand": (
        {**OURS, "AWS_PROFILE": "prod", "AWS_SECURITY_TOKEN": "x"},
        {
            "AWSX_OWNER": "7",
            "AWS_PROFILE": "prod",
            **{n: None for n in RIVALS if n != "AWS_SECURITY_TOKEN"},
        },
    ),
    "switched, then unset by hand": (OURS, {"AWSX_OWNER": "7", **ASIDE}),
    "a profile of two lines by hand": (
        {**OURS, "AWS_PROFILE": "a\nb"},
        {"AWSX_OWNER": "7", **ASIDE},
    ),
    "inherited": ({**INHERITED, "AWS_PROFILE": "prod"}, {"AWSX_OWNER": "6"}),
}


@pytest.mark.parametrize(("env", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_region_repeats_the_last_switch(env, expected):
    change = region.change_to(env, "us-east-1")
    assert next(iter(change)) == "AWSX_OWNER"
    assert change == {**expected, **HERE, "AWSX_REGION": "us-east-1"}


@pytest.mark.parametrize(
    ("env", "unset"),
    [
        (OURS, []),
        (INHERITED, ["AWS_REGION", "AWS_DEFAULT_REGION"]),
        ({**INHERITED, "AWS_REGION": "x"}, ["AWS_DEFAULT_REGION"]),
    ],
    ids=["ours", "inherited", "inherited, one by hand"],
)
def test_the_way_back_unsets_only_an_inherited_region(env, unset):
    change = region.change_to({**HERE, "AWSX_REGION": "us-east-1", **env}, "")
    assert [name for name in change if name.endswith("REGION") and name[:4] == "AWS_"] == unset
    assert change["AWSX_REGION"] is None


def told(env, capsys):
    region.region(env, Call("region"))
    return capsys.readouterr()


TOLD = {
    "the profile's own": ({"AWS_PROFILE": "prod"}, "eu-west-1"),
    "no profile": ({}, "eu-west-3"),
    "the other variable's profile": ({"AWS_DEFAULT_PROFILE": "prod"}, "eu-west-1"),
    "AWS_REGION": ({"AWS_PROFILE": "prod", "AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"}, "a"),
    "AWS_DEFAULT_REGION": (
        {"AWS_PROFILE": "prod", "AWS_REGION": "", "AWS_DEFAULT_REGION": "b"},
        "b",
    ),
    "no such profile": ({"AWS_PROFILE": "prdo", "AWS_REGION": "a"}, "a"),
}


@pytest.mark.parametrize(("variables", "expected"), TOLD.values(), ids=TOLD)
def test_without_a_terminal_only_the_current_region_is_printed(variables, expected, env, capsys):
    assert told({**env, **variables}, capsys) == (f"{expected}\n", "")


@pytest.mark.parametrize("name", ["bare", "prdo"])
def test_a_profile_without_a_region_is_an_error(name, env, capsys):
    with pytest.raises(AwsxError, match=f"neither does profile {name};"):
        told({**env, "AWS_PROFILE": name}, capsys)


@pytest.mark.parametrize("word", ["euw1", "-"])
def test_without_the_integration_a_change_of_region_is_an_error(word, env):
    with pytest.raises(AwsxError, match="integration is not loaded"):
        region.region({**env, "AWSX_REGION": "us-east-1"}, Call("region", region=word))


def test_the_picker_marks_the_current_region_and_the_profiles_own():
    rows = region._rows(KNOWN, "prod", "eu-west-1", {"AWS_REGION": "us-east-1"})
    assert rows[0].split() == ["REGION", "NAME"]
    assert [row.split() for row in rows if row[0] == "*"] == [
        ["*", "us-east-1", "US", "East", "(N.", "Virginia)"]
    ]
    assert [row.split()[0] for row in rows if "prod's own" in row] == ["eu-west-1"]
    assert [row[2:].split()[0] for row in rows[1:]] == list(KNOWN)
