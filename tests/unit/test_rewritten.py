"""A config that a program writes in place, in pieces: nobody hears that the profile is gone."""

import os
import threading
import time

import pytest

from awsx.commands import before
from awsx.facts import Facts
from awsx.files.stock import Stock
from awsx.term import AwsxError

FIRST, SECOND = "[profile dev]\nregion = eu-west-1\n", "[profile prod]\nregion = us-east-1\n"


@pytest.fixture
def slow(home, monkeypatch):
    """slow(*pieces) empties the config and writes the pieces, each 60 ms after the one before.

    A file counts as being written for longer than usual: a busy machine may sleep too long.
    """
    monkeypatch.setattr("awsx.files.stock.QUIET_NS", 500_000_000)
    threads = []

    def write(*pieces):
        emptied = threading.Event()

        def work():
            with (home / ".aws" / "config").open("w") as config:
                emptied.set()
                for piece in pieces:
                    time.sleep(0.06)
                    config.write(piece)
                    config.flush()

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        emptied.wait()

    yield write
    for thread in threads:
        thread.join()


def aged(home, text):
    (home / ".aws" / "config").write_text(text)
    os.utime(home / ".aws" / "config", (1e9, 1e9))


WAYS = {
    "a command": lambda facts: facts.profile("prod").get("region"),
    "a switch": lambda facts: facts.find("prod").region,
    "a target": lambda facts: facts.target("prod").region,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("pieces", [(FIRST, SECOND), (SECOND,), (*[FIRST[:4], FIRST[4:]], SECOND)])
def test_a_profile_that_is_being_written_is_found(pieces, way, slow, home):
    env = {"HOME": str(home)}
    aged(home, FIRST + SECOND)
    before.opened_quietly(env)
    slow(*pieces)
    facts = before.opened_quietly(env)
    assert way(facts) == "us-east-1"
    assert not facts.stock.is_fresh  # it was taken of half a file
    assert facts.problems == []


def test_a_prompt_waits_for_it_too(slow, home):
    env = {"HOME": str(home), "AWS_PROFILE": "prod"}
    slow(FIRST, SECOND)
    before.refresh(env)
    before.refresh(env)
    memo = next((home / ".cache").rglob("p.prod")).read_text()
    assert "missing" not in memo
    assert "us-east-1" in memo


def test_a_file_at_rest_is_not_waited_for(home, monkeypatch):
    aged(home, FIRST)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it sleeps"))
    facts = Facts({"HOME": str(home)})
    assert facts.find("prod") is None
    with pytest.raises(AwsxError, match="no profile prod"):
        facts.profile("prod")


def test_a_file_that_is_written_all_the_time_is_given_up(home, monkeypatch):
    aged(home, FIRST)
    monkeypatch.setattr(Stock, "was_just_written", lambda _: True)
    facts, begin = Facts({"HOME": str(home)}), time.monotonic()
    assert facts.find("prod") is None
    assert time.monotonic() - begin < 5
