"""What this terminal uses and why: each value with where it comes from. Offline."""

import time

from awsx import tokens
from awsx.environment import REGIONS, RIVALS
from awsx.find import Facts
from awsx.term import AwsxError, clean, out, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Line = tuple[str, str, str]  # what, value, source

NOTHING = "no profile: AWS_PROFILE is not set; switch with: awsx"
EMPTY = "AWS_PROFILE is set to nothing, which no AWS tool accepts; run: unset AWS_PROFILE (fish: set -e AWS_PROFILE)"


def current(env: "Mapping[str, str]", as_json: bool = False) -> None:
    """Print what the next command in this terminal works with. Raises AwsxError where it would work with nothing."""
    name = env.get("AWS_PROFILE")
    if name is None:
        raise AwsxError(NOTHING)
    if name == "":
        raise AwsxError(EMPTY)
    facts = Facts(env)
    lines = _with_environment(describe(facts, name), env)
    if as_json:
        _print_json(facts, name, lines)
    else:
        out(draw([("profile", clean(name), "AWS_PROFILE"), *lines]))


def describe(facts: Facts, name: str) -> "list[Line]":
    """The facts of one profile with the file and line of each, but for its name."""
    profile = facts.profile(name)
    session = facts.session(profile)
    account_key = next((k for k in ("sso_account_id", "role_arn", "login_session") if profile.get(k)), "")
    lines = [("account", profile.account, profile.place(account_key or "aws_account_id"))]
    alias = facts.account(profile.account)
    if alias != profile.account:
        lines.append(("name", alias, "settings"))
    role_key = "sso_role_name" if profile.kind == "sso" else "role_arn"
    lines.append(("role", profile.role, profile.place(role_key)))
    lines.append(("region", profile.get("region"), profile.place("region")))
    lines.append(("kind", profile.kind, profile.place()))
    if session:
        token = tokens.load(facts.env, tokens.key(session))
        lines.append(("session", session.label, profile.place("sso_session")))
        ends = f" ({tokens.iso(token.expires)})" if token else ""
        lines.append(("left", tokens.left(token, time.time()) + ends, _token_place(facts, tokens.key(session))))
        role = tokens.role_credentials(facts.env, profile, session)
        if role and role > time.time():
            lines.append(("role credentials", span(int(role - time.time())), "~/.aws/cli/cache"))
    return [(what, clean(value, 200), source) for what, value, source in lines if value]


def _token_place(facts: Facts, key: str) -> str:
    return f"~/.aws/sso/cache/{key[:8]}..."


def _with_environment(lines: "list[Line]", env: "Mapping[str, str]") -> "list[Line]":
    """Say what in the environment comes before the profile."""
    region = next((name for name in REGIONS if env.get(name)), None)
    if region:
        lines = [line for line in lines if line[0] != "region"]
        lines.append(("region", clean(env[region], 32), region))
    beaten = [name for name in RIVALS if env.get(name)]
    return [*lines, *(("beaten by", name, "environment") for name in beaten)]


def draw(lines: "list[Line]") -> str:
    """Aligned text: what, value, source."""
    width = max(len(what) for what, _, _ in lines)
    wide = max(len(value) for _, value, _ in lines)
    return "".join(f"{what:<{width}}  {value:<{wide}}  {source}".rstrip() + "\n" for what, value, source in lines)


def preview(env: "Mapping[str, str]", encoded: str) -> None:
    """The picker's pane: the details of the profile whose name is given in hexadecimal."""
    name = bytes.fromhex(encoded).decode("utf-8", "surrogateescape")
    out(draw([("profile", clean(name), ""), *describe(Facts(env), name)]))


def _print_json(facts: Facts, name: str, lines: "list[Line]") -> None:
    import json

    from awsx.rows import Rows, state

    row = Rows(facts.config, facts.account, facts.env, time.time()).of(facts.profile(name))
    found = row.as_json(name)
    found["region"] = next((value for what, value, _ in lines if what == "region"), None)
    found["state"] = state(row.left)
    found["left"] = row.left or None
    found["sources"] = {"profile": "AWS_PROFILE", **{what: source for what, _, source in lines if what != "beaten by"}}
    found["beaten_by"] = [value for what, value, _ in lines if what == "beaten by"]
    out(json.dumps(found, indent=2) + "\n")
