"""The codes of MFA devices: of a command in the settings, else of the person at the terminal."""

from __future__ import annotations

import os

from awsx import interrupts
from awsx.credentials.turn import Turn
from awsx.files import ini
from awsx.term import AwsxError, Cancelled, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts

# botocore's question (credentials.py, AssumeRoleCredentialFetcher), which the AWS CLI shows.
QUESTION = "Enter MFA code for "
AGAIN = "Wrong code. "
TRIES = 3
SECONDS = 120  # for a command that waits for a touch of a key, or of a thumb
NO_CODE = (
    "the MFA code of {} can only be asked for at a terminal; a command can give it: [mfa] command"
    " in the settings"
)
BACKGROUND = "a background job cannot ask for the MFA code of {}; bring it back with fg"
NEVER_A_CODE = "no MFA code: it has six digits; try again"
NO_COMMAND = "the MFA command {} cannot be started: {}"
FAILED = "the MFA command {} failed (exit {})"
TOO_SLOW = "the MFA command {} has printed no code for {} seconds"
NOT_A_CODE = "the MFA command {} did not print a code of six digits alone"


class Codes:
    """Gives the codes of MFA devices. botocore calls it with its question, `again` says wrong."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._tries = 0
        self._is_of_person = False

    def __call__(self, question: str) -> str:
        """Raises AwsxError if nobody can give a code, Cancelled if the person does not want to."""
        serial = question.removeprefix(QUESTION).rstrip(": ")
        command = self._facts.settings.mfa_command(serial) if self._facts.has_settings else ""
        self._is_of_person = not command
        if command:
            return printed(command, serial)
        # Two questions at once on one terminal: nobody would know which one is being answered.
        with Turn(self._facts.env, "mfa"):
            return self._typed(question, serial)

    def may_ask_again(self) -> bool:
        """True if AWS refused the code of a person, who may type another one."""
        return self._is_of_person and self._tries < TRIES

    def _typed(self, question: str, serial: str) -> str:
        """The code that a person types; what is none counts as a wrong one."""
        code = ""
        while not is_code(code) and self._tries < TRIES:
            check_terminal(serial)
            code = _read(f"{AGAIN if self._tries else ''}{question}")
            self._tries += 1
        if not is_code(code):
            raise AwsxError(NEVER_A_CODE)
        return code


def is_code(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdecimal()


def check_terminal(serial: str) -> None:
    """Raises AwsxError unless a person can be asked at the terminal, be stdin what it will."""
    try:
        fd = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError as error:
        raise AwsxError(NO_CODE.format(clean(serial))) from error
    try:
        if os.tcgetpgrp(fd) != os.getpgrp():
            raise AwsxError(BACKGROUND.format(clean(serial)))
    finally:
        os.close(fd)


def _read(question: str) -> str:
    """What a person types on the terminal, where nobody sees it. Raises Cancelled."""
    from getpass import getpass

    with interrupts.tidy():  # else Ctrl-C would leave a terminal that shows nothing
        try:
            return getpass(question).strip()
        except EOFError as error:
            raise Cancelled from error


def printed(command: str, serial: str) -> str:
    """The code that a command prints; `{serial}` in it is the device's serial number.

    No shell reads the command. Raises AwsxError if it gives no code.
    """
    import subprocess

    words = [word.replace("{serial}", serial) for word in ini.words(command)]
    shown = clean(words[0] if words else command)
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=SECONDS, check=False
        )
    except (OSError, IndexError, ValueError) as error:
        raise AwsxError(NO_COMMAND.format(shown, getattr(error, "strerror", error))) from error
    except subprocess.TimeoutExpired as error:
        raise AwsxError(TOO_SLOW.format(shown, SECONDS)) from error
    if done.returncode:
        raise AwsxError(FAILED.format(shown, done.returncode))
    code = done.stdout.decode("utf-8", "replace").strip()
    if not is_code(code):
        raise AwsxError(NOT_A_CODE.format(shown))
    return code


def wrong(message: str) -> bool:
    """True if STS refused the code, by its message; nothing else tells it from other refusals."""
    return message.startswith("MultiFactorAuthentication failed")
