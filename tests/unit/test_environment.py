"""A switch takes every rival out of the way: no variable is left that beats the profile."""

import pytest

from awsx.environment import INTERNAL, REGIONS, RIVALS, pointing_at, rivals

# The README promises to put these aside; a shorter list would let keys beat the profile.
PROMISED = (
    "AWS_DEFAULT_PROFILE",
    "AWS_EB_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
KEPT = (
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CA_BUNDLE",
    "HTTPS_PROXY",
    "BROWSER",
    "NO_COLOR",
    "XDG_CACHE_HOME",
    "HOME",
    "PATH",
    "AWS_PAGER",
    "AWS_EC2_METADATA_DISABLED",
)


def test_the_rivals_are_the_promised_ones():
    assert sorted(RIVALS) == sorted(PROMISED)


@pytest.mark.parametrize("region", ["", "eu-west-1"])
def test_pointing_at_a_profile_unsets_rivals_and_sets_its_region(region):
    env = dict.fromkeys([*PROMISED, *KEPT, *REGIONS, "AWS_PROFILE"], "x")
    change = pointing_at("prod", region, env)
    expected = {"AWS_PROFILE": "prod", "AWSX_REGION": region or None, **dict.fromkeys(PROMISED)}
    assert change == expected | (dict.fromkeys(REGIONS, region) if region else {})


def test_a_container_token_of_any_name_is_a_rival():
    env = {
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_NEW": "x",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "y",
        "AWS_OTHER": "z",
    }
    assert sorted(set(rivals(env)) - set(RIVALS)) == ["AWS_CONTAINER_AUTHORIZATION_TOKEN_NEW"]
    assert pointing_at("prod", "", env)["AWS_CONTAINER_AUTHORIZATION_TOKEN_NEW"] is None
    assert len(rivals(env)) == len(set(rivals(env)))


def test_the_change_does_not_depend_on_what_is_set():
    assert pointing_at("prod", "", {}) == pointing_at(
        "prod", "", {"AWS_ACCESS_KEY_ID": "a", "AWS_PROFILE": "dev"}
    )


def test_shells_may_assign_every_name():
    """A shell assigns only names from the hand-over that begin with AWS_ or AWSX_."""
    for name in (*RIVALS, *REGIONS, *INTERNAL, *pointing_at("a", "b", {})):
        assert name.startswith(("AWS_", "AWSX_"))
