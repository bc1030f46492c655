"""A login is never lost: nothing is asked of AWS whose answer could not be kept.

What a killed awsx has left beside the token is taken up by the next one, or deleted.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import ROOT, give_up, require

from awsx.demo import IdentityCenter

from .at_terminal import AWSX, AtTerminal, residue, run
from .home import log_in, opened, token_path

CACHE = ".aws/sso/cache"


def expired(home: Path, center: IdentityCenter) -> str:
    """A token that has ended and can be renewed; the text of its file."""
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
    path.write_text(json.dumps(token))
    center.expire_access_tokens()
    return path.read_text()


def left_over(home: Path) -> list[Path]:
    """The temporary files anywhere below HOME."""
    return sorted(path for path in home.rglob("*.tmp") if path.is_file())


# --- nowhere to keep the answer

READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
FULL = (
    'mount -t tmpfs -o size=64k tmpfs "$1" && cp "$0"/* "$1" 2>/dev/null;'
    ' dd if=/dev/zero of="$1/full" bs=1k count=99 2>/dev/null; shift; exec "$@"'
)


def in_a_mount(how: str) -> Callable[[Path], list[str]]:
    """The words that run a command where the SSO cache is mounted in this way."""

    def words(home: Path) -> list[str]:
        cache, copy = home / CACHE, home / "copy"
        shutil.copytree(cache, copy)
        return ["/usr/bin/unshare", "-m", "/bin/sh", "-c", how, str(copy), str(cache)]

    return words


def of_another_owner(home: Path) -> list[str]:
    """The words that run a command without root's right to write into everybody's folders."""
    os.chown(home / CACHE, 12345, 12345)
    taken = "--bounding-set=-dac_override,-dac_read_search,-fowner"
    return [require("setpriv"), taken]


def file_mounted(options: str) -> Callable[[Path], list[str]]:
    """The words that run a command where the token's file alone is mounted, as docker can."""
    how = f'mount --bind "$0" "$0" && mount -o remount,{options},bind "$0" && exec "$@"'

    def words(home: Path) -> list[str]:
        return ["/usr/bin/unshare", "-m", "/bin/sh", "-c", how, str(token_path(home))]

    return words


PLACES = {
    "read-only": (in_a_mount(READ_ONLY), "Read-only file system"),
    "full": (in_a_mount(FULL), "No space left on device"),
    "of another owner": (of_another_owner, "Permission denied"),
}
WAYS = {
    "renewal": ["exec", "prod", "--", "true"],
    "login": ["login", "prod", "--force"],
    "login by device code": ["login", "prod", "--force", "--device-code"],
}


def refused(words: list[str], env: dict[str, str], home: Path, place: str) -> str:
    """What awsx says where the token cannot be kept."""
    if os.geteuid():
        give_up("only root can mount and give folders away")
    before, why = PLACES[place]
    status, awsx = run([*before(home), *AWSX, *words], env)
    told = [line for line in awsx.shown.split("\n") if line and "logging in" not in line]
    assert status == 1, awsx.shown
    assert len(told) == 1, awsx.shown
    assert told[0].startswith(f"awsx: cannot keep a login in ~/{CACHE} ({why})"), told
    return told[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_asked_of_aws_where_the_answer_cannot_be_kept(
    way: str, place: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    before = expired(home, center)
    told = refused(WAYS[way], environment, home, place)
    assert "AWS was not asked" in told
    assert center.log.operations() == []
    assert opened(environment) == []
    assert token_path(home).read_text() == before
    assert left_over(home) == []


@pytest.mark.parametrize("way", ["renewal", "login"])
@pytest.mark.parametrize("options", ["rw", "ro"])
def test_a_token_file_that_is_mounted_by_itself(
    options: str, way: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """Nothing can be renamed to a mounted file, so it is written in place, if it may be written."""
    if os.geteuid():
        give_up("only root can mount")
    before = expired(home, center)
    status, awsx = run([*file_mounted(options)(home), *AWSX, *WAYS[way]], environment)
    assert status == (options == "ro"), awsx.shown
    assert (token_path(home).read_text() == before) == (options == "ro")
    assert (center.log.operations() == []) == (options == "ro")
    assert left_over(home) == []


@pytest.mark.awscli
@pytest.mark.parametrize("place", PLACES)
def test_the_aws_cli_is_not_started_where_it_could_not_keep_the_token(
    place: str, env: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    expired(home, center)
    refused(WAYS["login"], env, home, place)
    assert center.log.operations() == []


def test_a_cache_that_is_no_folder_is_told_before_aws_is_asked(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    (home / ".aws" / "sso").write_text("")
    status, awsx = run(["login", "prod"], environment)
    assert status == 1
    assert "cannot keep a login in ~/.aws/sso/cache (" in awsx.talk
    assert center.log.operations() == []


# --- killed, or failed, between AWS's answer and the rename


# Runs awsx with a fault at the rename of one file: a signal, or an error of the system.
FAULTY = """
import os, sys
target, fault, real = sys.argv[1], sys.argv[2], os.rename
def rename(source, to):
    if to != target:
        return real(source, to)
    if fault == "KILL":
        os.kill(os.getpid(), 9)
    raise OSError(int(fault), os.strerror(int(fault)))
os.rename = rename
from awsx.__main__ import main
sys.argv[1:] = sys.argv[3:]
main()
"""


def faulty(fault: str, home: Path) -> list[str]:
    """The words that run awsx with this fault at the rename of the token's file."""
    core = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{FAULTY}"
    return [sys.executable, "-c", core, str(token_path(home)), fault]


@pytest.mark.parametrize("way", ["renewal", "login", "login by device code"])
@pytest.mark.parametrize("fault", ["KILL", *map(str, (errno.EIO, errno.ENOSPC, errno.EACCES))])
def test_the_next_run_takes_up_what_aws_has_answered(
    fault: str, way: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.device_pending_polls = 0
    before = expired(home, center)
    status, awsx = run([*faulty(fault, home), *WAYS[way]], environment)
    assert status == (-signal.SIGKILL if fault == "KILL" else 1)
    assert ("takes it up" in awsx.talk) == (fault != "KILL")
    assert token_path(home).read_text() == before
    asked = tokens_given(center)

    status, awsx = run(["exec", "prod", "--", "true"], environment)

    assert (status, awsx.shown) == (0, "")
    assert tokens_given(center) == asked
    assert token_path(home).read_text() != before
    assert token_path(home).stat().st_mode & 0o777 == 0o600
    assert left_over(home) == []


@pytest.mark.parametrize("call", ["rename", "ftruncate", "fsync"])
@pytest.mark.parametrize("way", ["renewal", "login by device code"])
def test_a_kill_at_any_system_call_costs_no_second_refresh_token(
    way: str, call: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    strace = [require("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    center.behaviour.device_pending_polls = 0
    killed = 0
    for number in range(1, 9):
        expired(home, center)
        center.log.clear()
        fault = ["-e", f"inject={call}:signal=KILL:when={number}"]
        status, awsx = run([*strace, *fault, *AWSX, *WAYS[way]], environment)
        assert status in (0, -signal.SIGKILL), awsx.shown
        killed += status != 0
        status, awsx = run(["exec", "prod", "--", "true"], environment)
        assert status == 0
        assert tokens_given(center) == 1, (number, center.log.operations(), awsx.shown)
    assert killed


def tokens_given(center: IdentityCenter) -> int:
    return sum((e.operation, e.status) == ("CreateToken", 200) for e in center.log)


def test_a_whole_answer_that_cannot_be_put_in_its_place_is_one_line(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    expired(home, center)
    left = beside(home, json.dumps(center.log_in()))
    status, awsx = run(
        [*faulty(str(errno.EACCES), home), "exec", "prod", "--", "true"], environment
    )
    assert status == 1
    assert "AWS has answered, but ~/.aws/sso/cache/" in awsx.talk
    assert "cannot be replaced (Permission denied)" in awsx.talk
    assert left_over(home) == [left]
    assert center.log.operations() == []


def test_what_is_left_of_a_registration_is_deleted_and_another_sessions_token_kept(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """The other session takes its own answer up when it needs it."""
    expired(home, center)
    cache = home / CACHE
    registration = cache / f"{'0' * 40}.json.{dead()}.tmp"
    registration.write_text('{"clientId": "i", "clientSecret": "s"}')
    token = Path(f"{token_path(home, 'other')}.{dead()}.tmp")
    token.write_text(json.dumps(center.log_in()))
    token.chmod(0o600)
    assert run(["exec", "prod", "--", "true"], environment)[0] == 0
    assert left_over(home) == [token]


def dead() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def beside(home: Path, text: str, mode: int = 0o600, pid: int = 0) -> Path:
    """What a killed awsx left beside the token."""
    path = Path(f"{token_path(home)}.{pid or dead()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def other_owner(path: Path) -> None:
    os.chown(path, 12345, 12345)


def hard_link(path: Path) -> None:
    os.link(path, path.parent / "elsewhere")


NOT_OURS: dict[str, tuple[Callable[[str], str], int, Callable[[Path], None] | None]] = {
    "half": (lambda text: text[: len(text) // 2], 0o600, None),
    "blank": (lambda text: " " * 4096, 0o600, None),
    "readable by others": (str, 0o644, None),
    "of another owner": (str, 0o600, other_owner),
    "a second name of another file": (str, 0o600, hard_link),
    "no end": (lambda text: text.replace("expiresAt", "expires"), 0o600, None),
    "ended": (
        lambda text: text.replace('"expiresAt": "2', '"expiresAt": "1').replace("refreshT", "x"),
        0o600,
        None,
    ),
}


@pytest.mark.parametrize("case", NOT_OURS)
def test_what_is_not_whole_or_not_ours_is_not_taken_up(
    case: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    if "owner" in case and os.geteuid():
        give_up("only root can give files away")
    change, mode, more = NOT_OURS[case]
    before = expired(home, center)
    path = beside(home, change(json.dumps(center.log_in())), mode)
    if more:
        more(path)
    assert run(["exec", "prod", "--", "true"], environment)[0] == 0
    assert (
        json.loads(token_path(home).read_text())["accessToken"] != json.loads(before)["accessToken"]
    )
    assert center.log.operations() == ["CreateToken"]
    if mode == 0o600 and not more:
        assert left_over(home) == []


def test_an_older_answer_does_not_replace_a_newer_token(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.access_token_lifetime = 600
    path = beside(home, json.dumps(center.log_in()))
    center.behaviour.access_token_lifetime = 3600
    kept = log_in(home, center).read_text()
    status, _ = run(["login", "prod", "--force", "--device-code"], environment)
    assert status == 0
    assert not path.exists()
    assert token_path(home).read_text() != kept  # the login's own


def test_a_file_of_this_very_process_id_is_taken_up(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """In a container each run has the same process id as the killed one."""
    expired(home, center)
    made = home / "made"
    made.write_text(json.dumps(center.log_in()))
    left = f'"{token_path(home)}.$$.tmp"'
    words = ["/bin/sh", "-c", f'cp "$0" {left} && chmod 600 {left} && exec "$@"', str(made)]
    status, awsx = run([*words, *AWSX, "exec", "prod", "--", "true"], environment)
    assert (status, center.log.operations()) == (0, []), awsx.shown


@pytest.mark.parametrize("words", [["prod"], ["--session", "corp"], ["--all"]], ids=" ".join)
def test_logout_leaves_no_file_with_a_token(
    words: list[str], environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    log_in(home, center)
    for mode in (0o600, 0o644):
        beside(home, json.dumps(center.log_in()), mode)
    status, awsx = run(["logout", *words], environment)
    assert status == 0, awsx.shown
    assert residue(home) == []


def test_logout_all_deletes_what_was_left_of_a_session_that_is_no_more(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    left = Path(f"{token_path(home, 'gone')}.{dead()}.tmp")
    left.parent.mkdir(parents=True)
    left.write_text(json.dumps(center.log_in()))
    other = left.parent / f"toolkit.{dead()}.tmp"
    other.write_text("another tool's")
    assert run(["logout", "--all"], environment)[0] == 0
    assert left_over(home) == [other]


def test_a_login_that_waits_for_the_browser_keeps_its_file(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """`logout --all` in another terminal sweeps, but not what a live process is about to fill."""
    center.behaviour.decision = "ask"
    environment = {**environment, "XDG_CACHE_HOME": f"{home}/cache1"}  # another lock
    with AtTerminal(["login", "prod", "--device-code"], environment) as awsx:
        awsx.wait_for("left (Ctrl-C to stop)")
        other = {**environment, "XDG_CACHE_HOME": f"{home}/cache2"}
        assert run(["logout", "--all"], other)[0] == 0
        assert len(left_over(home)) == 1
        left_over(home)[0].unlink()  # as a machine without our locks would
        center.behaviour.decision = "allow"
        assert awsx.end() == 0, awsx.shown
    assert token_path(home).exists()
    assert left_over(home) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_login_that_is_killed_while_it_waits_leaves_nothing_for_long(
    number: int, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    center.behaviour.decision = "ask"
    with AtTerminal(["login", "prod", "--device-code"], environment) as awsx:
        awsx.wait_for("left (Ctrl-C to stop)")
        awsx.kill(number)
        awsx.end()
    assert len(left_over(home)) == (number == signal.SIGKILL)
    center.behaviour.decision = "allow"
    assert run(["login", "prod", "--device-code"], environment)[0] == 0
    assert left_over(home) == []
