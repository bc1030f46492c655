from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from awsx.demo import IdentityCenter
from awsx.demo.center.request import Request
from awsx.demo.center.signature import credential_scope

Connect = Callable[..., Any]


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter() as center:
        yield center


@pytest.fixture
def connect(center: IdentityCenter) -> Iterator[Connect]:
    """Makes boto3 clients: with keys as GetRoleCredentials names them, else the IAM user's."""
    clients = []

    def client(service: Any, keys: dict[str, str] | None = None) -> Any:
        user = center.organisation.user
        given = keys or {
            "accessKeyId": user.access_key_id,
            "secretAccessKey": user.secret_access_key,
        }
        made = boto3.client(
            service,
            region_name="eu-west-1",
            endpoint_url=center.url,
            aws_access_key_id=given["accessKeyId"],
            aws_secret_access_key=given["secretAccessKey"],
            aws_session_token=given.get("sessionToken"),
            config=Config(retries={"total_max_attempts": 1}),
        )
        clients.append(made)
        return made

    yield client
    for made in clients:
        made.close()


def sso_keys(center: IdentityCenter, connect: Connect) -> dict[str, Any]:
    account = center.organisation.account("payments-dev")
    token = center.log_in()["accessToken"]
    wanted = {"accessToken": token, "accountId": account.id, "roleName": account.roles[0]}
    keys = connect("sso").get_role_credentials(**wanted)["roleCredentials"]
    assert isinstance(keys, dict)
    return keys


def named_as_in_the_portal(keys: dict[str, str]) -> dict[str, str]:
    """Keys as the portal names them (accessKeyId) from keys as STS names them (AccessKeyId)."""
    return {name[0].lower() + name[1:]: value for name, value in keys.items()}


def refusal(call: Callable[..., Any], **arguments: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_identity_with_a_permission_set_is_its_reserved_role(
    center: IdentityCenter, connect: Connect
) -> None:
    identity = connect("sts", sso_keys(center, connect)).get_caller_identity()

    account = center.organisation.account("payments-dev")
    assert identity["Account"] == account.id
    assert f":{account.id}:assumed-role/AWSReservedSSO_AdministratorAccess_" in identity["Arn"]
    assert identity["Arn"].endswith("/alice@example.com")


def test_identity_with_the_static_keys_is_the_iam_user(
    center: IdentityCenter, connect: Connect
) -> None:
    home = center.organisation.account("payments-prod")

    assert connect("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{home.id}:user/ci"


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        (
            "sts",
            "get_caller_identity",
            ["SignatureDoesNotMatch", "InvalidClientTokenId", "ExpiredToken"],
        ),
        ("s3", "list_buckets", ["SignatureDoesNotMatch", "InvalidAccessKeyId", "ExpiredToken"]),
        (
            "ecr",
            "get_authorization_token",
            ["InvalidSignatureException", "UnrecognizedClientException", "ExpiredTokenException"],
        ),
    ],
)
def test_each_service_refuses_bad_keys_with_its_own_error_codes(
    center: IdentityCenter, connect: Connect, service: str, operation: str, codes: list[str]
) -> None:
    keys = sso_keys(center, connect)
    wrong_secret, no_token = {**keys, "secretAccessKey": "x"}, {**keys, "sessionToken": ""}

    refused = [
        refusal(getattr(connect(service, given), operation)) for given in (wrong_secret, no_token)
    ]
    center.behaviour.clock_skew = 3601
    assert [*refused, refusal(getattr(connect(service, keys), operation))] == codes


def test_unsigned_request_is_refused(center: IdentityCenter) -> None:
    client = boto3.client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=center.url,
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )

    assert refusal(client.get_caller_identity) == "MissingAuthenticationToken"
    client.close()


@pytest.mark.parametrize("region", ["eu-west-1", ""])
def test_credential_scope_is_read_even_without_a_region(region: str) -> None:
    """With AWS_REGION= the AWS CLI signs for an empty region."""
    header = (
        f"AWS4-HMAC-SHA256 Credential=AKIA1/20260101/{region}/sts/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=0f"
    )
    found = credential_scope(Request("POST", "/", {"authorization": header}))
    assert found == ("AKIA1", "20260101", region, "sts")


def test_failures_hit_every_service(center: IdentityCenter, connect: Connect) -> None:
    center.behaviour.failures = 2

    assert refusal(connect("sts").get_caller_identity) == "InternalServerException"
    assert refusal(connect("ecr").get_authorization_token) == "InternalServerException"


def test_assumed_role_is_the_identity_of_its_keys(center: IdentityCenter, connect: Connect) -> None:
    role = center.organisation.account("payments-staging").role_arn("Deploy")

    answer = connect("sts").assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=43200)
    identity = connect("sts", named_as_in_the_portal(answer["Credentials"])).get_caller_identity()
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert identity["Account"] == center.organisation.account("payments-staging").id
    assert center.log.count("AssumeRole", role) == 1


def test_web_identity_token_is_checked(center: IdentityCenter, connect: Connect) -> None:
    dev = center.organisation.account("payments-dev")
    wanted = {"RoleArn": dev.role_arn("Deploy"), "RoleSessionName": "pod"}
    token = center.organisation.web_identity_token
    assume = connect("sts").assume_role_with_web_identity

    keys = assume(WebIdentityToken=token, **wanted)["Credentials"]
    assert connect("sts", named_as_in_the_portal(keys)).get_caller_identity()["Account"] == dev.id
    assert refusal(assume, WebIdentityToken="another", **wanted) == "InvalidIdentityToken"
    elsewhere = {**wanted, "RoleArn": dev.role_arn("Nothing")}
    assert refusal(assume, WebIdentityToken=token, **elsewhere) == "AccessDenied"


def test_chained_role_lasts_one_hour_at_most(center: IdentityCenter, connect: Connect) -> None:
    role = center.organisation.account("payments-prod").role_arn("Deploy")
    assume = connect("sts", sso_keys(center, connect)).assume_role

    assert (
        refusal(assume, RoleArn=role, RoleSessionName="me", DurationSeconds=3601)
        == "ValidationError"
    )
    assert assume(RoleArn=role, RoleSessionName="me", DurationSeconds=3600)["Credentials"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"RoleArn": "arn:aws:iam::{id}:role/Nothing"}, "AccessDenied"),
        ({"RoleArn": "arn:aws:iam::000000000000:role/Deploy"}, "AccessDenied"),
        ({"RoleArn": "arn:aws:iam::{id}:user/Deploy"}, "ValidationError"),
        ({"RoleSessionName": "a b"}, "ValidationError"),
        ({"DurationSeconds": 43201}, "ValidationError"),
        ({"SerialNumber": "{serial}", "TokenCode": "654321"}, "AccessDenied"),
        ({"SerialNumber": "arn:aws:iam::{id}:mfa/bob", "TokenCode": "123456"}, "AccessDenied"),
    ],
)
def test_invalid_assume_role_is_refused(
    center: IdentityCenter, connect: Connect, change: dict[str, Any], code: str
) -> None:
    prod, user = center.organisation.account("payments-prod"), center.organisation.user
    wanted = {"RoleArn": prod.role_arn("Deploy"), "RoleSessionName": "me", **change}
    for key, value in wanted.items():
        if isinstance(value, str):
            wanted[key] = value.format(id=prod.id, serial=user.mfa_serial)

    assert refusal(connect("sts").assume_role, **wanted) == code


def test_break_glass_role_requires_the_mfa_code(center: IdentityCenter, connect: Connect) -> None:
    center.behaviour.mfa_code = "000111"
    role = center.organisation.account("payments-prod").role_arn("BreakGlass")
    wanted = {"RoleArn": role, "RoleSessionName": "me"}
    mfa = {"SerialNumber": center.organisation.user.mfa_serial, "TokenCode": "000111"}

    assert refusal(connect("sts").assume_role, **wanted) == "AccessDenied"
    assert connect("sts").assume_role(**wanted, **mfa)["Credentials"]


def test_iam_user_gets_session_tokens_and_federation_tokens(
    center: IdentityCenter, connect: Connect
) -> None:
    session = connect("sts").get_session_token(DurationSeconds=900)["Credentials"]
    federated = connect("sts").get_federation_token(Name="console")["Credentials"]

    arn = center.organisation.user.arn
    assert connect("sts", named_as_in_the_portal(session)).get_caller_identity()["Arn"] == arn
    assert (
        connect("sts", named_as_in_the_portal(federated))
        .get_caller_identity()["Arn"]
        .endswith("federated-user/console")
    )
    assert (
        refusal(connect("sts", named_as_in_the_portal(session)).get_session_token) == "AccessDenied"
    )
    assert refusal(connect("sts").get_federation_token, Name="a b") == "ValidationError"


def test_s3_and_ecr_name_the_account(center: IdentityCenter, connect: Connect) -> None:
    keys = sso_keys(center, connect)
    (registry,) = connect("ecr", keys).get_authorization_token()["authorizationData"]

    names = [bucket["Name"] for bucket in connect("s3", keys).list_buckets()["Buckets"]]
    assert names == ["payments-dev-artifacts", "payments-dev-logs"]
    account = center.organisation.account("payments-dev")
    assert registry["proxyEndpoint"] == f"https://{account.id}.dkr.ecr.eu-west-1.amazonaws.com"


def federation(center: IdentityCenter, **query: str) -> str:
    with urllib.request.urlopen(f"{center.url}/federation?{urlencode(query)}") as answer:
        return str(answer.read().decode())


def session_of(keys: dict[str, str]) -> str:
    names = {
        "sessionId": keys["accessKeyId"],
        "sessionKey": keys["secretAccessKey"],
        "sessionToken": keys.get("sessionToken", ""),
    }
    return json.dumps(names)


def test_console_sign_in_names_the_account(center: IdentityCenter, connect: Connect) -> None:
    session = session_of(sso_keys(center, connect))
    answer = federation(center, Action="getSigninToken", SessionDuration="3600", Session=session)

    token = json.loads(answer)["SigninToken"]
    page = federation(
        center, Action="login", SigninToken=token, Destination="https://console.aws.amazon.com/"
    )
    assert f"Account {center.organisation.account('payments-dev').id} as" in page


def test_invalid_console_sign_in_is_refused(center: IdentityCenter, connect: Connect) -> None:
    keys, user = sso_keys(center, connect), center.organisation.user
    role = center.organisation.account("payments-dev").role_arn("Deploy")
    chained = connect("sts", keys).assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    long_lived = {"accessKeyId": user.access_key_id, "secretAccessKey": user.secret_access_key}
    refused = [
        {"Action": "login", "SigninToken": "x"},
        {"Action": "getSigninToken", "Session": "{}"},
        {"Action": "getSigninToken", "Session": "nothing"},
        {"Action": "getSigninToken", "Session": session_of(long_lived)},
        {"Action": "getSigninToken", "Session": session_of({**keys, "secretAccessKey": "x"})},
        {"Action": "getSigninToken", "Session": session_of(keys), "SessionDuration": "1"},
        {
            "Action": "getSigninToken",
            "Session": session_of(named_as_in_the_portal(chained)),
            "SessionDuration": "3600",
        },
    ]

    for query in refused:
        with pytest.raises(urllib.error.HTTPError) as caught:
            federation(center, **query)
        assert caught.value.code == 400
        caught.value.close()
    # Without a SessionDuration even a chained role can sign in.
    assert federation(
        center, Action="getSigninToken", Session=session_of(named_as_in_the_portal(chained))
    )
