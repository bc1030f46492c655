"""A sample of the random configurations of tests/fuzz/profiles.py: botocore and awsx agree."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "fuzz" / "profiles.py"
AT_ONCE = 10


@pytest.fixture(scope="module")
def fuzzer():
    spec = importlib.util.spec_from_file_location("fuzz_profiles", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(0, 40, AT_ONCE))
def test_awsx_says_what_botocore_does(seed, fuzzer, home):
    compared = 0
    for number in range(seed, seed + AT_ONCE):
        count, wrong = fuzzer.compare(home, number)
        assert wrong == []
        compared += count
    assert compared > 3 * AT_ONCE


def test_the_fuzzer_sees_a_disagreement(fuzzer, home, monkeypatch):
    """Whoever takes every profile for usable is found out."""
    from awsx.truth.usable import Verdict

    monkeypatch.setattr(fuzzer, "usable", lambda *_: Verdict(True))
    assert any(fuzzer.compare(home, seed)[1] for seed in range(5))
