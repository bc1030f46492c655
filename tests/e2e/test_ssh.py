"""`awsx ssh` to a real sshd on loopback: the far side uses the credentials of this side."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .at_terminal import AWSX, AtTerminal, watched
from .home import log_in

SSHD = shutil.which("sshd", path="/usr/sbin:/sbin:/usr/bin")
pytestmark = pytest.mark.skipif(
    not (SSHD and shutil.which("ssh")), reason="no sshd (Debian: openssh-server)"
)
BOTO3 = (
    "import boto3; s = boto3.Session(); print(s.get_credentials().method,"
    " s.client('sts').get_caller_identity()['Arn'])"
)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def sshd(tmp_path, environment):
    """A host `far` in a configuration of ssh: this machine, as who runs the tests."""
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
        )
    shutil.copy(folder / "user.pub", folder / "authorized")
    port, user = free_port(), pwd.getpwuid(os.getuid()).pw_name
    far = {
        "PATH": environment["PATH"],
        "TMPDIR": str(folder),
        "AWS_ENDPOINT_URL": environment["AWS_ENDPOINT_URL"],
        "AWS_PROFILE": "somebody-else",
    }
    (folder / "sshd").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PermitRootLogin yes\nPasswordAuthentication no\n"
        f"SetEnv {' '.join(f'{name}={value}' for name, value in far.items())}\n".replace(
            "\\\n", "\n"
        )
    )
    (folder / "config").write_text(
        f"Host far\n HostName 127.0.0.1\n Port {port}\n User {user}\n IdentityFile {folder}/user\n"
        f" UserKnownHostsFile {folder}/known\n StrictHostKeyChecking no\n LogLevel ERROR\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd"], stderr=log)
        until = time.monotonic() + 20
        while not accepts(port):
            assert time.monotonic() < until and process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield folder
        process.terminate()
        process.wait()


def ssh(sshd, environment, *words, **more):
    argv = [*AWSX, "ssh", "--profile", "prod", "-F", str(sshd / "config"), "far", *words]
    return subprocess.run(
        argv, env=environment, capture_output=True, text=True, check=False, **more
    )


def left_over(sshd, environment):
    """Files and sockets that awsx has made on both sides."""
    run = Path(environment["XDG_RUNTIME_DIR"])
    return [path for folder in (sshd, run) for path in folder.glob("awsx*")]


def test_a_command_on_the_far_side_uses_the_credentials_of_this_side(
    sshd, environment, home, center
):
    log_in(home, center)
    command = f'{sys.executable} -c "{BOTO3}"; cat; exit 7'
    ran = ssh(sshd, environment, command, input="from here")
    assert ran.returncode == 7, ran.stderr
    assert ran.stdout.startswith("container-role arn:aws:sts::"), ran.stdout + ran.stderr
    assert "AWSReservedSSO_AdministratorAccess" in ran.stdout
    assert ran.stdout.endswith("from here")
    until = time.monotonic() + 20
    while left_over(sshd, environment):
        assert time.monotonic() < until, left_over(sshd, environment)
        time.sleep(0.05)


def test_a_shell_on_the_far_side_and_no_token_in_any_command_line(sshd, environment, home, center):
    log_in(home, center)
    words = ["ssh", "--profile", "prod", "-F", str(sshd / "config"), "far"]
    with AtTerminal(words, environment) as awsx, watched(lambda: os.getpid()) as seen:
        awsx._process.write(
            b"echo token=$AWS_CONTAINER_AUTHORIZATION_TOKEN profile=$AWS_PROFILE.\r"
        )
        awsx.wait_for("profile=.")
        token = awsx.shown.split("token=")[-1].split()[0]
        assert len(token) >= 40
        awsx._process.write(b"exit 3\r")
        assert awsx.end() == 3
    lines = [line for line, _ in seen]
    assert any("ControlPath" in line for line in lines)
    assert not [line for line in lines if token in line]


def test_a_host_that_is_not_there_is_one_line_of_awsx(environment, home, center):
    log_in(home, center)
    argv = [*AWSX, "ssh", "--profile", "prod", "-F", "/dev/null", "-p", "1", "127.0.0.1", "true"]
    ran = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith("awsx: ssh 127.0.0.1 could not be prepared")
    assert list(Path(environment["XDG_RUNTIME_DIR"]).glob("awsx*")) == []
