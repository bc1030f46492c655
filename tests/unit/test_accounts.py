"""ListAccounts and ListAccountRoles at one pace: everything comes, and nobody asks too fast."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from awsx.demo import IdentityCenter, make_organisation
from awsx.files.profiles import SsoSession
from awsx.service import accounts, pace
from awsx.service.accounts import Account, Accounts
from awsx.service.errors import Refused
from awsx.service.pace import Pace, Stopped
from awsx.term import AwsxError


@pytest.fixture
def center(monkeypatch):
    with IdentityCenter(make_organisation(accounts=130, roles=2)) as center:
        for name, value in center.environment().items():
            monkeypatch.setenv(name, value)
        yield center


@pytest.fixture
def session(center, home):
    return SsoSession("corp", center.start_url, "eu-west-1", "")


def reader(center, session):
    return Accounts(session, center.log_in()["accessToken"])


def test_every_page_and_every_role_comes(center, session):
    ours = reader(center, session)
    listed = [account for page in ours.pages() for account in page]
    made = center.organisation.accounts
    assert listed == [Account(account.id, account.name, account.email) for account in made]
    assert ours.roles(made[7].id) == list(made[7].roles)


def test_several_threads_may_ask_and_get_their_own_answers(center, session, monkeypatch):
    monkeypatch.setattr(pace, "FASTEST", 500.0)
    ours, made = reader(center, session), center.organisation.accounts[:40]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ours.roles, [account.id for account in made]))
    assert found == [list(account.roles) for account in made]


def test_a_refusal_for_being_too_fast_is_asked_again_and_slows_down(center, session, monkeypatch):
    monkeypatch.setattr(pace, "FASTEST", 40.0)
    center.behaviour.portal_rate = 10
    ours, made = reader(center, session), center.organisation.accounts[:25]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ours.roles, [account.id for account in made]))
    assert found == [list(account.roles) for account in made]
    assert ours.pace.rate < 40


def test_a_failure_of_aws_is_asked_again(center, session, monkeypatch):
    monkeypatch.setattr(accounts, "PAUSE", 0)
    center.behaviour.failures = 2
    ours = reader(center, session)
    assert len(ours.roles(center.organisation.accounts[0].id)) == 2
    center.behaviour.failures = 3
    with pytest.raises(AwsxError, match="AWS has trouble of its own"):
        ours.roles(center.organisation.accounts[0].id)


def test_an_ended_session_is_told_as_aws_tells_it(center, session):
    ours = reader(center, session)
    center.revoke_sessions()
    with pytest.raises(Refused) as refused:
        next(ours.pages())
    assert refused.value.code == "UnauthorizedException"


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"accountId": "12"}, "12 digits: 12"),
        ({"accountId": None}, "12 digits: None"),
        ({}, "12 digits: None"),
        ({"accountId": "11112222333\n"}, "12 digits: 11112222333?"),
    ],
)
def test_an_account_without_a_number_is_an_error(center, session, entry, error):
    with pytest.raises(AwsxError) as raised:
        reader(center, session)._account(entry)
    assert error in str(raised.value)


@pytest.mark.parametrize("name", ["", "a b", "a\n[profile x]", "$(x)", "r" * 65, None])
def test_a_role_with_an_odd_name_is_an_error(center, session, name):
    with pytest.raises(AwsxError, match="a role with an odd name in the account 111122223333"):
        reader(center, session)._role({"roleName": name}, "111122223333")


def test_any_name_of_an_account_is_taken_as_it_is(center, session):
    name = 'a "b" $(c)\n[profile d] \N{PILE OF POO}' + "x" * 200
    entry = {"accountId": "111122223333", "accountName": name}
    assert reader(center, session)._account(entry) == Account("111122223333", name, "")


def test_a_pace_lets_no_more_calls_leave_than_it_may():
    ours = Pace()
    moments = [ours._take() for _ in range(100)]
    assert min(b - a for a, b in zip(moments, moments[20:])) > 1
    assert moments[-1] - moments[0] < 100 / 19


def test_a_stopped_pace_keeps_nobody():
    ours = Pace()
    ours.stop()
    with pytest.raises(Stopped):
        ours.wait()


def test_a_slower_pace_comes_back():
    ours = Pace()
    ours.slow_down()
    slower = ours.rate
    ours.slow_down()  # this refusal was on its way
    assert ours.rate == slower < pace.FASTEST
    ours._changed -= 60  # seconds
    ours.wait()
    assert ours.rate == pace.FASTEST
