"""exec: run one command as if another profile had been chosen, with nothing of awsx between it and its terminal."""

from awsx import process
from awsx.commands import before
from awsx.environment import INTERNAL, asked_regions, pointing_at
from awsx.facts import Facts
from awsx.files.regions import region_named
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEED = "run {} with it"


def run(
    env: "Mapping[str, str]",
    name: str,
    command: list[str],
    region: str = "",
    may_login: bool = True,
    sure: bool = False,
) -> None:
    """Become `command` with profile `name`; does not return.

    Raises AwsxError: code 127 if there is no such command, 126 if it cannot be started, 1 if there is no profile or no
    valid session and no way to get one; Cancelled if the profile is guarded and the person says no.
    """
    facts = Facts(env)
    profile = facts.profile(name)
    region = region and region_named(region, facts.config)
    session = facts.session(profile)
    if not sure:
        before.confirm(facts, profile, DEED.format(clean(command[0])))
    if may_login:
        before.log_in(facts, session)
    process.become(command, environment(original(env), name, region))


def environment(env: "Mapping[str, str]", name: str, region: str) -> dict[str, str]:
    """`env` with everything that is awsx's own or would beat the profile taken out, and pointed at `name`."""
    # A region that was asked for the terminal's own profile is not asked for this one.
    dropped = {*INTERNAL, *asked_regions(env)}
    child = {n: v for n, v in env.items() if n not in dropped}
    for variable, value in pointing_at(name, region, env).items():
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
