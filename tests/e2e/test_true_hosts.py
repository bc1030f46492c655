"""The real AWS CLI v2 with AWS's true host names, through a proxy that lets nothing out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from .awscli import run
from .home import log_in

if os.environ.get("CI") != "true":
    pytest.importorskip("trustme")

from .proxy import Proxy

pytestmark = pytest.mark.awscli


@pytest.fixture
def proxy(center: IdentityCenter, tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(center, tmp_path) as proxy:
        yield proxy


@pytest.fixture
def env(env: dict[str, str], proxy: Proxy) -> dict[str, str]:
    named = {name: value for name, value in env.items() if not name.startswith("AWS_ENDPOINT_URL")}
    return {**named, **proxy.environment()}


def use_region(home: Path, region: str) -> None:
    config = home / ".aws" / "config"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("sso_region = eu-west-1", f"sso_region = {region}"), encoding="utf-8"
    )


def test_a_login_and_a_call_ask_only_the_hosts_of_their_regions(
    env: dict[str, str], proxy: Proxy
) -> None:
    done = run(env, "sso", "login", "--sso-session", "corp")
    assert done.returncode == 0, done.stderr
    assert "https://oidc.eu-west-1.amazonaws.com/authorize?" in done.stdout

    assert run(env, "sts", "get-caller-identity", "--profile", "dev").returncode == 0
    oidc, portal = "oidc.eu-west-1.amazonaws.com", "portal.sso.eu-west-1.amazonaws.com"
    assert set(proxy.asked) == {oidc, portal, "sts.eu-central-1.amazonaws.com"}
    assert proxy.refused == []


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "(InvalidGrantException) when calling the CreateToken"),
        (
            ["--use-device-code"],
            "(InvalidRequestException) when calling the StartDeviceAuthorization",
        ),
    ],
)
def test_a_wrong_region_is_refused(
    env: dict[str, str], home: Path, flags: list[str], message: str
) -> None:
    use_region(home, "us-east-1")

    done = run(env, "sso", "login", "--sso-session", "corp", *flags)

    assert done.returncode == 254
    assert message in done.stderr


def test_the_proxy_refuses_a_host_that_the_made_up_aws_does_not_answer_for(
    env: dict[str, str], center: IdentityCenter, home: Path, proxy: Proxy
) -> None:
    log_in(home, center)

    done = run({**env, "AWS_MAX_ATTEMPTS": "1"}, "sqs", "list-queues", "--profile", "prod")

    assert done.returncode == 255
    assert proxy.refused == ["sqs.eu-west-1.amazonaws.com"]
