"""What a person reads when AWS, or something in its place, answers with an error.

tests/e2e/test_login_errors.py has the errors of a real connection.
"""

import signal
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from awsx import interrupts
from awsx.files.profiles import SsoSession
from awsx.service import client, clock, errors, oidc, start_page, start_url
from awsx.term import AwsxError, Cancelled

SESSION = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "")


@pytest.fixture
def serve():
    """serve({path: (status, headers, body)}) -> the address; every other path is a 404."""
    servers = []

    def start(pages):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers, body = pages.get(self.path, (404, {}, ""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("page", "region"),
    [
        ('<html><head><meta name="region" content="eu-central-1"></head>', "eu-central-1"),
        ("<META content='us-gov-west-1' NAME='region' />", "us-gov-west-1"),
        (
            '<meta charset="utf-8"><meta\n name = "region"\n content = "ap-southeast-2">',
            "ap-southeast-2",
        ),
        ('<meta name="regional" content="eu-west-1">', ""),
        ('<meta name="region" content="$(touch x)">', ""),
        ('<meta name="region" content="">', ""),
        ("eu-west-1", ""),
        ("", ""),
    ],
)
def test_the_region_is_read_from_the_start_pages_meta_tag(page, region, serve):
    assert start_page.region(serve({"/start": (200, {}, page)}) + "/start") == region


def test_redirects_to_the_start_page_are_followed(serve):
    page = '<meta name="region" content="eu-west-3">'
    pages = {
        "/start": (302, {"Location": "/login"}, ""),
        "/login": (301, {"Location": "d/"}, ""),
        "/d/": (200, {}, page),
    }
    assert start_page.region(serve(pages) + "/start") == "eu-west-3"
    endless = {"/start": (302, {"Location": "/start"}, page)}
    assert start_page.region(serve(endless) + "/start") == ""


def test_a_start_page_that_cannot_be_read_has_no_region(serve):
    assert start_page.region(serve({}) + "/start") == ""
    for address in ("http://127.0.0.1:1/start", "https://no-such-host.invalid", "no address", ""):
        assert start_page.region(address) == ""
    assert (
        start_page.region(
            serve({"/start": (302, {"Location": "file:///etc/passwd"}, "")}) + "/start"
        )
        == ""
    )


def refused(status, code, message="no"):
    return {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (refused(400, "InvalidGrantException"), errors.Refused, "no"),
        (refused(401, "InvalidClientException", ""), errors.Refused, "InvalidClientException"),
        # AWS says this to a device that polls too often.
        (refused(400, "SlowDownException"), errors.Refused, "no"),
        (refused(429, "SlowDownException"), AwsxError, "slow down"),
        (refused(400, "ThrottlingException"), AwsxError, "slow down"),
        (refused(500, "InternalServerException"), AwsxError, "trouble of its own"),
        (refused(503, "503"), AwsxError, r"not AWS answered for the session corp \(HTTP 503\)"),
        (refused(403, ""), AwsxError, r"not AWS answered for the session corp \(HTTP 403\)"),
        ({}, AwsxError, "not AWS answered"),
    ],
)
def test_an_error_response_becomes_a_refusal_or_one_line(response, kind, text):
    with pytest.raises(kind, match=text):
        raise errors.of_response(response, SESSION)


@pytest.mark.parametrize(
    ("answer", "knows"),
    [
        (errors.Refused("InvalidGrantException", ""), True),
        (errors.Refused("InvalidClientException", ""), False),
        (errors.Refused("UnauthorizedClientException", ""), False),
        (AwsxError("cannot reach AWS"), True),  # whoever needs AWS next will say so
        ({"accessToken": "?"}, True),
    ],
)
def test_a_registration_is_known_unless_aws_refuses_the_client(answer, knows, monkeypatch):
    def token(_self, _registration, grant, **given):
        assert (grant, given) == ("refresh_token", {"refreshToken": "none"})
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(oidc.Oidc, "token", token)
    assert oidc.Oidc.__new__(oidc.Oidc).knows({"clientId": "i", "clientSecret": "s"}) is knows


@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://me:s3cr3t@proxy:3128", "http://...@proxy:3128"),
        ("http://me:s3@cr3t@proxy:3128", "http://...@proxy:3128"),
        ("me:s3cr3t@proxy", "...@proxy"),
    ],
)
def test_a_proxy_is_shown_without_its_password(proxy, shown):
    assert "s3" not in errors._without_password(proxy)
    assert errors._without_password(proxy).endswith(shown.partition("://")[2])


def test_a_wrong_clock_is_mentioned_once(monkeypatch, capsys):
    monkeypatch.setattr(clock, "_is_warned", False)
    monkeypatch.setattr("time.time", lambda: 1795201057.0)
    for date in ("Fri, 20 Nov 2026 18:54:00 GMT", "no date", None):
        clock.check({"ResponseMetadata": {"HTTPHeaders": {"date": date}}})
    clock.check({})
    assert capsys.readouterr().err == ""
    for _ in range(2):
        clock.check(
            {"ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 20 Nov 2026 19:57:40 GMT"}}}
        )
    assert capsys.readouterr().err.count("this machine's clock is 1h behind AWS's") == 1


@pytest.mark.parametrize(
    ("off", "told"), [(7199.4, "2h"), (7200.6, "2h"), (3600, "1h"), (930, "15m"), (86400 * 3, "3d")]
)
def test_how_wrong_a_clock_is_is_not_rounded_to_the_next_hour_below(off, told, monkeypatch, capsys):
    """A Date has whole seconds, and takes a while to travel."""
    monkeypatch.setattr(clock, "_is_warned", False)
    monkeypatch.setattr("time.time", lambda: 1795201057.0 + off)
    clock.check({"ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 20 Nov 2026 18:57:37 GMT"}}})
    assert f"this machine's clock is {told} ahead of AWS's" in capsys.readouterr().err


def test_a_ctrl_c_while_botocore_is_loaded_is_not_lost(monkeypatch):
    """An import turns it into an ImportError, which the importing module ignores."""

    def load(*_):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            pass

    monkeypatch.setattr(client.packages, "add", load)  # comes just before botocore
    with pytest.raises(Cancelled), interrupts.tidy():
        oidc.Oidc(SESSION)


def test_a_session_that_botocore_cannot_use_is_no_captive_portal(home, monkeypatch):
    from botocore.exceptions import EndpointProviderError
    from botocore.parsers import ResponseParserError

    monkeypatch.setenv("HOME", str(home))
    told = str(errors.of_failure(EndpointProviderError(msg="no FIPS there"), SESSION))
    assert told.startswith("the session corp cannot be used: ")
    assert "no FIPS there" in told
    assert "not AWS answered" in str(errors.of_failure(ResponseParserError("x"), SESSION))


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://ssoins-1.portal.eu-west-1.app.aws", "eu-west-1"),
        ("https://ssoins-1.eu-central-1.portal.amazonaws.com/start", "eu-central-1"),
        ("https://ssoins-1.cn-north-1.portal.amazonaws.com.cn/", "cn-north-1"),
        ("https://ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn", "cn-north-1"),
        ("https://ssoins-1.eusc-de-east-1.portal.amazonaws.eu", "eusc-de-east-1"),
        ("https://ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu", "eusc-de-east-1"),
        (
            "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/x",
            "us-gov-west-1",
        ),
        ("https://d-0123456789.awsapps.com/start", ""),
        ("https://identitycenter.amazonaws.com/ssoins-1", ""),
        ("https://ssoins-1.portal.eu-west-1.app.aws.evil.example", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_start_url_may_name_the_region(url, region):
    assert start_url.region_in_host(url) == region


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(5, "Input/output error", "~/config"), "botocore cannot read ~/config: Input/out"),
        (PermissionError(13, "Permission denied", "/x"), "botocore cannot read /x: Permission den"),
        (OSError("odd"), "the session corp cannot be used: odd; see sso_region"),
    ],
)
@pytest.mark.parametrize("moment", ["boto3.session.Session.client", "boto3.session.Session"])
def test_a_file_that_botocore_cannot_read_is_named(moment, error, told, home, monkeypatch):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(moment, fail)
    with pytest.raises(AwsxError, match="^" + told):
        client.Client("sso", SESSION)


def test_a_file_that_botocore_cannot_read_during_a_call_is_named(home, monkeypatch):
    asked = client.Client("sso", SESSION)

    def fail(*_, **__):
        raise OSError(5, "Input/output error", "/x")

    monkeypatch.setattr(client.patience, "answered", fail)
    with pytest.raises(AwsxError, match=r"^botocore cannot read /x: Input/output error; the sess"):
        asked.ask("logout", accessToken="x")
