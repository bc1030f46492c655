"""Where ~/.cache/awsx is no use, the terminal goes on with a spare folder, in each shell alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from processes import count_processes
from terminal import SHELLS, Terminal, give_up, require, shell_path

from awsx.files.memo import FORMAT

Loaded = Callable[..., Terminal]

STRANGER = 12345
PROD = "prod 111122223333 7h $"
SAID = {
    "prod": "awsx: prod: 111122223333 Admin, eu-west-1, session 7h",
    "dev": "awsx: dev: 444455556666 Reader, eu-central-1, session 7h",
}
FULL = (
    'cp -a "$HOME" "$TMPDIR/copy" && mount -t tmpfs -o size=256k tmpfs "$HOME" && '
    'cp -a "$TMPDIR/copy/." "$HOME" && {{ dd if=/dev/zero of="$HOME/full" bs=1k count=999 '
    '2>/dev/null; exec {shell} "$@"; }}'
)


@pytest.fixture
def full_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The HOME of the shells under test is a disk without room, which they alone see."""
    if os.geteuid():
        give_up("only root can mount")
    folder = tmp_path / "full"
    folder.mkdir()
    for name in SHELLS:
        if shutil.which(name):
            path, script = folder / name, folder / f"{name}.sh"
            script.write_text(FULL.format(shell=shell_path(name)), encoding="utf-8")
            path.write_text(
                f'#!/bin/sh\nexec {require("unshare")} -m /bin/sh {script} "$@"\n', encoding="utf-8"
            )
            path.chmod(0o755)
            monkeypatch.delenv(f"AWSX_TEST_{name.upper()}", raising=False)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


OF_THE_SHELL = (
    "error: Unable to ",  # fish, which cannot keep its universal variables
    "history-file: Error opening history file: ",  # fish 4.0, under `umask 777`
    "write: No space left on device",  # fish, of what is written to a full stream
    "zsh: write error",
)


def without_the_shells_own(text: str) -> str:
    """What was printed, but for what the shell itself says of a full disk or a closed stream."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(OF_THE_SHELL))


def switches_and_draws(live: Terminal) -> None:
    """A switch by the core, then from memos; the prompts between them start nothing."""
    for name in ("prod", "dev"):
        result = live.run(f"awsx {name}")
        said = without_the_shells_own(result.text)
        assert (said, result.status, result.profile) == (SAID[name], 0, name)
        assert without_the_shells_own(live.run("true").text) == ""
    with count_processes(live.pid) as seen:
        result = live.run("awsx prod")
        live.run("")
    assert (without_the_shells_own(result.text), result.status) == (SAID["prod"], 0)
    assert (seen.forks, seen.execs) == (0, 0), seen
    assert live.prompt_line() == PROD


def test_a_full_home_is_no_hindrance(
    full_home: None, loaded: Loaded, environment: dict[str, str]
) -> None:
    live = loaded(XDG_RUNTIME_DIR=None)
    switches_and_draws(live)
    assert list(Path(environment["TMPDIR"], f"awsx-{os.getuid()}").rglob("p.prod"))
    assert without_the_shells_own(live.run("awsx off").text) == "awsx: left prod"


def test_the_prompt_of_a_full_home_starts_the_core_once(
    full_home: None, loaded: Loaded, words: Words
) -> None:
    live = loaded(XDG_RUNTIME_DIR=None)
    live.run(words.export("AWS_PROFILE", "prod"))
    assert live.prompt_line().startswith("prod")
    with count_processes(live.pid) as seen:
        live.run("")
    assert (seen.forks, seen.execs) == (0, 0), seen


def no_folder(home: Path, tmp: Path) -> None:
    (home / ".cache").touch()


def no_awsx_folder(home: Path, tmp: Path) -> None:
    (home / ".cache").mkdir()
    (home / ".cache" / "awsx").touch()


def dangling(home: Path, tmp: Path) -> None:
    (home / ".cache").mkdir()
    (home / ".cache" / "awsx").symlink_to("gone")


def own_link(home: Path, tmp: Path) -> None:
    (home / ".cache").mkdir()
    (tmp / "elsewhere").mkdir()
    (home / ".cache" / "awsx").symlink_to(tmp / "elsewhere")


def foreign(home: Path, tmp: Path) -> None:
    (home / ".cache" / "awsx").mkdir(parents=True)
    os.chown(home / ".cache" / "awsx", STRANGER, STRANGER)


def foreign_spare(home: Path, tmp: Path) -> None:
    no_folder(home, tmp)
    spare = tmp / f"awsx-{os.getuid()}"
    spare.mkdir(mode=0o777)
    os.chown(spare, STRANGER, STRANGER)


def linked_spare(home: Path, tmp: Path) -> None:
    no_folder(home, tmp)
    (tmp / "elsewhere").mkdir()
    (tmp / f"awsx-{os.getuid()}").symlink_to("elsewhere")


TROUBLES = [
    (no_folder, "awsx-{}"),
    (no_awsx_folder, "awsx-{}"),
    (dangling, "awsx-{}"),
    (own_link, "elsewhere"),
    (foreign, "awsx-{}"),
    (foreign_spare, "awsx-{}.1"),
    (linked_spare, "awsx-{}.1"),
]


@pytest.mark.parametrize(
    ("trouble", "where"), TROUBLES, ids=lambda row: getattr(row, "__name__", "")
)
def test_a_cache_folder_that_is_no_use_is_no_hindrance(
    trouble: Callable[[Path, Path], None],
    where: str,
    loaded: Loaded,
    home: Path,
    environment: dict[str, str],
) -> None:
    if "foreign" in trouble.__name__ and os.geteuid():
        give_up("only root can give a folder away")
    tmp = Path(environment["TMPDIR"])
    trouble(home, tmp)
    live = loaded(XDG_RUNTIME_DIR=None, USER=None)
    switches_and_draws(live)
    memos = [str(path.relative_to(tmp)) for path in tmp.rglob("p.prod")]
    assert [path.split(f"/{FORMAT}/")[0] for path in memos] == [where.format(os.getuid())]


def test_a_runtime_folder_that_is_full_is_no_hindrance(
    loaded: Loaded, environment: dict[str, str]
) -> None:
    """Any reason why no hand-over can be there will do: here a file is in its folder's place."""
    Path(environment["XDG_RUNTIME_DIR"], "awsx").touch()
    live = loaded()
    switches_and_draws(live)


def test_any_umask_will_do(mortal: None, loaded: Loaded) -> None:
    live = loaded("umask 777")
    switches_and_draws(live)
    assert without_the_shells_own(live.run("awsx off").text) == "awsx: left prod"


def test_where_nothing_can_be_written_the_message_names_the_places_and_the_remedy(
    loaded: Loaded, home: Path, environment: dict[str, str], aws: Aws
) -> None:
    tmp, uid = Path(environment["TMPDIR"]), os.getuid()
    (home / ".cache").touch()
    for end in ("", *(f".{number}" for number in range(1, 10))):
        (tmp / f"awsx-{uid}{end}").touch()
    live = loaded(XDG_RUNTIME_DIR=None)
    result = live.run("awsx prod")
    assert (result.status, result.profile) == (1, "")
    assert result.text == (
        f"awsx: cannot hand the switch over to the shell: {tmp}/awsx-{uid}/shell.{live.pid} (is not"
        " a folder); nothing was changed; make room there, or set TMPDIR to a folder that you can"
        " write"
    )


# --- streams that are closed or full

STREAMS = {
    "awsx prod >&-": (0, "prod", SAID["prod"]),
    "awsx prod >/dev/full": (0, "prod", SAID["prod"]),
    "awsx prod 2>&-": (0, "prod", ""),
    "awsx prod 2>/dev/full": (0, "prod", ""),
    "awsx prod <&- >&- 2>&-": (0, "prod", ""),
    "awsx ls >/dev/full": (1, "", "awsx: cannot write to stdout: No space left on device"),
    "awsx --version >&-": (1, "", "awsx: cannot write to stdout: Bad file descriptor"),
    "awsx nosuch 2>&-": (1, "", ""),
}


@pytest.mark.parametrize("turn", ["by the core", "from memos"])
def test_streams_that_are_closed_or_full(turn: str, loaded: Loaded) -> None:
    live = loaded()
    if turn == "from memos":
        live.run("awsx prod")
        live.run("awsx off")
    for command, (status, profile, text) in STREAMS.items():
        result = live.run(command)
        assert (result.status, result.profile) == (status, profile), command
        assert without_the_shells_own(result.text) == text, command
        live.run("awsx off")
