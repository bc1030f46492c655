"""Start URLs and endpoints with true host names: awsx's own login asks whom the AWS CLI asks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter, make_organisation

from .at_terminal import residue, run
from .home import aws_variables, make_home, token_path
from .test_login_cli import own
from .test_odd_answers import answer

if os.environ.get("CI") != "true":
    pytest.importorskip("trustme")

from .proxy import Proxy

VANITY = "login.example.com"
AWS_URL = "https://d-0123456789.awsapps.com/start"
DUAL_STACK_URL = "https://ssoins-7223.portal.eu-west-1.app.aws"
OIDC, PORTAL = "oidc.eu-west-1.amazonaws.com", "portal.sso.eu-west-1.amazonaws.com"

Start = Callable[..., tuple[IdentityCenter, Proxy, dict[str, str]]]


@pytest.fixture(params=["own", pytest.param("cli", marks=pytest.mark.awscli)])
def who(request: pytest.FixtureRequest) -> str:
    """Whose login it is: awsx's own, or the real AWS CLI's."""
    return str(request.param)


@pytest.fixture
def start(
    who: str,
    request: pytest.FixtureRequest,
    environment: dict[str, str],
    home: Path,
    tmp_path: Path,
) -> Iterator[Start]:
    """start(start_url=..., region=..., leads_to=...): a center, its proxy, an environment."""
    with ExitStack() as stack:

        def begin(
            start_url: str = AWS_URL, region: str = "eu-west-1", leads_to: str = AWS_URL
        ) -> tuple[IdentityCenter, Proxy, dict[str, str]]:
            organisation = replace(make_organisation(), start_url=start_url, sso_region=region)
            center = stack.enter_context(IdentityCenter(organisation))
            center.behaviour.device_pending_polls = 0
            make_home(home, organisation)
            proxy = stack.enter_context(Proxy(center, tmp_path, {VANITY: leads_to}))
            env = {**environment, **aws_variables(center, tmp_path), **proxy.environment()}
            env = {name: value for name, value in env.items() if "ENDPOINT_URL" not in name}
            if who == "own":
                return center, proxy, own(env)
            folder = request.getfixturevalue("aws_v2")
            return center, proxy, {**env, "PATH": f"{folder}:{env['PATH']}"}

        yield begin


def configure(home: Path, **changes: str) -> None:
    """Replace texts of the config: a value of `sso_start_url`, ... anywhere."""
    config = home / ".aws" / "config"
    lines = config.read_text().splitlines()
    for number, line in enumerate(lines):
        key = line.partition(" = ")[0]
        if key in changes:
            lines[number] = f"{key} = {changes[key]}"
    config.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("flags", [[], ["--device-code"]], ids=["browser", "device"])
@pytest.mark.parametrize("configured", [f"https://{VANITY}", f"https://{VANITY}/aws/"])
def test_an_organisations_own_start_url_is_followed(
    configured: str, flags: list[str], start: Start, home: Path
) -> None:
    """AWS gets the address that it leads to; the files are named by what is configured."""
    center, proxy, env = start(leads_to=f"{AWS_URL}/?x=1#y")
    configure(home, sso_start_url=configured)
    status, awsx = run(["login", "prod", *flags], env)
    assert status == 0, awsx.shown
    assert set(proxy.asked) == {VANITY, OIDC}
    token = json.loads(token_path(home).read_text())
    assert (token["startUrl"], token["region"]) == (configured, "eu-west-1")
    assert center.log.count("CreateToken") == 1


def test_a_legacy_profile_may_have_an_organisations_own_start_url(start: Start, home: Path) -> None:
    _, proxy, env = start()
    configure(home, sso_start_url=f"https://{VANITY}")
    status, awsx = run(["login", "legacy"], env)
    assert status == 0, awsx.shown
    assert set(proxy.asked) == {VANITY, OIDC}
    assert token_path(home, f"https://{VANITY}").exists()


def test_the_region_of_the_address_that_it_leads_to_is_used(
    who: str, start: Start, home: Path
) -> None:
    _, proxy, env = start(start_url=DUAL_STACK_URL, leads_to=DUAL_STACK_URL)
    configure(home, sso_start_url=f"https://{VANITY}", sso_region="us-east-1")
    before = (home / ".aws" / "config").read_text()
    status, awsx = run(["login", "prod"], env)
    assert status == 0, awsx.shown
    assert set(proxy.asked) == {VANITY, OIDC}
    assert json.loads(token_path(home).read_text())["region"] == "eu-west-1"
    if who == "own":  # the AWS CLI rewrites the config
        assert (home / ".aws" / "config").read_text() == before
        assert "sso_region = us-east-1 (~/.aws/config:3) is not where" in awsx.talk
        assert "write eu-west-1" in awsx.talk


def test_an_address_of_aws_itself_is_not_asked(start: Start) -> None:
    _, proxy, env = start(start_url=DUAL_STACK_URL)
    status, awsx = run(["login", "prod"], env)
    assert status == 0, awsx.shown
    assert set(proxy.asked) == {OIDC}


WRONG = {
    "no TLS": (f"http://{AWS_URL[8:]}", AWS_URL, "must begin with https://"),
    "a word": ("corp", AWS_URL, "must begin with https://"),
    "no host": ("https:///start", AWS_URL, "must begin with https://"),
    "elsewhere": (f"https://{VANITY}", "https://sso.example.org/start", "is no address of AWS"),
    "no TLS behind it": (f"https://{VANITY}", f"http://{AWS_URL[8:]}", "is no address of AWS"),
    "a file": (f"https://{VANITY}", "file:///etc/passwd", "is no address of AWS"),
    "nowhere": (f"https://{VANITY}", "", "is no address of AWS"),
    "looks like AWS": (
        f"https://{VANITY}",
        "https://evilawsapps.com/start",
        "is no address of AWS",
    ),
    "not there": ("https://gone.example.com", AWS_URL, "cannot be reached"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_start_url_that_is_none_is_told_before_aws_is_asked(
    case: str, who: str, start: Start, home: Path
) -> None:
    configured, leads_to, told = WRONG[case]
    center, _, env = start(leads_to=leads_to)
    configure(home, sso_start_url=configured)
    status, awsx = run(["login", "prod"], env)
    assert status == 1
    assert center.log.operations() == []
    assert residue(home) == []
    if who == "own":
        assert f"sso_start_url = {configured}" in awsx.talk
        assert told in awsx.talk
        assert "~/.aws/config:2" in awsx.talk
        assert "Traceback" not in awsx.shown


@pytest.mark.parametrize("who", ["own"], indirect=True)
@pytest.mark.parametrize("page", ["a region", "no region"])
def test_a_right_region_is_not_blamed(page: str, start: Start, home: Path) -> None:
    center, _, env = start(start_url=AWS_URL if page == "a region" else DUAL_STACK_URL)
    body = b'{"error": "invalid_request", "__type": "InvalidRequestException", "message": "no"}'
    answer(center, "StartDeviceAuthorization", body, 400)
    status, awsx = run(["login", "prod", "--device-code"], env)
    assert status == 1
    assert "AWS refused the login to corp (InvalidRequestException: no)" in awsx.talk
    assert "sso_region" not in awsx.talk


@pytest.mark.parametrize("who", ["own"], indirect=True)
def test_a_region_that_the_start_urls_host_contradicts_is_told_offline(
    start: Start, home: Path
) -> None:
    _, proxy, env = start(start_url=DUAL_STACK_URL)
    configure(home, sso_region="us-east-1")
    status, awsx = run(["login", "prod"], env)
    assert status == 1
    assert "sso_region = us-east-1 is probably wrong: the start page says eu-west-1" in awsx.talk
    assert set(proxy.asked) == {"oidc.us-east-1.amazonaws.com"}


ENDPOINTS = {
    "dual stack": (
        "DUALSTACK",
        "eu-west-1",
        "oidc.eu-west-1.api.aws",
        "portal.sso.eu-west-1.api.aws",
    ),
    "FIPS": (
        "FIPS",
        "us-east-1",
        "oidc-fips.us-east-1.amazonaws.com",
        "portal.sso-fips.us-east-1.amazonaws.com",
    ),
    "FIPS in GovCloud": (
        "FIPS",
        "us-gov-west-1",
        "oidc.us-gov-west-1.amazonaws.com",
        "portal.sso.us-gov-west-1.amazonaws.com",
    ),
}


@pytest.mark.parametrize("where", ["variable", "config"])
@pytest.mark.parametrize("case", ENDPOINTS)
def test_dual_stack_and_fips_endpoints_are_used(
    case: str, where: str, start: Start, home: Path
) -> None:
    kind, region, oidc, portal = ENDPOINTS[case]
    _, proxy, env = start(region=region)
    if where == "variable":
        env[f"AWS_USE_{kind}_ENDPOINT"] = "true"
    else:
        config = home / ".aws" / "config"
        key = f"use_{kind.lower()}_endpoint = true"
        config.write_text(config.read_text().replace("[profile prod]", f"[profile prod]\n{key}"))
    status, awsx = run(["login", "prod"], env)
    assert status == 0, awsx.shown
    assert f"https://{oidc}/authorize?" in awsx.shown
    assert set(proxy.asked) == {oidc}
    status, awsx = run(["logout", "prod"], env)
    assert (status, awsx.shown) == (0, "awsx: corp: logged out\n")
    assert set(proxy.asked) == {oidc, portal}
    assert proxy.refused == []
