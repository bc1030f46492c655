"""The prompt and `awsx current` agree on 100 random environments for each shell, however odd.

The core decides in awsx/truth/ what the next command uses; the shells decide it again as they draw,
without a process (shell/segment.*). This test keeps the two equal.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest
from conftest import Aws, Words
from terminal import Terminal

MORE = """
[profile role]
role_arn = arn:aws:iam::222233334444:role/Reader
source_profile = prod
region = eu-west-1
[profile pod]
role_arn = arn:aws:iam::222233334444:role/Pod
web_identity_token_file = /token
[profile gone]
sso_session = nowhere
sso_account_id = 111122223333
sso_role_name = Admin
[profile two]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = stand-in
"""
NAMES = ("prod", "dev", "ci", "role", "pod", "gone", "two", "nosuch")
OWN_REGIONS = {"prod": "eu-west-1", "dev": "eu-central-1", "ci": "us-east-2", "role": "eu-west-1"}
REGIONS = ("", "eu-west-1", "us-east-1")
# The values of each variable; None is unset. A value that is listed more often is more likely.
CHOICES: dict[str, tuple[str | None, ...]] = {
    "AWS_PROFILE": (None, None, "", *NAMES, *NAMES),
    "AWS_DEFAULT_PROFILE": (*[None] * 8, "", "prod", "dev", "nosuch"),
    "AWS_ACCESS_KEY_ID": (*[None] * 6, "AKIAIOSFODNN7EXAMPLE"),
    "AWS_SECRET_ACCESS_KEY": (*[None] * 3, "stand-in"),
    "AWS_WEB_IDENTITY_TOKEN_FILE": (*[None] * 6, "/token"),
    "AWS_ROLE_ARN": (*[None] * 5, "arn:aws:iam::777788889999:role/Other"),
    "AWS_REGION": (*[None] * 4, *REGIONS),
    "AWS_DEFAULT_REGION": (*[None] * 4, *REGIONS),
}
ROUNDS, STEPS = 4, 25  # terminals, and states in each


def typed(state: dict[str, str | None], words: Words) -> str:
    """The line that sets and unsets the terminal's variables accordingly."""
    return "; ".join(
        words.export(name, value) if value is not None else words.unset(name)
        for name, value in state.items()
    )


def expected(found: dict, state: dict[str, str | None]) -> str:
    """What the prompt should say, without account and time left, by `awsx current --json`."""
    aws = found["seen_by"]["aws"]
    rival = rival_of(aws, state)
    said = [rival] if rival else []
    if aws["profile_source"] in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        who = aws["profile"]
        said = [f"{rival}, not {who}"] if rival else [who]
    marks = [] if rival else list(doubts(found, state))
    marks += regions(found, state)
    if not rival and aws["profile_source"] == "AWS_PROFILE":
        marks.append("*")
    return " ".join([*said, *marks])


def rival_of(aws: dict, state: dict[str, str | None]) -> str:
    source = aws["credentials_source"] or ""
    half = aws["credentials"] == "error"
    if source == "AWS_ACCESS_KEY_ID":
        return "keys without a secret" if half else "keys"
    if source in ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN") and (
        half or aws["identity"] == "web-identity"
    ):
        return "web identity without a role" if half else "web identity"
    return ""


def doubts(found: dict, state: dict[str, str | None]):
    if found["seen_by"]["aws"]["profile_source"] == "AWS_DEFAULT_PROFILE":
        yield "not-js"
    else:
        other = state["AWS_DEFAULT_PROFILE"]
        if other and other != found["seen_by"]["aws"]["profile"]:
            yield f"boto3:{other}"
    yield from {"gone": ["broken"], "two": ["js:keys"]}.get(found["profile"], [])


def regions(found: dict, state: dict[str, str | None]):
    """The marks for the AWS CLI's region and for boto3's, where they are not the profile's own."""
    aws, own = found["seen_by"]["aws"], OWN_REGIONS.get(found["profile"] or "", "")
    at = aws["region"] or ("''" if aws["region_source"] else "")
    boto3 = own if state["AWS_DEFAULT_REGION"] is None else state["AWS_DEFAULT_REGION"] or "''"
    if own and at != own:
        yield f"@{at}"
    if own and boto3 not in (at, own):
        yield f"boto3@{boto3}"


def drawn(live: Terminal) -> str:
    """The prompt without account and time left."""
    words = live.prompt_line().rpartition("$")[0].split()
    accounts = {"111122223333", "444455556666", "222233334444", "777788889999", "7h"}
    return " ".join(word for word in words if word not in accounts)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_prompt_and_current_agree_on_random_environments(
    seed: int, loaded: Callable[..., Terminal], words: Words, aws: Aws
) -> None:
    with aws.config.open("a", encoding="utf-8") as config:
        config.write(MORE)
    chance = random.Random(seed)
    live = loaded(columns=160)
    for _ in range(STEPS):
        state = {name: chance.choice(values) for name, values in CHOICES.items()}
        live.run(typed(state, words))
        seen = drawn(live)
        told = live.run("awsx current --json").text
        if told.startswith("{"):
            assert seen == expected(json.loads(told), state), state
        elif "no [sso-session nowhere]" in told:
            assert "broken" in seen, (state, told)
        elif "is set to nothing" in told or "no profile " in told:
            assert "no such profile" in seen, (state, told)
        else:
            assert "no profile:" in told and seen == "", (state, told)
