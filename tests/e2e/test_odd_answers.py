"""Answers of servers are data from outside: each odd one ends in one line, and harms nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awsx.demo import IdentityCenter
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response

from .at_terminal import residue, run
from .home import log_in, opened, token_path
from .test_login_errors import HTML, answering, at

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def quick(center: IdentityCenter) -> None:
    center.behaviour.device_pending_polls = 0


def answer(
    center: IdentityCenter, operation: str, change: Change | bytes, status: int = 200
) -> None:
    """Let every answer to an operation be changed, or be these bytes."""
    operations = center._services[operation].operations
    real = operations[operation]

    def changed(request: Request) -> Response:
        if isinstance(change, bytes):
            return Response(status, change, {"Content-Type": "application/json"})
        response = real(request)
        body = json.dumps(change(json.loads(response.body))).encode()
        return Response(response.status, body, response.headers)

    operations[operation] = changed


def without(name: str) -> Change:
    return lambda body: {key: value for key, value in body.items() if key != name}


def having(name: str, value: object) -> Change:
    return lambda body: {**body, name: value}


DEEP = b'{"accessToken": ' + b"[" * 10**5 + b"]" * 10**5 + b"}"
# Operation, what becomes of its answer, and what the line names.
ODD: dict[str, tuple[str, Change | bytes, str]] = {
    "no expiresIn": ("CreateToken", without("expiresIn"), "has no expiresIn"),
    "expiresIn null": ("CreateToken", having("expiresIn", None), "has no expiresIn"),
    "expiresIn huge": ("CreateToken", having("expiresIn", 10**18), "expiresIn"),
    "expiresIn beyond floats": ("CreateToken", having("expiresIn", 10**400), "expiresIn"),
    "expiresIn negative": ("CreateToken", having("expiresIn", -1), "expiresIn"),
    "expiresIn 0": ("CreateToken", having("expiresIn", 0), "expiresIn"),
    "expiresIn text": ("CreateToken", having("expiresIn", "soon"), "expiresIn"),
    "expiresIn true": ("CreateToken", having("expiresIn", True), "expiresIn"),
    "expiresIn a list": ("CreateToken", having("expiresIn", [3600]), "expiresIn"),
    "no accessToken": ("CreateToken", without("accessToken"), "has no accessToken"),
    "accessToken a number": ("CreateToken", having("accessToken", 5), "accessToken"),
    "accessToken empty": ("CreateToken", having("accessToken", ""), "accessToken"),
    "accessToken with lines": ("CreateToken", having("accessToken", "a\nb"), "accessToken"),
    "accessToken of 1 MB": ("CreateToken", having("accessToken", "a" * 10**6), "accessToken"),
    "accessToken half a character": ("CreateToken", having("accessToken", "\ud800"), "accessToken"),
    "a list": ("CreateToken", b"[]", "not AWS"),
    "a number": ("CreateToken", b"5", "not AWS"),
    "deep": ("CreateToken", DEEP, "not AWS"),
    "Latin-1": ("CreateToken", b'{"accessToken": "\xff"}', "not AWS"),
    "HTML": ("CreateToken", HTML, "not AWS"),
    "no clientId": ("RegisterClient", without("clientId"), "has no clientId"),
    "no clientSecret": ("RegisterClient", without("clientSecret"), "has no clientSecret"),
    "no end": ("RegisterClient", without("clientSecretExpiresAt"), "has no clientSecretExpiresAt"),
    "end text": ("RegisterClient", having("clientSecretExpiresAt", "x"), "clientSecretExpiresAt"),
    "end huge": (
        "RegisterClient",
        having("clientSecretExpiresAt", 10**18),
        "clientSecretExpiresAt",
    ),
    "registration a list": ("RegisterClient", b"[1]", "not AWS"),
    "registration deep": ("RegisterClient", DEEP, "not AWS"),
    "registration HTML": ("RegisterClient", HTML, "not AWS"),
}
DEVICE: dict[str, tuple[Change | bytes, str]] = {
    "no deviceCode": (without("deviceCode"), "has no deviceCode"),
    "no userCode": (without("userCode"), "has no userCode"),
    "userCode a list": (having("userCode", ["A"]), "userCode"),
    "no address": (without("verificationUriComplete"), "has no verificationUriComplete"),
    "interval text": (having("interval", "x"), "interval"),
    "interval huge": (having("interval", 10**18), "interval"),
    "interval negative": (having("interval", -5), "interval"),
    "device expiresIn text": (having("expiresIn", "x"), "expiresIn"),
    "device expiresIn huge": (having("expiresIn", 10**18), "expiresIn"),
    "device list": (b"[]", "not AWS"),
    "device HTML": (HTML, "not AWS"),
}
ADDRESSES = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "--remote-debugging-port=1",
    "-P",
    "ftp://example.com/",
    "http://example.com/device",
    "https:///device",
    "https://",
    "https://aws.amazon.com@evil.example/",
    "https://example.com/ --new-window",
    "https://example.com/\x1b[2J",
    "https://example.com/'`touch x`",
    "https://[::1",
    "https://example.com:99999999/",
    "//example.com",
    "\thttps://example.com/",
    "https://xn--\N{CYRILLIC SMALL LETTER A}.example/",
)
for address in ADDRESSES:
    DEVICE[f"address {address}"] = (
        having("verificationUriComplete", address),
        "verificationUriComplete",
    )
ODD |= {name: ("StartDeviceAuthorization", *rest) for name, rest in DEVICE.items()}


def one_line(words: list[str], env: dict[str, str]) -> str:
    """The one line of an awsx that fails, apart from what a login says first."""
    status, awsx = run(words, env, timeout=30)
    assert status == 1, awsx.shown
    assert "an error of awsx's own" not in awsx.shown
    assert "Traceback" not in awsx.shown
    first = awsx.shown.rpartition("awsx: ")[2]
    told = [line for line in first.split("\n") if line]
    assert len(told) == 1, awsx.shown
    return told[0]


@pytest.mark.parametrize("case", ODD)
def test_an_odd_answer_ends_in_one_line_that_names_what_is_wrong(
    case: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    operation, change, named = ODD[case]
    answer(center, operation, change)
    told = one_line(["login", "prod", "--device-code"], environment)
    assert named in told
    assert "corp" in told
    assert residue(home) == []
    if operation != "CreateToken":
        assert opened(environment) == []


@pytest.mark.parametrize("case", [case for case in ODD if ODD[case][0] == "CreateToken"])
def test_a_renewal_with_an_odd_answer_keeps_the_token_file(
    case: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
    path.write_text(json.dumps(token))
    operation, change, named = ODD[case]
    answer(center, operation, change)
    assert named in one_line(["exec", "prod", "--", "true"], environment)
    assert json.loads(path.read_text()) == token


REFUSALS = {
    "type a number": b'{"__type": 5}',
    "type a list": b'{"__type": ["a"]}',
    "type null": b'{"__type": null, "message": null}',
    "a list": b'["InvalidGrantException"]',
    "text": b'"no"',
    "nothing": b"",
    "deep": b'{"message": ' + b"[" * 10**5 + b"]" * 10**5 + b"}",
    "half": b'{"__type": "Inv',
    "a message that is a list": b'{"__type": "InvalidGrantException", "message": ["x"]}',
    "an error that is a number": b'{"error": 5, "error_description": 6}',
}


@pytest.mark.parametrize("case", REFUSALS)
@pytest.mark.parametrize("status", [400, 500])
def test_an_odd_refusal_ends_in_one_line(
    status: int, case: str, environment: dict[str, str], center: IdentityCenter
) -> None:
    for operation in ("RegisterClient", "CreateToken"):
        answer(center, operation, REFUSALS[case], status)
        one_line(["login", "prod", "--device-code"], environment)


def test_an_unusable_refresh_token_does_not_cost_the_login(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    answer(center, "CreateToken", having("refreshToken", {"a": 1}))
    assert run(["login", "prod"], environment)[0] == 0
    assert "refreshToken" not in json.loads(token_path(home).read_text())


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, HTML), (200, b""), (200, b"{}"), (204, b""), (401, HTML), (403, b"{}")],
)
def test_a_logout_that_aws_did_not_answer_is_not_called_a_logout(
    status: int, body: bytes, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """A captive portal answers everything with its own page, and status 200."""
    log_in(home, center)
    with answering(status, body, Content_Type="text/html") as url:
        code, awsx = run(["logout", "prod"], at(environment, url))
    assert code == 0
    assert "corp: logged out on this machine; AWS could not be told: something that" in awsx.talk
    assert not token_path(home).exists()


def test_a_refused_logout_says_so_unless_the_session_had_ended(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    body = b'{"__type": "InvalidRequestException", "message": "no"}'
    answer(center, "Logout", body, 400)
    _, awsx = run(["logout", "prod"], environment)
    assert "AWS could not be told: AWS refused it (InvalidRequestException" in awsx.talk
