"""How a session is made valid: renewal, then the AWS CLI, then awsx's own login.

However many terminals need the session, there is one login.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awsx import term
from awsx.environment import INTERNAL, RIVALS
from awsx.files import disk, paths, tokens
from awsx.files.profiles import SsoSession
from awsx.files.settings import Settings
from awsx.login import ensure, lock, own, registrations
from awsx.login.cached_token import CachedToken
from awsx.login.holder import Holder
from awsx.login.options import Wish
from awsx.service import errors, oidc, start_page
from awsx.term import AwsxError, Cancelled

ROOT = Path(__file__).parents[2]
DEFAULTS = Settings({})
NAMED = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "prod")
LEGACY = SsoSession("", "https://corp.awsapps.com/start", "eu-west-1", "old one")
UNHELD = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "")

# An `aws` that notes how it was called, and logs in by writing the token it is given.
STUB = """#!/bin/sh
if [ "$1" = --version ]; then echo version >>{log}; {version}; exit; fi
{{ printf 'login'; printf ' <%s>' "$@"; echo; env; echo .; }} >>{log}
echo "Successfully logged into Start URL: x"
{act}
"""


@pytest.fixture(autouse=True)
def person(monkeypatch):
    """Somebody sits at a terminal of this very machine."""
    monkeypatch.setattr(term, "on_terminal", lambda: True)
    monkeypatch.setattr(term, "in_foreground", lambda: True)
    monkeypatch.setattr("awsx.login.browser.is_remote", lambda *_: False)


@pytest.fixture
def env(environment, tmp_path):
    """A browser, and nothing on PATH but sh's tools and one empty folder."""
    (tmp_path / "bin").mkdir()
    return {**environment, "PATH": f"{tmp_path}/bin:/usr/bin:/bin", "BROWSER": "true"}


@pytest.fixture
def own_login(monkeypatch):
    """The sessions that awsx's own login was asked for; it succeeds."""
    calls = []

    def log_in(login, talk):
        calls.append(login.session)
        tokens.save(login.env, tokens.key(login.session), token_file(3600))

    monkeypatch.setattr(own, "log_in", log_in)
    monkeypatch.setattr(registrations, "drop_forgotten", lambda *_: None)
    monkeypatch.setattr(start_page, "region", lambda *_: "")
    return calls


def token_file(seconds, **more):
    return {"accessToken": "SECRET", "expiresAt": tokens.iso(int(time.time() + seconds)), **more}


RENEWABLE = {
    "refreshToken": "r1",
    "clientId": "c",
    "clientSecret": "s",
    "registrationExpiresAt": tokens.iso(2**33),
}


class Stub:
    """The `aws` on PATH."""

    def __init__(self, folder, env, session, version="2.31.0", act="", token=3600):
        self.log = folder / "log"
        cache = Path(tokens.path(env, tokens.key(session)))
        cache.parent.mkdir(parents=True, exist_ok=True)
        (folder / "token").write_text(json.dumps(token_file(token)))
        said = (
            version
            if " " in version
            else f"echo aws-cli/{version} Python/3.13.7 Linux/6.8 exe/x86_64"
        )
        act = act or f"cat {folder}/token >{cache}"
        program = folder / "bin" / "aws"
        program.parent.mkdir(exist_ok=True)
        program.write_text(STUB.format(log=self.log, version=said, act=act))
        program.chmod(0o755)

    def calls(self):
        """The argument lists of its logins."""
        if not self.log.exists():
            return []
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("login <")]
        return [line.removeprefix("login <").removesuffix(">").split("> <") for line in lines]

    def environment(self):
        """What the last login saw."""
        lines = self.log.read_text().rpartition("login <")[2].splitlines()[1:]
        return dict(line.split("=", 1) for line in lines if "=" in line)


# --- the order


def test_a_valid_session_needs_nothing(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    tokens.save(env, tokens.key(NAMED), token_file(3600))
    assert ensure.valid_session(env, NAMED, DEFAULTS) is False
    assert (stub.log.exists(), own_login) == (False, [])


@pytest.mark.parametrize("seconds", [None, -1, 0, 50], ids=str)
def test_the_aws_cli_logs_in(seconds, env, own_login, tmp_path, capfd):
    stub = Stub(tmp_path, env, NAMED)
    if seconds is not None:
        tokens.save(env, tokens.key(NAMED), token_file(seconds))
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True
    assert stub.calls() == [["sso", "login", "--sso-session", "corp"]]
    assert own_login == []
    out, err = capfd.readouterr()
    assert out == ""  # whatever the AWS CLI prints is talk
    why = "not logged in to corp" if seconds is None else "the session corp has expired"
    assert err == f"awsx: {why}; logging in\n"


def test_a_legacy_session_is_logged_in_by_its_profile(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, LEGACY)
    ensure.valid_session(env, LEGACY, DEFAULTS)
    assert stub.calls() == [["sso", "login", "--profile", "old one"]]


def test_force_logs_in_a_valid_session(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    tokens.save(env, tokens.key(NAMED), token_file(3600, **RENEWABLE))
    assert ensure.valid_session(env, NAMED, DEFAULTS, Wish(force=True)) is True
    assert len(stub.calls()) == 1


def test_without_an_aws_cli_awsx_logs_in_itself(env, own_login):
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True
    assert own_login == [NAMED]


def test_a_setting_prefers_awsxs_own_login_to_the_aws_cli(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    ensure.valid_session(env, NAMED, Settings({"login": {"prefer": "own"}}))
    assert (len(own_login), stub.calls()) == (1, [])


# --- renewal


class Service:
    """sso-oidc, as far as a renewal needs it."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def __call__(self, session):
        return self

    def token(self, registration, grant, **given):
        self.asked.append((registration["clientId"], grant, given))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def service(monkeypatch):
    def serve(answer):
        service = Service(answer)
        monkeypatch.setattr(oidc, "Oidc", service)
        return service

    return serve


@pytest.mark.parametrize("refresh", [{"refreshToken": "r2"}, {}], ids=["rotated", "kept"])
def test_a_refresh_token_renews_the_session_silently(
    refresh, env, own_login, service, tmp_path, capfd
):
    stub = Stub(tmp_path, env, NAMED)
    served = service({"accessToken": "new", "expiresIn": 3600, **refresh})
    tokens.save(
        env, tokens.key(NAMED), {**token_file(-1), **RENEWABLE, "startUrl": "u", "toolkit": 1}
    )
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True
    assert served.asked == [("c", "refresh_token", {"refreshToken": "r1"})]
    found = tokens.load(env, tokens.key(NAMED))
    assert 3590 < found.expires - time.time() <= 3600
    assert found.raw == {
        **RENEWABLE,
        "startUrl": "u",
        "toolkit": 1,
        "accessToken": "new",
        "expiresAt": found.raw["expiresAt"],
        "refreshToken": refresh.get("refreshToken", "r1"),
    }
    assert (stub.calls(), own_login, capfd.readouterr()) == ([], [], ("", ""))


def test_a_renewal_needs_no_terminal(env, own_login, service, monkeypatch):
    monkeypatch.setattr(term, "on_terminal", lambda: False)
    service({"accessToken": "new", "expiresIn": 3600})
    tokens.save(env, tokens.key(NAMED), {**token_file(-1), **RENEWABLE})
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True


def test_a_refused_renewal_leads_to_a_login(env, own_login, service, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    service(errors.Refused("InvalidGrantException", ""))
    tokens.save(env, tokens.key(NAMED), {**token_file(-1), **RENEWABLE})
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True
    assert len(stub.calls()) == 1


def test_a_renewal_that_cannot_reach_aws_keeps_the_refresh_token(env, own_login, service, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    service(AwsxError("cannot reach AWS"))
    before = {**token_file(-1), **RENEWABLE}
    tokens.save(env, tokens.key(NAMED), before)
    with pytest.raises(AwsxError, match="cannot reach AWS"):
        ensure.valid_session(env, NAMED, DEFAULTS)
    assert tokens.load(env, tokens.key(NAMED)).raw == before
    assert stub.calls() == []


def test_an_expired_registration_cannot_renew(env, own_login, service, tmp_path):
    stub, served = Stub(tmp_path, env, NAMED), service({})
    ended = {**RENEWABLE, "registrationExpiresAt": tokens.iso(int(time.time()) - 1)}
    tokens.save(env, tokens.key(NAMED), {**token_file(-1), **ended})
    ensure.valid_session(env, NAMED, DEFAULTS)
    assert (len(stub.calls()), served.asked) == (1, [])


# --- which AWS CLI

VERSIONS = [
    ("2.31.0", True, True),
    ("2.9.0", True, True),
    ("2.8.13", False, True),
    ("2.0.0", False, True),
    ("1.45.11", False, False),
    ("echo 'aws-cli/1.18.69 Python/3.8' >&2", False, False),
    ("echo 'aws-cli/2.39.0.dev1 Python/3.13'", True, True),
    ("echo 'aws-cli/3.0 x'", True, True),
    ("echo 'awscli: command broken'", False, False),
    ("echo >&2 Traceback; exit 1", False, False),
    ("exit 255 ; :", False, False),
]


@pytest.mark.parametrize(
    ("version", "named", "legacy"), VERSIONS, ids=[version for version, *_ in VERSIONS]
)
def test_an_aws_cli_that_is_too_old_for_the_session_is_not_used(
    version, named, legacy, env, own_login, tmp_path
):
    for session, wanted in ((NAMED, named), (LEGACY, legacy)):
        stub = Stub(tmp_path, env, session, version)
        ensure.valid_session(env, session, DEFAULTS, Wish(force=True))
        assert (len(stub.calls()) == 1) == wanted
        assert (len(own_login) == 1) == (not wanted)
        own_login.clear()
        stub.log.unlink()


def test_an_old_aws_cli_on_path_does_not_hide_a_newer_one(env, own_login, tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old = Stub(tmp_path / "old", env, NAMED, "1.45.11")
    new = Stub(tmp_path / "new", env, NAMED)
    (tmp_path / "folder" / "aws").mkdir(parents=True)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "aws").write_text("not executable")
    path = (
        f"{tmp_path}/plain:/nowhere::{tmp_path}/folder:{tmp_path}/old/bin:{tmp_path}/new/bin:/bin"
    )
    ensure.valid_session({**env, "PATH": path}, NAMED, DEFAULTS)
    assert (old.calls(), len(new.calls()), own_login) == ([], 1, [])


def test_an_aws_that_cannot_be_started_is_skipped(env, own_login, tmp_path):
    program = tmp_path / "bin" / "aws"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    ensure.valid_session(env, NAMED, DEFAULTS)
    assert len(own_login) == 1


def test_the_version_is_asked_without_the_persons_config(env, own_login, tmp_path):
    """One bad line in the config ends even `aws --version` with 255."""
    names = "$AWS_CONFIG_FILE$AWS_SHARED_CREDENTIALS_FILE$AWS_PROFILE"
    version = f'echo "aws-cli/2.31.0{names}" >>asked; echo aws-cli/2.31.0'
    stub = Stub(tmp_path, env, NAMED, f"cd {tmp_path}; {version}")
    ensure.valid_session({**env, "AWS_PROFILE": "gone", "AWS_CONFIG_FILE": "/bad"}, NAMED, DEFAULTS)
    assert (tmp_path / "asked").read_text() == "aws-cli/2.31.0/dev/null/dev/null\n"
    assert len(stub.calls()) == 1


# --- what it is given


def test_the_aws_cli_sees_the_holding_profile_and_no_rival(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED)
    kept = {
        "AWS_CONFIG_FILE": "/c",
        "AWS_CA_BUNDLE": "/b",
        "HTTPS_PROXY": "http://p",
        "AWS_ENDPOINT_URL": "http://e",
    }
    taken = dict.fromkeys([*RIVALS, *INTERNAL], "x") | {"AWSX_CACHE": str(tmp_path / "cache")}
    ensure.valid_session({**env, **kept, **taken, "AWS_PROFILE": "elsewhere"}, NAMED, DEFAULTS)
    seen = stub.environment()
    assert {n: v for n, v in seen.items() if n.startswith(("AWS", "HTTPS_"))} == {
        **kept,
        "AWS_PROFILE": "prod",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CLI_AUTO_PROMPT": "off",
        "AWSX_NO_NAMES": "1",
        "AWS_PAGER": "",
    }
    assert seen["HOME"] == env["HOME"]


def test_a_login_by_session_name_alone_sets_no_profile(env, own_login, tmp_path):
    """An AWS_PROFILE that does not exist fails even `--sso-session`."""
    stub = Stub(tmp_path, env, UNHELD)
    ensure.valid_session({**env, "AWS_PROFILE": "gone"}, UNHELD, DEFAULTS)
    assert "AWS_PROFILE" not in stub.environment()


@pytest.mark.parametrize(
    ("session", "version", "wish", "expected"),
    [
        (NAMED, "2.31.0", Wish(open_browser=False), ["--use-device-code", "--no-browser"]),
        (NAMED, "2.31.0", Wish(use_device_code=True), ["--use-device-code"]),
        (NAMED, "2.21.0", Wish(use_device_code=True), []),
        (NAMED, "2.21.0", Wish(open_browser=False), ["--no-browser"]),
        (LEGACY, "2.31.0", Wish(use_device_code=True), []),
        (NAMED, "2.38.5", Wish(port=5555), ["--redirect-port", "5555"]),
        (
            NAMED,
            "2.38.5",
            Wish(open_browser=False, port=5555),
            ["--redirect-port", "5555", "--no-browser"],
        ),
        (NAMED, "2.38.5", Wish(use_device_code=True, port=5555), ["--use-device-code"]),
        (LEGACY, "2.38.5", Wish(port=5555), []),
    ],
)
def test_the_wish_becomes_flags_of_the_aws_cli(
    session, version, wish, expected, env, own_login, tmp_path
):
    stub = Stub(tmp_path, env, session, version)
    ensure.valid_session(env, session, DEFAULTS, wish)
    assert [
        flag for flag in stub.calls()[0][4:] if flag not in ("--profile", "--sso-session")
    ] == expected


def test_an_aws_cli_that_cannot_wait_on_a_port_leaves_the_login_to_awsx(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED, "2.36.7")
    ensure.valid_session(env, NAMED, DEFAULTS, Wish(port=5555))
    assert (stub.calls(), own_login) == ([], [NAMED])
    ensure.valid_session(env, NAMED, DEFAULTS, Wish(force=True, use_device_code=True, port=5555))
    assert len(stub.calls()) == 1


def test_the_port_of_the_settings_is_used_unless_the_person_names_one(env, own_login, tmp_path):
    stub = Stub(tmp_path, env, NAMED, "2.39.0")
    settings = Settings({"login": {"port": 4444}})
    for wish, wanted in ((Wish(force=True), "4444"), (Wish(force=True, port=5555), "5555")):
        ensure.valid_session(env, NAMED, settings, wish)
        assert stub.calls()[-1][-2:] == ["--redirect-port", wanted]


def test_with_a_port_another_machines_browser_comes_back(env, own_login, tmp_path, monkeypatch):
    """The person has forwarded it by `ssh -L`; no browser opens here."""
    monkeypatch.setattr("awsx.login.browser.is_remote", lambda *_: True)
    env = {name: value for name, value in env.items() if name != "BROWSER"}
    stub = Stub(tmp_path, env, NAMED, "2.39.0")
    ensure.valid_session(env, NAMED, DEFAULTS, Wish(port=5555))
    assert stub.calls()[0][4:] == ["--redirect-port", "5555", "--no-browser"]


@pytest.mark.parametrize(
    ("variables", "program"),
    [
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "wslview"),
        ({"DISPLAY": ":0"}, "xdg-open"),
        ({"BROWSER": "firefox -P work"}, "firefox"),
    ],
)
def test_the_browser_that_awsx_found_is_handed_to_the_aws_cli(
    variables, program, env, own_login, tmp_path
):
    """Python's webbrowser, which the AWS CLI uses, knows neither WSL nor when to let go."""
    browser = tmp_path / "bin" / program
    browser.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/given\n')
    browser.chmod(0o755)
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    env = {name: value for name, value in env.items() if name != "BROWSER"} | variables
    env["PATH"] = f"{tmp_path}/bin"
    script = "import sys, webbrowser; webbrowser.open_new_tab(sys.argv[1])"
    links = ("https://x.example/?a=1&b='2", "javascript:alert(1)", "--remote", "file:///etc/passwd")
    opens = "; ".join(
        f"PATH=/usr/bin:/bin:$PATH {sys.executable} -I -c {shlex.quote(script)} {shlex.quote(link)}"
        for link in links
    )
    cache = tokens.path(env, tokens.key(NAMED))
    act = f"{opens}; /bin/cat {tmp_path}/token >{cache}"
    stub = Stub(tmp_path, env, NAMED, act=act)
    stub_text = (tmp_path / "bin" / "aws").read_text()
    (tmp_path / "bin" / "aws").write_text(stub_text.replace("env;", "/usr/bin/env;"))
    ensure.valid_session(env, NAMED, DEFAULTS)
    deadline = time.monotonic() + 10
    while not (tmp_path / "given").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    wanted = f"-P work {links[0]}" if "-P" in str(variables) else links[0]
    assert (tmp_path / "given").read_text() == f"{wanted}\n"
    assert stub.environment()["BROWSER"].startswith("/bin/sh -c ")


def test_a_hostile_name_is_one_argument(env, own_login, tmp_path):
    for name in ("$(touch x)", "a b", "-rf", "`x`", "größe"):
        session = SsoSession(name, "https://x", "eu-west-1", name)
        stub = Stub(tmp_path, env, session)
        ensure.valid_session(env, session, DEFAULTS)
        assert stub.calls()[-1] == ["sso", "login", "--sso-session", name]
        assert stub.environment()["AWS_PROFILE"] == name


# --- how it ends


@pytest.mark.parametrize(
    ("act", "code", "told"),
    [
        ("exit 255", 1, "login to corp failed (aws sso login ended with 255); nothing was changed"),
        ("exit 1", 1, "login to corp failed (aws sso login ended with 1); nothing was changed"),
        (
            "kill -TERM $$",
            1,
            "login to corp failed (aws sso login ended with -15); nothing was changed",
        ),
        ("exit 130", 130, ""),
        ("kill -INT $$", 130, ""),
    ],
)
def test_a_failed_login_of_the_aws_cli_is_one_line(act, code, told, env, own_login, tmp_path):
    Stub(tmp_path, env, NAMED, act=act)
    with pytest.raises(AwsxError) as caught:
        ensure.valid_session(env, NAMED, DEFAULTS)
    assert (caught.value.code, str(caught.value)) == (code, told)
    assert isinstance(caught.value, Cancelled) == (code == 130)
    assert own_login == []  # a person who denied it is not asked again


@pytest.mark.parametrize(
    ("act", "token"), [(":", 3600), ("", -5)], ids=["no token", "an expired one"]
)
def test_a_login_that_leaves_no_valid_token_is_an_error(act, token, env, own_login, tmp_path):
    Stub(tmp_path, env, NAMED, act=act, token=token)
    with pytest.raises(AwsxError) as caught:
        ensure.valid_session(env, NAMED, DEFAULTS)
    assert "~/.aws/sso/cache/" in str(caught.value)
    assert "awsx login prod --force --device-code" in str(caught.value)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("terminal", "foreground", "session", "told"),
    [
        (False, True, NAMED, "there is no terminal to log in from; run: awsx login prod"),
        (
            False,
            True,
            UNHELD,
            "there is no terminal to log in from; run: awsx login --session corp",
        ),
        (True, False, NAMED, "a background job cannot log in; run: awsx login prod"),
    ],
)
def test_a_login_needs_a_terminal_in_the_foreground(
    terminal, foreground, session, told, env, own_login, tmp_path, monkeypatch
):
    stub = Stub(tmp_path, env, NAMED)
    monkeypatch.setattr(term, "on_terminal", lambda: terminal)
    monkeypatch.setattr(term, "in_foreground", lambda: foreground)
    with pytest.raises(AwsxError) as caught:
        ensure.valid_session(env, session, DEFAULTS)
    assert str(caught.value) == f"not logged in to corp, and {told}"
    tokens.save(env, tokens.key(NAMED), token_file(-5))
    with pytest.raises(AwsxError) as caught:
        ensure.valid_session(env, session, DEFAULTS)
    assert str(caught.value) == f"the session corp has expired, and {told}"
    assert (stub.calls(), own_login) == ([], [])


@pytest.mark.parametrize(
    ("terminal", "told"),
    [
        (False, "a login to corp needs a person at a terminal"),
        (True, "a background job cannot log in to corp; bring it back with fg"),
    ],
)
def test_awsx_login_itself_is_not_told_to_run_awsx_login(
    terminal, told, env, own_login, monkeypatch
):
    monkeypatch.setattr(term, "on_terminal", lambda: terminal)
    monkeypatch.setattr(term, "in_foreground", lambda: False)
    with pytest.raises(AwsxError) as caught:
        ensure.valid_session(env, NAMED, DEFAULTS, Wish())
    assert str(caught.value).startswith(told)
    assert "awsx login" not in str(caught.value)


# --- one login for all

DRIVER = """
import json, sys
from awsx import term
from awsx.files.profiles import SsoSession
from awsx.files.settings import Settings
from awsx.login import browser, ensure
term.on_terminal = term.in_foreground = lambda: True
browser.is_remote = lambda *_: False
env = json.loads(sys.argv[1])
session = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "prod")
print(ensure.valid_session(env, session, Settings({})))
"""


def start(env):
    command = [sys.executable, "-c", DRIVER, json.dumps(env)]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_ten_terminals_log_in_once(env, tmp_path):
    cache = tokens.path(env, tokens.key(NAMED))
    stub = Stub(tmp_path, env, NAMED, act=f"sleep 1; cat {tmp_path}/token >{cache}")
    processes = [start(env) for _ in range(10)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0] * 10, answers
    assert len(stub.calls()) == 1
    told = [err for _, err in answers]
    assert sum("logging in\n" in err for err in told) == 1
    (pid,) = [p.pid for p, err in zip(processes, told, strict=True) if "logging in\n" in err]
    waiting = "awsx: another terminal is logging in to corp; waiting for it (Ctrl-C to stop)"
    waiting += f": pid {pid}\n"
    assert all(err in ("", waiting) for err in told if "logging in\n" not in err)


HOLDERS = {"one after another": (range(1, 9), 0), "the same": ([7] * 8, 1)}


@pytest.mark.parametrize("case", HOLDERS)
def test_only_a_holder_that_stays_is_told(case, env, monkeypatch, capsys):
    """After a login, those who waited for it take the lock one after another, each for a moment."""
    pids, said = HOLDERS[case]
    holders = [Holder(pid) for pid in pids]
    clock = iter(range(999))  # half a second passes at each look

    class Passed(disk.Lock):
        def _try(self):
            return not holders and super()._try()

    monkeypatch.setattr(lock.disk, "Lock", Passed)
    monkeypatch.setattr(Holder, "of", lambda _: holders.pop(0))
    monkeypatch.setattr(lock.time, "monotonic", lambda: next(clock) / 2)
    monkeypatch.setattr(lock.time, "sleep", lambda _: None)
    with lock.hold(CachedToken(env, NAMED)):
        pass
    assert capsys.readouterr().err.count("another terminal is logging in") == said


def test_a_killed_login_frees_its_lock(env, tmp_path):
    """The next terminal in line logs in."""
    log = tmp_path / "log"
    stub = Stub(tmp_path, env, NAMED, act="exec sleep 60")
    first = start(env)
    while not (log.exists() and ".\n" in log.read_text()):
        assert first.poll() is None
        time.sleep(0.02)
    Stub(tmp_path, env, NAMED)
    second = start(env)
    assert second.stderr.readline().startswith("awsx: another terminal is logging in")
    first.kill()
    assert second.communicate(timeout=30)[0] == "True\n"
    assert len(stub.calls()) == 2
    first.communicate(timeout=30)  # the AWS CLI that it had started ended with it


def test_two_sessions_do_not_wait_for_each_other(env, own_login):
    path = disk.private_folder(paths.cache_folder(env)) + f"/login.{tokens.key(LEGACY)}.lock"
    script = f"from awsx.files.disk import Lock\nwith Lock({path!r}):\n print(flush=True)\n input()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=-1, stdout=-1) as other:
        other.stdout.readline()
        assert ensure.valid_session(env, NAMED, DEFAULTS) is True


def test_a_login_works_without_a_lock_if_the_cache_is_read_only(env, own_login, home):
    (home / ".cache").write_text("")
    (home / "tmp").write_text("")
    env["TMPDIR"] = f"{home}/tmp"
    assert ensure.valid_session(env, NAMED, DEFAULTS) is True
    assert len(own_login) == 1


def test_the_lock_file_is_private_and_free_afterwards(env, own_login):
    ensure.valid_session(env, NAMED, DEFAULTS)
    lock = f"{paths.cache_folder(env)}/login.{tokens.key(NAMED)}.lock"
    assert os.stat(lock).st_mode & 0o777 == 0o600
    assert os.stat(lock).st_size == 0
    with disk.Lock(lock, wait=False) as again:
        assert again.held
