"""The lines for containers of docs/tools.md: what docker passes on is enough for the tools in one.

There is no daemon of docker here. A stand-in takes the container that the real docker asks for, and
runs its command with the container's variables alone, as on the network of the host.
"""

import json
import shlex
import shutil
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from .at_terminal import AWSX, scripts
from .home import PROD, log_in

PAGE = Path(__file__).parents[2] / "docs" / "tools.md"
ASK = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


class Daemon(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens on a socket; `asked` has the containers, `ran` what became of their commands."""

    daemon_threads = True

    def __init__(self, path, lab):
        super().__init__(str(path), Requests)
        self.lab, self.asked, self.ran = lab, [], []

    def run(self, container):
        """Run a container's command with nothing but its own variables and the lab's."""
        given = dict(pair.split("=", 1) for pair in container["Env"])
        ran = subprocess.run(
            container["Cmd"], env={**self.lab, **given}, capture_output=True, text=True, check=False
        )
        self.asked.append(container)
        self.ran.append(ran)


class Requests(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(200, None)

    do_GET = do_HEAD

    def do_POST(self):
        container = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.run(container)
        self.answer(201, {"Id": "0" * 64, "Warnings": []})

    def answer(self, status, value):
        body = json.dumps(value).encode() if value else b"OK"
        self.send_response(status)
        self.send_header("Api-Version", "1.47")
        self.send_header("Content-Type", "application/json" if value else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "docker"

    def log_message(self, *_):
        pass


@pytest.fixture
def daemon(environment, tmp_path):
    names = ("PATH", "AWS_ENDPOINT_URL_STS", "AWS_EC2_METADATA_DISABLED")
    lab = {name: environment[name] for name in names} | {"HOME": str(tmp_path / "container")}
    with Daemon(tmp_path / "daemon.sock", lab) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


LINES = [line.strip() for line in PAGE.read_text().splitlines() if " docker run " in f" {line}"]


@pytest.mark.parametrize("line", [line for line in LINES if "IMAGE" in line])
def test_what_docker_passes_on_is_enough(line, environment, home, center, daemon, tmp_path):
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("docker is not installed")
    log_in(home, center)
    (tmp_path / "bin").mkdir()
    scripts(tmp_path / "bin", awsx=f'exec {" ".join(AWSX)} "$@"')
    asks = shlex.join(["image", sys.executable, "-c", ASK])
    line = line.replace("docker run", f"{docker} create").replace("IMAGE CMD", asks)
    env = {
        **environment,
        "PATH": f"{tmp_path}/bin:{environment['PATH']}",
        "DOCKER_HOST": f"unix://{tmp_path}/daemon.sock",
    }
    ran = subprocess.run(
        ["bash", "-c", line], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    (container,), (done,) = daemon.asked, daemon.ran
    assert done.returncode == 0, done.stderr
    assert center.organisation.account(PROD).id in done.stdout
    is_served = "--serve" in line
    assert (container["HostConfig"]["NetworkMode"] == "host") == is_served
    names = {pair.partition("=")[0] for pair in container["Env"]}
    assert ("AWS_SECRET_ACCESS_KEY" in names) != is_served


def test_the_page_has_three_lines_for_containers():
    assert len([line for line in LINES if "IMAGE" in line]) == 3
