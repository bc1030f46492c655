from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from awsx.demo import IdentityCenter
from awsx.demo.center.clients import AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN, SCOPE
from awsx.demo.center.grants import challenge
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response

VERIFIER = "v" * 43
REDIRECT = "http://127.0.0.1:54321/oauth/callback"


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter() as center:
        yield center


def post(
    center: IdentityCenter, path: str, body: dict[str, Any], host: str = "127.0.0.1"
) -> tuple[int, Any]:
    response = center.handle(Request("POST", path, {"host": host}, json.dumps(body).encode()))
    return response.status, json.loads(response.body)


def register(center: IdentityCenter, **changes: object) -> dict[str, str]:
    pkce = {
        "clientName": "test",
        "clientType": "public",
        "grantTypes": [AUTHORIZATION_CODE, REFRESH_TOKEN],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": center.start_url,
        "scopes": [SCOPE],
    }
    status, answer = post(center, "/client/register", {**pkce, **changes})
    assert status == 200, answer
    return {key: answer[key] for key in ("clientId", "clientSecret")}


def register_device(center: IdentityCenter, scopes: list[str]) -> dict[str, str]:
    return register(center, grantTypes=[], redirectUris=[], issuerUrl="", scopes=scopes)


def authorize(center: IdentityCenter, client: dict[str, str], **changes: str) -> Response:
    query = {
        "response_type": "code",
        "client_id": client["clientId"],
        "redirect_uri": REDIRECT,
        "state": "s t",
        "code_challenge_method": "S256",
        "code_challenge": challenge(VERIFIER),
        "scopes": SCOPE,
    }
    return center.handle(Request("GET", f"/authorize?{urlencode({**query, **changes})}"))


def parameters_sent_back(response: Response) -> dict[str, str]:
    assert response.status == 302
    assert response.headers["Location"].startswith(REDIRECT + "?")
    return {
        key: value[0]
        for key, value in parse_qs(urlsplit(response.headers["Location"]).query).items()
    }


def redeem(
    center: IdentityCenter, client: dict[str, str], code: str, **changes: str
) -> tuple[int, Any]:
    grant = {
        "grantType": AUTHORIZATION_CODE,
        "code": code,
        "redirectUri": REDIRECT,
        "codeVerifier": VERIFIER,
    }
    return post(center, "/token", {**client, **grant, **changes})


def logged_in(center: IdentityCenter) -> tuple[dict[str, str], dict[str, Any]]:
    client = register(center)
    status, token = redeem(center, client, parameters_sent_back(authorize(center, client))["code"])
    assert status == 200, token
    return client, token


def renew(center: IdentityCenter, client: dict[str, str], refresh_token: str) -> tuple[int, Any]:
    return post(
        center, "/token", {**client, "grantType": REFRESH_TOKEN, "refreshToken": refresh_token}
    )


def test_login_with_pkce_gets_tokens(center: IdentityCenter) -> None:
    client = register(center)
    answer = parameters_sent_back(authorize(center, client))

    assert answer["state"] == "s t"
    status, token = redeem(center, client, answer["code"])
    assert (status, token["tokenType"], token["expiresIn"]) == (200, "Bearer", 3600)
    assert token["refreshToken"]


def test_authorization_code_works_once(center: IdentityCenter) -> None:
    client = register(center)
    code = parameters_sent_back(authorize(center, client))["code"]

    assert redeem(center, client, code)[0] == 200
    assert redeem(center, client, code)[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "change", [{"codeVerifier": "w" * 43}, {"redirectUri": "http://127.0.0.1:1/oauth/callback"}]
)
def test_authorization_code_needs_its_verifier_and_its_redirect_uri(
    center: IdentityCenter, change: dict[str, str]
) -> None:
    client = register(center)
    code = parameters_sent_back(authorize(center, client))["code"]

    assert redeem(center, client, code, **change) == (
        400,
        {"error": "invalid_grant", "error_description": "Invalid grant provided"},
    )


def test_authorization_code_expires(center: IdentityCenter) -> None:
    client = register(center)
    code = parameters_sent_back(authorize(center, client))["code"]
    center.behaviour.clock_skew = 601

    assert redeem(center, client, code)[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://127.0.0.1:1/other"},
        {"redirect_uri": "http://evil.example/oauth/callback"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scopes": "sso:other"},
        {"response_type": "token"},
        {"client_id": "nobody"},
    ],
)
def test_invalid_authorize_request_gets_a_page_and_no_redirect(
    center: IdentityCenter, change: dict[str, str]
) -> None:
    response = authorize(center, register(center), **change)

    assert response.status in (400, 401)
    assert b"That did not work" in response.body


def test_denial_is_sent_back_to_the_client(center: IdentityCenter) -> None:
    center.behaviour.decision = "deny"

    assert parameters_sent_back(authorize(center, register(center))) == {
        "error": "access_denied",
        "state": "s t",
    }


@pytest.mark.parametrize(("button", "key"), [("allow", "code"), ("deny", "error")])
def test_click_on_a_button_decides_once(center: IdentityCenter, button: str, key: str) -> None:
    center.behaviour.decision = "ask"
    page = authorize(center, register(center)).body.decode()
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    press = Request(
        "POST", "/authorize", {}, urlencode({"ticket": ticket, "decision": button}).encode()
    )

    assert key in parameters_sent_back(center.handle(press))
    # A second click has nothing left to answer.
    assert center.handle(press).status == 400


def test_client_name_is_escaped_on_the_page(center: IdentityCenter) -> None:
    center.behaviour.decision = "ask"
    client = register(center, clientName="<b>x</b>")

    assert b"<b>x" not in authorize(center, client).body


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"redirectUris": ["http://localhost/oauth/callback"]}, "invalid_redirect_uri"),
        ({"redirectUris": []}, "invalid_redirect_uri"),
        ({"issuerUrl": "https://other.awsapps.com/start"}, "invalid_request"),
        ({"scopes": []}, "invalid_scope"),
        ({"grantTypes": ["implicit"]}, "unsupported_grant_type"),
        ({"clientType": "confidential"}, "invalid_client_metadata"),
    ],
)
def test_invalid_registration_is_refused(
    center: IdentityCenter, change: dict[str, Any], error: str
) -> None:
    with pytest.raises(AssertionError, match=error):
        register(center, **change)


def test_start_url_may_end_with_slash_and_hash(center: IdentityCenter) -> None:
    for ending in ("", "/", "#", "/#/"):
        assert register(center, issuerUrl=center.start_url + ending)


def test_refresh_token_works_once(center: IdentityCenter) -> None:
    client, token = logged_in(center)

    status, renewed = renew(center, client, token["refreshToken"])
    assert status == 200
    assert renewed["accessToken"] != token["accessToken"]
    assert renew(center, client, token["refreshToken"])[1]["error"] == "invalid_grant"
    assert renew(center, client, renewed["refreshToken"])[0] == 200


def test_refresh_token_works_again_without_rotation(center: IdentityCenter) -> None:
    center.behaviour.refresh_token_rotation = False
    client, token = logged_in(center)

    assert [renew(center, client, token["refreshToken"])[0] for _ in range(2)] == [200, 200]


def test_refresh_token_of_another_client_is_refused(center: IdentityCenter) -> None:
    _, token = logged_in(center)

    assert renew(center, register(center), token["refreshToken"])[1]["error"] == "invalid_grant"


def test_renewed_token_ends_with_the_session(center: IdentityCenter) -> None:
    center.behaviour.session_lifetime = 5000
    client, token = logged_in(center)

    center.behaviour.clock_skew = 4000
    status, renewed = renew(center, client, token["refreshToken"])
    assert status == 200
    assert 900 <= renewed["expiresIn"] <= 1000
    center.behaviour.clock_skew = 5001
    assert renew(center, client, renewed["refreshToken"])[1]["error"] == "invalid_grant"


def test_refresh_tokens_can_be_turned_off(center: IdentityCenter) -> None:
    center.behaviour.refresh_tokens = False

    assert "refreshToken" not in logged_in(center)[1]


def test_forgotten_client_is_refused(center: IdentityCenter) -> None:
    client, token = logged_in(center)
    center.forget_clients()

    assert renew(center, client, token["refreshToken"]) == (
        401,
        {"error": "invalid_client", "error_description": "Invalid client"},
    )


def test_wrong_client_secret_is_refused(center: IdentityCenter) -> None:
    client = {**register(center), "clientSecret": "x"}

    assert redeem(center, client, "code")[0] == 401


def start(
    center: IdentityCenter, client: dict[str, str], host: str = "127.0.0.1"
) -> tuple[int, Any]:
    return post(center, "/device_authorization", {**client, "startUrl": center.start_url}, host)


def poll(center: IdentityCenter, client: dict[str, str], device: dict[str, Any]) -> str:
    grant = {"grantType": DEVICE_CODE, "deviceCode": device["deviceCode"]}
    status, answer = post(center, "/token", {**client, **grant})
    return "token" if status == 200 else str(answer["error"])


def test_polls_are_slowed_down_then_pending_then_answered_once(center: IdentityCenter) -> None:
    center.behaviour.device_slow_downs = 1
    client = register_device(center, [SCOPE])
    device = start(center, client)[1]

    answers = [poll(center, client, device) for _ in range(5)]
    waiting = "authorization_pending"
    assert answers == ["slow_down", waiting, waiting, "token", "invalid_grant"]


def test_opening_the_device_page_approves_unless_the_person_is_asked(
    center: IdentityCenter,
) -> None:
    client = register_device(center, [SCOPE])
    device = start(center, client)[1]

    assert poll(center, client, device) == "authorization_pending"
    target = device["verificationUriComplete"].removeprefix("http://127.0.0.1")
    assert b"Request approved" in center.handle(Request("GET", target)).body
    assert poll(center, client, device) == "token"


@pytest.mark.parametrize(("button", "answer"), [("allow", "token"), ("deny", "access_denied")])
def test_device_waits_for_a_click_if_the_person_is_asked(
    center: IdentityCenter, button: str, answer: str
) -> None:
    center.behaviour.decision = "ask"
    client = register_device(center, [SCOPE])
    device = start(center, client)[1]

    assert {poll(center, client, device) for _ in range(5)} == {"authorization_pending"}
    page = center.handle(Request("GET", f"/device?user_code={device['userCode'].lower()}"))
    assert device["userCode"] in page.body.decode()
    form = urlencode({"user_code": device["userCode"], "decision": button}).encode()
    assert center.handle(Request("POST", "/device", {}, form)).status == 200
    assert poll(center, client, device) == answer


def test_device_page_asks_for_a_missing_user_code(center: IdentityCenter) -> None:
    assert b'name="user_code"' in center.handle(Request("GET", "/device")).body
    assert center.handle(Request("GET", "/device?user_code=NONE")).status == 400


def test_device_code_expires(center: IdentityCenter) -> None:
    client = register_device(center, [SCOPE])
    device = start(center, client)[1]
    center.behaviour.clock_skew = 601

    assert poll(center, client, device) == "expired_token"


def test_legacy_login_has_no_refresh_token_and_lasts_as_long_as_the_session(
    center: IdentityCenter,
) -> None:
    center.behaviour.device_pending_polls = 0
    client = register_device(center, [])
    grant = {"grantType": DEVICE_CODE, "deviceCode": start(center, client)[1]["deviceCode"]}

    _, token = post(center, "/token", {**client, **grant})
    assert "refreshToken" not in token
    assert 28790 < token["expiresIn"] <= 28800


def test_grant_type_that_the_client_did_not_register_is_refused(center: IdentityCenter) -> None:
    assert start(center, register(center))[1]["error"] == "unauthorized_client"


def test_missing_parameter_is_refused(center: IdentityCenter) -> None:
    status, answer = post(center, "/token", {**register(center), "grantType": REFRESH_TOKEN})

    assert (status, answer["error"]) == (400, "invalid_request")


def test_wrong_region_is_refused(center: IdentityCenter) -> None:
    there, here = "oidc.us-east-1.amazonaws.com", "oidc.eu-west-1.amazonaws.com"
    client = register_device(center, [SCOPE])

    assert start(center, client, there)[1]["error"] == "invalid_request"
    assert start(center, client, here)[1]["verificationUri"] == f"https://{here}/device"
    grant = {"grantType": REFRESH_TOKEN, "refreshToken": "x"}
    assert post(center, "/token", {**client, **grant}, there)[1]["error"] == "invalid_grant"
