"""After a login, a process in the background learns the names of the accounts."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from awsx.commands import learn
from awsx.demo import IdentityCenter
from awsx.facts import Facts
from awsx.files import account_names, disk, paths, tokens
from awsx.term import AwsxError

from .at_terminal import run
from .home import log_in


def wait_until(met: Callable[[], object], timeout: float = 30) -> None:
    deadline = time.monotonic() + timeout
    while not met():
        assert time.monotonic() < deadline, "not seen in time"
        time.sleep(0.02)


@pytest.fixture
def env(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "AWSX_NO_NAMES"}


def test_a_login_learns_the_names_when_it_is_over(env: dict[str, str], home: Path, center) -> None:
    center.behaviour.device_pending_polls = 0
    status, awsx = run(["login", "prod"], env)
    assert status == 0, awsx.shown
    assert center.log.count("ListAccounts") == 0  # the person has the prompt back by now
    wait_until(lambda: Facts(env).learned)
    organisation = center.organisation
    account = organisation.account("payments-prod")
    assert Facts(env).learned[account.id][0] == "payments-prod"
    assert len(Facts(env).learned) == len(organisation.accounts)
    assert stat.S_IMODE(os.stat(paths.names_path(env)).st_mode) == 0o600
    listed = center.log.count("ListAccounts")
    status, awsx = run(["login", "prod", "--force"], env)
    assert status == 0, awsx.shown
    status, awsx = run(["current"], {**env, "AWS_PROFILE": "prod"})
    assert re.search(r"name +payments-prod +~/.local/state/awsx/accounts", awsx.shown)
    assert center.log.count("ListAccounts") == listed


def test_offline_nothing_is_kept_and_the_next_login_tries_again(
    env: dict[str, str], home: Path, center: IdentityCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(home, center)
    disk.private_folder(paths.state_folder(env))
    key = tokens.sha1_hex(center.organisation.session_name)
    for name, value in {**env, "AWS_ENDPOINT_URL_SSO": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    account_names.note(env, key)
    with pytest.raises(AwsxError):
        learn.learn(dict(os.environ), key)
    assert not Facts(env).learned
    assert account_names.is_due(env, key, time.time())
