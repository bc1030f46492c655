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
[profile bare]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = stand-in
[profile task]
role_arn = arn:aws:iam::222233334444:role/Task
credential_source = EcsContainer
[profile keyed]
role_arn = arn:aws:iam::222233334444:role/Keyed
credential_source = Environment
[default]
role_arn = arn:aws:iam::222233334444:role/Default
source_profile = prod
"""
NAMES = ("prod", "dev", "ci", "role", "pod", "gone", "two", "nosuch", "bare", "task", "keyed")
OWN_REGIONS = {"prod": "eu-west-1", "dev": "eu-central-1", "ci": "us-east-2", "role": "eu-west-1"}
REGIONS = ("", "eu-west-1", "us-east-1")
# The values of each variable; None is unset. A value that is listed more often is more likely.
CHOICES: dict[str, tuple[str | None, ...]] = {
    "AWS_PROFILE": (None, None, "", *NAMES, *NAMES),
    "AWS_DEFAULT_PROFILE": (*[None] * 8, "", "prod", "dev", "nosuch"),
    "AWS_ACCESS_KEY_ID": (*[None] * 6, "AKIAIOSFODNN7EXAMPLE"),
    "AWS_SECRET_ACCESS_KEY": (*[None] * 3, "stand-in"),
    "AWS_CREDENTIAL_EXPIRATION": (None, "2020-02-29T23:59:59Z", "2099-12-31T00:00:00.5+00:00"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": (None, None, "http://127.0.0.1/"),
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
    rival = rival_of(found)
    said = [rival] if rival else []
    if aws["profile_source"] in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        who = aws["profile"]
        said = [f"{rival}, not {who}"] if rival else [who]
    if not said:  # the prompt does not show a [default] that nobody has named
        return ""
    marks = [] if rival else list(doubts(found, state))
    marks += regions(found, state)
    if not rival and aws["profile_source"] == "AWS_PROFILE":
        marks.append("*")
    return " ".join([*said, *marks])


def rival_of(found: dict) -> str:
    aws = found["seen_by"]["aws"]
    source = aws["credentials_source"] or ""
    half = aws["credentials"] == "error"
    if source == "AWS_ACCESS_KEY_ID":
        ended = "keys-ended" in found["states"]
        lasting = f"keys {found['left'] or ''}".rstrip()
        return "keys without a secret" if half else "expired keys" if ended else lasting
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
    if "needs" in found["states"]:
        yield "broken"


def regions(found: dict, state: dict[str, str | None]):
    """The marks for the AWS CLI's region and for boto3's, where they are not the profile's own."""
    aws, own = found["seen_by"]["aws"], OWN_REGIONS.get(found["profile"] or "", "")
    at = aws["region"] or ("''" if aws["region_source"] else "")
    boto3 = own if state["AWS_DEFAULT_REGION"] is None else state["AWS_DEFAULT_REGION"] or "''"
    # boto3 may read the region of the profile that AWS_DEFAULT_PROFILE names, which the prompt of
    # another one does not know.
    is_elsewhere = own == "" and state["AWS_DEFAULT_PROFILE"] not in (None, "", found["profile"])
    differ = state["AWS_REGION"] != state["AWS_DEFAULT_REGION"]
    if at != own and ({"region", "region-empty"} & {*found["states"]} or (is_elsewhere and differ)):
        yield f"@{at}"
    if boto3 not in (at, own):
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
