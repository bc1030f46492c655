"""What a process leaves that is killed while it writes: the next one that writes deletes it.

It waits until the file is old: machines and containers may share a home, and each knows its own
processes alone.
"""

import os
import subprocess
import sys
import time

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


def make_old(*paths):
    for path in paths:
        os.utime(path, (time.time() - temporary.OLD - 1,) * 2)


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
        make_old(tmp_path / name)
    young = f"young.{dead}.tmp"
    (tmp_path / young).touch()
    (tmp_path / f"folder.{dead}.tmp").mkdir()
    temporary.sweep(str(tmp_path), "b.1")
    assert not (tmp_path / left[1]).exists()
    assert (tmp_path / left[0]).exists()
    temporary.sweep(str(tmp_path))
    assert files(tmp_path) == sorted([*kept, young, f"folder.{dead}.tmp"])
    temporary.sweep(f"{tmp_path}/gone")


def test_a_young_file_of_this_process_id_is_left_over(tmp_path):
    """In a container each run may have the same id, and this process writes to that very name."""
    (tmp_path / f"a.{os.getpid()}.tmp").touch()
    temporary.sweep(str(tmp_path))
    assert files(tmp_path) == []


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
        make_old(home / name)
    edit.carry_out([edit.adding("bash", f"{home}/.bashrc", "line\n", {"HOME": str(home)})])
    left = [name for name in files(home) if name.endswith(".tmp")]
    assert left == sorted([f".profile.{dead}.tmp", f".bashrc.{LIVE}.tmp"])


def hand_over(folder):
    path = f"{folder}/shell.{os.getpid()}"
    handover.hand_over({"AWSX_HANDOVER": path}, {"AWS_PROFILE": "a"})


def test_a_hand_over_leaves_no_temporary_file(dead, tmp_path):
    folder = tmp_path / "awsx"
    folder.mkdir(mode=0o700)
    left = folder / f"shell.{LIVE}.{dead}.tmp"
    left.write_text("AWS_ACCESS")
    make_old(left)
    (folder / f"shell.{os.getpid()}").write_text(".\n")
    for _ in range(2):
        hand_over(folder)
    assert files(folder) == [f"shell.{os.getpid()}"]


@pytest.mark.parametrize("name", ["shell.{dead}", "shell.{dead}.{dead}.tmp", "shell.1.{dead}.tmp"])
@pytest.mark.parametrize("age", ["young", "old"])
def test_a_hand_over_of_another_container_stays_until_it_is_old(name, age, dead, tmp_path):
    """Its shell may be about to read it: its id means nothing here."""
    folder = tmp_path / "awsx"
    folder.mkdir(mode=0o700)
    other = folder / name.format(dead=dead)
    other.write_text("AWS_PROFILE=b\n.\n")
    if age == "old":
        make_old(other)
    hand_over(folder)
    assert other.exists() == (age == "young")


def test_the_counts_of_use_leave_no_temporary_file(dead, home):
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    for name in ("used", "recent"):
        (folder / f"{name}.{dead}.tmp").write_text("1 1 a\n")
    (folder / "recent").write_text("a\n")  # so that the uses are added up
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
