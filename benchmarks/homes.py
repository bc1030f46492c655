"""Made-up homes to measure in: N profiles behind one session with hours left."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

SESSION = "corp"
START_URL = "https://d-0123456789.awsapps.com/start"


def profile(number: int) -> str:
    return f"account-{number:05}-AdministratorAccess"


def make(folder: Path, profiles: int) -> Path:
    """A HOME below `folder` whose config has that many profiles; returns its path."""
    home = folder / f"home-{profiles}"
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (home / ".aws" / "config").write_text(config(profiles))
    token = {
        "startUrl": START_URL,
        "region": "eu-west-1",
        "accessToken": "a" * 600,
        "expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8 * 3600)),
    }
    (cache / f"{hashlib.sha1(SESSION.encode()).hexdigest()}.json").write_text(json.dumps(token))
    return home


def config(profiles: int) -> str:
    head = f"[sso-session {SESSION}]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    section = (
        "\n[profile {}]\nsso_session = corp\nsso_account_id = {:012}\nsso_role_name = AdministratorAccess\n"
        "region = eu-west-1\noutput = json\n"
    )
    return head + "".join(section.format(profile(n), n) for n in range(profiles))
