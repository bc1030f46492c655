from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from awsx.demo import IdentityCenter, make_organisation
from awsx.demo.center.token_file import timestamp


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter(make_organisation(accounts=250, roles=3)) as center:
        yield center


@pytest.fixture
def portal(center: IdentityCenter) -> Iterator[Any]:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.client("sso", region_name="eu-west-1", endpoint_url=center.url, config=config)
    yield client
    client.close()


def refusal(call: Callable[..., Any], **arguments: str) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response
    return (
        error["Error"]["Code"],
        error["Error"]["Message"],
        error["ResponseMetadata"]["HTTPStatusCode"],
    )


NOT_FOUND = ("UnauthorizedException", "Session token not found or invalid", 401)
NO_ACCESS = ("ForbiddenException", "No access", 403)


def test_accounts_come_in_pages_of_100(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]

    pages = list(portal.get_paginator("list_accounts").paginate(accessToken=token))
    assert [len(page["accountList"]) for page in pages] == [100, 100, 50]
    named = [account["accountName"] for page in pages for account in page["accountList"]]
    assert named == [account.name for account in center.organisation.accounts]


def test_page_size_can_be_chosen(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]
    account = center.organisation.accounts[7]

    first = portal.list_account_roles(accessToken=token, accountId=account.id, maxResults=2)
    rest = portal.list_account_roles(
        accessToken=token, accountId=account.id, nextToken=first["nextToken"]
    )
    roles = [role["roleName"] for role in first["roleList"] + rest["roleList"]]
    assert roles == list(account.roles)
    assert not rest.get("nextToken")


def test_invalid_page_token_is_refused(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]

    assert (
        refusal(portal.list_accounts, accessToken=token, nextToken="?")[0]
        == "InvalidRequestException"
    )


def test_role_credentials_have_the_lifetime_of_the_behaviour(
    center: IdentityCenter, portal: Any
) -> None:
    center.behaviour.role_credentials_lifetime = 900
    token, account = center.log_in()["accessToken"], center.organisation.accounts[0]
    wanted = {"accessToken": token, "accountId": account.id, "roleName": account.roles[0]}

    credentials = portal.get_role_credentials(**wanted)["roleCredentials"]
    assert credentials["accessKeyId"].startswith("ASIA")
    assert len(credentials["accessKeyId"]) == 20
    assert 890 < credentials["expiration"] / 1000 - time.time() <= 900
    assert center.log.count("GetRoleCredentials", f"{account.id}/{account.roles[0]}") == 1


@pytest.mark.parametrize("account_id", ["000000000000", None])
def test_unknown_account_and_unknown_role_are_forbidden(
    center: IdentityCenter, portal: Any, account_id: str | None
) -> None:
    token = center.log_in()["accessToken"]
    wanted = {"accountId": account_id or center.organisation.accounts[0].id, "roleName": "Nothing"}

    assert refusal(portal.get_role_credentials, accessToken=token, **wanted) == NO_ACCESS


def test_unknown_token_is_refused(portal: Any) -> None:
    assert refusal(portal.list_accounts, accessToken="x") == NOT_FOUND


def test_expired_token_is_refused(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]
    center.behaviour.clock_skew = 3601

    assert refusal(portal.list_accounts, accessToken=token) == NOT_FOUND


@pytest.mark.parametrize("end", ["revoke_sessions", "expire_access_tokens"])
def test_revoked_token_is_refused(center: IdentityCenter, portal: Any, end: str) -> None:
    token = center.log_in()["accessToken"]
    getattr(center, end)()

    assert refusal(portal.list_accounts, accessToken=token) == NOT_FOUND


def test_logout_ends_the_token(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]
    portal.logout(accessToken=token)

    assert refusal(portal.logout, accessToken=token) == NOT_FOUND


def test_calls_above_the_rate_are_throttled(
    center: IdentityCenter, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("awsx.demo.center.portal.time", SimpleNamespace(monotonic=lambda: now[0]))
    center.behaviour.portal_rate = 2
    token = center.log_in()["accessToken"]
    for _ in range(2):
        portal.list_accounts(accessToken=token)

    throttled = ("TooManyRequestsException", "Rate exceeded", 429)
    assert refusal(portal.list_accounts, accessToken=token) == throttled
    now[0] += 1
    assert portal.list_accounts(accessToken=token)["accountList"]


def test_call_after_the_last_failure_succeeds(center: IdentityCenter, portal: Any) -> None:
    token = center.log_in()["accessToken"]
    center.behaviour.failures = 1

    assert refusal(portal.list_accounts, accessToken=token)[2] == 500
    assert portal.list_accounts(accessToken=token)["accountList"]


def test_parallel_calls_wait_for_the_latency_at_once(center: IdentityCenter, portal: Any) -> None:
    center.behaviour.latency = 0.5
    token = center.log_in()["accessToken"]

    begin = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: portal.list_accounts(accessToken=token), range(10)))
    assert 0.5 <= time.monotonic() - begin < 4


def test_clock_skew_shows_in_the_date_header_and_in_issued_times(center: IdentityCenter) -> None:
    center.behaviour.clock_skew = 7200

    with urllib.request.urlopen(f"{center.url}/device") as answer:
        ahead = parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()
    assert 7190 < ahead < 7210
    assert center.log_in()["expiresAt"] > timestamp(time.time() + 10000)
