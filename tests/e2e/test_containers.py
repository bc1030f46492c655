"""`awsx exec --serve -- docker run`: what reaches a container, and from which network it works.

There is no daemon of docker here. A stand-in takes the container that the real docker asks for, and
runs its command with the container's variables alone, as on the network of the host.
"""

import json
import shutil
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from .at_terminal import AWSX
from .home import PROD, log_in

PAGE = Path(__file__).parents[2] / "docs" / "tools.md"
ASK = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
HOST_NETWORK = ["--network", "host"]


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


def options():
    """The options of docker in the page's line: what stands between `run` and IMAGE."""
    line = next(line for line in PAGE.read_text().splitlines() if "docker run" in line)
    return line.partition("docker run")[2].partition("IMAGE")[0].split()


def test_a_container_on_the_host_s_network_asks_the_server(
    environment, home, center, daemon, tmp_path
):
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("docker is not installed")
    log_in(home, center)
    created = [docker, "create", *options(), "image", sys.executable, "-c", ASK]
    argv = [*AWSX, "exec", "prod", "--serve", "--", *created]
    env = {**environment, "DOCKER_HOST": f"unix://{tmp_path}/daemon.sock"}
    ran = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    (container,), (done,) = daemon.asked, daemon.ran
    assert done.returncode == 0, done.stderr
    assert center.organisation.account(PROD).id in done.stdout
    assert container["HostConfig"]["NetworkMode"] == "host"
    names = {pair.partition("=")[0] for pair in container["Env"]}
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN" in names
    assert not {name for name in names if "KEY" in name}
