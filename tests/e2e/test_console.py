"""`awsx console`: links by federation for each kind of profile, and how a browser gets them."""

import re
import stat
import subprocess
import sys
import time
import urllib.request
from base64 import b64decode
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from awsx.demo.fake_browser import links

from .at_terminal import run
from .home import log_in

ROOT = Path(__file__).parents[2]
CORE = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py")]


@pytest.fixture
def console(environment, home, center):
    deploy = center.organisation.account("payments-dev").role_arn("Deploy")
    (home / "token").write_text(center.organisation.web_identity_token)
    with (home / ".aws" / "config").open("a") as config:
        config.write(f"""
[profile web]
role_arn = {deploy}
web_identity_token_file = {home / "token"}
region = eu-west-1
[profile over-keys]
role_arn = {deploy}
source_profile = ci
region = eu-west-1
""")
    settings = home / ".config" / "awsx" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[console]\nduration = "12h"\n')

    def console(*argv, code=0, **variables):
        ran = subprocess.run(
            [*CORE, "console", *argv],
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
        return ran

    return console


def opened_page(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


# The made-up AWS refuses a length for a chain of roles, as AWS does.
KINDS = {
    "deploy": "assumed-role/Deploy/",
    "web": "assumed-role/Deploy/",
    "over-keys": "assumed-role/Deploy/",
    "ci": "federated-user/awsx",
}


@pytest.mark.parametrize("name", KINDS)
def test_a_link_by_federation_signs_in(name, console, home, center):
    log_in(home, center)
    url = console(name, "-s", "sqs", "--print").stdout.strip()
    assert KINDS[name] in opened_page(url)
    query = parse_qs(urlsplit(url).query)
    assert query["Destination"] == [
        "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1"
    ]
    length = "43200" if name in ("web", "over-keys") else ""
    assert center.log.count("getSigninToken", length) == center.log.count("getSigninToken") == 1


def test_the_link_of_a_session_needs_no_login_and_no_server(console, center):
    url = console("prod", "--print").stdout
    assert url.startswith(f"{center.organisation.start_url}/#/console?account_id=")
    assert not list(center.log)


def test_a_link_that_signs_in_is_in_no_arguments(console, environment, home, center):
    log_in(home, center)
    found = console("deploy", "--browser", environment["BROWSER"])
    assert "SigninToken" not in found.stdout + found.stderr
    deadline = time.monotonic() + 20
    while not (given := links(Path(environment["TMPDIR"]))) and time.monotonic() < deadline:
        time.sleep(0.05)
    (address,) = given
    page = Path(urlsplit(address).path)
    assert address.startswith("file:///")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    link = re.search(r'url=([^"]+)"', page.read_text())[1].replace("&amp;", "&")
    assert "assumed-role/Deploy/" in opened_page(link)
    page.unlink()


def test_a_session_that_has_ended_and_refused_keys_are_one_line(console, home, center):
    assert "awsx: " in console("deploy", "--print", code=1).stderr
    text = (home / ".aws" / "credentials").read_text()
    wrong = re.sub(r"(secret_access_key = ).*", r"\1wrong", text)
    (home / ".aws" / "credentials").write_text(wrong)
    found = console("ci", "--print", code=1)
    assert found.stderr.startswith("awsx: AWS gives the keys of profile ci no session")
    assert len(found.stderr.splitlines()) == 1
    assert found.stdout == ""


def test_the_link_is_copied_by_the_terminal_and_nothing_opens(environment, home, center):
    code, awsx = run(["console", "prod", "--copy"], environment)
    assert code == 0, awsx.shown
    copied = re.search(rb"\x1b\]52;c;([^\a]+)\a", bytes(awsx.raw))[1]
    assert b64decode(copied).decode().startswith(f"{center.organisation.start_url}/#/console?")
    assert links(Path(environment["TMPDIR"])) == []
