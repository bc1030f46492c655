"""awscrt, by which botocore renews sessions of `aws login`: from PyPI, kept in `.cache/`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .awscli import CACHE, Unavailable

VERSION = "0.38.1"  # 12 MB, two seconds


def fetch(env: Mapping[str, str], cache: Path = CACHE) -> Path:
    """The folder to put on sys.path. `env` is for pip. Raises Unavailable."""
    home = cache / f"awscrt-{VERSION}"
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Made beside and renamed: a fetch that is killed leaves a folder that nobody uses.
        with tempfile.TemporaryDirectory(prefix="awscrt-", dir=cache) as beside:
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
            words = [*pip, "--only-binary", ":all:", "--target", f"{beside}/done"]
            done = subprocess.run(
                [*words, f"awscrt=={VERSION}"], env=env, capture_output=True, text=True, check=False
            )
            if done.returncode:
                said = (done.stderr.strip() or "?").splitlines()[-1]
                raise Unavailable(f"pip can't install awscrt: {said}")
            try:
                Path(beside, "done").rename(home)
            except OSError:  # another run was faster; its folder is as good as ours
                if not home.exists():
                    raise
    return home
