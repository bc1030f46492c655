"""`awsx exec` with several profiles, from the function of each shell."""

import pytest

KEYS = "aws_access_key_id = a\naws_secret_access_key = b\nregion = eu-west-1\n"


@pytest.fixture
def live(home, loaded):
    """A terminal with two profiles that need no login."""
    text = "".join(f"[profile {name}]\n{KEYS}" for name in ("dev-a", "dev-b"))
    (home / ".aws" / "config").write_text(text)
    return loaded()


def test_a_pattern_reaches_the_core_and_the_terminal_stays_as_it_is(live):
    live.run("awsx dev-a")
    ran = live.run("awsx exec 'dev-*' --ordered -- printenv AWS_PROFILE")
    assert (ran.text, ran.status) == ("dev-a | dev-a\ndev-b | dev-b", 0)
    assert live.variable("AWS_PROFILE") == "dev-a"


def test_the_exit_code_is_that_of_all_or_of_the_only_one(live):
    assert live.run("awsx exec dev-a dev-b -- sh -c 'exit 3'").status == 1
    assert live.run("awsx exec '*-a' -- sh -c 'exit 3'").status == 3
