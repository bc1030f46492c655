"""A server that takes a question and says nothing: a word soon, and an end within half a minute."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from .at_terminal import AtTerminal, residue, run
from .home import log_in
from .test_login_errors import at


@pytest.fixture(params=["says nothing", "sends a byte now and then"])
def silent(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that accepts every connection."""
    server = socket.create_server(("127.0.0.1", 0), backlog=100)
    done, taken = threading.Event(), []

    def dribble(connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not done.wait(1):
                connection.sendall(b" ")
        except OSError:
            return

    def accept() -> None:
        while True:
            try:
                connection = server.accept()[0]
            except OSError:
                return
            taken.append(connection)
            if request.param != "says nothing":
                threading.Thread(target=dribble, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    done.set()
    server.shutdown(socket.SHUT_RDWR)
    accepting.join()
    server.close()
    for connection in taken:
        connection.close()


WAYS = {
    "renewal": ["exec", "prod", "--", "true"],
    "login": ["login", "prod", "--force"],
    "device": ["login", "prod", "--force", "--device-code"],
    "logout": ["logout", "prod"],
}


def test_a_silent_server_is_given_up_within_half_a_minute(
    silent: str, environment: dict[str, str], center: IdentityCenter, home: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        terminals = {}
        for way, words in WAYS.items():
            own = tmp_path / way.replace(" ", "-")
            (own / ".aws").mkdir(parents=True)
            (own / ".aws/config").write_text((home / ".aws/config").read_text())
            path = log_in(own, center)
            token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
            path.write_text(json.dumps(token))
            env = {**at(environment, silent), "HOME": str(own)}
            terminals[way] = stack.enter_context(AtTerminal(words, env))
        for awsx in terminals.values():
            awsx.wait_for("no answer from AWS yet (127.0.0.1:", timeout=9)
        statuses = {way: awsx.end(40) for way, awsx in terminals.items()}
        assert statuses == {"renewal": 1, "login": 1, "device": 1, "logout": 0}
        for way, awsx in terminals.items():
            assert awsx.ended_at - began < 33, way  # with the start of four processes
            assert "cannot reach AWS for the session corp: " in awsx.talk
            assert awsx.shown.count("no answer from AWS yet") == 1
            assert "Traceback" not in awsx.shown


@pytest.mark.awscli
@pytest.mark.parametrize("silent", ["says nothing"], indirect=True)
def test_the_aws_cli_is_not_started_for_a_silent_server(
    silent: str, env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """The AWS CLI would wait for minutes, without a word."""
    assert run(["login", "prod"], env)[0] == 0  # leaves the registration, which awsx asks about
    began = time.monotonic()
    status, awsx = run(["login", "prod", "--force"], at(env, silent))
    assert status == 1
    assert time.monotonic() - began < 33
    assert "no answer from AWS yet" in awsx.talk
    assert "cannot reach AWS for the session corp: no answer within half a minute" in awsx.talk


def test_ctrl_c_ends_the_wait_at_once(silent: str, environment: dict[str, str], home: Path) -> None:
    with AtTerminal(["login", "prod"], at(environment, silent)) as awsx:
        awsx.wait_for("no answer from AWS yet")
        awsx.press_ctrl_c()
        assert awsx.end(5) == 130
    assert awsx.is_on_blank_line
    assert residue(home) == []
