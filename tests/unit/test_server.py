"""The credential server on loopback: whom it answers, and what."""

import http.client
import json
import threading
import time

import pytest

from awsx.credentials import valid
from awsx.credentials.keys import Keys
from awsx.server import exchange, variables
from awsx.server.exchange import Request
from awsx.server.giver import Giver
from awsx.server.loopback import Loopback
from awsx.term import AwsxError

PORT, TOKEN = 4711, "the-token"
GOOD = {
    "address": "127.0.0.1", "method": "GET", "path": "/prod", "host": f"127.0.0.1:{PORT}",
    "token": TOKEN,
}  # fmt: skip

REFUSED = {
    "another machine": ({"address": "192.168.1.2"}, 403),
    "another loopback address": ({"address": "127.0.0.2"}, 403),
    "a name that has come to mean 127.0.0.1": ({"host": f"evil.example:{PORT}"}, 403),
    "localhost": ({"host": f"localhost:{PORT}"}, 403),
    "another port": ({"host": "127.0.0.1:80"}, 403),
    "no port": ({"host": "127.0.0.1"}, 403),
    "no Host": ({"host": ""}, 403),
    "POST": ({"method": "POST"}, 405),
    "HEAD": ({"method": "HEAD"}, 405),
    "a method that nobody knows": ({"method": "BREW"}, 405),
    "no token": ({"token": ""}, 401),
    "another token": ({"token": "the-tokem"}, 401),
    "the token and more": ({"token": f"Bearer {TOKEN}"}, 401),
    "a token of other letters": ({"token": "t\xe9\udce9"}, 401),
}


@pytest.mark.parametrize(("change", "status"), REFUSED.values(), ids=REFUSED)
def test_who_is_refused(change, status):
    found = exchange.refusal(Request(**{**GOOD, **change}), [PORT, 22], TOKEN)
    assert found.status == status
    assert set(found.content) == {"code", "message"}
    assert TOKEN not in found.body.decode()


def test_the_far_side_of_ssh_has_another_port():
    request = Request(**{**GOOD, "host": "127.0.0.1:22"})
    assert exchange.refusal(request, [PORT, 22], TOKEN) is None


def test_who_is_answered():
    assert exchange.refusal(Request(**GOOD), [PORT], TOKEN) is None


def test_the_token_is_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr(exchange, "compare_digest", lambda *given: compared.append(given))
    assert exchange.refusal(Request(**{**GOOD, "token": "x"}), [PORT], TOKEN)
    assert compared == [(b"x", TOKEN.encode())]


@pytest.mark.parametrize(
    ("name", "path"),
    [("prod", "/prod"), ("my prof/é", "/my%20prof%2F%C3%A9"), ("a\udce9", "/a%E9")],
)
def test_the_path_of_a_profile(name, path):
    assert exchange.path_of(name) == path


def test_credentials_have_the_form_of_a_container():
    content = exchange.granted(Keys("AKIA", "s", "t", 1_800_000_000, "111122223333"), 0).content
    assert content == {
        "AccessKeyId": "AKIA",
        "SecretAccessKey": "s",
        "Token": "t",
        "Expiration": "2027-01-15T08:00:00Z",
        "AccountId": "111122223333",
    }
    # SDKs want an expiry of keys that have none.
    assert exchange.granted(Keys("AKIA", "s"), 1_800_000_000).content == {
        "AccessKeyId": "AKIA",
        "SecretAccessKey": "s",
        "Token": "",
        "Expiration": "2027-01-15T09:00:00Z",
    }


@pytest.fixture
def server():
    """A server that says which path it was asked for, and in which thread."""
    loopback, done = Loopback(TOKEN), threading.Event()

    def answer(path):
        return exchange.Answer(200, {"path": path, "thread": threading.current_thread().name})

    thread = threading.Thread(
        target=loopback.serve, args=(answer, lambda: not done.is_set()), name="main one"
    )
    thread.start()
    yield loopback
    done.set()
    thread.join()


def ask(port, method="GET", path="/prod", token=TOKEN, host="", address="127.0.0.1"):
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=10, source_address=(address, 0)
    )
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    if token:
        connection.putheader("Authorization", token)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body else {}


def test_http(server):
    assert server.server_address[0] == "127.0.0.1"
    assert ask(server.port) == (200, {"path": "/prod", "thread": "main one"})
    refused = (
        {"method": "POST"}, {"method": "OPTIONS"}, {"method": "BREW"}, {"token": ""},
        {"token": "x"}, {"host": "evil.example"}, {"address": "127.0.0.2"},
    )  # fmt: skip
    assert [ask(server.port, **given)[0] for given in refused] == [
        405,
        405,
        405,
        401,
        401,
        403,
        403,
    ]


def test_a_client_that_says_nothing_holds_nobody_up(server):
    import socket

    with socket.create_connection(("127.0.0.1", server.port)):
        assert ask(server.port)[0] == 200


class Given:
    """What `valid.keys` answers in these tests, one after another; errors are raised."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked = list(answers), 0
        monkeypatch.setattr(valid, "keys", self)

    def __call__(self, facts, target, need=None):
        self.asked += 1
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def env(home):
    (home / ".aws" / "config").write_text("[profile prod]\nregion = eu-west-1\n")
    return {"HOME": str(home)}


def lasting(seconds, key):
    return Keys(key, "s", "t", int(time.time()) + seconds)


def key_of(giver, path="/prod"):
    return giver.answer(path).content.get("AccessKeyId")


def test_keys_are_kept_and_renewed_before_they_end(env, monkeypatch):
    given = Given(monkeypatch, lasting(3600, "A"), lasting(600, "B"), lasting(3600, "C"))
    giver = Giver(env, ["prod"])
    assert [key_of(giver), key_of(giver)] == ["A", "A"]
    giver._kept["prod"] = lasting(800, "A")  # less than 15 minutes
    assert [key_of(giver), key_of(giver), key_of(giver)] == ["B", "C", "C"]
    assert given.asked == 3


def test_what_is_left_of_the_old_keys_is_given_while_there_are_no_new_ones(env, monkeypatch, capfd):
    ended = AwsxError("the session has ended; run: awsx login prod")
    Given(monkeypatch, lasting(600, "A"), ended, ended, ended, lasting(3600, "B"))
    giver = Giver(env, ["prod"])
    assert [key_of(giver), key_of(giver)] == ["A", "A"]
    giver._kept["prod"] = lasting(-1, "A")
    refused = [giver.answer("/prod") for _ in range(2)]
    assert {(answer.status, answer.content["message"]) for answer in refused} == {(500, str(ended))}
    # Once is enough: SDKs ask again and again.
    assert capfd.readouterr().err == f"awsx: {ended}\n"
    assert key_of(giver) == "B"


def test_only_the_profiles_that_were_named_are_served(env, monkeypatch):
    Given(monkeypatch)
    assert Giver(env, ["prod"]).answer("/dev").status == 404


class SomeFacts:
    def __init__(self, env):
        from awsx.facts import Facts

        self.config = Facts(env).config


@pytest.mark.parametrize(
    ("default", "is_hidden"),
    [("", False), ("region = eu-west-1", False), ("credential_process = /x", True)],
)
def test_a_default_profile_that_would_win_is_hidden(default, is_hidden, home, env):
    """A container comes last in the chain of every SDK, behind [default]."""
    with (home / ".aws" / "config").open("a") as config:
        config.write(f"[default]\n{default}\n")
    change = variables.change("prod", "eu-west-1", PORT, TOKEN, SomeFacts(env), env)
    assert change["AWS_CONTAINER_CREDENTIALS_FULL_URI"] == f"http://127.0.0.1:{PORT}/prod"
    assert change["AWS_CONTAINER_AUTHORIZATION_TOKEN"] == TOKEN
    assert (change["AWS_REGION"], change["AWS_DEFAULT_REGION"]) == ("eu-west-1",) * 2
    gone = {name for name, value in change.items() if value is None}
    assert gone >= {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"}
    assert (change.get("AWS_CONFIG_FILE") == "/dev/null") == is_hidden
