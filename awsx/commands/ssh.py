"""awsx ssh: ssh, with a credential server here for the tools on the far side.

A port of the far side leads to the server (`-R`), and the far side needs the server's token.
SendEnv is seldom allowed there, and a command line shows to everybody on both machines what is in
it. So a first run of ssh writes the variables from its stdin into a file of mode 0600, which the
second one reads and deletes at once. All runs share one connection (ControlMaster): a person logs
in to the host once.
"""

from __future__ import annotations

import os
import shutil
import tempfile

from awsx import process
from awsx.commands import before, served
from awsx.commands.creds import profile_of
from awsx.commands.serve import DEED
from awsx.credentials import written
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call

LONGEST = 60  # characters of a folder for the socket: `/awsx-12345678/s.1234567890123456` follows
# The options of ssh that take a value (getopt in ssh.c), and those after which there is no command.
WITH_VALUE = "BbcDEeFIiJLlmOoPpQRSWw"
NO_COMMAND = "fGNOQVW"
NO_HOST = "which host? awsx ssh HOST [COMMAND]; help: awsx ssh --help"
NO_SHELL = "awsx ssh opens a shell or runs a command on the far side; ssh -{} does neither"
NOT_WRITTEN = "ssh {} could not be prepared (exit {}); without credentials: ssh {}"

# Run by the login shell of the far side, whichever that is: so all of it is one word for sh.
WRITE = (
    'umask 077 && f=$(mktemp "${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/awsx.XXXXXXXXXX") &&'
    ' cat >"$f" && printf %s "$f"'
)
SHELL = '. "$0"; rm -f "$0"; exec "${SHELL:-/bin/sh}" -l'
COMMAND = '. "$0"; rm -f "$0"; exec "${SHELL:-/bin/sh}" -c "$1"'


class Words:
    """What stands behind `awsx ssh`: options of ssh, the host, the words of a command."""

    __slots__ = ("command", "host", "options")

    def __init__(self, options: list[str], host: str, command: list[str]) -> None:
        self.options, self.host, self.command = options, host, command


def parse(words: list[str]) -> Words:
    """As ssh reads its words: options before and behind the host, then the command.

    Raises AwsxError if no host is there, or an option with which there is no far side to run on.
    """
    options: list[str] = []
    host, rest = "", list(words)
    while rest and ((rest[0][:1] == "-" and rest[0] != "-") or not host):
        word = rest.pop(0)
        if word == "--":
            if not host and rest:
                host = rest.pop(0)
            break
        if word[:1] != "-":
            host = word
            continue
        taken = _takes_value(word)
        options += [word, *(rest[:1] if taken else [])]
        rest = rest[1:] if taken else rest
    if not host:
        raise AwsxError(NO_HOST, 2)
    return Words(options, host, rest)


def _takes_value(word: str) -> bool:
    """True if the next word is the value of the last letter. Raises AwsxError as `parse` does."""
    for place, letter in enumerate(word[1:], 2):
        if letter in NO_COMMAND:
            raise AwsxError(NO_SHELL.format(clean(letter)), 2)
        if letter in WITH_VALUE:
            return place == len(word)
    return False


def ssh(env: Mapping[str, str], words: list[str], call: Call) -> None:
    """Become ssh; only a server behind it returns, when ssh has ended.

    Raises AwsxError as `exec` does, and if the host cannot be reached.
    """
    asked = parse(words)
    facts = before.opened(env)
    target = before.chosen(facts, call.name or profile_of(env))
    if target.pattern and before.must_ask(call.is_sure):
        before.confirm(facts, target, DEED)
    server = served.prepared(facts, target, call)
    child = process.environment(process.original(env), target.profile.name, "", target.source)
    folder = tempfile.mkdtemp(prefix="awsx-", dir=_short_folder(env))
    connection = Connection(asked, f"{folder}/s", child)
    try:
        connection.open()
        server.reach_by(connection.forward(server.port))
        file = connection.write(snippet(server))
    except AwsxError:
        connection.close(folder)
        raise
    if server.start(lambda: connection.close(folder)):
        process.become(connection.command(file), child)


def _short_folder(env: Mapping[str, str]) -> str:
    """Where the socket lies: its whole path may have 104 characters on macOS, and ssh adds some."""
    folder = env.get("XDG_RUNTIME_DIR", "")
    return folder if 0 < len(folder) <= LONGEST else "/tmp"


def snippet(server: served.Server) -> str:
    """What sh reads on the far side. Its files are not ours: they stay, and so do its profiles."""
    assign, _ = written.LINES["env"]
    change = server.change()
    gone = " ".join(name for name, value in change.items() if value is None)
    lines = [assign(name, value) for name, value in change.items() if value is not None]
    return "\n".join([f"unset {gone}", *lines, ""])


class Connection:
    """One connection to a host, shared by several runs of ssh through a socket."""

    def __init__(self, words: Words, socket: str, env: Mapping[str, str]) -> None:
        self._words, self._env = words, env
        self._shared = ["ssh", "-o", f"ControlPath={socket}", "-o", "RemoteCommand=none"]

    def open(self) -> None:
        """Connect, which may ask the person for a password, and stay connected."""
        stay = ["-o", "ControlMaster=yes", "-o", "ControlPersist=yes"]
        self._run([*stay, *self._words.options, "-T"], "true")

    def forward(self, port: int) -> int:
        """Let a port of the far side lead to this one, and tell which: ssh takes a free one."""
        given = self._run(["-O", "forward", "-R", f"127.0.0.1:0:127.0.0.1:{port}"]).strip()
        if not given.isdecimal():
            raise self._failure(0)
        return int(given)

    def write(self, text: str) -> str:
        """Write the text into a file on the far side; its path."""
        shown = self._run(["-o", "ControlMaster=no", "-T"], _for_sh(WRITE), text=text)
        path = shown.rpartition("\n")[2]
        if path[:1] != "/":
            raise self._failure(0)
        return path

    def _run(self, options: list[str], *command: str, text: str = "") -> str:
        """What ssh prints; it tells on stderr what goes wrong. Raises AwsxError then."""
        import subprocess

        try:
            done = subprocess.run(
                [*self._shared, *options, "--", self._words.host, *command],
                input=text.encode(),
                stdout=subprocess.PIPE,
                env=self._env,
                check=False,
            )
        except OSError as error:
            raise AwsxError(f"ssh: {error.strerror}", 127) from error
        if done.returncode:
            raise self._failure(done.returncode)
        return done.stdout.decode("utf-8", "replace")

    def _failure(self, code: int) -> AwsxError:
        host = clean(self._words.host)
        return AwsxError(NOT_WRITTEN.format(host, code, host))

    def command(self, file: str) -> list[str]:
        """The ssh that the person asked for, which reads the file first."""
        words = self._words
        terminal = ["-t"] if not words.command and os.isatty(0) else []
        argv = [
            *self._shared,
            "-o",
            "ControlMaster=no",
            *terminal,
            *words.options,
            "--",
            words.host,
        ]
        if not words.command:
            return [*argv, _for_sh(SHELL, file)]
        return [*argv, _for_sh(COMMAND, file, " ".join(words.command))]

    def close(self, folder: str) -> None:
        """End the connection."""
        import subprocess

        subprocess.run(
            [*self._shared, "-O", "exit", "--", self._words.host],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._env,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _for_sh(text: str, *words: str) -> str:
    """A line that every login shell gives to sh as it is: POSIX shells, fish, csh."""
    return " ".join(["exec", "sh", "-c", *map(_quoted, (text, *words))])


def _quoted(word: str) -> str:
    """In quotes, but for what fish takes for an escape inside of them."""
    return "'" + "".join(f"'\\{c}'" if c in "'\\" else c for c in word) + "'"
