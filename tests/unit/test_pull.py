"""awsx pull: a team's file is data of others. It is checked, shown, and merged into blocks."""

import hashlib
import json
import shutil
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sample import CORP, PROD

from awsx.commands import pull
from awsx.commands.pull import Order
from awsx.files import settings
from awsx.populate import source, team
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]
TOML = """\
[sso-sessions.team]
sso_start_url = "https://team.awsapps.com/start"
sso_region = "eu-west-1"

[profiles.pay]
sso_session = "team"
sso_account_id = "222233334444"
sso_role_name = "Admin"

[accounts]
111122223333 = "payments"
222233334444 = { name = "dev", tags = ["sandbox", "\N{PILE OF POO}"] }

[guard]
match = ["*prod*"]
"""
INI = """\
[sso-session team]
sso_start_url = https://team.awsapps.com/start
sso_region = eu-west-1
[profile pay]
sso_session = team
sso_account_id = 222233334444
sso_role_name = Admin
[accounts]
111122223333 = payments
[guard]
match = *prod*, *live*
"""


@pytest.fixture
def env(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment


@pytest.fixture
def config(home):
    path = home / ".aws" / "config"
    path.write_text(CORP + PROD)
    return path


def shared(tmp_path, text, name="team.toml"):
    path = tmp_path / name
    path.write_text(text)
    return str(path)


def pulled(env, *words, **order):
    pull.pull(env, Order(*words, is_sure=True, **order))


def test_a_file_in_toml_or_ini_says_the_same():
    one = team.read(TOML.encode(), True, "x")
    other = team.read(INI.encode(), False, "x")
    assert one.sections == other.sections
    assert list(one.sections) == ["sso-session team", "profile pay"]
    assert one.accounts["111122223333"] == other.accounts["111122223333"] == "payments"
    assert (one.guard, other.guard) == (["*prod*"], ["*prod*", "*live*"])


REFUSED = {
    "a program": ('[profiles.a]\ncredential_process = "x"', "--allow credential_process"),
    "another program": ('[profiles.a]\nxyz_command = "x"', "--allow xyz_command"),
    "a pager": ('[profiles.a]\ncli_pager = "sh"', "--allow cli_pager"),
    "an endpoint": ('[profiles.a]\nendpoint_url = "http://x"', "--allow endpoint_url"),
    "certificates": ('[profiles.a]\nca_bundle = "x"', "--allow ca_bundle"),
    "upper case": ('[profiles.a]\nCredential_Process = "x"', "--allow credential_process"),
    "in a session": ('[sso-sessions.a]\nendpoint_url = "http://x"', "--allow endpoint_url"),
    "endpoints of services": ('[profiles.a]\nservices = "x"', "--allow services"),
    "a secret": ('[profiles.a]\naws_secret_access_key = "x"', "is a secret"),
    "a nested key": ("[profiles.a]\ns3 = { endpoint_url = 'x' }", "one line of text"),
    "a line too many": ('[profiles.a]\nregion = "a\\nendpoint_url = x"', "one line of text"),
    "an odd key": ('[profiles.a]\n"x = 1\\ny" = "z"', "one line of text"),
    "an odd name": ('[profiles."a]\\n[b"]\nregion = "x"', "is no name for a profile"),
    "default": ('[profiles.""]\nregion = "x"', "is no name for a profile"),
    "a table": ("[login]\nauto = true", "no place for [login]"),
    "a guard's colour": ('[guard]\ncolor = "red"', "guard has match alone"),
    "no account": ('[accounts]\n12 = "x"', "12 digits"),
    "an account's table": ('[accounts]\n111122223333 = { role = "x" }', "12 digits"),
    "nothing": ("", "has no profiles"),
    "a page": ("<html>", "not TOML"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_place_in_a_teams_file_is_refused_as_a_whole(
    env, config, tmp_path, text, message
):
    was = config.read_bytes()
    path = shared(tmp_path, f'[profiles.ok]\nregion = "x"\n{text}' if text[:2] == "[p" else text)
    with pytest.raises(AwsxError) as raised:
        pulled(env, path)
    assert message in str(raised.value)
    assert config.read_bytes() == was


@pytest.mark.parametrize(
    "text", ["[default]\nregion = x\n", "[plugins]\na = b\n", "[DEFAULT]\na = b\n"]
)
def test_an_ini_file_sets_no_other_sections(text):
    with pytest.raises(AwsxError):
        team.read(text.encode() + b"[profile a]\nregion = x\n", False, "x")


def test_a_key_that_is_allowed_by_name_is_taken_and_stays_allowed(env, config, tmp_path):
    path = shared(tmp_path, '[profiles.a]\ncredential_process = "x"\n')
    pulled(env, path, allowed=("credential_process",))
    assert "credential_process = x" in config.read_text()
    Path(path).write_text('[profiles.a]\ncredential_process = "y"\n')
    pulled(env)
    assert "credential_process = y" in config.read_text()


def test_a_pull_merges_shows_and_removes_only_what_it_wrote(
    env, config, tmp_path, home, capfdbinary
):
    was = config.read_bytes()
    chosen = home / ".config" / "awsx" / "config.toml"
    chosen.parent.mkdir(parents=True)
    chosen.write_text('[accounts]\n111122223333 = "mine"\n[guard]\nmatch = ["live"]')
    mine = chosen.read_bytes()
    path = shared(tmp_path, TOML + '[profiles.prod]\nregion = "x"\n[profiles.old]\nregion = "x"\n')
    pull.pull(env, Order(path, dry_run=True))
    assert config.read_bytes() == was
    out, err = capfdbinary.readouterr()
    assert b"+[profile pay]" in out
    assert b"yours of the same name come first: profile prod" in err

    pulled(env, path)
    text = config.read_text()
    assert text.startswith(was.decode())
    assert (
        text.index("[sso-session team]") < text.index("[profile old]") < text.index("[profile pay]")
    )
    assert text.count("[profile prod]") == 1
    assert chosen.read_bytes().startswith(mine)
    found = settings.load(env)
    assert found.accounts == {"111122223333": "mine", "222233334444": "dev"}
    assert found.guard.patterns == ["live", "*prod*"]
    state = Path(env["HOME"]) / ".local/state/awsx/pull.json"
    assert state.stat().st_mode & 0o777 == 0o600
    assert (
        json.loads(state.read_text())["pin"]
        == source.SHA256 + hashlib.sha256(Path(path).read_bytes()).hexdigest()
    )

    # A section in the block that pull has not written stays; what the file lost goes.
    config.write_text(
        text.replace("[profile pay]", "[profile byhand]\nregion = x\n\n[profile pay]")
    )
    Path(path).write_text(TOML)
    pulled(env)
    text = config.read_text()
    assert "[profile byhand]" in text
    assert "[profile old]" not in text
    assert "has moved from sha256=" in capfdbinary.readouterr().err.decode()

    written = config.stat().st_mtime_ns
    pulled(env)
    assert config.stat().st_mtime_ns == written
    assert "nothing to change" in capfdbinary.readouterr().err.decode()


def test_a_pin_that_does_not_hold_is_an_error(env, config, tmp_path):
    path = shared(tmp_path, TOML)
    right = hashlib.sha256(TOML.encode()).hexdigest()
    pulled(env, f"{path}#sha256={right}")
    Path(path).write_text(TOML + "# more\n")
    was = config.read_bytes()
    with pytest.raises(AwsxError, match="is not what its pin says"):
        pulled(env)
    assert config.read_bytes() == was


def test_a_source_that_is_gone_leaves_what_was_pulled_last(env, config, tmp_path, capfdbinary):
    path = shared(tmp_path, TOML)
    with pytest.raises(AwsxError, match="there is no file"):
        pulled(env, f"{path}.other")
    pulled(env, path)
    Path(path).unlink()
    was = config.read_bytes()
    pulled(env)
    assert config.read_bytes() == was
    assert "what was pulled on" in capfdbinary.readouterr().err.decode()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/team.toml", "ftp://127.0.0.1/x"])
def test_only_https_is_pulled_from(env, config, url):
    with pytest.raises(AwsxError, match="only https, git and paths"):
        pulled(env, url)


def test_without_a_source_or_a_person_it_is_wrong_usage(env, config, tmp_path):
    for order in (Order(), Order(shared(tmp_path, TOML))):
        with pytest.raises(AwsxError) as raised:
            pull.pull(env, order)
        assert raised.value.code == 2


@pytest.fixture
def https(tmp_path, monkeypatch):
    """An https server on loopback with these pages; its address."""
    trustme = pytest.importorskip("trustme")
    authority, bundle = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    pages = {"/team.toml": (200, ""), "/moved": (302, "/team.toml"), "/away": (302, "http://a.b/")}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, location = pages.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", str(len(TOML.encode())))
            self.end_headers()
            self.wfile.write(TOML.encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_https_address_is_pulled_from(env, https):
    for path in ("/team.toml", "/moved"):
        found = source.fetch(https + path, env)
        assert (found.data, found.is_toml) == (TOML.encode(), True)
    with pytest.raises(AwsxError, match="only https"):
        source.fetch(f"{https}/away", env)
    with pytest.raises(source.Unreachable, match="HTTP 404"):
        source.fetch(f"{https}/nosuch", env)


@pytest.fixture
def repository(tmp_path):
    """A git repository with two commits of aws/team.toml; the commits."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder, commits = tmp_path / "team.git", []
    (folder / "aws").mkdir(parents=True)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    for text in (TOML, TOML.replace("pay", "paid")):
        (folder / "aws" / "team.toml").write_text(text)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", "x"], check=True)
        head = subprocess.check_output([*git, "rev-parse", "HEAD"], text=True).strip()
        commits.append(head)
    return folder, commits


def test_a_git_repository_is_pulled_from_at_a_commit_or_its_head(env, config, repository):
    folder, (first, second) = repository
    assert source.fetch(f"{folder}#aws/team.toml", env).pin == second
    at_first = source.fetch(f"git+file://{folder}#{first}:aws/team.toml", env)
    assert (at_first.pin, at_first.data, at_first.is_toml) == (first, TOML.encode(), True)
    assert source.fetch(f"{folder}#main:aws/team.toml", env).pin == second
    with pytest.raises(AwsxError, match="git cannot fetch"):
        source.fetch(f"{folder}#nosuch.toml", env)


@pytest.mark.parametrize(
    "where",
    ["git+ext::sh -c 'touch x' x", "git+--upload-pack=touch x.git", "git@-oProxyCommand=x:y"],
)
def test_no_address_makes_git_run_a_program(env, tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AwsxError):
        source.fetch(where, env)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "text", "is_toml"),
    [("x.toml", TOML, True), ("x.ini", INI, False), ("config", INI, False), ("config", TOML, True)],
)
def test_the_name_tells_what_a_file_is_or_else_its_headers(env, tmp_path, name, text, is_toml):
    assert source.fetch(shared(tmp_path, text, name), env).is_toml is is_toml


def test_the_command(environment, config, tmp_path):
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "pull"]
    path = shared(tmp_path, INI, "team.ini")
    done = subprocess.run(
        [*start, path, "--yes"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "+[profile pay]" in done.stdout
    assert "pulled" in done.stderr
