"""`awsx login --wait` as an agent's or an IDE's command for a login calls it: in no terminal."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from .at_terminal import AWSX
from .home import opened, token_path


def start(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    command = [*AWSX, "login", "prod", "--wait", "--json", *words]
    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def patient(environment: dict[str, str], center: IdentityCenter) -> dict[str, str]:
    """No browser, and a person who answers when the test says so."""
    center.behaviour.decision = "ask"
    return {name: value for name, value in environment.items() if name != "BROWSER"}


def test_a_program_gets_link_and_code_and_others_join(
    patient: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with start(patient) as first:
        assert first.stdout
        link = json.loads(first.stdout.readline())
        assert link["session"] == "corp"
        assert link["code"] in link["url"]
        with start(patient) as second:
            center.behaviour.decision = "allow"
            states = [
                json.loads(one.communicate(timeout=60)[0])["state"] for one in (first, second)
            ]
    assert states == ["valid", "valid"]
    assert (first.returncode, second.returncode) == (0, 0)
    assert center.log.count("StartDeviceAuthorization") == 1


def test_a_browser_is_opened_where_one_can_be(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    with start(environment) as awsx:
        out, err = awsx.communicate(timeout=60)
    assert awsx.returncode == 0, err
    assert json.loads(out)["new"] is True
    assert len(opened(environment)) == 1


def test_nobody_comes(patient: dict[str, str], center: IdentityCenter, home: Path) -> None:
    with start(patient, "--timeout", "2") as awsx:
        _, err = awsx.communicate(timeout=60)
    assert awsx.returncode == 1
    assert err.splitlines()[-1] == "awsx: nobody has logged in to corp within --timeout; try again"
    assert not token_path(home).exists()
