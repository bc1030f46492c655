"""`awsx demo`: a sandbox shell with a made-up organisation, on this terminal or unattended."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping

from awsx import term
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import make_organisation
from awsx.demo.home import profile_name
from awsx.demo.process import (
    ENDS,
    FOREGROUND_SIGNALS,
    OnItsOwnTerminal,
    OnThisTerminal,
    Shell,
    Signals,
)
from awsx.demo.sandbox import Sandbox
from awsx.install import shells
from awsx.term import AwsxError

UNKNOWN = "the demo has no {}; it knows bash, zsh and fish{}"
NOT_FOUND = "{} is not installed; choose another: awsx demo --shell bash|zsh|fish"
NO_TERMINAL = (
    "the demo opens a shell, and this is no terminal; unattended: awsx demo --run 'COMMANDS'"
)
TRY = """\
awsx demo: a made-up organisation, {accounts} accounts; AWS is {url}
  {picks}  pick one of the {profiles} profiles
  {switches}  switch and log in ({login})
  {runs}
Ctrl-D ends it. Nothing of yours is read or changed, nothing stays behind.
"""
IN_BROWSER = "click Allow in your browser"
BY_ITSELF = "no browser here: by itself"
# Not the commands themselves: fish 3.6 ends with 0 where it cannot parse them.
FISH = "eval $argv[1]"


def demo(
    env: Mapping[str, str], commands: str | None, shell: str, accounts: int, roles: int
) -> int:
    """Open the sandbox, or run `commands` in it; the exit code. Raises AwsxError if there is nothing to open it in."""
    path = find_shell(env, shell)
    if commands is None and not (term.on_terminal() and term.in_foreground()):
        raise AwsxError(NO_TERMINAL, 2)
    with Signals(*ENDS, *FOREGROUND_SIGNALS, signal.SIGCHLD) as signals:
        center = IdentityCenter(make_organisation(accounts, roles))
        try:
            with Sandbox(center, env, unattended=commands is not None) as sandbox:
                return run(sandbox, center, path, commands, signals)
        finally:
            center.stop()


def run(
    sandbox: Sandbox, center: IdentityCenter, path: str, commands: str | None, signals: Signals
) -> int:
    """The server is started last: no thread is there when the shell is forked off, and its port takes calls already."""
    env, home = sandbox.environment(path), sandbox.home
    shell: Shell
    if commands is None:
        os.write(2, welcome(sandbox, center, env).encode())
        shell = OnThisTerminal([path, "-i"], env, home)
    else:
        if not os.isatty(
            1
        ):  # what is copied into a pipe or a file is to be read without a terminal
            env.update(NO_COLOR="1", TERM="dumb")
        script = [FISH, commands] if os.path.basename(path) == "fish" else [commands]
        shell = OnItsOwnTerminal([path, "-i", "-c", *script], env, home)
    try:
        center.start()
        if sandbox.links:
            sandbox.links.start()
        code = shell.wait(signals)
    finally:
        shell.end()
    # What the last command of an evening gave is no failure of the demo's.
    return code if commands is not None or code > 128 else 0


def find_shell(env: Mapping[str, str], wanted: str) -> str:
    """The path of the shell to open. Raises AwsxError for one that there is not."""
    if wanted and wanted not in shells.NAMES:
        raise AwsxError(
            UNKNOWN.format(term.clean(wanted), term.near(wanted, list(shells.NAMES))), 2
        )
    own = env.get("SHELL", "")
    name = wanted or (
        os.path.basename(own) if os.path.basename(own) in shells.NAMES else detected(env)
    )
    path = own if os.path.basename(own) == name and os.access(own, os.X_OK) else shutil.which(name)
    if not path:
        raise AwsxError(NOT_FOUND.format(name))
    return path


def detected(env: Mapping[str, str]) -> str:
    try:
        return shells.detect(env)
    except AwsxError:
        return "bash"


def welcome(sandbox: Sandbox, center: IdentityCenter, env: Mapping[str, str]) -> str:
    """Three things to try, under one line that says what this is."""
    prod, _, dev, *_ = center.organisation.accounts
    role = prod.roles[0]
    command = (
        "aws sts get-caller-identity"
        if shutil.which("aws", path=env["PATH"])
        else "printenv AWS_PROFILE"
    )
    typed = [
        "awsx",
        f"awsx {profile_name(prod, role)}",
        f"awsx exec {profile_name(dev, role)} -- {command}",
    ]
    picks, switches, runs = emphasised(typed, dict(env))
    login = BY_ITSELF if sandbox.allows else IN_BROWSER
    counts = {"accounts": len(center.organisation.accounts), "profiles": sandbox.profiles}
    return TRY.format(
        url=center.url, picks=picks, switches=switches, runs=runs, login=login, **counts
    )


def emphasised(typed: list[str], env: dict[str, str]) -> list[str]:
    width = max(map(len, typed[:2]))
    begin, end = ("\033[1m", "\033[0m") if term.colour_wanted(2, env) else ("", "")
    return [f"{begin}{text}{end}{' ' * (width - len(text))}" for text in typed]
