"""Scores: a use adds one, a week halves it; without a usable file only the order is lost."""

import os
import posix
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from awsx.memos import uses
from awsx.memos.uses import HALF_LIFE, KEPT, count, scores

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000.0


@pytest.fixture
def env(home):
    return {"HOME": str(home)}


@pytest.fixture
def file(home):
    return home / ".local" / "state" / "awsx" / "used"


def test_without_any_use_there_are_no_scores(env):
    assert scores(env, NOW) == {}


def test_scores_add_up_and_halve_each_week(env, file):
    for name, when in (("a", NOW), ("a", NOW), ("b", NOW), ("b", NOW + HALF_LIFE)):
        count(env, name, when)
    assert scores(env, NOW + HALF_LIFE) == pytest.approx({"a": 1.0, "b": 1.5}, rel=1e-3)
    assert scores(env, NOW + 2 * HALF_LIFE) == pytest.approx({"a": 0.5, "b": 0.75}, rel=1e-3)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_clock_that_was_set_back_raises_no_score(env):
    count(env, "a", NOW)
    assert scores(env, NOW - 100 * HALF_LIFE) == {"a": 1.0}


@pytest.mark.parametrize(
    "name",
    ["a b", "-", "$(touch x)", "%n", "größe", "x" * 300, os.fsdecode(b"\xff"), " a ", "1 2 3"],
)
def test_any_name_is_counted_under_exactly_that_name(name, env):
    count(env, name, NOW)
    count(env, "other", NOW)
    assert scores(env, NOW)[name] == 1.0


def test_the_least_used_are_forgotten(env, file):
    file.parent.mkdir(parents=True)
    file.write_text("".join(f"{n + 2} {NOW:.0f} p{n}\n" for n in range(KEPT + 10)))
    count(env, "p0", NOW)
    found = scores(env, NOW)
    assert len(found) == KEPT
    assert f"p{KEPT + 9}" in found
    assert "p1" not in found


JUNK = [
    "",
    "\n",
    "junk\n",
    "1\n",
    "1 2\n",
    "x y z\n",
    "1 x a\n",
    "\xff\n",
    "1e999999 0 a\n",
    "1 1e999999 a\n",
    "\0 \0 \0\n",
]


@pytest.mark.parametrize("line", [*JUNK, "nan 0 a\n", "inf 0 a\n", "1 nan a\n"], ids=repr)
def test_a_damaged_line_does_no_harm(line, env, file):
    file.parent.mkdir(parents=True)
    file.write_bytes(line.encode("latin-1") + b"2 1800000000 good\n")
    assert scores(env, NOW)["good"] == 2.0
    count(env, "good", NOW)
    assert scores(env, NOW)["good"] == 3.0


@pytest.mark.parametrize("kind", ["folder", "fifo", "a file for a folder"])
def test_without_a_writable_file_nothing_is_counted(kind, env, file):
    file.parent.mkdir(parents=True)
    {
        "folder": file.mkdir,
        "fifo": lambda: os.mkfifo(file),
        "a file for a folder": lambda: (shutil.rmtree(file.parent), file.parent.touch()),
    }[kind]()
    count(env, "a", NOW)
    assert scores(env, NOW) == {}


def test_an_unreadable_file_counts_as_empty(env, monkeypatch):
    count(env, "a", NOW)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(posix, "open", refuse)
    assert uses.scores(env, NOW) == {}
    count(env, "a", NOW)


def test_no_use_is_lost_when_many_count_at_once(env):
    script = f"from awsx.memos.uses import count\nfor _ in range(20): count({env!r}, 'a', {NOW})"
    processes = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(5)]
    assert [process.wait() for process in processes] == [0] * 5
    assert scores(env, NOW) == {"a": 100.0}


def test_when_a_profile_was_used_last(env, file):
    state = file.parent
    state.mkdir(parents=True, mode=0o700, exist_ok=True)
    file.write_text("1 1000 a\n5 2000 a b\n1 1500 a\n3 x odd\n1 inf far\n")
    recent = state / "recent"
    recent.write_text("c\n")
    os.utime(recent, (2100, 2100))
    times = {"a": 1500, "a b": 2000, "c": 2100, "odd": 0, "far": 2600, "nobody": 0}
    assert {name: uses.last(env, name, 2600) for name in times} == times
    before = scores(env, 2600)
    count(env, "d", 2600)  # adds up
    assert recent.read_text() == ""
    assert {name: uses.last(env, name, 2600) for name in times} == times
    assert scores(env, 2600) == pytest.approx({**before, "d": 1.0}, rel=1e-3)


def test_a_use_of_years_ago_is_added_up(env, file):
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_text("5 0 a\n")
    (file.parent / "recent").write_text("b\n")
    count(env, "b", NOW)
    assert uses.last(env, "a", NOW) == NOW - uses.OLDEST
    assert scores(env, NOW)["b"] == pytest.approx(2.0, rel=1e-3)
