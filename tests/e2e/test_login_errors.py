"""What a person reads when a login fails: one line with what, where, what to do; never a secret."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from .at_terminal import run
from .home import log_in, token_path

if os.environ.get("CI") != "true":
    pytest.importorskip("trustme")

from .proxy import Proxy

SECRET = "s3cr3t"


@contextmanager
def answering(status: int, body: bytes = b"", **headers: str) -> Iterator[str]:
    """The address of a server that gives this answer to every request, as a captive portal does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_CONNECT = do_GET

        def log_message(self, format: str, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def nobody() -> str:
    """An address where nobody listens."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def fails(env: dict[str, str], *words: str) -> str:
    """The one line that a failing awsx prints, apart from the line that a login begins."""
    status, awsx = run(list(words or ("login", "prod")), env)
    assert status == 1, awsx.shown
    assert "Traceback" not in awsx.shown
    assert "an error of awsx's own" not in awsx.shown
    told = [line for line in awsx.shown.split("\n") if line and "logging in" not in line]
    assert len(told) == 1, awsx.shown
    return told[0]


def at(env: dict[str, str], url: str) -> dict[str, str]:
    """`env` with all of AWS's endpoints at one address."""
    return {
        name: url if name.startswith("AWS_ENDPOINT_URL") else value for name, value in env.items()
    }


HTML = b"<html><head><title>Welcome to the hotel</title></head><body>Please pay</body></html>"
PORTALS = {
    "200 with HTML": (200, HTML, {}),
    "200 with nothing": (200, b"", {}),
    "200 with JSON of its own": (200, b'{"welcome": true}', {}),
    "200 with a JSON list": (200, b"[]", {}),
    "302 to HTML": (302, HTML, {"Location": "http://hotel.example/"}),
    "403 with HTML": (403, HTML, {"Content_Type": "text/html"}),
    "511": (511, HTML, {}),
    "503 of a gateway": (503, b"", {}),
}


@pytest.mark.parametrize("case", PORTALS)
def test_a_captive_portal_is_recognised(case: str, environment: dict[str, str], home: Path) -> None:
    status, body, headers = PORTALS[case]
    with answering(status, body, **headers) as url:
        told = fails(at(environment, url))
    assert told.startswith("awsx: something that is not AWS answered for the session corp (")
    assert ("no JSON)" if "list" in case else f"HTTP {status})") in told
    assert told.endswith("a captive portal, or a proxy's login page?")


def test_without_a_network_aws_cannot_be_reached(environment: dict[str, str], home: Path) -> None:
    told = fails(at(environment, f"http://{nobody()}"))
    assert told.startswith("awsx: cannot reach AWS for the session corp: ")
    assert told.endswith("; check the network or the VPN")


def test_a_host_that_does_not_resolve_points_at_sso_region(
    environment: dict[str, str], home: Path
) -> None:
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text().replace("sso_region = eu-west-1", "sso_region = eu-wset-1")
    )
    named = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_ENDPOINT_URL")
    }
    told = fails({**named, "HTTPS_PROXY": "", "AWS_MAX_ATTEMPTS": "1"})
    assert "eu-wset-1" in told
    assert "~/.aws/config:3" in told


def test_an_absent_proxy_is_named_without_its_password(
    environment: dict[str, str], home: Path
) -> None:
    named = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_ENDPOINT_URL")
    }
    told = fails({**named, "HTTPS_PROXY": f"http://me:{SECRET}@{nobody()}"})
    assert told.startswith("awsx: cannot reach AWS for the session corp: ")
    assert "the proxy http://...@127.0.0.1:" in told
    assert SECRET not in told


def test_a_refusing_proxy_is_named_without_its_password(
    environment: dict[str, str], home: Path
) -> None:
    named = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_ENDPOINT_URL")
    }
    with answering(407, HTML) as url:
        told = fails({**named, "HTTPS_PROXY": url.replace("//", f"//me:{SECRET}@")})
    assert "the proxy http://...@127.0.0.1:" in told
    assert SECRET not in told


def test_an_untrusted_certificate_points_at_aws_ca_bundle(
    environment: dict[str, str], center: IdentityCenter, home: Path, tmp_path: Path
) -> None:
    named = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_ENDPOINT_URL")
    }
    with Proxy(center, tmp_path) as proxy:
        told = fails({**named, "HTTPS_PROXY": proxy.environment()["HTTPS_PROXY"]})
    assert told.startswith(
        "awsx: cannot trust AWS's certificate for the session corp: certificate verify failed"
    )
    assert "AWS_CA_BUNDLE" in told
    assert center.log.operations() == []


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SlowDownException"])
def test_a_throttled_login_asks_for_patience(
    code: str, environment: dict[str, str], home: Path
) -> None:
    with answering(
        429, json.dumps({"message": "Rate exceeded"}).encode(), x_amzn_ErrorType=code
    ) as url:
        told = fails(at(environment, url))
    assert told == "awsx: AWS asks to slow down (session corp); try again in a minute"


def test_an_internal_error_of_aws_asks_for_patience(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.failures = 99
    told = fails(environment)
    assert told == (
        "awsx: AWS has trouble of its own (session corp: InternalServerException);"
        " try again in a minute"
    )


def test_a_renewal_that_fails_at_aws_leads_to_no_login(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
    path.write_text(json.dumps(token))
    center.behaviour.failures = 99
    assert "AWS has trouble of its own" in fails(environment, "exec", "prod", "--", "true")
    assert json.loads(path.read_text()) == token
    center.behaviour.failures = 0
    assert run(["exec", "prod", "--", "true"], environment)[0] == 0


def test_an_error_that_passes_is_retried_silently(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.failures = 1
    status, awsx = run(["login", "prod"], environment)
    assert status == 0, awsx.shown


def test_a_revoked_session_leads_to_a_login(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """AWS has ended the session: it refuses the renewal, and awsx logs in again."""
    path = log_in(home, center)
    path.write_text(
        json.dumps({**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"})
    )
    center.revoke_sessions()
    status, awsx = run(["exec", "prod", "--", "true"], environment)
    assert status == 0
    assert "the session corp has expired; logging in" in awsx.talk
    assert center.log.count("Authorize") == 1


@pytest.mark.parametrize(
    ("skew", "words"), [(930, "15m behind AWS's"), (-930, "15m ahead of AWS's"), (200, "")]
)
def test_a_wrong_clock_is_mentioned_once(
    skew: float, words: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.clock_skew = skew
    center.behaviour.device_pending_polls, center.behaviour.device_interval = 2, 1
    status, awsx = run(["login", "prod", "--device-code"], environment)
    assert status == 0, awsx.shown
    assert awsx.talk.count("this machine's clock is") == bool(words)  # once, not at each question
    assert words in awsx.talk


def test_an_impossible_sso_region_is_shown_with_its_line(
    environment: dict[str, str], home: Path
) -> None:
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text().replace("sso_region = eu-west-1", "sso_region = eu-west-1 # home")
    )
    told = fails(environment)
    assert "eu-west-1 # home" in told
    assert "~/.aws/config:3" in told


@pytest.mark.awscli
def test_a_wrong_region_is_explained_after_the_aws_cli_failed(
    env: dict[str, str], center: IdentityCenter, home: Path, tmp_path: Path
) -> None:
    """The AWS CLI says InvalidGrantException and no more; awsx adds what that means."""
    config = home / ".aws" / "config"
    config.write_text(
        config.read_text().replace("sso_region = eu-west-1", "sso_region = us-east-1")
    )
    named = {name: value for name, value in env.items() if not name.startswith("AWS_ENDPOINT_URL")}
    with Proxy(center, tmp_path) as proxy:
        status, awsx = run(["login", "prod"], {**named, **proxy.environment()})
        assert status == 1
        assert (
            "sso_region = us-east-1 is probably wrong:"
            " the start page says eu-west-1 (~/.aws/config:3)" in awsx.talk
        )
        assert not token_path(home).exists()
