"""The prompt in the shell of another tool, and beside keys that another tool has written."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from conftest import Aws, Words, iso
from terminal import Terminal

Loaded = Callable[..., Terminal]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}


def test_the_prompt_says_who_made_the_keys_and_how_long_they_last(
    loaded: Loaded, words: Words
) -> None:
    live = loaded(**KEYS, AWS_CREDENTIAL_EXPIRATION=iso(2.51), AWS_VAULT="prod")
    assert live.prompt_line() == "prod by aws-vault 2h $"
    ends = time.strftime("%Y-%m-%dT%H:%M:%S+02:00", time.gmtime(time.time() + 7200 + 20 * 60 + 30))
    for line, drawn in (
        (words.export("AWS_CREDENTIAL_EXPIRATION", iso(-1)), "prod by aws-vault expired $"),
        (words.unset("AWS_CREDENTIAL_EXPIRATION"), "prod by aws-vault $"),
        (words.unset("AWS_VAULT"), "keys $"),
        (words.export("AWSUME_PROFILE", "stage"), "stage by awsume $"),
        (words.export("AWS_SESSION_EXPIRATION", ends), "stage by awsume 20m! $"),
        (words.unset("AWSUME_PROFILE"), "keys 20m! $"),
        (words.export("AWS_PROFILE", "dev"), "keys 20m!, not dev $"),
        (words.export("GRANTED_SSO", "true"), "dev by granted 20m! $"),
        (words.export("AWS_SSO_PROFILE", "prod"), "prod by aws-sso 20m!, not dev $"),
        ("awsx prod --no-login", "prod 111122223333 7h $"),
    ):
        live.run(line)
        assert live.prompt_line() == drawn, line


def test_temporary_keys_of_the_credentials_file_are_drawn_with_their_end(
    loaded: Loaded, aws: Aws, home: Path
) -> None:
    file = home / ".aws" / "credentials"
    section = "[{}]\naws_access_key_id = A\naws_secret_access_key = x\n{} = {}\n"
    file.write_text(
        section.format("saml", "x_security_token_expires", iso(5.01))
        + section.format("azure", "aws_expiration", iso(-1)),
        encoding="utf-8",
    )
    live = loaded()
    live.run("awsx saml")
    for _ in range(2):  # by the core, and from the memo
        assert live.run("awsx saml").text == "awsx: saml: kind keys, no region, session 5h"
        assert live.prompt_line() == "saml 5h $"
    assert live.run("awsx azure").text.endswith("no region, its keys have expired")
    assert live.prompt_line() == "azure expired $"
