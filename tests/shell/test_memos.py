"""A second switch to a profile starts no process, and never uses a memo that is no longer true."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CONFIG, KEYS, Aws, Words, write_settings
from processes import count_processes
from terminal import ROOT, Terminal

from awsx.files.memo import FIELDS, FORMAT

Loaded = Callable[..., Terminal]
Core = Callable[[str], Path]

SAID = {
    "prod": "awsx: prod: 111122223333 Admin, eu-west-1, session 7h",
    "dev": "awsx: dev: 444455556666 Reader, eu-central-1, session 7h",
    "ci": "awsx: ci: kind keys, us-east-2",
}


class Counted:
    """A terminal whose core adds a line to a file at each start."""

    def __init__(self, live: Terminal, log: Path) -> None:
        self.live, self.log = live, log
        self.seen = 0

    def run(self, command: str) -> tuple[int, int, str]:
        """Run a command; return starts of the core, the status, and AWS_PROFILE after it."""
        result = self.live.run(command)
        starts = self.starts()
        return starts, result.status, result.profile

    def starts(self) -> int:
        count = len(self.log.read_text(encoding="utf-8").splitlines()) if self.log.exists() else 0
        self.seen, before = count, self.seen
        return count - before


@pytest.fixture
def counted(loaded: Loaded, core: Core, tmp_path: Path) -> Callable[..., Counted]:
    log = tmp_path / "starts"

    def start(**more: str) -> Counted:
        # A prompt may start the core to refresh its memo; test_prompt.py counts those starts.
        script = (
            f'case $* in *--refresh*) ;; *) echo "$*" >>{log} ;; esac\nexec {sys.executable} "$@"'
        )
        return Counted(loaded(python=core(script), **more), log)

    return start


@pytest.fixture
def used(counted: Callable[..., Counted], aws: Aws) -> Counted:
    """A terminal that has switched to prod and dev, so both have memos; it uses dev now."""
    return use_both(counted())


def use_both(terminal: Counted) -> Counted:
    for name in ("prod", "dev"):
        starts, status, profile = terminal.run(f"awsx {name}")
        assert (starts >= 0, status, profile) == (True, 0, name)
    assert terminal.run("awsx prod") == (0, 0, "prod")
    assert terminal.run("awsx dev") == (0, 0, "dev")
    return terminal


def memos(home: Path) -> Path:
    return Path(f"{home}/.cache/awsx/{FORMAT}{home}/.aws/config/+{home}/.aws/credentials")


# --- switches from memos --------------------------------------------------------------------------


def test_a_switch_from_memos_says_and_does_what_the_core_does(
    counted: Callable[..., Counted], exported: Callable[[Terminal], dict[str, str]], words: Words
) -> None:
    terminal = counted(
        AWS_SESSION_TOKEN="SECRET",
        AWS_REGION="us-east-1",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="/x",
    )
    seen = {}
    for turn in ("by the core", "from memos"):
        for name in ("prod", "ci", "prod"):
            result = terminal.live.run(f"awsx {name}")
            seen[turn, name] = (result, exported(terminal.live))
        result = terminal.live.run("awsx off")
        seen[turn, "off"] = (result, exported(terminal.live))
        terminal.live.run(words.unset("AWSX_NONE") if words.is_fish else "true")
    assert terminal.starts() == 2  # prod and ci, once each
    for name in ("prod", "ci", "off"):
        assert seen["by the core", name] == seen["from memos", name]
    assert seen["from memos", "off"][1]["AWS_SESSION_TOKEN"] == "SECRET"
    assert "AWS_SESSION_TOKEN" not in seen["from memos", "prod"][1]


def test_the_message_of_a_switch_from_memos(used: Counted) -> None:
    used.live.run("awsx ci")
    for name, said in SAID.items():
        assert used.live.run(f"awsx {name}").text == said
    assert used.live.run("awsx off").text == "awsx: left ci"
    assert used.starts() == 1


def test_dash_and_off_need_no_core(used: Counted) -> None:
    assert used.run("awsx -") == (0, 0, "prod")
    assert used.run("awsx -") == (0, 0, "dev")
    assert used.run("awsx off") == (0, 0, "")
    assert used.run("awsx -") == (0, 0, "dev")
    assert used.live.prompt_line() == "dev 444455556666 7h $"


def test_off_gives_back_what_a_switch_from_memos_took(
    used: Counted, words: Words, exported: Callable[[Terminal], dict[str, str]]
) -> None:
    used.live.run("awsx off")
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AKIA"),
        ("AWS_SECRET_ACCESS_KEY", "a b'$x"),
        ("AWS_PROFILE", "by-hand"),
    ):
        used.live.run(words.export(name, value))
    result = used.live.run("awsx prod")
    assert (
        result.text
        == SAID["prod"] + ", put aside until `awsx off`: AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
    )
    assert {n for n in exported(used.live) if n.startswith("AWS_")} == {
        "AWS_PROFILE",
        "AWS_EC2_METADATA_DISABLED",
    }
    assert used.live.run("awsx dev").text == SAID["dev"]
    used.live.run("awsx off")
    env = exported(used.live)
    assert (env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env["AWS_PROFILE"]) == (
        "AKIA",
        "a b'$x",
        "by-hand",
    )
    assert used.starts() == 0


TOKEN_X = "AWS_CONTAINER_AUTHORIZATION_TOKEN_X"


@pytest.mark.parametrize("before", ["", "mine"])
def test_a_profile_from_before_comes_back_after_many_switches(
    before: str, counted: Callable[..., Counted], exported: Callable[[Terminal], dict[str, str]]
) -> None:
    terminal = counted(**({"AWS_PROFILE": before} if before else {}))
    found = exported(terminal.live)
    use_both(terminal)
    for name in ("prod", "dev", "prod"):
        assert terminal.run(f"awsx {name}") == (0, 0, name)
    assert terminal.run("awsx off") == (0, 0, before)
    assert exported(terminal.live) == found


@pytest.mark.parametrize(
    "rival", ["AWS_ACCESS_KEY_ID", "AWS_DEFAULT_PROFILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_NEW"]
)
def test_a_rival_set_between_two_switches_is_put_aside_and_comes_back(
    rival: str, used: Counted, words: Words
) -> None:
    used.live.run(words.export(rival, "set by hand"))
    result = used.live.run("awsx prod")
    assert result.text.endswith(f", put aside until `awsx off`: {rival}")
    assert used.live.variable(rival) is None
    assert used.run("awsx dev") == (0, 0, "dev")
    used.live.run("awsx off")
    assert used.live.variable(rival) == "set by hand"
    assert used.starts() == 0


def test_a_profile_set_by_hand_between_two_switches_comes_back(used: Counted, words: Words) -> None:
    used.live.run(words.export("AWS_PROFILE", "ci"))
    for name in ("prod", "dev"):
        assert used.run(f"awsx {name}") == (0, 0, name)
    assert used.run("awsx off") == (0, 0, "ci")


def test_a_container_token_of_any_name_is_put_aside(
    used: Counted, words: Words, exported: Callable[[Terminal], dict[str, str]]
) -> None:
    """It may be set between two switches or after `off`; `off` gives it back each time."""
    aside = f", put aside until `awsx off`: {TOKEN_X}"
    for first in ("awsx prod", ""):
        used.live.run(first)
        used.live.run(words.export(TOKEN_X, "token"))
        assert used.live.run("awsx dev").text == SAID["dev"] + aside
        for name in ("dev", "prod"):
            assert used.live.run(f"awsx {name}").text == SAID[name]
            assert TOKEN_X not in exported(used.live)
        used.live.run("awsx off")
        assert exported(used.live)[TOKEN_X] == "token"
        used.live.run(words.unset(TOKEN_X))
    assert used.starts() == 0


def test_an_inherited_container_token_of_any_name_is_put_aside(
    used: Counted, loaded: Loaded, exported: Callable[[Terminal], dict[str, str]]
) -> None:
    for live in (loaded(**{TOKEN_X: "token"}), used.live):
        said = SAID["dev"] + (
            f", put aside until `awsx off`: {TOKEN_X}" if live is not used.live else ""
        )
        assert live.run("awsx exec prod -- env").text.count(TOKEN_X) == 0
        assert live.run("awsx dev").text == said
        assert TOKEN_X not in exported(live)


def test_a_region_set_by_hand_is_told_and_a_region_of_a_switch_ends_with_it(
    used: Counted, words: Words, exported: Callable[[Terminal], dict[str, str]]
) -> None:
    used.live.run("awsx prod -r us-west-2")
    assert used.starts() == 1
    assert used.live.run("awsx dev").text == SAID["dev"]
    assert not {"AWS_REGION", "AWS_DEFAULT_REGION", "AWSX_REGION"} & set(exported(used.live))
    used.live.run(words.export("AWS_DEFAULT_REGION", "us-west-1"))
    said = (
        "awsx: prod: 111122223333 Admin, us-west-1 "
        "(from AWS_DEFAULT_REGION, not the profile's eu-west-1), session 7h"
    )
    assert used.live.run("awsx prod").text == said
    assert used.starts() == 0


@pytest.mark.parametrize(
    "name", ["with space", "a/b%2F", "grün", "x$(touch pwned)`touch pwned`", "*", "=ls", "a:b"]
)
def test_a_second_switch_needs_no_core_whatever_the_name(
    name: str, counted: Callable[..., Counted], aws: Aws, words: Words, home: Path
) -> None:
    aws.add(name)
    terminal = counted()
    command = f"awsx {words.quote(name)}"
    assert terminal.run(command) == (1, 0, name)
    terminal.run("awsx off")
    terminal.starts()
    assert terminal.run(command) == (0, 0, name)
    assert not list(home.rglob("pwned"))


def test_switches_from_memos_start_no_process(live: Terminal) -> None:
    for command in ("awsx prod", "awsx dev", "awsx prod", "awsx off"):
        assert live.run(command).status == 0
    with count_processes(live.pid) as seen:
        for command in ("awsx prod", "awsx dev", "awsx -", "awsx off", "awsx -"):
            assert live.run(command).status == 0
    assert (seen.forks, seen.execs) == (0, 0), seen


def test_each_switch_from_memos_counts_as_a_use(used: Counted, home: Path) -> None:
    """The picker's order also counts switches from memos, which start no core."""
    for name in ("prod", "dev", "prod", "dev", "prod"):
        used.live.run(f"awsx {name}")
    assert used.starts() == 0
    used.live.run("awsx prod --no-login")
    scores = {line.split()[2]: float(line.split()[0]) for line in used_lines(home)}
    assert (round(scores["prod"]), round(scores["dev"])) == (6, 4)
    assert (home / ".local/state/awsx/recent").read_bytes() == b""


def used_lines(home: Path) -> list[str]:
    return (home / ".local" / "state" / "awsx" / "used").read_text(encoding="utf-8").splitlines()


def test_profiles_take_turns_where_the_case_of_file_names_is_ignored(
    counted: Callable[..., Counted], aws: Aws, home: Path
) -> None:
    """Their memos share a file there, a line each."""
    with aws.config.open("a", encoding="utf-8") as file:
        file.write("[profile PROD]\nregion = us-east-1\n")
    used = counted()
    for name in ("PROD", "prod"):
        used.run(f"awsx {name} --no-login")
    paths = [memos(home) / f"p.{name}" for name in ("prod", "PROD")]
    shared = b"".join(path.read_bytes() for path in paths)
    for path in paths:
        path.write_bytes(shared)
    used.starts()
    assert used.run("awsx PROD") == (0, 0, "PROD")
    assert used.live.prompt_line() == "PROD $"
    assert used.run("awsx prod") == (0, 0, "prod")
    assert used.live.prompt_line() == "prod 111122223333 7h $"


# --- switches that need the core ------------------------------------------------------------------


def edit(aws: Aws, home: Path) -> None:
    aws.config.write_text(CONFIG.replace("111122223333", "999988887777"), encoding="utf-8")


def restore_older(aws: Aws, home: Path) -> None:
    edit(aws, home)
    os.utime(aws.config, ns=(10**18, 10**18))


def rename(aws: Aws, home: Path) -> None:
    beside = aws.folder / "beside"
    beside.write_text(CONFIG, encoding="utf-8")
    beside.replace(aws.config)


def add_credentials(aws: Aws, home: Path) -> None:
    aws.add("more")


def delete_credentials(aws: Aws, home: Path) -> None:
    aws.credentials.unlink()


def add_settings(aws: Aws, home: Path) -> None:
    write_settings(home, "[accounts]\n111122223333 = 'Production'\n")


def log_in(aws: Aws, home: Path) -> None:
    aws.log_in(7.4)


def forget(aws: Aws, home: Path) -> None:
    shutil.rmtree(home / ".cache")


def truncate(aws: Aws, home: Path) -> None:
    for memo in memos(home).glob("p.*"):
        memo.write_bytes(memo.read_bytes()[:-4])


def empty(aws: Aws, home: Path) -> None:
    for memo in memos(home).glob("p.*"):
        memo.write_bytes(b"")


def lose_a_field(aws: Aws, home: Path) -> None:
    for memo in memos(home).glob("p.*"):
        memo.write_bytes(memo.read_bytes().replace(b"\x1fsso", b"", 1))


def swap(aws: Aws, home: Path) -> None:
    (memos(home) / "p.dev").write_bytes((memos(home) / "p.prod").read_bytes())


def truncate_session(aws: Aws, home: Path) -> None:
    for memo in memos(home).glob("s.*"):
        kept = memo.stat()
        memo.write_bytes(memo.read_bytes()[:4])
        os.utime(memo, ns=(kept.st_mtime_ns, kept.st_mtime_ns))


def of_another_version(aws: Aws, home: Path) -> None:
    cache = home / ".cache" / "awsx"
    (cache / FORMAT).rename(cache / "v1")


CHANGES = (
    *(
        edit,
        restore_older,
        rename,
        add_credentials,
        delete_credentials,
        add_settings,
        log_in,
        forget,
    ),
    *(truncate, empty, lose_a_field, swap, truncate_session, of_another_version),
)


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_a_source_or_a_memo_is_seen_at_once(
    change: Callable[[Aws, Path], None], used: Counted, aws: Aws, home: Path
) -> None:
    used.live.run("awsx prod")
    assert used.starts() == 0
    change(aws, home)
    starts, status, profile = used.run("awsx dev")
    assert (starts, status, profile) == (1, 0, "dev")
    assert used.live.prompt_line() == "dev 444455556666 7h $"
    starts, status, profile = used.run("awsx prod")
    assert (status, profile) == (0, "prod")
    assert used.live.prompt_line().split()[1] == {
        edit: "999988887777",
        restore_older: "999988887777",
    }.get(change, "Production" if change is add_settings else "111122223333")
    assert used.run("awsx dev") == (0, 0, "dev")  # the new memo counts again


# For each source: its path, its text with a hole, what may stand in the hole, and who shows it.
LINKED = {
    "config": (".aws/config", CONFIG.replace("111122223333", "{}"), "999988887777", "prod"),
    "credentials": (".aws/credentials", f"[ci]\naws_account_id = {{}}\n{KEYS}", "55566", "ci"),
    "settings": (".config/awsx/config.toml", "[accounts]\n111122223333 = '{}'\n", "Main", "prod"),
}


class Linked:
    """A source that is a link to the file that has the text with `a`, or to the one with `b`.

    Both files have the same mtime. A folder above them is a link, too.
    """

    def __init__(self, home: Path, name: str, then: int) -> None:
        self.home, self.name = home, name
        path, text, self.b, self.profile = LINKED[name]
        self.path, self.a = home / path, "111122223333"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for version, shown in ("a", self.a), ("b", self.b):
            file = home / f"{name}-{version}" / "file"
            file.parent.mkdir()
            file.write_text(text.format(shown), encoding="utf-8")
            os.utime(file, ns=(then, then))
        self.lead_by_file("a")

    def lead_by_file(self, version: str) -> None:
        self._link(self.path, self.home / f"{self.name}-{version}" / "file")

    def lead_by_folder(self, version: str) -> None:
        self._link(self.home / f"{self.name}-now", self.home / f"{self.name}-{version}")
        self._link(self.path, self.home / f"{self.name}-now" / "file")

    @staticmethod
    def _link(path: Path, leads_to: Path) -> None:
        path.unlink(missing_ok=True)
        path.symlink_to(leads_to)


@pytest.mark.parametrize("then", [10**18, 10**9], ids=["", "of Nix"])
def test_a_link_that_leads_to_another_file_of_the_same_mtime_is_seen(
    then: int, counted: Callable[..., Counted], aws: Aws, home: Path
) -> None:
    """By prompt, switch and exec, and from a memo again as long as nothing changes."""
    sources = [Linked(home, name, then) for name in LINKED]
    terminal = counted()
    for source in sources:
        for lead in (source.lead_by_file, source.lead_by_folder):
            use = f"awsx {source.profile}"
            lead("a")
            terminal.run(use)
            assert terminal.run(use)[0] == 0
            assert terminal.live.prompt_line().split()[1] == source.a
            lead("b")
            terminal.live.run("")
            assert terminal.live.prompt_line().split()[1] == source.b
            assert terminal.run(use)[0] == 0
            lead("a")
            assert source.b not in terminal.live.run(use).text
            assert terminal.starts() == 1
            lead("b")
            assert terminal.run(f"awsx exec {source.profile} -- true")[:2] == (1, 0)
            lead("a")
            assert terminal.run(f"awsx exec {source.profile} -- true")[:2] == (1, 0)


def test_settings_behind_a_link_guard_a_profile_at_once(
    counted: Callable[..., Counted], aws: Aws, home: Path
) -> None:
    settings = Linked(home, "settings", 10**18)
    guard = "[guard]\nmatch = ['prod']\nconfirm = true\n[login]\ncommands = ['guarded']\n"
    (home / "settings-b" / "file").write_text(guard, encoding="utf-8")
    os.utime(home / "settings-b" / "file", ns=(10**18, 10**18))
    terminal = use_both(counted())
    for lead in (settings.lead_by_file, settings.lead_by_folder):
        lead("a")
        assert terminal.run("awsx prod -y")[1:] == (0, "prod")
        assert terminal.run("awsx dev")[1:] == (0, "dev")
        for command in ("awsx prod", "awsx exec prod -- true"):
            lead("b")
            terminal.live.type(command)
            terminal.live.press("enter")
            terminal.live.wait_for(lambda _: terminal.live.prompt_line().endswith("[y/N]"))
            terminal.live.press("n", "enter")
            assert terminal.live.wait_prompt()[:2] == (130, "dev")
            lead("a")
            terminal.live.run("awsx dev")


def test_without_the_config_its_memos_do_not_count(used: Counted, aws: Aws) -> None:
    aws.config.unlink()
    assert used.run("awsx exec prod -- true") == (1, 1, "dev")
    assert used.run("awsx ci") == (1, 0, "ci")
    assert used.run("awsx ci") == (0, 0, "ci")


def test_a_logout_an_expiry_and_a_renewal_elsewhere_are_seen(
    counted: Callable[..., Counted], aws: Aws, home: Path
) -> None:
    write_settings(home, "[login]\nauto = false\n")
    terminal = use_both(counted())
    aws.log_out()
    assert terminal.run("awsx prod") == (1, 0, "prod")
    assert terminal.live.prompt_line() == "prod 111122223333 expired $"
    assert terminal.run("awsx dev") == (1, 0, "dev")  # with an expired session, the core each time
    aws.log_in(50 / 3600)
    assert terminal.run("awsx prod") == (1, 0, "prod")
    # A session needs more than a minute left, or the core decides.
    assert terminal.run("awsx prod") == (1, 0, "prod")
    aws.log_in(-1, 1000)
    assert terminal.run("awsx prod") == (1, 0, "prod")
    aws.log_in(5.5)
    assert terminal.run("awsx prod") == (1, 0, "prod")
    assert terminal.run("awsx prod") == (0, 0, "prod")
    assert terminal.live.prompt_line() == "prod 111122223333 5h $"


def test_an_expiry_is_seen_without_a_change_of_a_file(
    counted: Callable[..., Counted], aws: Aws, home: Path, words: Words
) -> None:
    """The session's memo is still fresh; only the clock has gone on. (fish tells whole minutes.)"""
    write_settings(home, "[login]\nauto = false\n")
    aws.log_in((126 if words.is_fish else 66) / 3600)
    terminal = counted()
    for name in ("prod", "dev"):
        terminal.run(f"awsx {name}")
    assert terminal.run("awsx prod") == (0, 0, "prod")
    deadline = time.monotonic() + 15
    while terminal.run("awsx prod")[0] == 0:
        assert time.monotonic() < deadline


def test_another_config_file_or_home_has_its_own_memos(
    used: Counted, words: Words, aws: Aws, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(home / ".aws", other / ".aws")
    (other / ".aws" / "config").write_text(
        CONFIG.replace("111122223333", "999988887777"), encoding="utf-8"
    )
    used.live.run(words.export("AWS_CONFIG_FILE", str(other / ".aws" / "config")))
    assert used.run("awsx prod") == (1, 0, "prod")
    assert used.live.prompt_line() == "prod 999988887777 7h $"
    assert used.run("awsx prod") == (0, 0, "prod")
    used.live.run(words.unset("AWS_CONFIG_FILE"))
    assert used.run("awsx prod") == (0, 0, "prod")
    assert used.live.prompt_line() == "prod 111122223333 7h $"
    # The prompt after this line has the core write the memo.
    used.live.run(words.export("HOME", str(other)))
    assert used.run("awsx prod") == (0, 0, "prod")
    assert used.live.prompt_line() == "prod 999988887777 7h $"


def test_a_name_that_differs_only_in_case_does_not_use_the_memo(
    used: Counted, home: Path, words: Words
) -> None:
    """Where the file system ignores case, the memo of prod is found for PROD."""
    os.link(memos(home) / "p.prod", memos(home) / "p.PROD")
    if words.shell == "bash":
        used.live.run("shopt -s nocasematch")
    starts, status, profile = used.run("awsx exec PROD -- true")
    assert (starts, status, profile) == (1, 1, "dev")


def test_a_mistake_in_the_files_is_told_at_each_switch(used: Counted, aws: Aws) -> None:
    aws.config.write_text(CONFIG + "nonsense\n", encoding="utf-8")
    for _ in range(2):
        result = used.live.run("awsx prod")
        assert "config:16: this line is not" in result.text
        assert (used.starts(), result.status, result.profile) == (1, 0, "prod")


def test_the_memo_of_a_profile_named_like_a_verb_does_not_hide_the_verb(
    counted: Callable[..., Counted],
) -> None:
    terminal = counted()
    assert terminal.run("awsx use ls") == (1, 0, "ls")
    result = terminal.live.run("awsx ls --names")
    assert result.text.splitlines()[0] == "prod"
    assert terminal.starts() == 1


def test_an_old_memo_does_not_hide_a_new_verb(
    terminal: Callable[..., Terminal], aws: Aws, words: Words, tmp_path: Path
) -> None:
    """A profile called greet was used; then a new version of awsx has a verb of that name."""
    aws.add("greet")
    checkout = tmp_path / "checkout"
    for folder in ("awsx", "shell", "scripts"):
        shutil.copytree(
            ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    lines = words.load().replace(f"{ROOT}/shell", f"{checkout}/shell")
    old = terminal(words.shell, lines)
    for _ in range(2):
        assert old.run("awsx greet").profile == "greet"
    verbs = checkout / "awsx" / "__init__.py"
    text = verbs.read_text(encoding="utf-8")
    verbs.write_text(text.replace('"demo"', '"demo", "greet"'), encoding="utf-8")
    subprocess.run([sys.executable, checkout / "scripts" / "generate"], check=True)
    new = terminal(words.shell, lines)
    assert new.run("awsx greet").profile == ""
    new.run("awsx use greet")  # the memo that this writes makes no switch of `awsx greet` either
    new.run("awsx dev")
    assert new.run("awsx greet").profile == "dev"


def test_a_switch_with_options_asks_the_core(used: Counted) -> None:
    for command in (
        "awsx prod --no-login",
        "awsx prod -r eu-west-1",
        "awsx use prod",
        "awsx -- prod",
    ):
        assert used.run(command) == (1, 0, "prod")


def test_a_memo_that_cannot_be_read_is_written_anew(
    mortal: None, used: Counted, home: Path
) -> None:
    for memo in memos(home).glob("p.*"):
        memo.chmod(0)
    assert used.run("awsx prod") == (1, 0, "prod")
    assert used.run("awsx prod") == (0, 0, "prod")


# --- nobody else gets a say -----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["p.prod", "s.*", ""])
def test_a_memo_of_another_user_is_ignored(what: str, used: Counted, home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: gives a file to somebody else")
    for path in memos(home).glob(what) if what else [memos(home)]:
        os.chown(path, 65534, 65534)
    assert used.run("awsx prod")[::2] == (1, "prod")


@pytest.mark.parametrize("what", ["p.prod", "s.*", ""])
def test_a_memo_that_others_may_write_is_ignored(
    what: str, used: Counted, home: Path, words: Words
) -> None:
    if words.shell != "zsh":
        pytest.skip("bash and fish have no test of a file's mode but by a process")
    for path in memos(home).glob(what) if what else [memos(home)]:
        path.chmod(0o777)
    assert used.run("awsx prod")[::2] == (1, "prod")


def test_a_memo_is_never_evaluated(used: Counted, home: Path) -> None:
    """Somebody who can write a memo can make awsx say false things, but not run anything."""
    evil = b"$(touch pwned)`touch pwned`;touch pwned"
    forged = dict.fromkeys(("kind", "region", "told"), evil)
    forged["mark"] = b"$(touch pwned)"
    forged |= dict.fromkeys(("look", "narrow"), b"36:`touch pwned`\x1eL:\x02\x1eS:\x03\x1e")
    forge(memos(home) / "p.prod", forged)
    result = used.live.run("awsx prod")
    assert (used.starts(), result.status, result.profile) == (0, 0, "prod")
    assert result.text.count("touch pwned") == 6
    used.live.run("")
    assert not list(home.rglob("pwned"))


def test_a_name_of_a_variable_in_a_memo_is_never_evaluated(used: Counted, home: Path) -> None:
    """bash and zsh evaluate the index of an array where they expand what a variable names."""
    forge(memos(home) / "p.prod", {"needs": b"a[$(touch${IFS}pwned)]"})
    assert used.live.run("awsx prod").profile == "prod"
    used.live.run("")
    assert not list(home.rglob("pwned"))


def forge(memo: Path, forged: dict[str, bytes]) -> None:
    """Change these fields of a memo, and keep its mtime."""
    fields = memo.read_bytes().split(b"\x1f")
    for name, text in forged.items():
        fields[FIELDS.index(name)] = text
    kept = memo.stat()
    memo.write_bytes(b"\x1f".join(fields))
    os.utime(memo, ns=(kept.st_mtime_ns, kept.st_mtime_ns))


def test_the_shells_trace_does_not_show_what_is_put_aside(used: Counted, words: Words) -> None:
    used.live.run("awsx off")
    used.live.run(words.export("AWS_SECRET_ACCESS_KEY", "hush-hush"))
    used.live.run("set -g fish_trace 1" if words.is_fish else "set -x")
    begin = len(used.live.raw)
    for name in ("prod", "dev"):
        assert used.live.run(f"awsx {name}").profile == name
    used.live.run("awsx off")
    assert b"hush-hush" not in used.live.raw[begin:]


# --- two terminals --------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [edit, restore_older, log_in, forget])
def test_a_change_is_drawn_even_if_another_terminal_saw_it_first(
    change: Callable[[Aws, Path], None], used: Counted, loaded: Loaded, aws: Aws, home: Path
) -> None:
    """The memos match their sources again by then, but not what this terminal has drawn."""
    used.live.run("awsx prod")
    shown = used.live.prompt_line()
    other = loaded()
    other.run("awsx prod")
    if change is log_in:
        aws.log_in(3.5)
    else:
        change(aws, home)
    other.run("")
    used.live.run("")
    assert used.live.prompt_line() == other.prompt_line()
    assert change is forget or used.live.prompt_line() != shown
    assert used.run("awsx prod")[:2] == (0, 0)


def test_a_login_is_drawn_even_if_another_terminal_saw_it_first(
    used: Counted, loaded: Loaded, aws: Aws
) -> None:
    used.live.run("awsx prod")
    other = loaded()
    other.run("awsx prod")
    aws.log_out()
    for terminal in (other, used.live):
        terminal.run("")
        assert terminal.prompt_line() == "prod 111122223333 expired $"
    aws.log_in(3.5)
    for terminal in (other, used.live):
        terminal.run("")
        assert terminal.prompt_line() == "prod 111122223333 3h $"


def test_a_switch_from_a_memo_written_by_another_terminal_is_drawn(
    used: Counted, loaded: Loaded, aws: Aws, home: Path
) -> None:
    """The switch draws from the new memo, though the old drawing is older than the new stamps."""
    used.live.run("awsx prod")
    edit(aws, home)
    other = loaded()
    for name in ("prod", "dev"):
        other.run(f"awsx {name}")
    for command in ("awsx exec dev -- true", "awsx prod"):
        used.live.run(command)
        assert used.live.prompt_line() == "prod 999988887777 7h $"
    assert used.starts() == 0


# --- odd circumstances ----------------------------------------------------------------------------


def test_a_commands_environment_has_no_variables_of_awsxs_functions(
    used: Counted, exported: Callable[[Terminal], dict[str, str]], words: Words
) -> None:
    """Names that a shell function of awsx might use for its own variables stay the person's."""
    names = (
        "name",
        "region",
        "key",
        "role",
        "state",
        "label",
        "account",
        "told",
        "now",
        "code",
        "other",
        "origin",
        "handover",
    )
    for name in names:
        used.live.run(words.export(name, f"my {name}"))
    for option in ("", "--no-login "):
        result = used.live.run(f"awsx exec dev {option}-- env")
        found = dict(line.split("=", 1) for line in result.text.splitlines() if "=" in line)
        assert {name: found.get(name) for name in names} == {name: f"my {name}" for name in names}
        assert not {name for name in found if name.startswith("__awsx")}
    assert used.starts() == 1


@pytest.mark.parametrize(
    "name", ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"]
)
def test_a_relative_xdg_folder_counts_as_unset(
    name: str, counted: Callable[..., Counted], home: Path
) -> None:
    terminal = counted(**{name: "nowhere"})
    assert terminal.run("awsx prod")[1:] == (0, "prod")
    assert terminal.run("awsx prod") == (0, 0, "prod")
    assert terminal.live.prompt_line() == "prod 111122223333 7h $"
    assert not (home / "nowhere" / "awsx").exists()


@pytest.mark.parametrize(
    "path", ["$HOME/.aws/config", ".aws/config", "~/../{home}/.aws/config", "", "/"]
)
def test_an_odd_path_in_aws_config_file_is_left_to_the_core(
    path: str, used: Counted, words: Words, home: Path
) -> None:
    used.live.run(words.export("AWS_CONFIG_FILE", path.format(home=home.name)))
    status = 0 if "config" in path else 1
    for command in ("awsx exec dev -- true", "awsx exec dev --no-login -- true"):
        result = used.live.run(command)
        assert result.status == status
        assert result.text.startswith("awsx: no profile dev") == bool(status), result.text
    used.live.run(words.unset("AWS_CONFIG_FILE"))
    used.starts()
    assert used.run("awsx dev") == (0, 0, "dev")


@pytest.mark.parametrize("what", ["p.prod", "s.*", "recent"])
def test_a_named_pipe_in_place_of_a_file_blocks_nobody(
    what: str, used: Counted, home: Path
) -> None:
    folder = home / ".local/state/awsx" if what == "recent" else memos(home)
    for path in list(folder.glob(what)):
        path.unlink()
        os.mkfifo(path)
    assert used.run("awsx prod")[1:] == (0, "prod")
    used.live.run("")
    assert used.live.prompt_line().startswith("prod ")


def test_files_whose_mtime_never_changes_get_no_memo(
    counted: Callable[..., Counted], aws: Aws, home: Path
) -> None:
    """With Nix, every file has the same mtime before and after a change."""
    os.utime(aws.config, (1, 1))
    terminal = counted()
    terminal.run("awsx prod")
    edit(aws, home)
    os.utime(aws.config, (1, 1))
    terminal.run("awsx prod")
    assert terminal.live.prompt_line().startswith("prod ")
    assert "111122223333" not in terminal.live.prompt_line()


def test_case_matters_in_bash_even_with_nocasematch(shell: str, used: Counted, aws: Aws) -> None:
    if shell != "bash":
        pytest.skip("an option of bash")
    aws.add("OFF")
    used.live.run("shopt -s nocasematch")
    used.live.run("awsx OFF")
    assert used.run("awsx OFF")[1:] == (0, "OFF")
    assert used.live.run("awsx Exec dev -- echo ran").text != "ran"


def test_off_keeps_a_profile_set_by_hand_that_differs_in_case_with_nocasematch(
    shell: str, used: Counted
) -> None:
    if shell != "bash":
        pytest.skip("an option of bash")
    used.live.run("shopt -s nocasematch")
    used.live.run("awsx prod")
    used.live.run("export AWS_PROFILE=PROD")
    assert used.run("awsx off")[1:] == (0, "PROD")
