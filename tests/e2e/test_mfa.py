"""Roles that want a code of an MFA device: asked at the terminal, or given by a command."""

import json
import shlex
import subprocess
import termios

import pytest

from . import awscli
from .at_terminal import AWSX, AtTerminal

QUESTION = "Enter MFA code for arn:aws:iam::"


@pytest.fixture
def mfa(home, center):
    """The profiles `glass` and `glass2`: the same role under two names of sessions."""
    organisation = center.organisation
    role = organisation.account("payments-dev").role_arn("BreakGlass")
    with (home / ".aws" / "config").open("a") as config:
        for name in ("glass", "glass2"):
            config.write(f"""
[profile {name}]
role_arn = {role}
role_session_name = {name}
external_id = outside
source_profile = ci
mfa_serial = {organisation.user.mfa_serial}
region = eu-west-1
""")
    return organisation.user.mfa_serial


@pytest.fixture
def command(home, tmp_path):
    """Let the settings name a command that prints this for every device, or for one."""

    def command(prints, key="command", code=0):
        program = tmp_path / f"code {code}"
        program.write_text(
            f'#!/bin/sh\necho "$1" >>"{tmp_path}/asked"\necho {prints}\nexit {code}\n'
        )
        program.chmod(0o755)
        settings = home / ".config" / "awsx" / "config.toml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'[mfa]\n"{key}" = \'"{program}" {{serial}}\'\n')

    return command


def creds(environment, name="glass", stdin=subprocess.DEVNULL):
    argv = [*AWSX, "creds", name, "--format", "process"]
    return subprocess.run(
        argv, env=environment, stdin=stdin, capture_output=True, text=True,
        check=False, start_new_session=True,
    )  # fmt: skip


def test_the_code_is_asked_for_hidden_and_a_wrong_one_again(environment, mfa, center):
    with AtTerminal(["creds", "glass", "--format", "process"], environment) as awsx:
        for code, question in (("12", QUESTION), ("999999", f"Wrong code. {QUESTION}")):
            awsx.wait_for(question)
            awsx._process.write(f"{code}\r".encode())
        awsx.wait_for(lambda: awsx.shown.count("Wrong code.") == 2)
        awsx._process.write(f"{center.behaviour.mfa_code}\r".encode())
        assert awsx.end() == 0
        assert "ASIA" in awsx.shown
        assert "999999" not in awsx.shown
        assert center.behaviour.mfa_code not in awsx.shown
    assert center.log.count("AssumeRole") == 2  # what has no six digits is not sent


def test_the_third_wrong_code_is_the_last(environment, mfa, center):
    with AtTerminal(["creds", "glass", "--format", "process"], environment) as awsx:
        for number in range(3):
            awsx.wait_for(lambda number=number: awsx.shown.count(QUESTION) == number + 1)
            awsx._process.write(b"000000\r")
        assert awsx.end() == 1
        assert awsx.shown.splitlines()[-1].startswith(
            "awsx: AWS refuses the credentials of profile glass (AccessDenied:"
        )


def test_ctrl_c_at_the_question_leaves_a_terminal_that_shows_what_is_typed(environment, mfa):
    line = f"trap : INT; {shlex.join(AWSX)} creds glass --format process; echo code $?; stty -a"
    with AtTerminal(["/bin/sh", "-c", line], environment) as shell:
        shell.wait_for(QUESTION)
        shell.wait_for(lambda: not termios.tcgetattr(shell._process.fd)[3] & termios.ECHO)
        shell.press_ctrl_c()
        assert shell.end() == 0
        assert "code 130" in shell.talk
        assert " echo " in shell.talk


def test_parallel_callers_ask_once(environment, mfa, center):
    """Eight SDKs start awsx at once; the person types one code."""
    line = shlex.join(AWSX) + " creds glass --format process >out.$n & "
    script = f"cd {environment['TMPDIR']}; for n in 1 2 3 4 5 6 7 8; do {line} done; wait"
    # In a script the jobs stay in the terminal's foreground, as the children of terraform do.
    with AtTerminal(["/bin/sh", "-c", script], environment) as shell:
        shell.wait_for(QUESTION)
        shell._process.write(f"{center.behaviour.mfa_code}\r".encode())
        assert shell.end() == 0
        assert shell.shown.count(QUESTION) == 1
    assert center.log.count("AssumeRole") == 1


def test_the_cli_takes_what_a_code_has_bought(env, mfa, center, command):
    command(center.behaviour.mfa_code)
    ran = creds(env)
    assert (ran.returncode, ran.stderr) == (0, "")
    asked = awscli.run(env, "sts", "get-caller-identity", "--profile", "glass")
    assert "assumed-role/BreakGlass/glass" in asked.stdout, asked.stderr
    assert center.log.count("AssumeRole") == 1


def test_a_command_of_the_settings_gives_the_code(environment, mfa, center, command, tmp_path):
    command(center.behaviour.mfa_code, mfa)
    ran = creds(environment)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "asked").read_text() == f"{mfa}\n"
    assert json.loads(creds(environment).stdout) == json.loads(ran.stdout)
    assert center.log.count("AssumeRole") == 1


@pytest.mark.parametrize(
    ("prints", "code", "message"),
    [
        ("12345678", 0, "did not print a code of six digits alone"),
        ("123456", 3, "failed (exit 3)"),
        ("999999", 0, "AWS refuses the credentials of profile glass (AccessDenied: Multi"),
    ],
)
def test_a_command_that_gives_no_code(prints, code, message, environment, mfa, command):
    command(prints, code=code)
    ran = creds(environment)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert prints not in ran.stderr


def test_without_a_terminal_the_answer_is_one_line(environment, mfa):
    ran = creds(environment)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("awsx: the MFA code of arn:aws:iam::")
    assert ran.stderr.count("\n") == 1
