"""`awsx current`: what this terminal uses and why. Offline.

It shows each value with the variable or the file and line that says so, and then what is unusual.
"""

import posix
import time

from awsx.commands import before
from awsx.environment import KEY_ID, rivals
from awsx.facts import NO_SUCH_PROFILE, Facts
from awsx.files import paths, tokens
from awsx.term import AwsxError, Told, clean, out, shown, span
from awsx.truth.credentials import ROLE
from awsx.truth.findings import Terminal, states
from awsx.truth.tools import AWS_CLI, AWS_PROFILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Target
    from awsx.finding import Finding

NO_PROFILE, PICK_ONE = "no profile: AWS_PROFILE is not set", "pick one: awsx"
EMPTY, UNSET = (
    "{} is set to nothing, which no AWS tool accepts",
    "run: unset {0} (fish: set -e {0})",
)
BY_PIN = "{}, set by the pin of {}"
NOT_FOR_CREDENTIALS = "{}, not for credentials"
ORIGINS = {"hand": ", not set by awsx", "inherited": ", inherited"}


class Line:
    """One line of the table: what it is, its value, and what says so."""

    __slots__ = ("source", "value", "what")

    def __init__(self, what: str, value: str, source: str = "") -> None:
        self.what, self.value, self.source = what, value, source


def current(env: "Mapping[str, str]", as_json: bool = False, short: bool = False) -> None:
    """Print what the next command in this terminal uses, whole, as JSON or on one short line.

    Raises AwsxError if it uses nothing.
    """
    facts = before.opened(env)
    terminal = Terminal(env, facts.config, time.time())
    _check(facts, terminal)
    if as_json:
        _print_json(facts, terminal)
    elif short:
        out(_short(_lines(facts, terminal)))
    elif posix.isatty(1):
        from awsx.commands import current_drawn

        out(current_drawn.text(facts, _lines(facts, terminal), states(terminal)))
    else:
        told = [f"{found.code}: {clean(found.as_text(), 2000)}\n" for found in states(terminal)]
        out(draw(_lines(facts, terminal)) + ("\n" if told else "") + "".join(told))


def _short(lines: list[Line]) -> str:
    """`prod 111122223333 eu-west-1 6h+`: what there is of this, on one line."""
    values = {line.what: line.value for line in lines}
    who = values.get("identity") or values["profile"]
    region = values.get("region", "none").replace("none", "")
    left = values.get("left", "").partition(" (")[0]
    return " ".join(filter(None, (who, values.get("account"), region, left))) + "\n"


def _check(facts: Facts, terminal: Terminal) -> None:
    """Raises AwsxError if the AWS CLI has nothing to work with, or gets the name of no profile."""
    aws = terminal.aws
    if aws.profile_source in AWS_CLI.profiles:
        if not aws.profile:
            text, remedy = EMPTY.format(aws.profile_source), UNSET.format(aws.profile_source)
            raise _error("empty-profile", aws.profile_source, text, remedy)
        if terminal.profile is None:
            is_ours = aws.profile_source == AWS_PROFILE
            origin = ORIGINS.get(terminal.env.get("AWSX_ORIGIN", ""), "") if is_ours else ""
            name = f"{shown(aws.profile)} ({aws.profile_source}{origin})"
            text, remedy = NO_SUCH_PROFILE.format(name, ""), facts.instead_of(aws.profile)
            raise _error("no-such-profile", aws.profile_source, text, remedy)
        facts.profile(aws.profile)
    elif not aws.profile and aws.credentials == "none":
        raise _error("no-profile", AWS_PROFILE, NO_PROFILE, PICK_ONE)


def _error(code: str, variable: str, text: str, remedy: str) -> AwsxError:
    from awsx.finding import Finding, FindingError  # only where something is wrong

    return FindingError(Finding(code, "error", variable, text, remedy))


def _lines(facts: Facts, terminal: Terminal) -> list[Line]:
    aws, refused = terminal.aws, terminal.refusal
    if refused and refused.code == "broken" and aws.credentials == "error":
        from awsx.finding import FindingError  # only where something is wrong

        raise FindingError(refused)
    region = Line("region", clean(aws.region, 32) or "none", aws.region_source)
    regions = [region]
    if aws.identity == "profile" or aws.credentials == "none":
        lines = [line for line in describe(facts, aws.profile) if line.what != "region"]
        at = next((n for n, line in enumerate(lines) if line.what == "kind"), 0)
        lines[at:at] = regions
        return [Line("profile", clean(aws.profile), _named_by(terminal)), *lines]
    lines = [*_identity(terminal), *regions]
    if aws.profile:
        value = NOT_FOR_CREDENTIALS.format(clean(aws.profile))
        lines.append(Line("profile", value, aws.profile_source))
    return lines


def _named_by(terminal: Terminal) -> str:
    """The variable that names the profile; and the pin that has set it, as the shell says."""
    variable, env = terminal.aws.profile_source, terminal.env
    pinned = env.get("AWSX_PINNED")
    if variable == AWS_PROFILE and pinned and env.get("AWSX_ORIGIN") == "awsx":
        return BY_PIN.format(variable, clean(pinned))
    return variable


def _identity(terminal: Terminal) -> list[Line]:
    """Whose credentials the AWS CLI takes if not a profile's, as far as the environment says."""
    aws, env = terminal.aws, terminal.env
    lines = [Line("identity", aws.credentials.replace("error", "none"), aws.credentials_source)]
    if aws.identity == "keys":
        account = "AWS_ACCOUNT_ID"
        lines = [*_made(env), Line("account", env.get(account, ""), account)]
        from awsx.truth import makers  # only for keys in the environment

        variable, ends = makers.end(env)
        lines.append(Line("ends", env.get(variable, ""), variable))
        lines.append(Line("left", _left_of_keys(ends), variable))
    elif aws.identity == "web-identity":
        role, source = env.get(ROLE, ""), ROLE
        if ROLE not in env and terminal.profile:
            role, source = terminal.profile.get("role_arn"), terminal.profile.place("role_arn")
        lines.append(Line("account", (role.split(":") + [""] * 5)[4], source))
        lines.append(Line("role", role.rpartition("/")[2], source))
    return _cleaned(lines)


def _made(env: "Mapping[str, str]") -> list[Line]:
    """The key in the environment, and which tool has made it for which profile."""
    from awsx.truth import makers

    key, maker = env[KEY_ID], makers.maker(env)
    if maker is None:
        return [Line("identity", f"key {key}", KEY_ID)]
    who = Line("identity", f"{maker.profile} by {maker.tool}", maker.variable)
    return [who, Line("key", key, KEY_ID)]


def _left_of_keys(ends: int) -> str:
    """What is left of temporary keys; empty if nobody knows."""
    return tokens.left(tokens.Token(ends, 0, {}), time.time()) if ends else ""


def _cleaned(lines: list[Line]) -> list[Line]:
    """The lines that have a value, each fit for a screen."""
    return [Line(line.what, clean(line.value, 200), line.source) for line in lines if line.value]


def describe(facts: Facts, name: str) -> list[Line]:
    """What the files say of a profile, but for its name. Raises AwsxError if they are at fault."""
    profile = facts.choosable(name) or facts.profile(name)
    target = facts.resolve(profile)
    if target.file_error and target.file_error.finding.code == "broken":
        raise target.file_error
    session = target.session
    account_keys = ("sso_account_id", "role_arn", "login_session")
    account_key = next((key for key in account_keys if profile.get(key)), "aws_account_id")
    lines = [Line("account", profile.account, profile.place(account_key))]
    alias = facts.account(profile.account)
    if alias != profile.account:
        own = facts.has_settings and facts.settings.accounts.get(profile.account)
        learned = paths.tilde(paths.names_path(facts.env), facts.env)
        lines.append(Line("name", alias, "settings" if own else learned))
    role_key = "sso_role_name" if profile.kind == "sso" else "role_arn"
    lines.append(Line("role", profile.role, profile.place(role_key)))
    lines.append(Line("region", profile.get("region"), profile.place("region")))
    lines.append(Line("kind", profile.kind, profile.place()))
    if session:
        key = "login_session" if session.is_login else "sso_session"
        lines.append(Line("session", session.label, profile.place(key)))
        lines += _left(facts, target, time.time())
    elif target.lasts:
        lines.append(Line("left", _left_of_keys(target.lasts), profile.place()))
    return _cleaned(lines)


def _left(facts: Facts, target: "Target", now: float) -> list[Line]:
    """How long the session lasts, and the role credentials that the AWS CLI keeps."""
    token = target.token
    left = tokens.left(token, now)
    until = facts.aws_until(target, now) if left == "expired" else 0
    left += tokens.goes_on(until) if until else ""
    ends = f" ({tokens.iso(token.expires)})" if token else ""
    folder = paths.tilde(target.token_path.rpartition("/")[0], facts.env)
    lines = [Line("left", left + ends, f"{folder}/{target.key[:8]}...")]
    role_ends = facts.role_ends(target)
    if role_ends > now:
        lines.append(Line("role credentials", span(int(role_ends - now)), "~/.aws/cli/cache"))
    return lines


def draw(lines: list[Line]) -> str:
    """The table as text, its columns aligned."""
    whats = max(len(line.what) for line in lines)
    values = max(len(line.value) for line in lines)
    rows = (f"{line.what:<{whats}}  {line.value:<{values}}  {line.source}" for line in lines)
    return "".join(row.rstrip() + "\n" for row in rows)


def _is_said(line: Line) -> bool:
    """False for the line that says that nothing says a region."""
    return bool(line.source) or line.what != "region"


def _print_json(facts: Facts, terminal: Terminal) -> None:
    """Print the same as JSON. Raises Told with exit code 1 if the AWS CLI refuses the profile."""
    import json

    from awsx.truth.usable import usable

    error = None
    try:
        lines = _lines(facts, terminal)
    except AwsxError as refusal:
        lines, error = [], str(refusal)
    found = _row(facts, terminal, {line.what: line.value for line in lines})
    states_now = states(terminal)
    found["sources"] = {line.what: line.source for line in lines if _is_said(line)}
    found["beaten_by"] = [name for name in rivals(terminal.env) if terminal.env.get(name)]
    found["identity"] = terminal.aws.identity
    found["states"] = list(dict.fromkeys(state.code for state in states_now))
    found["findings"] = [one.as_json() for one in [*_in_files(facts), *states_now]]
    found["seen_by"] = {tool.name: seen.as_json() for tool, seen in terminal.seen.items()}
    verdict = usable(terminal, time.time())
    found["usable"], found["reason"] = verdict.usable, verdict.reason or None
    out(json.dumps(found, indent=2) + "\n")
    if error:
        raise Told(error)


def _in_files(facts: Facts) -> "list[Finding]":
    """The findings in the config and credentials files; these are read whole only for findings."""
    is_sound = facts.stock.is_sound or not facts.problems
    return [] if is_sound else facts.config.problems()


def _row(facts: Facts, terminal: Terminal, values: dict[str, str]) -> dict[str, object]:
    """What `awsx ls` says of the profile; of another identity, what the environment says."""
    from awsx.tables.rows import Row, Rows, state

    aws = terminal.aws
    if "identity" not in values and terminal.profile:
        rows = Rows(facts.config, facts.account, facts.env, time.time(), facts.patterns, facts.tags)
        row = rows.of(terminal.profile)
    else:
        account, role = values.get("account", ""), values.get("role", "")
        texts = (aws.profile, account, "", role, "", aws.credentials, "")
        row = Row(texts, values.get("left", ""), None, False)
    found = row.as_json(aws.profile if aws.identity == "profile" else "")
    found |= {
        "profile": aws.profile or None,
        "region": aws.region or None,
        "state": state(row.left),
    }
    found["left"] = row.left or None
    return found
