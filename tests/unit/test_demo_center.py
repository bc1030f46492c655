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

from awsx.demo import IdentityCenter, fake_browser
from awsx.demo.center.token_file import timestamp


def until(true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def open_in(script: Path, url: str, **environment: str) -> None:
    subprocess.run([script, url], env={"PATH": os.defpath, **environment}, check=True, timeout=10)


def test_environment_points_here() -> None:
    with IdentityCenter() as center:
        assert center.url.startswith("http://127.0.0.1:")
        assert set(center.environment().values()) == {center.url}
        assert {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO_OIDC"} <= set(center.environment())


def test_port_is_given_back() -> None:
    with IdentityCenter() as center:
        address = ("127.0.0.1", int(center.url.rpartition(":")[2]))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_stop_without_start() -> None:
    IdentityCenter().stop()


def test_fixed_port() -> None:
    with IdentityCenter() as first:
        port = int(first.url.rpartition(":")[2])
    with IdentityCenter(port=port) as second:
        assert second.url == first.url


def test_request_that_nobody_answers() -> None:
    with IdentityCenter() as center:
        for path in ("/nothing", "/federation?Action=nothing"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(center.url + path)
            assert caught.value.code == 404
            caught.value.close()
        assert center.log.count(None) == 2


def test_log_holds_no_query() -> None:
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
def test_stop_waits_for_nobody(sent: bytes) -> None:
    center = IdentityCenter()
    center.behaviour.latency = 60
    center.start()
    with socket.create_connection(("127.0.0.1", int(center.url.rpartition(":")[2]))) as waiting:
        waiting.sendall(sent)
        begin = time.monotonic()
        center.stop()
    assert time.monotonic() - begin < 5


def test_token_file_of_the_two_kinds() -> None:
    with IdentityCenter() as center:
        assert set(center.log_in()) - set(center.log_in(legacy=True)) == {"refreshToken"}
        json.dumps(center.log_in())
    assert timestamp(0) == "1970-01-01T00:00:00Z"


def test_browser_opens_the_link(tmp_path: Path) -> None:
    with IdentityCenter() as center:
        open_in(fake_browser.install(tmp_path), f"{center.url}/device")
        assert fake_browser.links(tmp_path) == [f"{center.url}/device"]
        until(lambda: center.log.count("Device"))


@pytest.mark.parametrize("output", [None, subprocess.PIPE])
def test_browser_waits_for_no_answer_and_holds_no_pipe_open(
    tmp_path: Path, output: int | None
) -> None:
    with IdentityCenter() as center:
        center.behaviour.latency = 60
        command = [str(fake_browser.install(tmp_path)), f"{center.url}/device"]
        subprocess.run(command, stdout=output, stderr=output, check=True, timeout=10)


def test_browser_never_leaves_the_machine(tmp_path: Path) -> None:
    assert not fake_browser.may_fetch("https://d-0123456789.awsapps.com/start")
    script = fake_browser.install(tmp_path)
    open_in(script, "https://d-0123456789.awsapps.com/start")
    assert fake_browser.links(tmp_path) == ["https://d-0123456789.awsapps.com/start"]


def test_browser_in_a_folder_with_a_space(tmp_path: Path) -> None:
    folder = tmp_path / "a 'b"
    folder.mkdir()
    open_in(fake_browser.install(folder), "https://x.example/?a=1&b=$(id)")
    assert fake_browser.links(folder) == ["https://x.example/?a=1&b=$(id)"]
