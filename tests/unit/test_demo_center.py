from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from awsx.demo import Behaviour, IdentityCenter, fake_browser
from awsx.demo.center.token_file import timestamp


def wait_until(is_true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def open_in(script: Path, url: str, **environment: str) -> None:
    subprocess.run([script, url], env={"PATH": os.defpath, **environment}, check=True, timeout=10)


def test_environment_points_every_service_at_the_center() -> None:
    with IdentityCenter() as center:
        assert center.url.startswith("http://127.0.0.1:")
        assert set(center.environment().values()) == {center.url}
        assert {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO_OIDC"} <= set(center.environment())


def test_stop_closes_the_port() -> None:
    with IdentityCenter() as center:
        address = ("127.0.0.1", int(center.url.rpartition(":")[2]))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_stop_works_without_start() -> None:
    IdentityCenter().stop()


def test_port_can_be_chosen() -> None:
    with IdentityCenter() as first:
        port = int(first.url.rpartition(":")[2])
    with IdentityCenter(port=port) as second:
        assert second.url == first.url


def test_unknown_operations_are_answered_404_and_logged() -> None:
    with IdentityCenter() as center:
        for path in ("/nothing", "/federation?Action=nothing"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(center.url + path)
            assert caught.value.code == 404
            caught.value.close()
        assert center.log.count(None) == 2


def test_log_leaves_the_query_out() -> None:
    with IdentityCenter() as center, urllib.request.urlopen(f"{center.url}/device?"):
        (entry,) = center.log
        assert (entry.method, entry.path, entry.operation, entry.status) == (
            "GET",
            "/device",
            "Device",
            200,
        )
        assert abs(entry.when - time.time()) < 5
        center.log.clear()
        assert center.log.operations() == []


@pytest.mark.parametrize("sent", [b"", b"GET /device HTTP/1.0\r\n\r\n"])
def test_stop_does_not_wait_for_open_connections(sent: bytes) -> None:
    center = IdentityCenter()
    center.behaviour.latency = 60
    center.start()
    with socket.create_connection(("127.0.0.1", int(center.url.rpartition(":")[2]))) as waiting:
        waiting.sendall(sent)
        begin = time.monotonic()
        center.stop()
    assert time.monotonic() - begin < 5


def test_unexpected_error_of_a_service_is_printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The thread of the request ends with it, and the server goes on."""

    def fail(_: object) -> None:
        raise ZeroDivisionError("a mistake in the center")

    with IdentityCenter() as center:
        monkeypatch.setattr("awsx.demo.center.identity_center.operation", fail)
        with pytest.raises(ConnectionError):
            urllib.request.urlopen(f"{center.url}/device")
        monkeypatch.undo()
        urllib.request.urlopen(f"{center.url}/device").close()
    assert "ZeroDivisionError: a mistake in the center" in capfd.readouterr().err


def test_unknown_behaviour_is_an_error() -> None:
    with pytest.raises(AttributeError):
        Behaviour().decison = "deny"  # type: ignore[attr-defined]


def test_only_a_legacy_login_lacks_the_refresh_token() -> None:
    with IdentityCenter() as center:
        assert set(center.log_in()) - set(center.log_in(legacy=True)) == {"refreshToken"}
        json.dumps(center.log_in())
    assert timestamp(0) == "1970-01-01T00:00:00Z"


def test_fake_browser_requests_and_records_the_link(tmp_path: Path) -> None:
    with IdentityCenter() as center:
        open_in(fake_browser.install(tmp_path), f"{center.url}/device")
        assert fake_browser.links(tmp_path) == [f"{center.url}/device"]
        wait_until(lambda: center.log.count("Device"))


@pytest.mark.parametrize("output", [None, subprocess.PIPE])
def test_fake_browser_waits_for_no_answer_and_keeps_no_pipe_open(
    tmp_path: Path, output: int | None
) -> None:
    with IdentityCenter() as center:
        center.behaviour.latency = 60
        command = [str(fake_browser.install(tmp_path)), f"{center.url}/device"]
        subprocess.run(command, stdout=output, stderr=output, check=True, timeout=10)


def test_fake_browser_only_records_links_to_other_hosts(tmp_path: Path) -> None:
    assert not fake_browser.may_fetch("https://d-0123456789.awsapps.com/start")
    script = fake_browser.install(tmp_path)
    open_in(script, "https://d-0123456789.awsapps.com/start")
    assert fake_browser.links(tmp_path) == ["https://d-0123456789.awsapps.com/start"]


def test_fake_browser_works_in_a_folder_with_a_space_and_a_quote(tmp_path: Path) -> None:
    folder = tmp_path / "a 'b"
    folder.mkdir()
    open_in(fake_browser.install(folder), "https://x.example/?a=1&b=$(id)")
    assert fake_browser.links(folder) == ["https://x.example/?a=1&b=$(id)"]
