"""Fixtures of all tests. Environments are built from scratch: no test sees the runner's files."""

from __future__ import annotations

import os
import posix
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from terminal import SHELLS, Terminal, shell_path

from awsx import term

# The variables that the test process keeps; the others are removed before the first test.
KEPT = ("PATH", "LANG", "TERM", "TMPDIR", "CI", "VIRTUAL_ENV")
KEPT_PREFIXES = ("LC_", "PYTEST", "AWSX_TEST_", "COVERAGE", "COV_")

StartTerminal = Callable[..., Terminal]


@pytest.fixture(scope="session", autouse=True)
def isolated_test_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Remove the runner's HOME and variables for the whole session, also for session fixtures."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name not in KEPT and not name.startswith(KEPT_PREFIXES):
                patch.delenv(name)
        for name in term.AGENTS:  # awsx reads these as they were at the start
            patch.delitem(posix.environ, name.encode(), raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("nobody")))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(autouse=True)
def variables_given_back() -> Iterator[None]:
    """awsx changes its own environment before it asks AWS; the next test has the old one again."""
    given = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(given)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME with an empty ~/.aws, for the test process itself as well."""
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True, mode=0o700)
    # Without this folder, an interactive fish parses all manual pages in the background (minutes).
    (home / ".local" / "share" / "fish" / "generated_completions").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> dict[str, str]:
    """All environment variables of a process under test."""
    for name in ("tmp", "run"):
        (tmp_path / name).mkdir(mode=0o700)
    return {
        "HOME": str(home),
        "PATH": f"/usr/bin:/bin:{Path(sys.executable).parent}",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TMPDIR": str(tmp_path / "tmp"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "AWS_EC2_METADATA_DISABLED": "true",
        # Not /dev/null: a shell that runs as root would rename its new history file over it.
        "HISTFILE": str(tmp_path / "tmp" / "history"),
        "INPUTRC": "/dev/null",
        # After a login nothing runs in the background, unless the test is about that.
        "AWSX_NO_NAMES": "1",
    }


@pytest.fixture
def write_settings(home: Path) -> Callable[[str], None]:
    """Write the settings: write_settings("[guard]\\n...")."""

    def write(text: str) -> None:
        folder = home / ".config" / "awsx"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text)

    return write


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """A test that takes this fixture runs in bash, in zsh and in fish."""
    shell_path(request.param)
    return str(request.param)


@pytest.fixture
def terminal(environment: dict[str, str], tmp_path: Path) -> Iterator[StartTerminal]:
    """Start a terminal: terminal(shell, rc="...", cwd=..., rows=24, columns=100, NAME="value").

    NAME=None removes a variable from the environment. Each terminal is closed when the test ends.
    """
    with ExitStack() as opened:

        def start(
            shell: str,
            rc: str = "",
            *,
            cwd: Path | str | None = None,
            rows: int = 24,
            columns: int = 100,
            **variables: str | None,
        ) -> Terminal:
            wanted = {**environment, **variables}
            env = {name: value for name, value in wanted.items() if value is not None}
            return opened.enter_context(Terminal(shell, env, rc, cwd, rows, columns, tmp_path))

        yield start
