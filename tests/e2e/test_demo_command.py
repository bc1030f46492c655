"""`awsx demo`, unattended and on a terminal, in three shells.

However it ends, it leaves nothing behind and has touched none of the person's files.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import ROOT, Terminal, require, shell_path

from awsx.demo.tips import AFTER

from .awscli import CLI_VERSION

DEMO = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "demo"]
TYPED = " ".join(f"'{word}'" for word in DEMO)
MAIN_PATH = (
    "awsx payments-prod-admin && printenv AWS_PROFILE; awsx ls --names | wc -l; "
    "awsx exec payments-dev-admin -- printenv AWS_PROFILE"
)
PROFILES = 40
OWN_PID = {"bash": "$$", "zsh": "$$", "fish": "$fish_pid"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's HOME. Its rc files print MINE, so the output shows if a shell reads one."""
    home = tmp_path / "person"
    for name in (
        ".bashrc",
        ".bash_profile",
        ".profile",
        ".zshrc",
        ".zshenv",
        ".config/fish/config.fish",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("echo MINE\n")
    (home / ".aws" / "sso" / "cache").mkdir(parents=True)
    (home / ".aws" / "config").write_text("[profile mine]\nregion = eu-west-1\n")
    (home / ".aws" / "credentials").write_text(
        "[mine]\naws_access_key_id = A\naws_secret_access_key = B\n"
    )
    (home / ".history").write_text("ls\n")
    return home


@pytest.fixture
def tmp(tmp_path: Path) -> Path:
    folder = tmp_path / "a person's tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(home: Path, tmp: Path, tmp_path: Path) -> dict[str, str]:
    """A person's environment: AWS variables, and variables that lead to files of theirs."""
    (tmp_path / "run").mkdir(mode=0o700)
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TMPDIR": str(tmp),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "ZDOTDIR": str(home),
        "HISTFILE": str(home / ".history"),
        "BASH_ENV": str(home / ".bashrc"),
        "AWS_PROFILE": "mine",
        "AWS_ACCESS_KEY_ID": "AKIAMINE",
        "AWS_SECRET_ACCESS_KEY": "mine",
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }


def demo(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *arguments],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def fingerprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """The mode, the time and a digest of the content of every file."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        status = path.stat()
        found[str(path)] = (status.st_mode, status.st_mtime_ns, digest)
    return found


def wait_until(is_true: Callable[[], object], what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


# --- unattended


def test_login_switch_list_and_exec_work(
    shell: str, environment: dict[str, str], tmp: Path
) -> None:
    """The session has expired, and the name of TMPDIR has blanks and a quote."""
    done = demo(environment, "--shell", shell, "--run", MAIN_PATH)

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("the session corp has expired; log in with") == 1
    assert "logging in" not in done.stdout  # one line says it all
    assert done.stdout.split("\n")[-4:] == [
        "payments-prod-admin",
        str(PROFILES),
        "payments-dev-admin",
        "",
    ]
    assert done.stderr == ""
    assert list(tmp.iterdir()) == []


def test_the_persons_files_are_neither_read_nor_changed(
    shell: str, environment: dict[str, str], home: Path
) -> None:
    for path in (home, home / ".config", home / ".aws"):
        path.chmod(0o500)
    before = fingerprint(home)

    done = demo(
        environment,
        "--shell",
        shell,
        "--run",
        f"{MAIN_PATH}; printenv; awsx ls --names; {shell} -i -c pwd",
    )

    assert fingerprint(home) == before
    assert not Path(environment["XDG_RUNTIME_DIR"], "awsx").exists()
    for mine in ("MINE", "mine", str(home)):
        assert mine not in done.stdout
    for path in (home, home / ".config", home / ".aws"):
        path.chmod(0o700)


@pytest.mark.parametrize(
    ("commands", "code"), [("sh -c 'exit 7'", 7), ("exit 3", 3), ("false", 1), ("true", 0)]
)
def test_the_exit_code_is_that_of_the_commands(
    shell: str, environment: dict[str, str], commands: str, code: int
) -> None:
    assert demo(environment, "--shell", shell, "--run", commands).returncode == code


def test_commands_that_cannot_be_parsed_fail(shell: str, environment: dict[str, str]) -> None:
    assert demo(environment, "--shell", shell, "--run", "echo $(").returncode != 0


def test_the_demo_ends_with_137_if_its_shell_is_killed(
    shell: str, environment: dict[str, str], tmp: Path
) -> None:
    done = demo(
        environment, "--shell", shell, "--run", f"echo begun; kill -9 {OWN_PID[shell]}; sleep 60"
    )

    assert (done.returncode, done.stdout) == (137, "begun\n")
    assert list(tmp.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_demo_and_its_shell(
    shell: str, environment: dict[str, str], tmp: Path, number: int
) -> None:
    command = [*DEMO, "--shell", shell, "--run", f"echo {OWN_PID[shell]}; sleep 60; echo never"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        (folder,) = tmp.iterdir()
        assert (folder.name.startswith("awsx-demo-"), folder.stat().st_mode & 0o777) == (
            True,
            0o700,
        )
        running.send_signal(number)
        rest = running.stdout.read()

    assert (running.returncode, rest.replace("zsh: warning: 1 jobs SIGHUPed\n", "")) == (
        128 + number,
        "",
    )
    assert list(tmp.iterdir()) == []
    assert not is_alive(pid)


def test_the_demo_ends_with_141_if_its_reader_goes_away(
    environment: dict[str, str], tmp: Path
) -> None:
    del environment["BASH_ENV"]
    script = '"$@" | head -n 1; echo "${PIPESTATUS[0]}"'
    command = [shell_path("bash"), "-c", script, "-", *DEMO, "--shell", "bash", "--run", "yes"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.stdout, done.stderr) == ("y\n141\n", "")
    assert list(tmp.iterdir()) == []


def test_a_signal_ends_the_demo_while_its_reader_sleeps(
    environment: dict[str, str], tmp: Path
) -> None:
    with subprocess.Popen(
        [*DEMO, "--shell", "bash", "--run", "yes"], env=environment, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.read(2)
        time.sleep(0.3)  # fills the pipe; on a slow machine it may not, and the test shows less
        running.terminate()
        wait_until(lambda: not list(tmp.iterdir()), "the folder is gone")
        running.stdout.read()
    assert running.returncode == 143


def test_long_output_arrives_whole_and_unchanged(environment: dict[str, str]) -> None:
    """Without carriage returns, and without waiting for a job that keeps the terminal open."""
    command = [*DEMO, "--shell", "bash", "--run", "seq 200000; (sleep 30 &); printf last"]
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, timeout=90, check=False)

    assert done.stdout == b"".join(b"%d\n" % number for number in range(1, 200001)) + b"last"
    assert time.monotonic() - began < 25


def test_unattended_commands_have_a_terminal(shell: str, environment: dict[str, str]) -> None:
    done = demo(
        environment,
        "--shell",
        shell,
        "--run",
        "test -t 0 && test -t 1 && test -t 2 && stty size </dev/tty",
    )

    assert (done.returncode, done.stdout) == (0, "24 80\n")


def test_without_the_aws_cli_a_stand_in_answers(environment: dict[str, str]) -> None:
    commands = (
        "awsx payments-dev-admin; echo LOGGED IN",
        "aws sts get-caller-identity --query Arn --output text",
        "aws s3 ls --profile payments-staging-admin",
        "aws configure list-profiles | wc -l",
        "aws ecr get-login-password | wc -w",
        "aws --version",
        "aws s3 ls --profile nosuch; echo $?",
        "awsx exec payments-sandbox-admin -- aws s3 ls",  # that session renews itself
    )
    done = demo(environment, "--shell", "bash", "--run", "; ".join(commands))
    told = done.stdout.partition("LOGGED IN\n")[2]
    told = re.sub(r"\d{4}-\d\d-\d\d 00:00:00", "TODAY", told)
    told = re.sub(r"\b\d{12}\b", "ACCOUNT", re.sub(r"_\w{16}/", "/", told))
    assert told.splitlines() == [
        "arn:aws:sts::ACCOUNT:assumed-role/AWSReservedSSO_AdministratorAccess/alice@example.com",
        "TODAY payments-staging-artifacts",
        "TODAY payments-staging-logs",
        str(PROFILES),
        "1",
        "awsx-demo (this is not the AWS CLI, which is not installed here, "
        "but a stand-in of awsx demo)",
        "aws: The config profile (nosuch) could not be found",
        "255",
        "TODAY payments-sandbox-artifacts",
        "TODAY payments-sandbox-logs",
    ]


EXPIRE = """\
ended=$(date -u -d '-20 min' +%Y-%m-%dT%H:%M:%SZ)
sed -i "s/\\"expiresAt\\": \\"[^\\"]*\\"/\\"expiresAt\\": \\"$ended\\"/" ~/.aws/login/cache/*.json
"""


def test_the_stand_in_has_aws_login(environment: dict[str, str]) -> None:
    """It renews the session of `aws login` without a browser; awsx logs in to the others."""
    ask = "aws sts get-caller-identity --query Arn --output text\n"
    commands = (
        f"awsx console-login\n{ask}{EXPIRE}{ask}",
        f"{EXPIRE}awsx exec console-login -- true && awsx status\n",
        "aws login --profile ci; echo $?; awsx payments-dev-admin",
    )
    tried = demo(environment, "--shell", "bash", "--run", "".join(commands))
    told = [line for line in tried.stdout.splitlines() if not line.startswith(("awsx: ", "  http"))]
    assert re.fullmatch(r"arn:aws:iam::\d{12}:user/alice", told[0]), tried.stdout
    assert told[1:] == [
        told[0],
        "console-login: usable, session 15m, renews itself",
        "aws: the stand-in logs in to a profile with login_session alone, not to ci",
        "252",
    ]
    assert tried.stdout.count("with the browser or this link") == 2
    assert "awsx: payments-dev-admin: " in tried.stdout


def test_output_in_a_pipe_has_no_colours(shell: str, environment: dict[str, str]) -> None:
    done = demo(
        environment, "--shell", shell, "--run", "awsx payments-prod-admin; awsx ls; awsx current"
    )

    assert done.stdout.count("payments-prod-admin") > 1
    assert "\x1b" not in done.stdout


def test_accounts_and_roles_can_be_chosen(environment: dict[str, str]) -> None:
    done = demo(environment, "--accounts", "40", "--roles", "2", "--run", "awsx ls --names | wc -l")

    assert done.stdout == f"{40 * 2 + 10}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            [],
            "awsx: the demo opens a shell and needs a terminal for it; "
            "unattended: awsx demo --run 'COMMANDS'\n",
        ),
        (
            ["--shell", "zhs"],
            "awsx: the demo has no zhs; it knows bash, zsh and fish; did you mean zsh?\n",
        ),
        (["--accounts", "2"], "help: awsx demo --help\n"),
    ],
)
def test_a_usage_error_is_one_line(
    environment: dict[str, str], tmp: Path, arguments: list[str], words: str
) -> None:
    done = demo(environment, *arguments)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.endswith(words)
    assert list(tmp.iterdir()) == []


def test_a_tmpdir_that_is_not_writable_is_one_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    script = (
        "import sys, tempfile; tempfile.tempdir = '/proc/nowhere'; "
        "sys.argv = ['awsx', 'demo', '--run', 'x']; from awsx.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot make the demo's folder in /proc/nowhere" in done.stderr


def test_the_demo_connects_to_loopback_only(environment: dict[str, str], tmp_path: Path) -> None:
    del environment["HTTPS_PROXY"], environment["HTTP_PROXY"]
    trace = tmp_path / "trace"
    command = [
        require("strace"),
        "-f",
        "-qq",
        "-e",
        "trace=connect,sendto,sendmsg",
        "-e",
        "signal=none",
    ]
    done = subprocess.run(
        [*command, "-o", str(trace), *DEMO, "--shell", "bash", "--run", MAIN_PATH],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "ptrace" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stdout
    asked = re.findall(r"AF_INET6?.*", trace.read_text())
    assert asked
    assert [line for line in asked if 'inet_addr("127.0.0.1")' not in line] == []


@pytest.mark.awscli
def test_every_kind_of_profile_works_with_the_aws_cli(
    environment: dict[str, str], aws_v2: Path
) -> None:
    env = {**environment, "PATH": f"{aws_v2}:{environment['PATH']}"}
    names = ("'search sandbox'", "legacy", "no-region", "deploy-prod", "vault", "pod", "ci")
    ask = "aws sts get-caller-identity --region eu-west-1 --query Arn --output text"
    commands = "".join(f"; awsx exec {name} -- {ask}" for name in names)
    done = demo(env, "--shell", "bash", "--run", f"aws --version{commands}")

    assert f"aws-cli/{CLI_VERSION}" in done.stdout
    asked = re.findall(
        r"^arn:aws:\w+::\d+:(\w+-?\w*/\w+?)(?:_\w{16})?(?:/.*)?$", done.stdout, re.MULTILINE
    )
    admin, deploy = "assumed-role/AWSReservedSSO_AdministratorAccess", "assumed-role/Deploy"
    assert asked == [admin, admin, admin, deploy, "user/ci", deploy, "user/ci"], done.stdout


def test_the_server_runs_without_a_shell(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "awsx.demo"]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(
            "# https://d-0123456789.awsapps.com/start, sso_region eu-west-1"
        )
        name, _, url = running.stdout.readline().partition("=")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"{url.strip()}/start"
            ) as page:
                assert page.status == 200
        finally:
            running.terminate()
    assert (name, running.returncode) == ("export AWS_ENDPOINT_URL", 0)


# --- on a terminal


@pytest.fixture
def plain(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """`environment`, with a TMPDIR that needs no quotes: the tests' Terminal types its name."""
    (tmp_path / "tmp").mkdir()
    return {**environment, "TMPDIR": str(tmp_path / "tmp")}


@pytest.fixture
def outside(plain: dict[str, str]) -> Iterator[Terminal]:
    """The shell in which `awsx demo` is typed."""
    with Terminal("bash", plain, rows=40, columns=110) as terminal:
        yield terminal


def left(tmp_path: Path) -> list[Path]:
    """The folders of demos; the tests' Terminal has a folder of its own in there."""
    return list((tmp_path / "tmp").glob("awsx-demo-*"))


def enter(outside: Terminal, shell: str) -> None:
    outside.type(f"{TYPED} --shell {shell}")
    outside.press("enter")
    outside.wait_for("Ctrl-D ends it")
    outside.wait_for(
        lambda lines: lines[-1:] and any(line.startswith("demo ~ ") for line in lines), timeout=30
    )


def submit(
    outside: Terminal, text: str, seen: str | Callable[[list[str]], object], timeout: float = 30
) -> None:
    outside.type(text)
    outside.press("enter")
    outside.wait_for(seen, timeout)


def wait_for_inner_prompt(outside: Terminal) -> None:
    """Keys that are typed before the demo's shell has drawn its prompt may be lost."""
    prompts = ("demo ~ #", "demo ~ $", "demo ~ %", "demo ~ >")
    outside.wait_for(lambda lines: lines[outside.cursor[0]].rstrip() in prompts)


def test_a_person_picks_a_profile_and_leaves(
    shell: str, outside: Terminal, home: Path, tmp_path: Path
) -> None:
    before, settings = fingerprint(home), outside.stty()
    enter(outside, shell)
    assert "payments-prod-admin" in "\n".join(outside.screen())
    submit(outside, "awsx payments-prod-admin", "is guarded by *-prod*: switch to i")
    outside.press("enter")
    wait_for_inner_prompt(outside)
    submit(outside, "awsx --no-login", f"{PROFILES}/{PROFILES}")
    outside.type("paym stag readonly")
    outside.wait_for(f"1/{PROFILES}")
    outside.press("enter")
    outside.wait_for(
        lambda lines: any(
            re.match(r"payments-staging-readonly payments-staging expired demo ~", x) for x in lines
        )
    )
    # The session has expired: a login comes before the command.
    submit(outside, "aws s3 ls", re_seen(r"\S+ \S+ payments-staging-logs$"))
    outside.type("exit")
    outside.press("enter")

    assert outside.wait_prompt().status == 0
    assert left(tmp_path) == []
    assert fingerprint(home) == before
    assert outside.stty() == settings


def test_a_login_opens_the_persons_own_browser(
    shell: str, plain: dict[str, str], tmp_path: Path, home: Path
) -> None:
    """The browser gets the person's HOME and folders, not the sandbox's."""
    browser = tmp_path / "firefox"
    browser.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$HOME" "$XDG_CONFIG_HOME" "$1" >"{tmp_path}/opened"\n'
    )
    browser.chmod(0o700)
    opened = tmp_path / "opened"
    with Terminal("bash", {**plain, "BROWSER": str(browser)}, rows=40, columns=110) as outside:
        enter(outside, shell)
        assert "click Allow in your browser" in "\n".join(outside.screen())
        outside.type("awsx payments-dev-admin")
        outside.press("enter")
        outside.wait_for(
            lambda _: opened.exists() and opened.read_text().count("\n") == 3, timeout=30
        )
        at, folder, url = opened.read_text().split()
        assert (at, folder) == (str(home), str(home / ".config"))
        click(url, "allow")
        outside.wait_for(
            lambda lines: any(
                re.match(r"payments-dev-admin payments-dev \d+[mh]\+ demo ~", x) for x in lines
            ),
            30,
        )
        outside.press("ctrl-d")
        assert outside.wait_prompt().status == 0
    assert left(tmp_path) == []


def click(url: str, button: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url) as page:
        (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', page.read().decode())
    form = urllib.parse.urlencode({"ticket": ticket, "decision": button}).encode()
    opener.open(f"{url.partition('/authorize')[0]}/authorize", form).close()


def test_after_a_while_the_demo_says_once_what_else_to_try(shell: str, outside: Terminal) -> None:
    enter(outside, shell)
    for number in range(AFTER + 2):
        screen = "\n".join(outside.screen())
        said = screen.count("demo: more to try\n  awsx payments-sandbox-admin ")
        assert said == (number >= AFTER)
        submit(outside, f"sh -c 'exit 3'; echo {number}-", re_seen(f"^{number}-$"))
        wait_for_inner_prompt(outside)
    screen = "\n".join(outside.screen())
    assert screen.count("demo: more to try") == 1
    assert "awsx payments-sandbox-admin" in screen
    outside.press("ctrl-d")
    assert outside.wait_prompt().status == 0


def test_ctrl_c_at_the_prompt_does_not_end_the_demo(
    shell: str, outside: Terminal, tmp_path: Path
) -> None:
    enter(outside, shell)
    outside.type("nothing")
    outside.wait_for(re_seen(r"demo ~ [#$%>] nothing$"))
    outside.press("ctrl-c")
    wait_for_inner_prompt(outside)
    submit(outside, "echo still $TMPDIR", "still /")
    wait_for_inner_prompt(outside)
    outside.press("ctrl-d")
    assert outside.wait_prompt().status == 0
    assert left(tmp_path) == []


def test_a_killed_shell_gives_the_terminal_back(
    shell: str, outside: Terminal, tmp_path: Path
) -> None:
    settings = outside.stty()
    enter(outside, shell)
    outside.type(f"kill -9 {OWN_PID[shell]}")
    outside.press("enter")

    assert outside.wait_prompt().status == 137
    assert outside.stty() == settings
    assert left(tmp_path) == []


def test_a_suspended_shell_is_continued(outside: Terminal, tmp_path: Path) -> None:
    """Nobody else could continue it: the shell outside waits for the demo."""
    enter(outside, "bash")
    submit(outside, "suspend; echo awake", re_seen("^awake$"))
    wait_for_inner_prompt(outside)
    outside.press("ctrl-d")
    assert outside.wait_prompt().status == 0
    assert left(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_a_command_ends_it_and_restores_the_terminal(
    shell: str, outside: Terminal, tmp_path: Path, number: int
) -> None:
    settings = outside.stty()
    enter(outside, shell)
    submit(outside, "sh -c 'echo pid $PPID is $$; exec sleep 60'", re_seen(r"^pid \d+ is \d+$"))
    inner, sleeping = map(
        int, re.findall(r"^pid (\d+) is (\d+)$", "\n".join(outside.screen()), re.MULTILINE)[0]
    )
    os.kill(parent(inner), number)

    assert outside.wait_prompt().status == 128 + number
    assert outside.stty() == settings
    assert left(tmp_path) == []
    wait_until(lambda: not is_alive(sleeping), "the command in the foreground has ended")


def re_seen(pattern: str) -> Callable[[list[str]], object]:
    return lambda lines: any(re.match(pattern, line) for line in lines)


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_closing_the_window_removes_the_folder(
    shell: str, outside: Terminal, tmp_path: Path
) -> None:
    enter(outside, shell)
    assert left(tmp_path)
    outside.close()
    wait_until(lambda: not left(tmp_path), "the folder is gone")
