"""The benchmark names what it measured, beside what and in which unit. No test asserts a speed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from awsx.files import profiles
from benchmarks import inshell, memory, peers, picker, table
from benchmarks.__main__ import rows
from benchmarks.homes import Homes, profile
from benchmarks.imports import markdown, of_a_switch
from benchmarks.race import Bound, Contest, LeftOut, Reference, Row, race

ROOT = Path(__file__).parents[2]
BARE = "python -I -S -c pass"


@pytest.fixture
def place(tmp_path):
    return Homes(tmp_path, (10,))


def benchmark(*arguments):
    """`python -m benchmarks` with one turn in homes of ten profiles."""
    command = [sys.executable, "-m", "benchmarks", "--profiles", "10", "--runs", "1", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    ).stdout


# A word in the names of some rows: these names, the unit of their medians, their references.
ROWS = {
    "/bin/true": ({"/bin/true"}, "s", {BARE}),
    "by the core": ({"awsx NAME, by the core"}, "s", {BARE}),
    "after an edit": ({"awsx NAME just after an edit"}, "s", {"python -I -c pass"}),
    "program": ({"awsx exec NAME -- true, as a program"}, "s", {BARE}),
    "awsx ls --names": ({"awsx ls --names"}, "s", {BARE}),
    "kept credentials: awsx": ({"kept credentials: awsx creds --format process"}, "s", {BARE}),
    "installed": (
        {
            "installed awsx exec NAME -- true",
            "installed awsx exec NAME -- true, by a link",
            "kept credentials: the same by the installed awsx",
        },
        "s",
        {BARE},
    ),
    "import rich": ({"python -c 'import rich'"}, "s", {BARE}),
    "memory: awsx NAME": ({"memory: awsx NAME"}, "MB", {BARE}),
    "memory: a": (
        {"memory: awsx NAME", "memory: a prompt's refresh", "memory: awsx ls"},
        "MB",
        {BARE},
    ),
    "nothing has this name": (set(), "s", set()),
}


@pytest.mark.parametrize("only", ROWS)
def test_only_the_chosen_rows_are_measured(only, place):
    names, unit, references = ROWS[only]
    found = rows(place, only, 1)
    assert {row.what for row in found} == names
    assert {row.reference for row in found} == references
    assert all(row.unit == unit and row.median > 0 and row.beside > 0 for row in found)


SHELL_ROWS = {
    "awsx NAME, {}": BARE,
    "awsx -, {}": BARE,
    "awsx off, by turns, {}": BARE,
    "a prompt, {}": BARE,
    "a Tab on a name, {}": BARE,
    "a Tab on a name of an edited config, {}": BARE,
    "exec NAME -- true, {}": "env A=b true",
    "start of {} that": "an empty file instead",
}


@pytest.mark.parametrize("only", SHELL_ROWS)
def test_a_row_of_a_shell_has_its_reference_and_bounds(only, shell, place, capfd):
    found = rows(place, only.format(shell), 1)
    assert [row.reference for row in found] == [SHELL_ROWS[only]], capfd.readouterr().err
    assert found[0].bounds


def test_a_loop_that_fails_is_left_out(shell, place, capfd):
    contest = Contest(
        "no such profile",
        10,
        inshell.Loop(shell, place.environment(10), "awsx none", "false"),
        zero(),
    )
    assert race([contest], 1) == []
    assert "left out: no such profile" in capfd.readouterr().err


def test_the_pickers_first_row_and_memory_are_measured(place):
    first, beside_python, memory_row, *cached = [
        *rows(place, "picker's first row", 1),
        *rows(place, "the picker, without", 1),
    ]
    assert (first.reference, memory_row.unit, cached) == ("fzf < file", "MB", [])
    assert (beside_python.what, beside_python.reference) == (first.what, "python -I -c pass")
    shown = Path(place.environment(10)["HOME"], "rows").read_text().split("\n")
    assert [profile(n) in line for n, line in enumerate(shown[2:12])] == [True] * 10


def test_the_cache_folder_is_measured(place, monkeypatch):
    monkeypatch.setattr(memory, "USED", 2)
    apparent, on_disk, *with_picker = rows(place, "cache folder", 1)
    assert 0 < apparent.median < on_disk.median
    assert [row.unit for row in with_picker] == ["MB", "MB"]


def test_every_size_has_its_bounds(tmp_path):
    """A bound is in the row of the number of profiles that it was promised for."""
    contests = [c for heat in picker.first_rows(Homes(tmp_path)) for c in heat]
    bounds = {(c.profiles, c.reference.name): c.bounds for c in contests if c.bounds}
    assert bounds == {
        (5000, "fzf < file"): (Bound(1.4, "x"),),
        (5000, "python -I -c pass"): (Bound(5.0, "x"),),
        (20000, "fzf < file"): (Bound(1.8, "x"),),
    }


@pytest.mark.parametrize("profiles_", [1, 10, 1000])
def test_a_home_has_as_many_profiles_as_it_says(profiles_, tmp_path):
    env = Homes(tmp_path).environment(profiles_)
    found = profiles.Config(env).profiles()
    assert [name for name in found if name.startswith("account-")] == [
        profile(n) for n in range(profiles_)
    ]
    assert {found[profile(n)].kind for n in range(profiles_)} == {"sso"}
    assert Path(env["HOME"]).is_relative_to(tmp_path)


def test_a_home_is_made_once(tmp_path):
    place = Homes(tmp_path)
    assert place.environment(10) == place.environment(10)
    assert place.environment(10)["HOME"] != place.environment(10, "other")["HOME"]


@pytest.mark.parametrize(("chosen", "sizes"), [((), (5, 50)), ((7,), (7,))])
def test_chosen_sizes_replace_the_default_ones(chosen, sizes, tmp_path):
    assert Homes(tmp_path, chosen).sizes(5, 50) == sizes


def zero():
    return Reference("nothing", lambda: 1.0)


def test_a_race_takes_turns_and_returns_the_medians():
    calls, times = [], iter([9.0, 1.0, 2.0, 6.0])
    contest = Contest(
        "a",
        1,
        lambda: calls.append("a") or next(times),
        Reference("b", lambda: calls.append("b") or 2.0),
    )
    (row,) = race([contest], 3)
    assert calls == ["a", "b"] * 4
    assert (row.median, row.beside, row.ratio) == (2.0, 2.0, 1.0)


def test_what_cannot_be_measured_is_left_out_with_a_message(capfd):
    def absent():
        raise LeftOut("not on this machine")

    found = race([Contest("a", 1, absent, zero()), Contest("b", 1, lambda: 1.0, zero())], 1)
    assert [row.what for row in found] == ["b"]
    assert capfd.readouterr().err == "benchmarks: left out: a: not on this machine\n"


BOUNDS = [
    (Bound(1.5, "x"), 3.0, 2.0, True),
    (Bound(1.5, "x"), 3.1, 2.0, False),
    (Bound(1.0, "top"), 3.0, 2.0, True),
    (Bound(1.0, "top"), 3.1, 2.0, False),
    (Bound(1.0, "s"), 1.0, 9.0, True),
    (Bound(40, "MB"), 41.0, 9.0, False),
]


@pytest.mark.parametrize(("bound", "value", "beside", "met"), BOUNDS)
def test_a_bound_is_met_up_to_its_value(bound, value, beside, met):
    assert bound.is_met(value, beside) is met


TOLD = [
    (
        Row("a", 5000, "s", 0.012, "b", 0.008, (Bound(1.5, "x"),)),
        "| a | 5,000 | 12 ms | b | 8 ms | 1.50 | 1.5 x | met |",
    ),
    (
        Row("a", 0, "s", 0.0003, "b", 0.03, (Bound(2e-4, "s"),)),
        "| a |  | 300 us | b | 30 ms | 0.010 | 200 us | **over** |",
    ),
    (Row("a", 10, "s", 2.5, "b", 0.5, ()), "| a | 10 | 2,500 ms | b | 500 ms | 5.00 |  |  |"),
    (
        Row("a", 10, "s", 0.003, "b", 0.002, (Bound(2e-3, "top"),)),
        "| a | 10 | 3 ms | b | 2 ms | 1.50 | + 2 ms | met |",
    ),
    (
        Row("a", 1, "MB", 15.2, "b", 7.6, (Bound(40, "MB"),)),
        "| a | 1 | 15.2 MB | b | 7.6 MB | 2.00 | 40 MB | met |",
    ),
]


@pytest.mark.parametrize(("row", "line"), TOLD)
def test_a_row_as_markdown(row, line):
    assert table.markdown([row]).splitlines()[2] == line


def test_the_command_prints_markdown():
    lines = benchmark("--only", "/bin/true").splitlines()
    assert lines[0].startswith("| what | profiles | median | beside |")
    assert re.fullmatch(
        rf"\| /bin/true \|  \| \S+ [mu]s \| {BARE} \| \S+ ms \| \S+ \|  \|  \|", lines[2]
    )


def test_the_command_prints_json():
    found = json.loads(benchmark("--json", "--only", "by the core"))
    (row,) = found["rows"]
    assert (row["what"], row["profiles"], row["unit"], row["reference"]) == (
        "awsx NAME, by the core",
        10,
        "s",
        BARE,
    )
    assert row["ratio"] == row["median"] / row["beside"]
    assert "Python" in found["machine"]


def test_the_table_is_written_between_its_markers(tmp_path):
    document = tmp_path / "document.md"
    document.write_text(f"before\n{table.BEGIN}an old table\n{table.END}after\n")
    table.write(document, [TOLD[0][0]])
    text = document.read_text()
    assert text.startswith(f"before\n{table.BEGIN}")
    assert text.endswith(f"{table.markdown([TOLD[0][0]])}\n{table.END}after\n")
    assert "an old table" not in text


def test_a_document_without_markers_is_left_alone(tmp_path):
    document = tmp_path / "document.md"
    document.write_text("no marks\n")
    with pytest.raises(ValueError, match="lacks the lines"):
        table.write(document, [])
    assert document.read_text() == "no marks\n"


def test_the_published_document_has_the_markers():
    text = (ROOT / "docs" / "benchmarks.md").read_text()
    assert text.index(table.BEGIN) < text.index(table.END)


def test_the_imports_of_a_switch_are_listed(place):
    found = of_a_switch(place, 1)
    by_name = {each.module: each for each in found}
    assert by_name["io"].in_bare
    assert not by_name["awsx.commands.switch"].in_bare
    assert "typer" not in by_name
    assert "| awsx.commands.switch |" in markdown(found)


def test_a_peer_that_pip_cannot_install_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "CACHE", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(LeftOut, match="No matching distribution"):
        peers._installed("no-such-package==1")
    assert not list(tmp_path.glob("*/complete"))
