"""awsx setup: from nothing to profiles that work, in one go; and nothing left where it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from terminal import ROOT

from awsx.demo import IdentityCenter

from .at_terminal import AWSX, AtTerminal, run

URL = "d-0123456789.awsapps.com/start#/"


def test_from_nothing_to_profiles_that_work(
    environment: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    (home / ".aws" / "config").unlink()
    (home / ".bashrc").write_text("# mine\n")
    env = {**environment, "SHELL": "/bin/bash"}
    with AtTerminal(["setup", "--region", "euw1"], env) as awsx:
        awsx.wait_for("start URL of your access portal")
        awsx.type(f"{URL}\r")
        awsx.wait_for("24 profiles added? [y/N]")
        awsx.type("y\r")
        awsx.wait_for("load awsx in your shells")
        awsx.type("\r")
        assert awsx.end() == 0
        assert "done; open a new terminal" in awsx.shown
    config = (home / ".aws" / "config").read_text()
    assert config.startswith(
        "[sso-session sso]\nsso_start_url = https://d-0123456789.awsapps.com/start\n"
        "sso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n"
    )
    assert "awsx >>>" in (home / ".bashrc").read_text()
    again = subprocess.run(
        [*AWSX, "setup", "--start-url", URL, "--yes"],
        env={**env, "AWSX_HANDOVER": "/dev/null"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "has [sso-session sso]" in again.stderr
    assert (home / ".aws" / "config").read_text() == config


def test_many_profiles_are_suggested_to_come_on_demand(
    environment: dict[str, str], home: Path
) -> None:
    """One question of setup; populate says the same in a line, and does as the person asked."""
    (home / ".aws" / "config").unlink()
    env = {**environment, "AWSX_HANDOVER": "/dev/null"}
    script = f"import sys; sys.path[:0] = {[str(ROOT), *sys.path]!r}\n" + (
        "from awsx.commands import populate\npopulate.MANY = 20\n"
        "from awsx.__main__ import main\nsys.argv = ['awsx', *sys.argv[1:]]\nmain()"
    )
    start = [sys.executable, "-I", "-c", script]
    words = ["setup", "--start-url", URL, "-r", "euw1", "--use-device-code"]
    with AtTerminal([*start, *words], env) as awsx:
        awsx.wait_for("and check that it shows the code ")
        awsx.wait_for("24 profiles make each aws command slow to start; write one when you")
        awsx.type("\r")
        awsx.wait_for("write to awsx's catalogue: 24 profiles added? [y/N]")
        awsx.type("y\r")
        awsx.wait_for("step 4 of 4")
    assert "[profile" not in (home / ".aws" / "config").read_text()
    words = ["populate", "--all", "--dry-run"]
    told = subprocess.run([*start, *words], env=env, capture_output=True, text=True, check=False)
    assert "24 profiles make each aws command slow to start" in told.stderr
    assert "--on-demand" in told.stderr


def test_a_login_that_fails_leaves_the_config_as_it_was(
    environment: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    center.behaviour.decision = "deny"
    was = (home / ".aws" / "config").read_bytes()
    words = ["setup", "--start-url", "https://acme.awsapps.com/start", "-r", "eu-west-1", "--yes"]
    code, awsx = run(words, environment)
    assert code == 1
    assert "taken out again" in awsx.talk
    assert (home / ".aws" / "config").read_bytes() == was


def test_an_address_of_account_access_manager_is_led_to_aws_login(
    environment: dict[str, str], home: Path, center: IdentityCenter
) -> None:
    url = "https://aa-1234.account-access.eu-west-1.app.aws"
    code, awsx = run(["setup", "--start-url", url], environment)
    assert code == 1
    assert "aws login --profile NAME" in awsx.talk
    assert list(center.log) == []


def test_without_a_terminal_it_has_to_be_told(environment: dict[str, str], home: Path) -> None:
    start = [*AWSX, "setup"]
    done = subprocess.run(
        start, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"--start-url" in done.stderr


def test_it_works_in_the_demo(environment: dict[str, str]) -> None:
    env = {**environment, "PATH": f"{environment['PATH']}{os.pathsep}/usr/local/bin"}
    words = [
        "demo",
        "--shell",
        "bash",
        "--accounts",
        "3",
        "--run",
        "awsx setup --yes",
    ]
    done = subprocess.run([*AWSX, *words], env=env, capture_output=True, text=True, check=False)
    assert "step 4 of 4" in done.stdout + done.stderr
    assert "has the 0 profiles of corp" not in done.stdout
    assert "left alone" in done.stdout  # the demo has profiles for all that there is
