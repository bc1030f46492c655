"""What awsx says of a wrong sso_region: the right region is on the access portal's start page.

A proxy lets the loopback AWS answer at AWS's true host names, which contain the region.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ptyprocess import PtyProcess
from terminal import ROOT

from awsx.demo import IdentityCenter

from .home import token_path

if os.environ.get("CI") != "true":
    pytest.importorskip("trustme")

from .proxy import Proxy

AWSX = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]
PORTAL = "d-0123456789.awsapps.com"


@pytest.fixture
def proxy(center: IdentityCenter, tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(center, tmp_path) as proxy:
        yield proxy


@pytest.fixture
def env(environment: dict[str, str], proxy: Proxy) -> dict[str, str]:
    """Without endpoint variables, and without the AWS CLI: awsx logs in by its own means."""
    named = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_ENDPOINT_URL")
    }
    return {**named, **proxy.environment()}


def log_in(env: dict[str, str], *flags: str) -> tuple[int, str]:
    """The exit code, and what the terminal showed as one line."""
    process = PtyProcess.spawn([*AWSX, "login", "prod", *flags], env=env, dimensions=(24, 200))
    shown = b""
    try:
        while True:
            shown += process.read()
    except EOFError:
        process.wait()
    return process.exitstatus, re.sub(r"\s+", " ", shown.decode())


@pytest.mark.parametrize(
    ("flags", "code"),
    [([], "InvalidGrantException"), (["--device-code"], "InvalidRequestException")],
)
def test_a_wrong_region_is_reported_with_the_right_one(
    env: dict[str, str], home: Path, proxy: Proxy, flags: list[str], code: str
) -> None:
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text().replace("sso_region = eu-west-1", "sso_region = us-east-1")
    )

    status, shown = log_in(env, *flags)

    assert status == 1
    assert (
        f"({code}); sso_region = us-east-1 is probably wrong: the start page says eu-west-1"
        in shown
    )
    assert set(proxy.asked) == {"oidc.us-east-1.amazonaws.com", PORTAL}
    assert proxy.refused == []
    assert not token_path(home).exists()


def test_the_start_page_is_not_requested_in_the_right_region(
    env: dict[str, str], home: Path, proxy: Proxy
) -> None:
    status, shown = log_in(env)

    assert status == 0, shown
    assert set(proxy.asked) == {"oidc.eu-west-1.amazonaws.com"}
    assert token_path(home).exists()


def test_the_start_page_answers_at_its_true_host_name(env: dict[str, str], proxy: Proxy) -> None:
    get = (
        "from urllib.request import urlopen; "
        f'print(urlopen("https://{PORTAL}/start").read().decode())'
    )
    names = {**env, "SSL_CERT_FILE": env["AWS_CA_BUNDLE"]}
    done = subprocess.run(
        [sys.executable, "-c", get], env=names, capture_output=True, text=True, check=False
    )
    assert '<meta name="region" content="eu-west-1">' in done.stdout, done.stderr
