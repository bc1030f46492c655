"""`awsx demo`: a shell in a sandbox with a made-up organisation, on this terminal or unattended."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping

from awsx import term
from awsx.demo import tips
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import make_organisation
from awsx.demo.interactive_shell import InteractiveShell
from awsx.demo.sandbox import Sandbox
from awsx.demo.shell import Shell
from awsx.demo.signals import ENDING, KEYBOARD, Signals
from awsx.demo.unattended_shell import UnattendedShell
from awsx.install import shells
from awsx.term import AwsxError

UNKNOWN = "the demo has no {}; it knows bash, zsh and fish{}"
NOT_FOUND = "{} is not installed; choose another: awsx demo --shell bash|zsh|fish"
NO_TERMINAL = (
    "the demo opens a shell and needs a terminal for it; unattended: awsx demo --run 'COMMANDS'"
)
WELCOME = """\
awsx demo: a made-up organisation, {accounts} accounts; AWS is {url}
{tips}Ctrl-D ends it. Nothing of yours is read or changed, nothing stays behind.
"""
AWS_CLI = "whom AWS takes you for"
STAND_IN = f"{AWS_CLI} (by a stand-in for aws)"
IN_BROWSER = "click Allow in your browser"
BY_ITSELF = "no browser here: by itself"
# fish gets the commands as an argument of `eval`: fish 3.6 exits with 0 if it cannot parse its -c.
FISH_EVAL = "eval $argv[1]"


def demo(
    env: Mapping[str, str], commands: str | None, shell: str, accounts: int, roles: int
) -> int:
    """Open the sandbox, or run `commands` in it; returns the exit code.

    Raises AwsxError without a shell or without a terminal to open it on.
    """
    path = find_shell(env, shell)
    if commands is None and not (term.on_terminal() and term.in_foreground()):
        raise AwsxError(NO_TERMINAL, 2)
    with Signals(*ENDING, *KEYBOARD, signal.SIGCHLD) as signals:
        center = IdentityCenter(make_organisation(accounts, roles))
        try:
            with Sandbox(center, env, unattended=commands is not None) as sandbox:
                return run(sandbox, center, path, commands, signals)
        finally:
            center.stop()


def run(
    sandbox: Sandbox, center: IdentityCenter, path: str, commands: str | None, signals: Signals
) -> int:
    """Start the shell at `path`, then the server and its threads: a fork must come before threads.

    The port accepts connections already, so the shell can use AWS at once.
    """
    env = sandbox.environment(path)
    if commands is None:
        os.write(2, welcome(sandbox, center, env).encode())
        shell: Shell = InteractiveShell([path, "-i"], env, sandbox.home)
    else:
        shell = unattended_shell(path, commands, env, sandbox)
    shell.start()
    try:
        center.start()
        if sandbox.link_relay:
            sandbox.link_relay.start()
        code = shell.wait(signals)
    finally:
        shell.end()
    # An interactive shell exits with the code of its last command: that is no failure of the demo.
    return code if commands is not None or code > 128 else 0


def unattended_shell(
    path: str, commands: str, env: Mapping[str, str], sandbox: Sandbox
) -> UnattendedShell:
    """Its output has no colours unless it is copied to a terminal."""
    if not os.isatty(1):
        env = {**env, "NO_COLOR": "1", "TERM": "dumb"}
    script = [FISH_EVAL, commands] if os.path.basename(path) == "fish" else [commands]
    return UnattendedShell([path, "-i", "-c", *script], env, sandbox.home)


def find_shell(env: Mapping[str, str], wanted: str) -> str:
    """The path of the shell to open: `wanted` (a name), else the person's.

    Raises AwsxError for a name that the demo does not know, and for a shell that is not installed.
    """
    if wanted and wanted not in shells.NAMES:
        similar = term.near(wanted, list(shells.NAMES))
        raise AwsxError(UNKNOWN.format(term.clean(wanted), similar), 2)
    login_shell = env.get("SHELL", "")
    login_name = os.path.basename(login_shell)
    name = wanted or (login_name if login_name in shells.NAMES else detected(env))
    if login_name == name and os.access(login_shell, os.X_OK):
        return login_shell
    path = shutil.which(name)
    if not path:
        raise AwsxError(NOT_FOUND.format(name))
    return path


def detected(env: Mapping[str, str]) -> str:
    """The name of the shell in which awsx was typed; bash if it is none that awsx knows."""
    try:
        return shells.detect(env)
    except AwsxError:
        return "bash"


def welcome(sandbox: Sandbox, center: IdentityCenter, env: Mapping[str, str]) -> str:
    """A few commands to try, below one line that says what this is."""
    login = BY_ITSELF if sandbox.allows_every_login else IN_BROWSER
    aws = AWS_CLI if sandbox.has_aws_cli else STAND_IN
    first = tips.first(center.organisation, sandbox.profiles, login, aws)
    return WELCOME.format(
        accounts=len(center.organisation.accounts),
        url=center.url,
        tips=tips.table(first, term.colour_wanted(2, dict(env))),
    )
