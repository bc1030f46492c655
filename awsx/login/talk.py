"""What a person sees of one login, whoever does it: why, the link and its code, the time left."""

from __future__ import annotations

import time

from awsx import term
from awsx.login import browser, hyperlink
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.login.options import Login

PATIENCE = 600  # seconds; the AWS CLI waits as long, and a device code lives as long
BEGIN, ASKED_FOR = "{}logging in", "logging in to {}"
HERE = "{}log in{} with the browser or {}"
ELSEWHERE = (
    "{}log in{} by {} with a browser that reaches port {} of this machine (ssh -L {}:127.0.0.1:{})"
)
PASTE = "{}log in{} with {}, and paste here the code that it shows"
CHECK = "{}log in{} with {}, and check that it shows the code {}"
ENTER = "{}log in{} with {}, and enter the code {}"
TOO_LATE = "nobody has logged in to {} within --timeout; try again"
TO = " to {}"
THIS_LINK = "this link"
CODES = "shows the code {}", "enter the code {}"
UNBROKEN = "\xa0"  # in place of a blank at which no line ends
INDENT = "  "  # before what stands below the sentence
ANY, OVER_SSH = "any browser", "the browser on your own computer"
NOT_OPENED = "no browser was opened: {}"
NOT_STARTED = (
    "the browser did not open ({}); open the link yourself,"
    " or use another machine: awsx login --device-code"
)


class Talk:
    """`with Talk(login) as talk:` says what is going on; no line that moves is left at the end.

    A line that is drawn over says why there is a login, until the link is known: then one line that
    stays says both. A pipe gets that one line alone.
    """

    __slots__ = ("_deadline", "_has_begun", "_login", "_opened", "_progress", "is_linked")

    def __init__(self, login: Login) -> None:
        self._login = login
        self._has_begun = self.is_linked = False
        self._opened: browser.Opened | None = None
        self._deadline = 0.0
        self._progress = term.Progress()

    def __enter__(self) -> Talk:
        self._progress.show(self._beginning())
        return self

    def __exit__(self, *_: object) -> None:
        self._begin()
        self._progress.clear()
        if self._opened:
            self._opened.leave()

    def _begin(self) -> None:
        """Say why there is a login by a line that stays, unless one has said so."""
        if not self._has_begun:
            self._has_begun = True
            self._progress.clear()
            term.say(self._beginning())

    def _beginning(self) -> str:
        login = self._login
        return BEGIN.format(login.reason) if login.reason else ASKED_FOR.format(login.label)

    def show_link(self, url: str, code: str = "", is_whole: bool = True) -> None:
        """Say where the person logs in.

        `code` is the device code; the link of `is_whole` has it in it. Both must be printable.
        """
        self._progress.clear()
        if self._login.wish.as_json and not self._login.opens_browser:
            self._print_link(url, code)
            return
        has_links = term.can_redraw() and hyperlink.is_known(self._login.env)
        below = hyperlink.link(url, url) if has_links else url
        link = THIS_LINK
        if has_links and not code:
            link, below = hyperlink.link(url, THIS_LINK), ""
        text = self._sentence(THIS_LINK, code, is_whole) + (":" if below else "")
        text = _broken(text, code).replace(THIS_LINK, link)
        term.call(f"{text}\n{INDENT}{below}" if below else text)
        self._has_begun = self.is_linked = True
        if code and is_whole and not self._login.opens_browser:
            _draw(url)

    def _print_link(self, url: str, code: str) -> None:
        """Print link and code as one line of JSON, for a program that shows them to a person."""
        import json

        term.out(
            json.dumps({"session": self._login.label, "url": url, "code": code or None}) + "\n"
        )
        self._has_begun = self.is_linked = True

    def _sentence(self, link: str, code: str, is_whole: bool) -> str:
        login = self._login
        to = "" if login.reason else TO.format(login.label)  # the reason names the session
        if code:
            which = OVER_SSH if browser.is_ssh(login.env) else ANY
            return (CHECK if is_whole else ENTER).format(login.reason, to, which, code)
        if login.is_by_paste:
            return PASTE.format(login.reason, to, OVER_SSH if browser.is_ssh(login.env) else ANY)
        if login.opens_browser:
            return HERE.format(login.reason, to, link)
        return ELSEWHERE.format(login.reason, to, link, *[login.port] * 3)

    def open(self, url: str) -> None:
        """Open the link in the browser, if the login opens one; say why not if that is expected."""
        login = self._login
        if login.opens_browser:
            self._opened = browser.show(url, login.env, login.browser_command)
        if login.why_no_browser:
            self.warn(NOT_OPENED.format(login.why_no_browser))

    def wait(self, seconds: int) -> None:
        """From now on draw how much of `seconds` is left."""
        self._deadline = time.monotonic() + seconds
        self._progress.clear()
        self._progress = term.Countdown(f"waiting for {self._login.label}", self._deadline)

    def goes_on(self) -> bool:
        """Draw the time left; False once it is over.

        If the browser's command fails, that is said once; it may have opened the link all the same.
        Raises AwsxError when the deadline of `awsx login --wait` has come.
        """
        if self._login.wish.until and time.monotonic() > self._login.wish.until:
            raise AwsxError(TOO_LATE.format(self._login.label))
        failure = self._opened.failure() if self._opened else ""
        if failure and self._opened:
            self._opened.leave()
            self._opened = None
            self.warn(NOT_STARTED.format(clean(failure, 300)))
        if isinstance(self._progress, term.Countdown):
            self._progress.draw(time.monotonic())
        return time.monotonic() < self._deadline

    def warn(self, message: str) -> None:
        """Say that something is not as expected."""
        self._progress.clear()
        term.warn(message)

    def show(self, text: str) -> None:
        """Show what another program says, as it is."""
        self._begin()
        self._progress.clear()
        term.write(text)


def _broken(text: str, code: str) -> str:
    """The sentence, with line ends where else the terminal would break a word, or the code."""
    if not term.can_redraw():
        return text
    for whole in (THIS_LINK, *(words.format(code) for words in CODES)):
        text = text.replace(whole, whole.replace(" ", UNBROKEN))
    prefix = "awsx: "
    lines = "\n".join(term.wrapped(prefix + text, term.columns(2)))
    return lines.removeprefix(prefix).replace(UNBROKEN, " ")


def _draw(url: str) -> None:
    """Draw the QR code of the link, for a phone, where there is room and a program for it."""
    from awsx.login import qr

    if term.can_redraw():
        columns, rows = term.size(2)
        for line in qr.code(url, term.is_coloured(2), columns - len(INDENT), rows):
            term.write(f"{INDENT}{line}\n")
