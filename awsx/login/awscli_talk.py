"""The talk of `aws sso login` and `aws login`, read line by line: link, code, what is to be shown.

A line that is not known is shown as it is, and so is everything that the AWS CLI writes to stderr.
"""

from __future__ import annotations

import os
import time
from select import select

from awsx.login.talk import PATIENCE
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

    from awsx.login.options import Login
    from awsx.login.talk import Talk

# Beginnings of the lines that awsx says in its own words (AWS CLI 2.9 to 2.38,
# awscli/customizations/sso/utils.py).
KNOWN = (
    "Attempting to open your default browser.",
    "Attempting to automatically open the SSO authorization page in your default browser.",
    "If the browser does not open",
    "If you are unable to open the URL on this device",
    "Browser will not be automatically opened.",
    "Please visit the following URL:",
    "Alternatively, you may visit the following URL",
    "Successfully logged into Start URL:",
    "Updated profile ",
    'Use "--profile ',
)
BEFORE_CODE = "Then enter the code:"
TICK = 0.1  # seconds
# The AWS CLI writes all that it has to say at once, and each line may come alone: after a silence
# that long, the rest is not to come, and half a line is a question.
SILENCE = 0.3


class Listener:
    """Hears the lines: what the link and the code are, and which lines are to be shown."""

    __slots__ = ("_is_code_next", "code", "url", "whole")

    def __init__(self) -> None:
        self.url = self.code = self.whole = ""
        self._is_code_next = False

    def hear(self, line: str) -> bool:
        """Take in a line; False if it is not known, and so is to be shown."""
        text = line.strip()
        if not text or text.startswith(KNOWN):
            return True
        if text == BEFORE_CODE:
            self._is_code_next = True
            return True
        if self._is_code_next:
            self._is_code_next = False
            self.code = text
            return text == clean(text, 40)
        return self._is_link(text)

    def _is_link(self, text: str) -> bool:
        """Take a line that is a link alone: the first, and the one that has the code in it."""
        is_link = text.startswith(("https://", "http://")) and " " not in text
        if not is_link or not text.isprintable():
            return False
        if not self.url:
            self.url = text
            return True
        if not self.whole and self.code and self.code in text:
            self.whole = text
            return True
        return False


class Follower:
    """Says in awsx's words what the AWS CLI writes to its two streams."""

    __slots__ = ("_is_half_shown", "_listener", "_login", "_rest", "_talk")

    def __init__(self, login: Login, talk: Talk) -> None:
        self._login, self._talk, self._listener = login, talk, Listener()
        self._rest, self._is_half_shown = b"", False

    def take(self, data: bytes, is_error: bool) -> None:
        """Take in what was written."""
        if is_error:
            self._talk.show(_text(data).lstrip("\n"))
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            text = _text(line)
            if self._is_half_shown or not self._listener.hear(text):
                self._talk.show(f"{text}\n")
            self._is_half_shown = False
        self._say_link(is_all=False)

    def be_silent(self) -> None:
        """Take in that nothing more comes for now: half a line is a question to the person."""
        self._say_link(is_all=True)
        if self._rest:
            self._talk.show(_text(self._rest))
            self._rest, self._is_half_shown = b"", True

    def _say_link(self, is_all: bool) -> None:
        """Say the link as soon as all that belongs to it is known."""
        heard, login = self._listener, self._login
        if not heard.url or self._talk.is_linked:
            return
        has_all = heard.code if login.opens_browser else heard.whole
        if login.is_by_browser or has_all or is_all:
            url = heard.whole or heard.url
            self._talk.show_link(url, heard.code, is_whole=bool(heard.whole or not heard.code))
            if not login.is_by_paste:  # the time left would be drawn over what the person pastes
                self._talk.wait(PATIENCE)


def follow(process: Popen[bytes], login: Login, talk: Talk) -> None:
    """Say what the AWS CLI says until it has ended.

    (Not until its streams end: a browser that it has started may hold them.)
    """
    follower, heard, is_over = Follower(login, talk), time.monotonic(), False
    streams = [stream for stream in (process.stdout, process.stderr) if stream]
    for stream in streams:
        os.set_blocking(stream.fileno(), False)
    while not is_over:
        is_over = process.poll() is not None  # what it has written until now is read below
        for stream in select(streams, [], [], 0 if is_over else TICK)[0]:
            data = stream.read()
            if data:
                follower.take(data, stream is process.stderr)
                heard = time.monotonic()
            elif data == b"":
                streams.remove(stream)
        if is_over or time.monotonic() - heard > SILENCE:
            follower.be_silent()
            talk.goes_on()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
