"""Roles that take their keys from the environment, or from a container: what they need stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Terminal

from awsx.environment import NEEDED

ROLE = "role_arn = arn:aws:iam::111122223333:role/Deploy"
CONFIG = f"""
[profile from-env]
{ROLE}
credential_source = Environment

[profile ecs]
{ROLE}
credential_source = EcsContainer

[profile behind]
{ROLE}
source_profile = ecs
"""
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_SECRET_ACCESS_KEY": "key",
    "AWS_SESSION_TOKEN": "token",
}
CONTAINER = {
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "password",
}
BOTH = KEYS | CONTAINER
# What stays for which profile: everything else is put aside.
STAYS = {"from-env": KEYS, "ecs": CONTAINER, "behind": CONTAINER, "prod": {}}


@pytest.fixture
def live(aws: Aws, loaded: Callable[..., Terminal]) -> Terminal:
    with aws.config.open("a", encoding="utf-8") as config:
        config.write(CONFIG)
    return loaded(**BOTH)


def of_both(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name in BOTH}


def test_a_switch_keeps_what_the_role_needs_and_off_gives_the_rest_back(
    live: Terminal, exported: Callable[[Terminal], dict[str, str]]
) -> None:
    for name in ("from-env", "ecs", "behind", "prod", "from-env", "ecs"):
        live.run("awsx off")
        assert of_both(exported(live)) == BOTH
        assert live.run(f"awsx {name}").profile == name
        assert of_both(exported(live)) == STAYS[name]
    live.run("awsx off")
    assert of_both(exported(live)) == BOTH


@pytest.mark.parametrize("name", STAYS)
def test_exec_keeps_what_the_role_needs_by_the_function_and_by_the_program(
    name: str, live: Terminal, words: Words, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    for _ in range(2):  # the first time by the core, the second one by it or from memos
        live.run(f"awsx exec {name} --no-login -- sh -c 'env >{seen}'")
        found = dict(line.split("=", 1) for line in seen.read_text().splitlines() if "=" in line)
        assert found["AWS_PROFILE"] == name
        assert of_both(found) == STAYS[name]


def test_the_lists_of_what_is_needed_name_each_variable() -> None:
    for source, needed in (("Environment", KEYS), ("EcsContainer", CONTAINER)):
        assert {name for name in BOTH if name.startswith(NEEDED[source])} == set(needed)
