"""What a process leaves that is killed while it writes: the next one that writes deletes it."""

import os
import subprocess
import sys

import pytest

from awsx.files import disk, temporary
from awsx.files.stock import Stock
from awsx.install import edit
from awsx.memos import handover, uses

LIVE = os.getppid()


@pytest.fixture(scope="module")
def dead():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def files(folder):
    return sorted(os.listdir(folder))


def test_only_what_dead_processes_have_left_is_deleted(dead, tmp_path):
    kept = [
        "a",
        "a.tmp",
        f"a.{LIVE}.tmp",
        f"a.{dead}",
        f"a.{dead}.tmp.x",
        f".{dead}.tmp",
        "a.x.tmp",
    ]
    kept.append("a.-1.tmp")
    left = [f"a.{dead}.tmp", f"b.1.{dead}.tmp", f"a.{10**30}.tmp", f"a.{os.getpid()}.tmp"]
    for name in (*kept, *left):
        (tmp_path / name).touch()
    (tmp_path / f"folder.{dead}.tmp").mkdir()
    temporary.sweep(str(tmp_path), "b.1")
    assert not (tmp_path / left[1]).exists()
    assert (tmp_path / left[0]).exists()
    temporary.sweep(str(tmp_path))
    assert files(tmp_path) == sorted([*kept, f"folder.{dead}.tmp"])
    temporary.sweep(f"{tmp_path}/gone")


def test_a_write_survives_that_another_machine_sweeps_its_file(tmp_path, monkeypatch):
    """A home may be shared by machines and containers; each knows its own processes alone."""
    real = disk.posix.rename
    calls = []

    def rename(source, target):
        calls.append(source)
        if len(calls) == 1:
            os.unlink(source)
        real(source, target)

    monkeypatch.setattr(disk.posix, "rename", rename)
    disk.write(f"{tmp_path}/f", b"text")
    assert (tmp_path / "f").read_bytes() == b"text"
    assert files(tmp_path) == ["f"]


def test_an_rc_file_leaves_no_temporary_file(dead, home):
    (home / ".bashrc").write_text("mine\n")
    for name in (f".bashrc.{dead}.tmp", f".profile.{dead}.tmp", f".bashrc.{LIVE}.tmp"):
        (home / name).write_text("half")
    edit.carry_out([edit.adding("bash", f"{home}/.bashrc", "line\n", {"HOME": str(home)})])
    left = [name for name in files(home) if name.endswith(".tmp")]
    assert left == sorted([f".profile.{dead}.tmp", f".bashrc.{LIVE}.tmp"])


def test_a_hand_over_leaves_no_temporary_file(dead, tmp_path):
    folder = tmp_path / "awsx"
    folder.mkdir(mode=0o700)
    (folder / f"shell.{LIVE}.{dead}.tmp").write_text("AWS_ACCESS")
    (folder / f"shell.{os.getpid()}").write_text(".\n")
    for _ in range(2):
        path = f"{folder}/shell.{os.getpid()}"
        handover.hand_over({"AWSX_HANDOVER": path}, {"AWS_PROFILE": "a"})
    assert files(folder) == [f"shell.{os.getpid()}"]


def test_the_counts_of_use_leave_no_temporary_file(dead, home):
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    for name in ("used", "recent"):
        (folder / f"{name}.{dead}.tmp").write_text("1 1 a\n")
    uses.count({"HOME": str(home)}, "a", 1.0)
    assert files(folder) == ["lock", "recent", "used"]


def test_a_memo_leaves_no_temporary_file(dead, home):
    """All memos of one folder share a name for it: there is one writer at a time."""
    (home / ".aws" / "config").write_text("[profile a]\nregion = eu-west-1\n")
    stock = Stock({"HOME": str(home)})
    stock.settle()
    stock.take([], is_sound=True)
    for name in ("p.a", "p.b"):
        with open(f"{stock.folder}/new.tmp", "w", encoding="utf-8") as left:
            left.write("half")
        stock.keep(name, "text")
        assert [found for found in files(stock.folder) if found.endswith(".tmp")] == []
