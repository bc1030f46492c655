"""What `python -m awsx.demo` prints."""

import os

import pytest

from awsx.demo import __main__
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import make_organisation


def test_a_reader_that_has_left_is_no_error(monkeypatch):
    """`python -m awsx.demo | head -n 1` goes on serving."""
    read, write = os.pipe()
    os.close(read)
    really = os.write
    monkeypatch.setattr(os, "write", lambda _, data: really(write, data))
    __main__.tell("# 1\nexport A=1\n")
    os.close(write)


def test_all_lines_come_at_once(capfd):
    """A reader of a few lines never leaves in the middle of them."""
    with IdentityCenter(make_organisation()) as center:
        text = __main__.variables(center)
    assert text.startswith("# https://d-0123456789.awsapps.com/start, sso_region eu-west-1;")
    assert len(text) < 4096  # PIPE_BUF: a write of that size is not cut
    __main__.tell(text)
    printed = capfd.readouterr().out
    assert printed == text
    assert [line.partition("=")[0].partition(" ")[0] for line in printed.splitlines()[1:]] == [
        "export"
    ] * (len(printed.splitlines()) - 1)


@pytest.mark.parametrize("error", [BrokenPipeError, OSError])
def test_a_stdout_that_cannot_be_written_is_no_error(error, monkeypatch):
    def refuse(*_):
        raise error

    monkeypatch.setattr(os, "write", refuse)
    __main__.tell("x")
