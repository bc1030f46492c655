"""docker-credential-awsx: the protocol as docker speaks it, and the real docker."""

import hashlib
import json
import os
import shutil
import subprocess
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

if os.environ.get("CI") != "true":
    pytest.importorskip("trustme")

from .at_terminal import AWSX, AtTerminal, scripts
from .home import DEV, PROD, log_in, opened
from .proxy import Proxy

PROGRAM = Path(__file__).parents[2] / "program" / "docker-credential-awsx"


@pytest.fixture
def program(tmp_path):
    """The program beside an `awsx`, as an installation has both."""
    (tmp_path / "bin").mkdir()
    scripts(tmp_path / "bin", awsx=f'exec {" ".join(AWSX)} "$@"')
    program = tmp_path / "bin" / "docker-credential-awsx"
    program.symlink_to(PROGRAM)
    return program


@pytest.fixture
def get(environment, program):
    """get(URL, **VARIABLES): the finished program, without a terminal."""

    def get(url, **variables):
        return subprocess.run(
            [str(program), "get"],
            env={**environment, **variables},
            input=url, capture_output=True, text=True, check=False,
            start_new_session=True, timeout=60,
        )  # fmt: skip

    return get


@pytest.fixture
def host(center):
    """host(ACCOUNT'S NAME): its registry."""
    return lambda name: f"{center.organisation.account(name).id}.dkr.ecr.eu-north-1.amazonaws.com"


def test_a_login_that_lies_nowhere_on_the_disk(get, host, home, center, tmp_path):
    log_in(home, center)
    ran = get(f"https://{host(PROD)}", AWS_PROFILE="prod")
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    secret = found.pop("Secret")
    assert found == {"ServerURL": f"https://{host(PROD)}", "Username": "AWS"}
    assert center.log.count("GetAuthorizationToken") == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(".aws/cli/cache" in str(path) for path in files)
    assert not [path for path in files if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize("host", ["{}.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "public.ecr.aws"])
def test_other_registries(host, get, home, center):
    """FIPS cannot be asked of an endpoint that the person has named; the person's comes first."""
    log_in(home, center)
    ran = get(host.format(center.organisation.account(PROD).id), AWS_PROFILE="prod")
    assert ran.returncode == 0, ran.stdout
    assert json.loads(ran.stdout)["Username"] == "AWS"


@pytest.mark.parametrize("given", ["--creds", "--serve"])
def test_the_keys_of_exec_where_several_profiles_could_be_meant(
    given, environment, program, host, home, center
):
    log_in(home, center)
    argv = [*AWSX, "exec", given, "prod", "--", str(program), "get"]
    ran = subprocess.run(
        argv, env=environment, input=host(PROD), capture_output=True, text=True, check=False,
        start_new_session=True, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["Username"] == "AWS"


def test_without_a_person_it_is_one_line_that_docker_shows(get, host):
    ran = get(host(DEV), AWS_PROFILE="dev")
    assert (ran.returncode, ran.stdout) == (1, ran.stderr)
    assert ran.stdout.startswith("awsx: not logged in to corp")
    assert ran.stdout.endswith("run: awsx login dev\n")


def test_a_person_logs_in_though_docker_holds_stdin_stdout_and_stderr(
    environment, program, host, tmp_path
):
    runs = f"echo {host(DEV)} | {program} get >{tmp_path}/out 2>{tmp_path}/err"
    docker = scripts(tmp_path, docker=runs)["docker"]
    with AtTerminal([docker], {**environment, "AWS_PROFILE": "dev"}) as terminal:
        assert terminal.end() == 0, terminal.shown
    assert len(opened(environment)) == 1
    assert json.loads((tmp_path / "out").read_text())["Username"] == "AWS"
    assert (tmp_path / "err").read_text() == ""


# --- the real docker, without its daemon: `docker manifest` asks the registry itself

IMAGE = b'{"architecture":"amd64","os":"linux"}'
V2 = "application/vnd.docker.distribution.manifest.v2+json"


def digest(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": V2,
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "size": len(IMAGE),
            "digest": digest(IMAGE),
        },
        "layers": [],
    }
).encode()


class Answer(BaseHTTPRequestHandler):
    """A registry with one image, for who logs in as AWS."""

    def do_GET(self):
        login = self.headers.get("Authorization", "")
        self.server.logins.append(login)
        if not b64decode(login.removeprefix("Basic ")).startswith(b"AWS:"):
            self.answer(401, b"", "WWW-Authenticate", 'Basic realm="https://x/"')
        elif "/blobs/" in self.path:
            self.answer(200, IMAGE, "Content-Type", "application/octet-stream")
        else:
            self.answer(200, MANIFEST, "Content-Type", V2)

    def answer(self, status, body, name, value):
        self.send_response(status)
        headers = {name: value, "Connection": "close", "Content-Length": len(body)}
        for key, what in {**headers, "Docker-Content-Digest": digest(body)}.items():
            self.send_header(key, str(what))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def registry():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.logins = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_docker_logs_in_to_a_registry(environment, program, registry, host, home, center):
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("docker is not installed")
    log_in(home, center)
    folder = program.parent
    (home / ".docker").mkdir()
    helpers = {"credHelpers": {host(PROD): "awsx"}}
    (home / ".docker" / "config.json").write_text(json.dumps(helpers))
    with Proxy(center, folder) as proxy:
        proxy.others[host(PROD)] = registry.server_address
        env = {
            **environment,
            **proxy.environment(),
            "SSL_CERT_FILE": proxy.environment()["AWS_CA_BUNDLE"],
            "PATH": f"{folder}:{environment['PATH']}",
            "AWS_PROFILE": "prod",
            "DOCKER_HOST": f"unix://{folder}/no-daemon",
        }
        asked = [docker, "manifest", "inspect", f"{host(PROD)}/app:1"]
        ran = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["config"]["digest"] == digest(IMAGE)
    passwords = {b64decode(login.removeprefix("Basic ")) for login in registry.logins if login}
    assert passwords
    assert all(password.startswith(b"AWS:") for password in passwords)
