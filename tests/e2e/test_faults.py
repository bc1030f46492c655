"""A sample of tests/fuzz/faults.py: a fault at a system call of each command that writes."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from terminal import require

from awsx.demo import IdentityCenter

FILE = Path(__file__).parents[1] / "fuzz" / "faults.py"
CASES = 12  # of each command; each takes some tenths of a second


@pytest.fixture(scope="module")
def faults() -> ModuleType:
    require("strace")
    spec = importlib.util.spec_from_file_location("fuzz_faults", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "scene", ["switch", "refresh", "renew", "logout", "choose", "install", "uninstall"]
)
def test_a_fault_loses_nothing(
    scene: str, faults: ModuleType, center: IdentityCenter, tmp_path: Path
) -> None:
    stage = faults.Stage(tmp_path / "stage", center)
    cases = list(stage.cases(scene))
    assert len(cases) > CASES
    for case in cases[:: len(cases) // CASES]:
        assert stage.play(case) == []


def test_the_injector_sees_a_file_that_is_half_written(
    faults: ModuleType, center: IdentityCenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = faults.Stage(tmp_path / "stage", center)
    texts: Iterator[str] = iter(("before", "half", "after"))
    monkeypatch.setattr(stage, "texts", lambda: {".bashrc": next(texts)})
    wrong = stage.play(faults.Case("install", "fsync", 99, "EIO"))
    assert wrong == ["install: EIO at fsync 99: .bashrc is neither what it was nor what it becomes"]
