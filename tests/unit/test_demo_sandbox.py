from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from awsx.commands.demo import find_shell
from awsx.demo import IdentityCenter, make_organisation, stand_in_aws
from awsx.demo.folder import remove
from awsx.demo.link_relay import on_loopback
from awsx.demo.sandbox import Sandbox
from awsx.demo.shell import exit_code
from awsx.facts import Facts
from awsx.files import tokens
from awsx.files.chains import links
from awsx.files.profiles import Config
from awsx.term import AwsxError

PERSON = {
    "HOME": "/home/alice",
    "PATH": "/usr/bin:/bin",
    "TERM": "xterm",
    "LC_TIME": "de_DE.UTF-8",
    "SSH_CONNECTION": "1 2 3 4",
    "SSH_AUTH_SOCK": "/home/alice/agent",
    "HISTFILE": "/home/alice/.history",
    "XDG_DATA_DIRS": "/home/alice/.nix-profile/share",
    "KUBECONFIG": "/home/alice/.kube/config",
    "PROMPT_COMMAND": "touch /home/alice/seen",
    "AWS_PROFILE": "mine",
    "AWS_ENDPOINT_URL_S3": "https://storage.example.com",
    "AWSX_HANDOVER": "/run/user/1000/awsx/shell.1",
    "https_proxy": "http://proxy:3128",
}


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    center = IdentityCenter(make_organisation(12, 3))
    yield center
    center.stop()


def test_links_to_portal_and_console_lead_to_loopback(center: IdentityCenter) -> None:
    shortcut = "account_id=111122223333&role_name=Admin"
    table = {
        f"{center.start_url}/#/console?{shortcut}": f"{center.url}/start?{shortcut}",
        center.start_url: f"{center.url}/start?",
        "https://signin.aws.amazon.com/federation?Action=login&SigninToken=t": (
            f"{center.url}/federation?Action=login&SigninToken=t"
        ),
        "https://eu-west-1.signin.aws.amazon.com/federation?a=b": f"{center.url}/federation?a=b",
        f"{center.url}/authorize?a=b": f"{center.url}/authorize?a=b",
        "https://signin.aws.amazon.com.example.com/": "https://signin.aws.amazon.com.example.com/",
        "https://docs.aws.amazon.com/cli/": "https://docs.aws.amazon.com/cli/",
    }
    assert {link: on_loopback(link, center) for link in table} == table


def test_environment_leads_to_none_of_the_persons_files(center: IdentityCenter) -> None:
    with Sandbox(center, PERSON, unattended=False) as sandbox:
        env = sandbox.environment("/bin/zsh")
    assert [name for name, value in env.items() if "/home/alice" in value] == []
    assert {"TERM", "LC_TIME", "SSH_CONNECTION", "https_proxy"} <= set(env)
    assert {n for n in env if n.startswith("AWS_")} == {
        "AWS_PAGER",
        "AWS_EC2_METADATA_DISABLED",
        *center.environment(),
    }
    assert [n for n in env if n.startswith("AWSX_")] == []
    for name in ("HOME", "ZDOTDIR", "TMPDIR", *(n for n in env if n.startswith("XDG_"))):
        assert env[name].startswith(str(sandbox.folder)), name
    assert (env["SHELL"], env["no_proxy"]) == ("/bin/zsh", "127.0.0.1,localhost")


def test_unattended_demo_inherits_no_ssh_variables(center: IdentityCenter) -> None:
    """awsx would use a device code over SSH, for somebody at another machine."""
    with Sandbox(center, PERSON, unattended=True) as sandbox:
        assert [name for name in sandbox.environment("/bin/sh") if name.startswith("SSH_")] == []


BROWSER = {"PATH": "/usr/bin:/bin", "BROWSER": "sh"}


@pytest.mark.parametrize(
    ("env", "unattended", "decision"),
    [
        (BROWSER, False, "ask"),
        # As in VS Code over SSH, which sets BROWSER and forwards the port.
        ({**BROWSER, "SSH_CONNECTION": "1 2 3 4"}, False, "ask"),
        (BROWSER, True, "allow"),
        ({**BROWSER, "BROWSER": "none-such"}, False, "allow"),
        (PERSON, False, "allow"),
    ],
)
def test_person_decides_if_attended_and_with_a_browser(
    center: IdentityCenter, env: dict[str, str], unattended: bool, decision: str
) -> None:
    with Sandbox(center, env, unattended):
        assert center.behaviour.decision == decision


def test_there_is_a_profile_of_every_kind(center: IdentityCenter) -> None:
    with Sandbox(center, PERSON, unattended=True) as sandbox:
        config = Config(sandbox.environment("/bin/sh"))
        profiles = config.profiles()
        kinds = Counter(profile.kind for profile in profiles.values())
        assert config.problems() == []
        assert len(profiles) == sandbox.profiles == 40
        assert [p.name for p in links(config, profiles["deploy-prod"])] == [
            "deploy-prod",
            "deploy-staging",
            "payments-dev-admin",
        ]
    assert kinds == {"sso": 33, "role": 3, "keys": 1, "process": 1, "web-identity": 1, "login": 1}
    assert profiles["search sandbox"].get("sso_session") == "playground"
    assert profiles["payments-dev-admin"].get("sso_session") == "corp"
    assert profiles["no-region"].get("region") == ""
    assert profiles["break-glass"].get("mfa_serial")
    assert len({p.account for p in profiles.values() if p.kind == "sso"}) == 12


@pytest.mark.parametrize(("name", "is_renewable"), [("corp", False), ("playground", True)])
def test_one_session_has_expired_and_one_can_be_renewed(
    center: IdentityCenter, name: str, is_renewable: bool
) -> None:
    with Sandbox(center, PERSON, unattended=True) as sandbox:
        env = sandbox.environment("/bin/sh")
        token = tokens.load(env, tokens.key(Config(env).session(name)))
    now = time.time()
    assert token is not None
    assert (token.is_valid(now), token.is_renewable(now)) == (False, is_renewable)


@pytest.mark.parametrize("unattended", [True, False])
def test_accounts_have_names_and_production_is_guarded(
    center: IdentityCenter, unattended: bool
) -> None:
    """Nobody is there to be asked in an unattended demo."""
    with Sandbox(center, PERSON, unattended) as sandbox:
        facts = Facts(sandbox.environment("/bin/sh"))
        guard = facts.settings.guard
        found = {name: facts.target(name) for name in facts.names()}
    account = center.organisation.accounts[0]
    assert (found["payments-prod-admin"].alias, account.name) == (account.name, "payments-prod")
    assert list(facts.tags(account.id)) == ["prod"]
    assert guard.confirm is not unattended
    assert {name for name, target in found.items() if target.pattern} == {
        name for name in found if "-prod" in name or name == "break-glass"
    }


@pytest.mark.parametrize("is_there", [True, False])
def test_an_aws_of_the_persons_own_is_taken(
    center: IdentityCenter, tmp_path: Path, is_there: bool
) -> None:
    if is_there:
        (tmp_path / "aws").write_text("#!/bin/sh\n")
        (tmp_path / "aws").chmod(0o700)
    with Sandbox(center, {**PERSON, "PATH": str(tmp_path)}, unattended=True) as sandbox:
        assert sandbox.has_aws_cli is is_there
        assert (sandbox.folder / "bin" / "aws").exists() is not is_there


@pytest.mark.parametrize("words", ["", "help", "ec2 describe-instances", "s3 ls s3://bucket"])
def test_the_stand_in_for_aws_says_what_it_is(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stand_in_aws.main(words.split()) == 252
    assert capsys.readouterr().err == (
        "aws: this is not the AWS CLI, which is not installed here, but a stand-in of awsx demo; "
        "it knows: aws sts get-caller-identity, aws s3 ls, aws configure list-profiles, "
        "aws ecr get-login-password, aws login, aws configure export-credentials\n"
    )


@pytest.mark.parametrize(("accounts", "roles"), [(3, 1), (70, 12)])
def test_profiles_have_no_problems_in_an_organisation_of_any_size(
    accounts: int, roles: int
) -> None:
    center = IdentityCenter(make_organisation(accounts, roles))
    with Sandbox(center, PERSON, unattended=True) as sandbox:
        config = Config(sandbox.environment("/bin/sh"))
        assert config.problems() == []
        assert len(config.profiles()) == sandbox.profiles
    center.stop()


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_folder_is_removed_if_it_cannot_be_filled(
    center: IdentityCenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: Path) -> None:
        raise error

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("awsx.demo.sandbox.write_rc_files", fail)
    with pytest.raises(type(error)), Sandbox(center, PERSON, unattended=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_write_protected_folder_is_removed(center: IdentityCenter) -> None:
    with Sandbox(center, PERSON, unattended=True) as sandbox:
        (sandbox.home / "mine").mkdir()
        (sandbox.home / "mine" / "file").touch()
        (sandbox.home / "mine").chmod(0)
        sandbox.home.chmod(0o500)
    assert not sandbox.folder.exists()


def test_removal_follows_no_links(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "link").symlink_to(tmp_path / "mine")
    remove(tmp_path / "demo")
    assert (tmp_path / "mine" / "file").exists()
    assert not (tmp_path / "demo").exists()


def test_named_shell_comes_before_the_login_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "zsh"
    own.write_text("")
    own.chmod(0o700)
    monkeypatch.setattr("awsx.install.shells.detect", lambda _: "bash")
    monkeypatch.setattr("shutil.which", lambda name: f"/found/{name}" if name != "fish" else None)

    assert find_shell({"SHELL": str(own)}, "") == str(own)
    assert find_shell({"SHELL": str(own)}, "bash") == "/found/bash"
    assert find_shell({"SHELL": str(own)}, "zsh") == str(own)
    assert find_shell({"SHELL": "/gone/zsh"}, "") == "/found/zsh"
    assert find_shell({"SHELL": "/bin/tcsh"}, "") == "/found/bash"
    with pytest.raises(AwsxError, match="fish is not installed"):
        find_shell({}, "fish")


def test_bash_opens_if_no_shell_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    def undetected(_: object) -> str:
        raise AwsxError("cannot tell")

    monkeypatch.setattr("awsx.install.shells.detect", undetected)
    assert os.path.basename(find_shell({"SHELL": "/bin/tcsh"}, "")) == "bash"


def test_exit_code_after_a_signal_is_128_plus_its_number() -> None:
    assert [exit_code(status) for status in (0, 7 << 8, int(signal.SIGKILL))] == [0, 7, 137]
