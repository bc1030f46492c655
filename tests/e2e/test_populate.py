"""awsx populate on a terminal, stopped and gone on with; the real AWS CLI reads what it wrote."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from botocore.session import Session

from awsx.demo import IdentityCenter
from awsx.demo.center import organisation
from awsx.demo.center.organisation import Organisation, make_organisation, make_user
from awsx.files.profiles import SsoSession
from awsx.populate import block
from awsx.populate.block import Wish
from awsx.populate.names import Entry, Naming
from awsx.service.accounts import Account

from . import awscli, js_sdk
from .at_terminal import AWSX, AtTerminal
from .conftest import OUTSIDE
from .home import log_in

HOSTILE = (
    "a b",
    "'q' \"w\"",
    "$(touch x)",
    "\N{PILE OF POO}",
    "x" * 200,
    "twin",
    "twin",
    "a]b\n[c",
)


@pytest.fixture
def center() -> IdentityCenter:
    plain = make_organisation(accounts=3, roles=2).accounts
    odd = (
        organisation.Account(f"{n:012}", name, f"{n}@example.com", ("Admin", "Read+only"))
        for n, name in enumerate(HOSTILE, 1)
    )
    with IdentityCenter(Organisation((*plain, *odd), make_user(plain[0]))) as center:
        yield center


def test_the_aws_cli_reads_every_profile(
    env: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    log_in(home, center)
    config = home / ".aws" / "config"
    was = config.read_bytes()
    with AtTerminal(["populate"], env) as awsx:
        awsx.wait_for("write to ~/.aws/config: 20 profiles added? [y/N]")
        assert config.read_bytes() == was
        awsx.type("y\r")
        assert awsx.end() == 0
    names = awscli.run(env, "configure", "list-profiles").stdout.splitlines()
    ours = [name for name in names if f"[profile {name}]" in config.read_text()]
    assert len(names) == len(set(names)) == 20 + 6  # the home has 5 there, and ci
    assert "twin-Admin-000000000006" in ours
    got = awscli.run(env, "sts", "get-caller-identity", "--profile", "twin-Admin-000000000006")
    assert json.loads(got.stdout)["Account"] == "000000000006"


def test_boto3_and_the_javascript_sdk_read_the_same(
    environment: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    try:
        sdk = js_sdk.fetch(OUTSIDE)
    except js_sdk.Unavailable as why:
        pytest.skip(str(why))
    accounts = [
        Account(account.id, account.name, account.email) for account in center.organisation.accounts
    ]
    accounts.append(Account("999988887777", "team # 5 ; old", "a+b@example.com"))
    config = home / ".aws" / "config"
    session = SsoSession("corp", center.start_url, "eu-west-1", "")
    entries = [Entry(account, "Read+only", "eu-west-1") for account in accounts]
    naming = Naming("{account}/{email}.{role}")
    plan = block.plan(config.read_bytes(), session, entries, Wish(naming), "config")
    config.write_bytes(plan.text)
    (home / ".aws" / "credentials").unlink()
    read = Session()
    read.set_config_variable("config_file", str(config))
    expected = read.full_config["profiles"]
    assert set(plan.after) < set(expected)
    env = {**environment, "PATH": f"{environment['PATH']}:{OUTSIDE['PATH']}"}
    assert js_sdk.profiles(sdk, env) == expected


def test_ctrl_c_changes_nothing_and_the_next_run_goes_on(
    environment: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    log_in(home, center)
    was = (home / ".aws" / "config").read_bytes()
    center.behaviour.portal_rate = 5
    with AtTerminal(["populate", "--yes"], environment) as awsx:
        awsx.wait_for("4/11")
        awsx.press_ctrl_c()
        assert awsx.end() == 130
    assert (home / ".aws" / "config").read_bytes() == was
    center.behaviour.portal_rate = None
    before = center.log.count("ListAccountRoles")
    done = subprocess.run([*AWSX, "populate", "--yes"], env=environment, check=False)
    assert done.returncode == 0
    assert center.log.count("ListAccountRoles") - before <= 7
