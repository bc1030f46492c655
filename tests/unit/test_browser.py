"""Which browser a login opens, and that awsx does not wait for its end."""

import os
import signal
import time
from pathlib import Path

import pytest

from awsx.environment import INTERNAL
from awsx.login import browser


@pytest.fixture(autouse=True)
def bare_metal(monkeypatch):
    """The tests may run in a container; browser.py must not see that."""
    monkeypatch.setattr(browser, "CONTAINER_SIGNS", ())


def program(folder, name, text="exit 0"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


@pytest.mark.parametrize(
    ("variable", "setting", "expected"),
    [
        ("", "", ""),
        ("firefox", "", "firefox %s"),
        ("firefox %s", "", "firefox %s"),
        ("firefox -P work", "", "firefox -P work %s"),
        ("firefox %s &", "", "firefox %s"),
        ("firefox:chromium", "", "firefox %s"),
        (" : chromium", "", "chromium %s"),
        ("firefox", "chromium --new", "chromium --new %s"),
        ("firefox", "open http://x:1/?u=%s", "open http://x:1/?u=%s"),
    ],
)
def test_the_setting_comes_before_the_first_of_browser(variable, setting, expected):
    assert browser.command({"BROWSER": variable}, setting) == expected
    if not variable:
        assert browser.command({}, setting) == expected


@pytest.mark.parametrize(
    ("env", "remote"),
    [
        ({"DISPLAY": ":0"}, False),
        ({"WAYLAND_DISPLAY": "w"}, False),
        ({"WSL_DISTRO_NAME": "Debian"}, False),
        ({}, True),
        ({"BROWSER": "xdg-open"}, False),
        ({"BROWSER": "/nowhere/x", "DISPLAY": ":0"}, True),
        ({"SSH_CONNECTION": "a 1 b 2", "DISPLAY": ":0", "BROWSER": "xdg-open"}, True),
        ({"SSH_TTY": "/dev/pts/0", "DISPLAY": ":0"}, True),
        ({"container": "podman", "DISPLAY": ":0"}, True),
        ({"container": "podman", "BROWSER": "xdg-open"}, False),
    ],
)
def test_a_browser_is_remote_over_ssh_in_a_container_or_without_a_screen(
    env, remote, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.platform", "linux")
    program(tmp_path, "xdg-open")
    assert browser.is_remote({**env, "PATH": str(tmp_path)}) == remote


def test_without_a_browser_of_the_persons_the_desktops_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    env = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert browser.find(env) == ([], browser.NONE_FOUND)
    program(tmp_path, "www-browser")
    assert browser.find(env) == (["www-browser", "%s"], "")
    program(tmp_path, "gio")
    assert browser.find(env) == (["gio", "open", "%s"], "")
    assert browser.find({"PATH": str(tmp_path)}) == ([], browser.NO_DISPLAY)
    monkeypatch.setattr("sys.platform", "darwin")
    assert browser.find({}) == (["open", "%s"], "")


def test_a_browser_that_cannot_be_used_has_a_reason(tmp_path):
    missing = browser.find({"PATH": str(tmp_path), "BROWSER": "no-such -x"})
    assert missing.why_none == "no-such cannot be found"
    unreadable = browser.find({"BROWSER": "x 'y"})
    assert unreadable.why_none == "x 'y cannot be read: no closing quotation"
    assert browser.show("https://x", {"BROWSER": "/no/such"}) is None


def wait_for(path, text=""):
    deadline = time.monotonic() + 10
    while not (path.exists() and text in path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return path.read_text()


def test_the_link_is_one_argument_of_the_browser(tmp_path):
    own = program(
        tmp_path, "my browser", f'printf "<%s>" "$@" >{tmp_path}/given; env >{tmp_path}/env'
    )
    url = "https://x/?a=$(touch oops)&b='\";c"
    env = {
        "PATH": os.defpath,
        "BROWSER": f"'{own}' -P 'my work' %s",
        **dict.fromkeys(INTERNAL, "x"),
    }
    opened = browser.show(url, env)
    assert wait_for(tmp_path / "given", ";c>") == f"<-P><my work><{url}>"
    assert not set(INTERNAL) & {
        line.partition("=")[0] for line in wait_for(tmp_path / "env", "BROWSER").splitlines()
    }
    opened.leave()
    assert not Path("oops").exists()


def test_a_browser_that_stays_in_the_foreground_is_left_running(tmp_path):
    own = program(tmp_path, "browser", f"echo $$ >{tmp_path}/pid\nexec sleep 20")
    began = time.monotonic()
    opened = browser.show("https://x", {"PATH": os.defpath, "BROWSER": own})
    assert opened.failure() == ""
    opened.leave()
    assert time.monotonic() - began < 5
    pid = int(wait_for(tmp_path / "pid", "\n"))
    os.kill(pid, 0)
    os.kill(pid, signal.SIGKILL)


def test_a_browser_opens_even_if_awsx_leaves_it_at_once(tmp_path):
    for n in range(20):
        own = program(tmp_path, "browser", f"echo x >{tmp_path}/done{n}")
        browser.show("https://x", {"PATH": os.defpath, "BROWSER": own}).leave()
        wait_for(tmp_path / f"done{n}", "x")


@pytest.mark.parametrize(
    ("env", "may_open"),
    [
        ({"DISPLAY": ":0"}, True),
        ({}, False),
        ({"SSH_TTY": "/dev/pts/0", "DISPLAY": ":0"}, False),
        ({"SSH_TTY": "/dev/pts/0", "BROWSER": "xdg-open"}, True),
        ({"SSH_TTY": "/dev/pts/0", "BROWSER": "/nowhere/x"}, False),
    ],
)
def test_over_ssh_only_a_browser_that_the_person_named_may_open(
    env, may_open, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.platform", "linux")
    program(tmp_path, "xdg-open")
    assert browser.may_open({**env, "PATH": str(tmp_path)}) == may_open


@pytest.mark.parametrize(("text", "code"), [("exit 3", 3), ("exec /no/such", 127)])
def test_the_failure_of_a_browser_is_known(text, code, tmp_path):
    own = program(tmp_path, "browser", text)
    opened = browser.show("https://x", {"PATH": os.defpath, "BROWSER": own})
    deadline = time.monotonic() + 10
    while not opened.failure():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert opened.failure() == f"{own} ended with {code}"
    opened.leave()
