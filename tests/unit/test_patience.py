"""How long a question to AWS may take: a word after a while, then an end; Ctrl-C at any time."""

import time

import pytest

from awsx.service import patience

AT = "https://oidc.eu-west-1.amazonaws.com"


class Refusal(Exception):
    """As botocore's ClientError: it holds AWS's response."""

    response = None


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(patience, "WORD_AFTER", 0.1)
    monkeypatch.setattr(patience, "LIMIT", 0.4)
    monkeypatch.setattr(patience, "_spent", {})
    monkeypatch.setattr(patience, "_is_said", False)


def slow(seconds, outcome=None):
    def call():
        time.sleep(seconds)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return call


def test_a_quick_answer_or_refusal_comes_without_a_word(capsys):
    assert patience.answered(lambda: {"a": 1}, AT) == {"a": 1}
    with pytest.raises(Refusal):
        patience.answered(slow(0, Refusal()), AT)
    assert capsys.readouterr().err == ""


def test_a_slow_answer_comes_after_one_word(capsys):
    for _ in range(2):
        assert patience.answered(slow(0.2, {}), AT) == {}
    told = "awsx: no answer from AWS yet (oidc.eu-west-1.amazonaws.com); waiting for at most "
    assert capsys.readouterr().err.startswith(told)


def test_all_questions_that_one_server_leaves_unanswered_share_one_limit():
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        patience.answered(slow(0.2, TimeoutError()), AT)
    for _ in range(3):
        with pytest.raises(patience.Silent):
            patience.answered(slow(5), AT)
    assert time.monotonic() - began < 0.7
    assert patience.answered(slow(0.2, {}), "https://another") == {}


def test_refusals_cost_no_patience():
    """A device code is asked for a hundred times, and refused ninety-nine times."""
    for _ in range(4):
        with pytest.raises(Refusal):
            patience.answered(slow(0.15, Refusal()), AT)
    assert patience.answered(slow(0.2, {}), AT) == {}
