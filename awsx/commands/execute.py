"""`awsx exec`: run one command with another profile, or open a shell with it.

Nothing of awsx stands between the command and its terminal.
"""

import time

from awsx import process
from awsx.commands import before
from awsx.environment import INTERNAL, KEY_ID, REGIONS, SHELL_OF, asked_regions, pointing_at
from awsx.term import AwsxError, clean, on_terminal, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.facts import Facts, Target

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
    target = before.target_of(facts, call.name, call.region)
    region = before.region_of(facts, call) if call.region else ""
    if target.pattern and not call.is_sure:
        deed = DEED.format(clean(command[0])) if call.command else SHELL_DEED
        before.confirm(facts, target, deed)
    server = None
    if call.gives == "--serve":
        from awsx.commands import served  # threads, HTTP: only for who asks for it

        server = served.prepared(facts, target, call)
        child = server.environment(environment(original(env), target.profile.name, region), region)
    else:
        makes = with_keys if call.gives == "--creds" else with_profile
        child = makes(facts, target, call, region)
    if not call.command:
        child[SHELL_OF] = target.profile.name
        say(OPENS.format(target.description, clean(command[0].rpartition("/")[2])))
    if server is None or server.start():
        process.become(command, child)


def with_keys(facts: "Facts", target: "Target", call: "Call", region: str) -> dict[str, str]:
    """The environment of a command that gets the profile's keys, and no profile."""
    from awsx.commands import creds  # only for --creds
    from awsx.credentials import valid, written

    env = facts.env
    keys = valid.keys(facts, target, creds.need_of(call))
    child = environment(original(env), target.profile.name, region)
    del child["AWS_PROFILE"]
    # What is set by hand stays: a command may have one region for boto3, another for JavaScript.
    own = {name: child[name] for name in REGIONS if child.get(name)}
    return {**child, **written.variables(keys, creds.region_of(env, target)), **own}


def with_profile(facts: "Facts", target: "Target", call: "Call", region: str) -> dict[str, str]:
    """The environment of a command that uses the profile, after a login if that is due."""
    env, name = facts.env, target.profile.name
    command = call.command or [shell_of(env)]
    if call.may_login and not _goes_on(facts, target, command[0]):
        before.log_in(facts, target, call.login_by)
    if target.source == "Environment" and env.get(KEY_ID):
        warn(before.KEYS_FIRST.format(clean(name)))
    return environment(original(env), name, region, target.source)


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


def environment(
    env: "Mapping[str, str]", name: str, region: str, credential_source: str = ""
) -> dict[str, str]:
    """`env` for a command that shall use profile `name`, in `region` unless that is empty.

    It lacks everything that is awsx's own and everything that would beat the profile, but for what
    the profile's `credential_source` needs.
    """
    # A region that was asked for the terminal's own profile is not asked for this one.
    dropped = {*INTERNAL, *asked_regions(env)}
    child = {n: v for n, v in env.items() if n not in dropped}
    for variable, value in pointing_at(name, region, env, credential_source).items():
        child.pop(variable, None)
        if value is not None and variable not in INTERNAL:
            child[variable] = value
    return child


def original(env: "Mapping[str, str]") -> dict[str, str]:
    """`env` as awsx was given it: in the C locale Python adds an LC_CTYPE of its own (PEP 538)."""
    given = dict(env)
    if given.get("LC_CTYPE") and not given.get("LC_ALL"):
        try:
            with open("/proc/self/environ", "rb") as file:
                if not any(v.startswith(b"LC_CTYPE=") for v in file.read().split(b"\0")):
                    del given["LC_CTYPE"]
        except OSError:  # no /proc: leave it
            pass
    return given
