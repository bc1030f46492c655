"""`awsx exec`: run one command with another profile, or open a shell with it.

Nothing of awsx stands between the command and its terminal.
"""

import time

from awsx import process
from awsx.commands import before
from awsx.environment import KEY_ID, SHELL_OF
from awsx.term import AwsxError, Told, agent, clean, on_terminal, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from awsx.argv import Call
    from awsx.facts import Facts, Target

WILD = "*?["  # what makes a name a pattern
DEED, SHELL_DEED = "run {} with it", "open a shell with it"
NO_COMMAND = (
    "no COMMAND, and no terminal to open a shell on; in a script: awsx exec NAME -- COMMAND"
)
OPENS = "{}; {} with it until you leave it: exit"


def execute(env: "Mapping[str, str]", call: "Call") -> None:
    """Become the call's command, with the profile that it names; only a server behind it returns.

    Without a command, become the person's shell. Raises AwsxError with the exit code 127 if there
    is no such command, 126 if it cannot be started, 2 if there is none and no terminal, 1 if there
    is no such profile, or no valid session and no way to get one. Raises Cancelled if
    the profile is guarded and the person says no.
    """
    if not (call.command or on_terminal()):
        raise AwsxError(NO_COMMAND, 2)
    command = call.command or [shell_of(env)]
    facts = before.opened(env)
    if any(c in call.name for c in WILD) and not facts.config.profile(call.name):
        _execute_many(env, call)
    target = before.target_of(facts, call.name, call.region)
    if agent():
        from awsx.commands import agents

        target = agents.stand_in(facts, target)
    region = before.region_of(facts, call) if call.region else ""
    if target.pattern and before.must_ask(call.is_sure):
        deed = DEED.format(clean(command[0])) if call.command else SHELL_DEED
        before.confirm(facts, target, deed)
    region = region or target.exports
    server = None
    if call.gives == "--serve":
        from awsx.commands import served  # threads, HTTP: only for who asks for it

        server = served.prepared(facts, target, call)
        child = server.environment(
            process.environment(process.original(env), target.profile.name, region), region
        )
    else:
        makes = with_keys if call.gives == "--creds" else with_profile
        child = makes(facts, target, call, region)
    if not call.command:
        child[SHELL_OF] = target.profile.name
        say(OPENS.format(target.description, clean(command[0].rpartition("/")[2])))
    if server is None or server.start():
        process.become(command, child)


def _execute_many(env: "Mapping[str, str]", call: "Call") -> "NoReturn":
    """The name is a pattern. Raises Told with the exit code of all its profiles together."""
    from awsx.commands import execute_many
    from awsx.many.form import Form, Limits, Wish

    wish = Wish((call.name,), region=call.region)
    form = Form(is_sure=call.is_sure, may_login=call.may_login, gives=call.gives)
    raise Told("", execute_many.execute(env, wish, call.command, Limits(), form))


def with_keys(facts: "Facts", target: "Target", call: "Call", region: str) -> dict[str, str]:
    """The environment of a command that gets the profile's keys, and no profile."""
    from awsx.commands import creds, given  # only for --creds
    from awsx.credentials import valid

    return given.around(facts, target, valid.keys(facts, target, creds.need_of(call)), region)


def with_profile(facts: "Facts", target: "Target", call: "Call", region: str) -> dict[str, str]:
    """The environment of a command that uses the profile, after a login if that is due."""
    env, name = facts.env, target.profile.name
    command = call.command or [shell_of(env)]
    if call.may_login and not _goes_on(facts, target, command[0]):
        before.log_in(facts, target, call.login_by)
    if target.source == "Environment" and env.get(KEY_ID):
        warn(before.KEYS_FIRST.format(clean(name)))
    return process.environment(process.original(env), name, region, target.source)


def shell_of(env: "Mapping[str, str]") -> str:
    """The shell in which the command was typed, by its path or its name; else the login shell."""
    typed_in = env.get("AWSX_SHELL", "").rstrip("4")  # bash4
    login_shell = env.get("SHELL") or "/bin/sh"
    return login_shell if typed_in in ("", login_shell.rpartition("/")[2]) else typed_in


def _goes_on(facts: "Facts", target: "Target", program: str) -> bool:
    """True if the program is the AWS CLI, and it needs no session for some time to come."""
    now = time.time()
    if program.rpartition("/")[2] != "aws" or (target.token and target.token.is_valid(now)):
        return False
    return facts.aws_until(target, now) > 0
