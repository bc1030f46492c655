"""What a coding agent may do that calls awsx: `[agents]` of the settings, and errors as data."""

from awsx.term import AwsxError, clean, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts, Target

NOT_ALLOWED = (
    "{} is guarded by {}, and an agent ({}) called this; --yes does not count: ask the person, who"
    " can allow it: [agents] allow in {}"
)
INSTEAD = "an agent gets {} in place of {} ([agents] instead)"
NO_STAND_IN = "an agent gets {} in place of {} ([agents] instead), and there is no such profile"
USAGE, FAILED = "usage", "failed"


def check(facts: "Facts", target: "Target", agent: str) -> None:
    """Raises AwsxError unless the settings allow agents to use a guarded profile.

    `agent` is the variable that tells of the agent.
    """
    from awsx import guard
    from awsx.files import paths

    profile = target.profile
    texts = (profile.name, target.account, facts.account_name(profile), target.role)
    if not guard.matching(facts.settings.agents.allow, (*texts, *facts.tags(target.account))):
        name, pattern = clean(profile.name), clean(target.pattern)
        file = paths.tilde(paths.settings_path(facts.env), facts.env)
        raise AwsxError(NOT_ALLOWED.format(name, pattern, agent, file), kind="guarded")


def stand_in(facts: "Facts", target: "Target") -> "Target":
    """The profile that an agent gets in place of this one, as the settings say; mostly the same.

    It needs no further leave, as the person has named it for agents. Raises AwsxError if there is
    no such profile.
    """
    if not facts.has_settings:
        return target
    name = target.profile.name
    found = facts.settings.agents.stand_in(name)
    if found in ("", name):
        return target
    told = clean(found), clean(name)
    if facts.choosable(found) is None:
        raise AwsxError(NO_STAND_IN.format(*told), kind="no-such-profile")
    say(INSTEAD.format(*told))
    other = facts.target(found)
    other.pattern = ""
    return other


def tell(error: AwsxError) -> None:
    """Print an error as one line of JSON, with a code that is the same in every release."""
    import json

    finding = getattr(error, "finding", None)
    code = finding.code if finding else error.kind or (USAGE if error.code == 2 else FAILED)
    told = {"code": code, "message": str(error), "exit_code": error.code}
    out(json.dumps({"error": told}) + "\n")
