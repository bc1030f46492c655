"""The server that ends a login in the browser: on this machine alone, for one answer alone."""

import http.client
import socket
import struct
import time
from urllib.parse import urlsplit

import pytest

from awsx.login.callback import Callback
from awsx.page import STYLE


@pytest.fixture
def callback():
    with Callback("the state") as callback:
        yield callback


def get(callback, path, query=""):
    address = urlsplit(callback.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        connection.request("GET", f"{path or address.path}{query}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_server_listens_on_loopback_alone(callback):
    address = urlsplit(callback.url)
    assert (address.hostname, address.path) == ("127.0.0.1", "/oauth/callback")
    assert callback._server.socket.getsockname()[0] == "127.0.0.1"
    other = socket.socket()
    with other, pytest.raises(OSError):
        other.connect(("127.0.0.2", address.port))


def test_the_code_comes_back(callback):
    assert callback.wait(0) is False
    status, page = get(callback, "", "?code=abc&state=the+state")
    assert (status, "Logged in" in page) == (200, True)
    assert callback.wait(5) is True
    assert callback.outcome == ("abc", "")
    assert "abc" not in page


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("error=access_denied", "access_denied"),
        ("error=access_denied&error_description=The+person+said+no", "The person said no"),
        ("code=", "no code"),
    ],
)
def test_a_refusal_comes_back(query, error, callback):
    status, page = get(callback, "", f"?{query}&state=the+state")
    assert (status, "Not logged in" in page) == (200, True)
    assert callback.wait(5) is True
    assert callback.outcome == ("", error)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", "?code=abc"),
        ("", "?code=abc&state=another"),
        ("", "?error=access_denied"),
        ("", "?state=another&state=the+state&code=abc"),
        ("", ""),
        ("/favicon.ico", ""),
        ("/", "?code=abc&state=the+state"),
    ],
)
def test_a_request_without_our_state_or_path_is_not_found(path, query, callback):
    assert get(callback, path, query)[0] == 404
    assert callback.wait(0.05) is False


def test_an_answer_counts_even_if_the_browser_does_not_wait_for_its_page(callback):
    address = (urlsplit(callback.url).hostname, urlsplit(callback.url).port)
    with socket.create_connection(address) as browser:
        # The connection then ends with a reset.
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        browser.sendall(b"GET /oauth/callback?code=abc&state=the+state HTTP/1.1\r\nHost: x\r\n\r\n")
    assert callback.wait(5) is True
    assert callback.outcome.code == "abc"


def test_the_page_after_a_login_looks_as_the_demos_in_light_and_dark(callback):
    page = get(callback, "", "?code=abc&state=the+state")[1]
    for part in (STYLE, 'lang="en"', '<p role="status">', "prefers-color-scheme: dark"):
        assert part in page
    assert "<script" not in page
    assert page.count("http") == 0  # it loads nothing


def test_a_silent_connection_does_not_delay_another(callback):
    address = (urlsplit(callback.url).hostname, urlsplit(callback.url).port)
    with socket.create_connection(address), socket.create_connection(address) as half:
        half.sendall(b"GET /oauth")
        assert get(callback, "", "?code=abc&state=the+state")[0] == 200


def test_the_port_is_free_afterwards():
    with Callback("x") as callback:
        port = urlsplit(callback.url).port
        began = time.monotonic()
    assert time.monotonic() - began < 1
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
