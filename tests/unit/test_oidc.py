"""awsx's own login, as far as it needs no server: the link, the questions of a device, the words of a refusal."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from awsx.files.profiles import SsoSession
from awsx.login import own, refusals
from awsx.service import client, start_page
from awsx.service.client import Refused

SESSION = SsoSession(
    "corp", "https://corp.awsapps.com/start", "eu-west-1", "prod", "sso:account:access, x:y"
)


class Client:
    """Answers a device's questions one after another."""

    endpoint = "https://oidc.eu-west-1.amazonaws.com/some/path"

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def token(self, _registration, grant, **given):
        self.asked.append((grant, given))
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise Refused(answer, "")
        return answer


def test_the_link():
    """RFC 7636; the parameter is `scopes`, and a path of the endpoint is dropped, as in the AWS CLI v2."""
    url = own._authorize_url(
        Client(), SESSION, {"clientId": "i"}, "http://127.0.0.1:5/oauth/callback", "st", "v" * 86
    )
    address, query = urlsplit(url), parse_qs(urlsplit(url).query)
    assert (
        f"{address.scheme}://{address.netloc}{address.path}"
        == "https://oidc.eu-west-1.amazonaws.com/authorize"
    )
    assert {name: values[0] for name, values in query.items()} == {
        "response_type": "code",
        "client_id": "i",
        "redirect_uri": "http://127.0.0.1:5/oauth/callback",
        "state": "st",
        "code_challenge_method": "S256",
        "scopes": "sso:account:access x:y",
        "code_challenge": urlsafe_b64encode(sha256(b"v" * 86).digest()).rstrip(b"=").decode(),
    }


class Waiting:
    """Patience for so many looks at the clock."""

    def __init__(self, patience=10**6):
        self.left = patience

    def goes_on(self):
        self.left -= 1
        return self.left > 0


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass by sleeping alone."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_a_device_asks_as_it_is_told(clock):
    client = Client(
        "AuthorizationPendingException",
        "SlowDownException",
        "SlowDownException",
        {"accessToken": "a"},
    )
    answer = own._poll(client, {}, {"deviceCode": "d", "interval": 1}, Waiting())
    assert answer == {"accessToken": "a"}
    assert client.asked == [(own.DEVICE_GRANT, {"deviceCode": "d"})] * 4
    assert clock[0] == pytest.approx(1 + 6 + 11, abs=0.5)  # RFC 8628: five seconds more, each time


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ExpiredTokenException", "InvalidGrantException"]
)
def test_a_device_stops_at_a_no(code, clock):
    with pytest.raises(Refused) as caught:
        own._poll(Client("AuthorizationPendingException", code), {}, {"deviceCode": "d"}, Waiting())
    assert caught.value.code == code
    assert clock[0] == pytest.approx(5, abs=0.2)  # the interval where none is told


def test_a_device_does_not_ask_for_ever(clock, home):
    client = Client(*["AuthorizationPendingException"] * 100)
    with pytest.raises(Refused) as caught:
        own._poll(client, {}, {"deviceCode": "d", "interval": 1}, Waiting(50))
    assert 1 < len(client.asked) < 20
    words = refusals.explain(caught.value, {"HOME": str(home)}, SESSION)
    assert words == "the code for corp has expired; run awsx login again"


@pytest.mark.parametrize("code", refusals.WRONG_REGION)
@pytest.mark.parametrize(
    ("reported", "told"),
    [
        (
            "us-east-1",
            "sso_region = eu-west-1 is probably wrong: the start page says us-east-1 (~/.aws/config:4)",
        ),
        (
            "",
            "; the right one stands in the source of the start page, https://corp.awsapps.com/start, or ask who",
        ),
        ("eu-west-1", "; the right one stands in the source of the start page"),
    ],
)
def test_a_wrong_region(code, reported, told, home, monkeypatch):
    (home / ".aws" / "config").write_text(
        "# mine\n[sso-session corp]\nsso_start_url = x\nsso_region = eu-west-1\n"
    )
    monkeypatch.setattr(start_page, "region", lambda _: reported)
    words = refusals.explain(Refused(code, ""), {"HOME": str(home)}, SESSION)
    assert words.startswith(f"AWS refused the login to corp ({code}); ")
    assert told in words


def test_the_place_of_a_legacy_profiles_region(home):
    config = home / ".aws" / "config"
    config.write_text(
        "[profile old]\nsso_start_url = x\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\n"
    )
    assert (
        client.region_place({"HOME": str(home)}, SsoSession("", "x", "eu-west-1", "old"))
        == "~/.aws/config:5"
    )


def test_a_refusal_that_nobody_knows_is_told_as_it_is(home):
    words = refusals.explain(
        Refused("NewException", "some\x1b[2J reason"), {"HOME": str(home)}, SESSION
    )
    assert words == "AWS refused the login to corp (NewException: some?[2J reason)"
