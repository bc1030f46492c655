"""awsx's own login, as far as it needs no server.

The link, the polling for a device code, and what a person reads after a refusal.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from awsx.files.profiles import SsoSession
from awsx.login import own, refusals
from awsx.service import errors, start_page
from awsx.service.errors import Refused

SESSION = SsoSession(
    "corp", "https://corp.awsapps.com/start", "eu-west-1", "prod", "sso:account:access, x:y"
)


class Oidc:
    """Answers `token` with the given answers, one after another; a text is a refusal's code."""

    endpoint = "https://oidc.eu-west-1.amazonaws.com/some/path"
    session = SESSION

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def token(self, _registration, grant, **given):
        self.asked.append((grant, given))
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise Refused(answer, "")
        return answer


def test_the_link_has_all_that_pkce_needs():
    """RFC 7636; as in the AWS CLI, the parameter is `scopes`, and the endpoint's path goes."""
    url = own._authorize_url(
        Oidc(), {"clientId": "i"}, "http://127.0.0.1:5/oauth/callback", own.Proof("st", "v" * 86)
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
    """Goes on for so many calls."""

    def __init__(self, calls=10**6):
        self.calls = calls

    def goes_on(self):
        self.calls -= 1
        return self.calls > 0


@pytest.fixture
def clock(monkeypatch):
    """A clock that only `time.sleep` moves; in seconds."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_polling_keeps_the_pause_that_aws_asks_for(clock):
    oidc = Oidc(
        "AuthorizationPendingException",
        "SlowDownException",
        "SlowDownException",
        {"accessToken": "a"},
    )
    answer = own._poll(oidc, {}, {"deviceCode": "d", "interval": 1}, Waiting())
    assert answer == {"accessToken": "a"}
    assert oidc.asked == [(own.DEVICE_GRANT, {"deviceCode": "d"})] * 4
    assert clock[0] == pytest.approx(1 + 6 + 11, abs=0.5)  # RFC 8628: five seconds more, each time


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ExpiredTokenException", "InvalidGrantException"]
)
def test_polling_stops_at_a_refusal(code, clock):
    with pytest.raises(Refused) as caught:
        own._poll(Oidc("AuthorizationPendingException", code), {}, {"deviceCode": "d"}, Waiting())
    assert caught.value.code == code
    assert clock[0] == pytest.approx(5, abs=0.2)  # the interval where none is told


def test_polling_ends_when_the_code_has_expired(clock, home):
    oidc = Oidc(*["AuthorizationPendingException"] * 100)
    with pytest.raises(Refused) as caught:
        own._poll(oidc, {}, {"deviceCode": "d", "interval": 1}, Waiting(50))
    assert 1 < len(oidc.asked) < 20
    words = refusals.explain(caught.value, {"HOME": str(home)}, SESSION)
    assert words == "the code for corp has expired; run: awsx login prod"


@pytest.mark.parametrize("code", refusals.WRONG_REGION)
@pytest.mark.parametrize(
    ("reported", "told"),
    [
        (
            "us-east-1",
            "sso_region = eu-west-1 is probably wrong: "
            "the start page says us-east-1 (~/.aws/config:4)",
        ),
        (
            "",
            "; the right one stands in the source of the start page, "
            "https://corp.awsapps.com/start, or ask who",
        ),
    ],
)
def test_a_refusal_that_means_a_wrong_region_says_so(code, reported, told, home, monkeypatch):
    (home / ".aws" / "config").write_text(
        "# mine\n[sso-session corp]\nsso_start_url = x\nsso_region = eu-west-1\n"
    )
    monkeypatch.setattr(start_page, "region", lambda _: reported)
    words = refusals.explain(Refused(code, ""), {"HOME": str(home)}, SESSION)
    assert words.startswith(f"AWS refused the login to corp ({code}); ")
    assert told in words


@pytest.mark.parametrize("code", refusals.WRONG_REGION)
def test_a_region_that_the_start_page_confirms_is_not_blamed(code, home, monkeypatch):
    monkeypatch.setattr(start_page, "region", lambda _: "eu-west-1")
    words = refusals.explain(Refused(code, "no such grant"), {"HOME": str(home)}, SESSION)
    assert words == f"AWS refused the login to corp ({code}: no such grant)"


def test_the_region_of_a_legacy_session_stands_in_its_profile(home):
    config = home / ".aws" / "config"
    config.write_text(
        "[profile old]\nsso_start_url = x\nsso_account_id = 1\nsso_role_name = r\n"
        "sso_region = eu-west-1\n"
    )
    session = SsoSession("", "x", "eu-west-1", "old")
    assert errors.region_place({"HOME": str(home)}, session) == "~/.aws/config:5"


def test_an_unknown_refusal_is_shown_with_its_code(home):
    words = refusals.explain(
        Refused("NewException", "some\x1b[2J reason"), {"HOME": str(home)}, SESSION
    )
    assert words == "AWS refused the login to corp (NewException: some?[2J reason)"
