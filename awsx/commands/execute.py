"""`awsx exec`: run one command with another profile.

Nothing of awsx stands between the command and its terminal.
"""

import time

from awsx import process
from awsx.commands import before
from awsx.environment import INTERNAL, KEY_ID, asked_regions, pointing_at
from awsx.term import clean, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.facts import Facts, Target

DEED = "run {} with it"


def execute(env: "Mapping[str, str]", call: "Call") -> None:
    """Become the call's command, with the profile that it names; does not return.

    Raises AwsxError with the exit code 127 if there is no such command, 126 if it cannot be
    started, 1 if there is no such profile, or no valid session and no way to get one. Raises
    Cancelled if the profile is guarded and the person says no.
    """
    facts = before.opened(env)
    target = facts.target(call.name, call.region)
    region = before.region_of(facts, call) if call.region else ""
    if target.pattern and not call.is_sure:
        before.confirm(facts, target, DEED.format(clean(call.command[0])))
    if call.may_login and not _goes_on(facts, target, call.command[0]):
        before.log_in(facts, target)
    if target.source == "Environment" and env.get(KEY_ID):
        say(before.KEYS_FIRST.format(clean(call.name)))
    process.become(call.command, environment(original(env), call.name, region, target.source))


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
