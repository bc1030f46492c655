"""Made-up homes to measure in: N profiles behind one session with hours left."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

SESSION = "corp"
START_URL = "https://d-0123456789.awsapps.com/start"
STATIC = "static"  # a profile with keys of its own, for peers who know no Identity Center


def profile(number: int) -> str:
    return f"account-{number:05}-AdministratorAccess"


class Homes:
    """Makes homes below a folder, once each.

    `chosen` are the sizes that the person asked for; without any, each row has its own.
    """

    def __init__(self, folder: Path, chosen: tuple[int, ...] = ()) -> None:
        self._folder, self._chosen = folder, chosen

    def sizes(self, *own: int) -> tuple[int, ...]:
        return self._chosen or own

    def environment(self, profiles: int, use: str = "") -> dict[str, str]:
        """All that a process in the home of that many profiles knows; one home for each `use`."""
        home = self._folder / f"home-{use or 'all'}-{profiles}"
        if not home.exists():
            make(home, profiles)
        return {
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "PATH": os.environ.get("PATH", os.defpath),  # where the shells are
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def make(home: Path, profiles: int) -> None:
    """A HOME whose config has that many profiles, an hour old."""
    cache = home / ".aws" / "sso" / "cache"
    # Without the last one, an interactive fish reads all manual pages for minutes.
    for folder in (
        cache,
        home / "tmp",
        home / ".local" / "share" / "fish" / "generated_completions",
    ):
        folder.mkdir(parents=True, mode=0o700)
    (home / ".aws" / "config").write_text(config(profiles))
    (home / ".aws" / "credentials").write_text(
        f"[{STATIC}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
        "aws_secret_access_key = wJalrXUtnFEMI/EXAMPLEKEY\n"
    )
    token = {
        "startUrl": START_URL,
        "region": "eu-west-1",
        "accessToken": "a" * 600,
        "expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8 * 3600)),
    }
    (cache / f"{hashlib.sha1(SESSION.encode()).hexdigest()}.json").write_text(json.dumps(token))
    edit(home, time.time() - 3600)


def edit(home: Path, when: float) -> None:
    """As if the config had been written at that time."""
    os.utime(home / ".aws" / "config", (when, when))


def config(profiles: int) -> str:
    head = f"[sso-session {SESSION}]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    section = (
        "\n[profile {}]\nsso_session = corp\nsso_account_id = {:012}\n"
        "sso_role_name = AdministratorAccess\n"
        "region = eu-west-1\noutput = json\n"
    )
    return head + "".join(section.format(profile(n), n) for n in range(profiles))
