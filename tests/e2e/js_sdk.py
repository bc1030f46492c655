"""What AWS's SDK for JavaScript reads in ~/.aws/config, by its own reader from npm."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache"
WANTED = Path(__file__).parent / "js"  # package.json, and package-lock.json with the hashes
READ = """
const { loadSharedConfigFiles } = require("@smithy/shared-ini-file-loader");
loadSharedConfigFiles().then((files) => console.log(JSON.stringify(files.configFile)));
"""


class Unavailable(Exception):
    """Why the reader cannot be had on this machine."""


def fetch(env: Mapping[str, str], cache: Path = CACHE) -> Path:
    """The folder with `node_modules`; `env` is for npm, which checks the hashes."""
    lock = (WANTED / "package-lock.json").read_bytes()
    home = cache / f"js-sdk-{hashlib.sha256(lock).hexdigest()[:12]}"
    if home.exists():
        return home
    npm = shutil.which("npm", path=env.get("PATH"))
    if npm is None or shutil.which("node", path=env.get("PATH")) is None:
        raise Unavailable("the SDK for JavaScript is on npm, and npm or node is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="js-sdk-", dir=cache) as beside:
        made = Path(beside) / "made"
        shutil.copytree(WANTED, made)
        command = [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(
            command, cwd=made, env=env, capture_output=True, text=True, check=False, timeout=120
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "?").splitlines()[-1]
            raise Unavailable(f"npm cannot fetch the SDK for JavaScript: {said}")
        if not home.exists():
            made.rename(home)
    return home


def profiles(home: Path, env: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The keys of each profile of the config, as the SDK reads them."""
    done = subprocess.run(
        ["node", "-e", READ], cwd=home, env=dict(env), capture_output=True, text=True, check=True
    )
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return {name: keys for name, keys in found.items() if not name.startswith("sso-session")}
