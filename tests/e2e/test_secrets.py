"""Keys and tokens stand where somebody asked for them, and nowhere else: each command, seen whole.

Looked through are the arguments and the environment of every process that was started (strace), all
that stood on the screen, with AWSX_DEBUG=1, and every file that was left.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from signed_in import sign_in
from terminal import Terminal, loading_line, require

from awsx.demo import IdentityCenter
from awsx.demo.center.response import Response

from .at_terminal import AWSX, AtTerminal
from .home import log_in, opened

NAMES = (
    "accessToken|refreshToken|idToken|clientSecret|secretAccessKey|sessionToken|SecretAccessKey"
    "|SessionToken|Token|SigninToken|dpopKey|authorizationToken|aws_secret_access_key"
)
# In an answer of AWS, or in a file of the AWS CLI: JSON, XML, an ini file.
GIVEN = re.compile(
    rf'"(?:{NAMES})": ?"([^"]{{16,}})"|<(?:{NAMES})>([^<]{{16,}})<|^aws_secret_\w+ = (.+)$', re.M
)
# Where the AWS CLI keeps them, too.
KEPT = (".aws/sso/cache/", ".aws/cli/cache/", ".aws/login/cache/", ".aws/credentials")
ARGV, ENVIRON, SCREEN, PAGE, SECTION = "arguments", "environment", "screen", "page", "section"


class Secrets:
    """All keys and tokens of the loopback organisation, as soon as they are given out."""

    def __init__(self, center: IdentityCenter, home: Path) -> None:
        self._home, self._given = home, {center.organisation.user.secret_access_key}
        answer = center.handle

        def handle(request: Any) -> Response:
            response = answer(request)
            self._learn(response.body.decode("utf-8", "replace"))
            return response

        center._server.handle = handle

    def _learn(self, text: str) -> None:
        for groups in GIVEN.findall(text):
            first, *more = "".join(groups).split("\\n")
            self._given.add(more[0] if more else first)  # the second line of a key (PEM) tells it
        for user_and_password in re.findall('"authorizationToken": ?"([^"]+)"', text):
            self._given.add(base64.b64decode(user_and_password).decode().partition(":")[2])

    def known(self) -> set[str]:
        for path in self._home.rglob("*"):
            if str(path.relative_to(self._home)).startswith(KEPT) and path.is_file():
                self._learn(path.read_text(encoding="utf-8", errors="replace"))
        return self._given

    def stand_in(self, text: str) -> bool:
        return any(secret in text for secret in self.known())


@pytest.fixture
def secrets(home: Path, center: IdentityCenter) -> Secrets:
    """Of a person who has logged in to the session corp and, by `aws login`, to console."""
    organisation = center.organisation
    role = organisation.account("payments-dev").role_arn("Deploy")
    with (home / ".aws" / "config").open("a") as config:
        config.write(f"""
[profile console]
login_session = {organisation.console_user}
region = us-east-1
[profile over-keys]
role_arn = {role}
source_profile = ci
region = eu-west-1
""")
    found = Secrets(center, home)
    log_in(home, center)
    sign_in(center, home)
    found.known()
    return found


CREDS = ("env", "fish", "powershell", "dotenv", "json", "sts", "process")
TRUE = ("--", "/bin/true")
# Each command, and where its secrets may stand; there they must stand, too.
COMMANDS: dict[str, set[str]] = {
    **{f"creds over-keys --format {form}": {SCREEN} for form in CREDS},
    "creds prod --format file": {SECTION},
    "creds prod": set(),
    "creds console --format process": {SCREEN},
    "creds no-access --format env": set(),
    "creds console --twin": set(),
    "whoami prod": set(),
    "whoami over-keys --json": set(),
    "exec prod -- /bin/true": set(),
    "exec prod --creds -- /bin/true": {ENVIRON},
    "exec prod dev --creds -- /bin/true": {ENVIRON},
    "exec prod --serve -- /bin/true": set(),
    "exec prod dev --serve -- /bin/true": set(),
    "ssh --profile prod -p 1 -F /dev/null 127.0.0.1 true": set(),
    "console over-keys --print": {SCREEN},
    "console over-keys": {PAGE},
    "--docker-credential get": {SCREEN},
    "login prod --force": set(),
    "login prod --force --device-code": set(),
    "login console --force": set(),
    "populate --yes": set(),
    "ls": set(),
    "current": set(),
    "doctor": set(),
    "logout --all": set(),
}
# Those of which a process goes on for a while, and what they say then. (That of `console` takes the
# page away once a browser has had the time to read it.)
GOES_ON = {"serve prod console": "until Ctrl-C", "console over-keys": "console of over-keys"}


def places(trace: str) -> Iterator[tuple[str, str]]:
    """The arguments and the environment of each process that strace has seen begin."""
    for line in trace.splitlines():
        if "execve(" in line:
            first, _, rest = line.partition('"], ["')
            yield ARGV, first
            yield ENVIRON, rest


def files(home: Path, folders: list[Path]) -> Iterator[tuple[str, str]]:
    """What was left in files, but for those in which the AWS CLI keeps secrets."""
    for folder in (home, *folders):
        for path in folder.rglob("*"):
            name = str(path.relative_to(folder))
            if not path.is_file() or (folder == home and name.startswith(KEPT)):
                continue
            place = PAGE if path.suffix == ".html" else f"file {name}"
            yield place, path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("line", {**COMMANDS, **GOES_ON})
def test_secrets_stand_where_they_were_asked_for_alone(
    line: str,
    environment: dict[str, str],
    home: Path,
    center: IdentityCenter,
    secrets: Secrets,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    trace = tmp_path / "trace"
    env = {**environment, "AWSX_DEBUG": "1", "AWS_PROFILE": "prod"}
    if line.startswith("login console"):  # by the AWS CLI alone
        env["PATH"] = f"{request.getfixturevalue('aws_v2')}:{env['PATH']}"
    kinds = ["-f", "-qq", "--seccomp-bpf", "-v", "-s", "100000", "-e", "trace=execve"]
    words = [require("strace"), *kinds, "-e", "signal=none", "-o", str(trace), *AWSX, *line.split()]
    with AtTerminal(words, env, rows=50, columns=500) as awsx:
        if line in GOES_ON:
            awsx.wait_for(GOES_ON[line])
            awsx.wait_for(lambda: opened(environment) or not line.startswith("console"))
        else:
            if line.startswith("--docker"):  # reads the registry's name to the end of its stdin
                account = center.organisation.account("payments-prod").id
                awsx.type(f"{account}.dkr.ecr.eu-west-1.amazonaws.com\r\x04")
            awsx.end()
    seen = [*places(trace.read_text(encoding="utf-8", errors="replace")), (SCREEN, awsx.shown)]
    seen += files(home, [Path(environment[name]) for name in ("TMPDIR", "XDG_RUNTIME_DIR")])
    found = {place for place, text in seen if secrets.stand_in(text)}
    if "[prod-awsx]" in (home / ".aws" / "credentials").read_text():
        found.add(SECTION)
    assert found == COMMANDS.get(line, set()), awsx.shown
    assert len(secrets.known()) > 5
    assert {ARGV, ENVIRON, SCREEN} <= {place for place, _ in seen}


# Every way in which a shell tells the variables that it has, with their values.
TELL = {
    "bash": "{ set; declare -p; export -p; history; }",
    "zsh": "{ set; typeset -p; typeset; fc -l -100; }",
    "fish": "begin; set; set --show; set --names; history; end",
}


def test_no_variable_of_a_shell_has_one(
    shell: str, terminal: Any, environment: dict[str, str], home: Path, secrets: Secrets
) -> None:
    live: Terminal = terminal(shell, rc=loading_line(shell), **environment)
    commands = (
        "awsx prod",
        "awsx creds --format env >keys",
        "awsx exec --creds dev -- /bin/true",
        "awsx exec dev --serve -- /bin/true",
        "awsx whoami",
        "awsx console",
        "awsx -",
        "aws --version",
    )
    for command in commands:
        live.run(command)
    told = home / "told"
    live.run(f"{TELL[shell]} >{told} 2>&1")
    text = told.read_text(encoding="utf-8", errors="replace")
    assert "AWS_PROFILE" in text
    assert not secrets.stand_in(text)
    assert not secrets.stand_in("".join(live.screen()))
