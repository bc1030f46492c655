"""Fixtures: a person with a few profiles, in a terminal that has awsx loaded."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal, fish_quote, loading_line, quote, require, shell_path

CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1

[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
region = eu-west-1

[profile dev]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Reader
region = eu-central-1
"""
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = stand-in\n"
CREDENTIALS = """\
[ci]
region = us-east-2
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = stand-in

[-dash]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = stand-in

[ls]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = stand-in
"""


class Aws:
    """The files under ~/.aws."""

    def __init__(self, home: Path) -> None:
        # Without this folder, fish parses all manual pages at its first start (seconds of work).
        (home / ".local" / "share" / "fish" / "generated_completions").mkdir(
            parents=True, exist_ok=True
        )
        self.folder = home / ".aws"
        self.config = self.folder / "config"
        self.credentials = self.folder / "credentials"
        self.config.write_text(CONFIG, encoding="utf-8")
        self.credentials.write_text(CREDENTIALS, encoding="utf-8")

    def add(self, *names: str) -> None:
        """Add profiles with keys; a name is anything that fits between brackets on one line."""
        with self.credentials.open("a", encoding="utf-8") as file:
            file.writelines(f"[{name}]\n{KEYS}" for name in names)

    def token_path(self, session: str = "corp") -> Path:
        return self.folder / "sso" / "cache" / f"{hashlib.sha1(session.encode()).hexdigest()}.json"

    def log_in(self, hours: float = 7.5, renewable_hours: float = 0, session: str = "corp") -> None:
        """Write the token of a session as `aws sso login` does."""
        token = {
            "startUrl": "https://corp.awsapps.com/start",
            "accessToken": "SECRET-TOKEN",
            "expiresAt": iso(hours),
        }
        if renewable_hours:
            token |= {
                "clientId": "id",
                "clientSecret": "SECRET-CLIENT",
                "refreshToken": "SECRET-REFRESH",
            }
            token["registrationExpiresAt"] = iso(renewable_hours)
        path = self.token_path(session)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(token), encoding="utf-8")
        beside.replace(path)

    def log_out(self) -> None:
        self.token_path().unlink()


def write_settings(home: Path, text: str) -> Path:
    """Make this the content of awsx's config.toml."""
    path = home / ".config" / "awsx" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return path


def iso(hours: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + hours * 3600))


class Words:
    """The spelling, in the shell under test, of what all three shells can do."""

    def __init__(self, shell: str) -> None:
        self.shell = shell
        self.is_fish = shell == "fish"
        self.quote = fish_quote if self.is_fish else quote

    def export(self, name: str, value: str) -> str:
        return (
            f"set -gx {name} {self.quote(value)}"
            if self.is_fish
            else f"export {name}={self.quote(value)}"
        )

    def unset(self, name: str) -> str:
        return f"set -e {name}" if self.is_fish else f"unset {name}"

    def load(self, python: Path | str = sys.executable) -> str:
        """The lines of the rc file; `python` is the program that starts the core."""
        return loading_line(self.shell).replace(
            self.quote(sys.executable), self.quote(str(python)), 1
        )


@pytest.fixture
def words(shell: str) -> Words:
    return Words(shell)


@pytest.fixture
def aws(home: Path) -> Aws:
    """Profiles prod, dev (session corp, logged in), ci, -dash and ls (keys)."""
    aws = Aws(home)
    aws.log_in()
    return aws


@pytest.fixture
def settings(home: Path) -> Callable[[str], Path]:
    """settings("[prompt] ...") writes awsx's config.toml."""
    return partial(write_settings, home)


@pytest.fixture
def loaded(
    shell: str, aws: Aws, words: Words, terminal: Callable[..., Terminal]
) -> Callable[..., Terminal]:
    """loaded(before="...", after="...", python=..., NAME="value") starts a terminal with awsx.

    `before` and `after` are lines of the rc file around those that load awsx.
    """

    def start(
        before: str = "", after: str = "", python: Path | str = sys.executable, **more: Any
    ) -> Terminal:
        return terminal(shell, f"{before}\n{words.load(python)}\n{after}\n", **more)

    return start


@pytest.fixture
def live(loaded: Callable[..., Terminal]) -> Terminal:
    return loaded()


@pytest.fixture
def core(tmp_path: Path) -> Callable[[str], Path]:
    """core("text of a sh script"): a program to start instead of the core.

    It has already made the folder of the hand-over when the text runs.
    """

    def make(text: str) -> Path:
        path = tmp_path / "stand-in"
        begin = (
            '#!/bin/sh\nif [ -n "${AWSX_HANDOVER-}" ]; '
            'then mkdir -m 700 -p "${AWSX_HANDOVER%/*}"; fi\n'
        )
        path.write_text(f"{begin}{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def exported(tmp_path: Path) -> Callable[[Terminal], dict[str, str]]:
    """Return the whole environment of a command that the terminal starts now."""

    def ask(live: Terminal) -> dict[str, str]:
        answer = tmp_path / "exported"
        live.run(f"/bin/sh -c 'env -0 >{answer}'")
        pairs = answer.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
        return {
            name: value
            for name, _, value in (pair.partition("=") for pair in pairs)
            if name not in SHELLS_OWN
        }

    return ask


SHELLS_OWN = ("_", "SHLVL", "PWD", "OLDPWD")


@pytest.fixture
def mortal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the shells under test respect the modes of files, even if root runs the tests."""
    if os.geteuid() != 0:
        return
    folder = tmp_path / "mortal"
    folder.mkdir()
    setpriv = require("setpriv")
    for name in ("bash", "zsh", "fish"):
        if shutil.which(name):
            path = folder / name
            bounds = "--bounding-set=-dac_override,-dac_read_search"
            path.write_text(
                f'#!/bin/sh\nexec {setpriv} {bounds} {shell_path(name)} "$@"\n', encoding="utf-8"
            )
            path.chmod(0o755)
            monkeypatch.delenv(f"AWSX_TEST_{name.upper()}", raising=False)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
