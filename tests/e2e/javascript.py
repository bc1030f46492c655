"""The AWS SDK for JavaScript v3, fetched by npm once and kept in `.cache/` of the checkout."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .awscli import CACHE, Unavailable

VERSION = "3.1177.0"
PROGRAM = """\
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
console.log((await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn);
"""


def fetch(env: Mapping[str, str], cache: Path = CACHE) -> Path:
    """The folder node_modules with the client of STS. `env` is for npm. Raises Unavailable."""
    home = cache / f"aws-sdk-js-{VERSION}"
    if not home.exists():
        npm = shutil.which("npm", path=env.get("PATH"))
        if npm is None:
            raise Unavailable("npm is not installed")
        cache.mkdir(parents=True, exist_ok=True)
        # Unpack beside and rename: a fetch that is killed leaves a folder that nobody uses.
        with tempfile.TemporaryDirectory(prefix="aws-sdk-js-", dir=cache) as beside:
            install(npm, Path(beside) / "done", env)
            try:
                (Path(beside) / "done").rename(home)
            except OSError:  # another process was faster
                if not home.exists():
                    raise
    return home / "node_modules"


def install(npm: str, folder: Path, env: Mapping[str, str]) -> None:
    package = f"@aws-sdk/client-sts@{VERSION}"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    options += ["--cache", str(folder.with_name("npm"))]  # no other test's npm writes there
    command = [npm, "install", "--prefix", str(folder), *options, package]
    folder.mkdir()
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"npm cannot fetch {package}: {done.stderr.strip()[-300:]}")
