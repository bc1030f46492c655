"""The prompt of a profile with `login_session`, whose token lies in a folder of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from conftest import Aws, Words, iso
from terminal import Terminal

ARN = "arn:aws:iam::111122223333:user/jane"
CONFIG = f"""\
[profile console]
login_session = {ARN}
region = eu-west-1

[profile deploy]
role_arn = arn:aws:iam::444455556666:role/Deploy
source_profile = console
region = eu-west-1
"""


def keep(folder: Path, hours: float) -> None:
    """Write the session's file, with credentials that last so long."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["refreshToken", "dpopKey", "clientId", "idToken"]
    content = {"accessToken": {"expiresAt": iso(hours)}, **dict.fromkeys(names, "SECRET")}
    beside = folder / "new"
    beside.write_text(json.dumps(content), encoding="utf-8")
    beside.replace(folder / f"{sha256(ARN.encode()).hexdigest()}.json")


def wait_for_prompt(live: Terminal, wanted: str) -> None:
    deadline = time.monotonic() + 15
    while live.run(":").status is not None and live.prompt_line() != wanted:
        assert time.monotonic() < deadline, live.prompt_line()


def test_the_prompt_shows_the_session_and_what_other_terminals_do_with_it(
    loaded: Callable[..., Terminal],
    core: Callable[[str], Path],
    words: Words,
    aws: Aws,
    tmp_path: Path,
) -> None:
    aws.config.write_text(CONFIG, encoding="utf-8")
    folder = aws.folder / "login" / "cache"
    live = loaded(AWS_PROFILE="console", columns=100)
    assert live.prompt_line() == "console 111122223333 expired ? $"
    keep(folder, 0.2)
    live.run(":")
    assert live.prompt_line() == "console 111122223333 12m+ ? $"
    keep(folder, -0.5)
    live.run(":")
    assert live.prompt_line() == "console 111122223333 renews ? $"
    live.run(words.export("AWS_PROFILE", "deploy"))
    assert live.prompt_line() == "deploy 444455556666 renews * $"
    keep(folder, -13)
    live.run(":")
    assert live.prompt_line() == "deploy 444455556666 expired * $"
    keep(tmp_path / "elsewhere", 0.2)
    live.run(words.export("AWS_LOGIN_CACHE_DIRECTORY", str(tmp_path / "elsewhere")))
    keep(tmp_path / "elsewhere", 0.1)
    wait_for_prompt(live, "deploy 444455556666 6m+ * $")
