"""What this terminal uses and why: each value with where it comes from, and what is out of the ordinary. Offline."""

import time

from awsx.commands import before
from awsx.environment import rivals
from awsx.facts import ALL_PROFILES, NO_SUCH_PROFILE, Facts
from awsx.files import role_cache, tokens
from awsx.term import AwsxError, clean, near, out, span
from awsx.truth import tools
from awsx.truth.findings import Scene, states

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Line = tuple[str, str, str]  # what, value, source

NOTHING = "no profile: AWS_PROFILE is not set; switch with: awsx"
EMPTY = "{0} is set to nothing, which no AWS tool accepts; run: unset {0} (fish: set -e {0})"
NOT_FOR_CREDENTIALS = "{}, not for credentials"
ORIGINS = {"hand": ", not set by awsx", "inherited": ", inherited"}


def current(env: "Mapping[str, str]", as_json: bool = False) -> None:
    """Print what the next command in this terminal works with. Raises AwsxError where it would work with nothing."""
    facts = before.opened(env)
    scene = Scene(env, facts.config)
    _check(facts, scene)
    lines = _lines(facts, scene)
    if as_json:
        _print_json(facts, scene, lines)
        return
    told = "".join(f"{name}: {sentence}\n" for name, sentence in states(scene))
    out(draw(lines) + (f"\n{told}" if told else ""))


def _check(facts: Facts, scene: Scene) -> None:
    """Raises AwsxError if the AWS CLI has nothing to work with, or is given the name of no profile."""
    aws = scene.aws
    if aws.profile_source in tools.TOOLS[0].profiles:
        if not aws.profile:
            raise AwsxError(EMPTY.format(aws.profile_source))
        if scene.profile is None and aws.profile.isprintable():
            origin = (
                ORIGINS.get(scene.env.get("AWSX_ORIGIN", ""), "")
                if aws.profile_source == "AWS_PROFILE"
                else ""
            )
            name = f"{clean(aws.profile)} ({aws.profile_source}{origin})"
            meant = near(aws.profile, list(facts.config.profiles()), ALL_PROFILES)
            raise AwsxError(NO_SUCH_PROFILE.format(name, meant))
        facts.profile(aws.profile)
    elif not aws.profile and aws.credentials == "none":
        raise AwsxError(NOTHING)


def _lines(facts: Facts, scene: Scene) -> "list[Line]":
    aws = scene.aws
    region = (
        ("region", clean(aws.region, 32) or "none", aws.region_source)
        if aws.region_source
        else None
    )
    if aws.identity == "profile" or aws.credentials == "none":
        described = [line for line in describe(facts, aws.profile) if line[0] != "region"]
        at = next((n for n, line in enumerate(described) if line[0] == "kind"), 0)
        described[at:at] = [region] if region else []
        return [("profile", clean(aws.profile), aws.profile_source), *described]
    lines = [*_identity(scene), *([region] if region else [])]
    if aws.profile:
        lines.append(
            ("profile", NOT_FOR_CREDENTIALS.format(clean(aws.profile)), aws.profile_source)
        )
    return lines


def _identity(scene: Scene) -> "list[Line]":
    """Who the AWS CLI is if it is no profile: what the environment tells of that."""
    aws, env = scene.aws, scene.env
    lines = [("identity", aws.credentials.replace("error", "none"), aws.credentials_source)]
    if aws.identity == "keys":
        lines = [("identity", f"key {env['AWS_ACCESS_KEY_ID']}", "AWS_ACCESS_KEY_ID")]
        lines.append(("account", env.get("AWS_ACCOUNT_ID", ""), "AWS_ACCOUNT_ID"))
        lines.append(
            ("ends", env.get("AWS_CREDENTIAL_EXPIRATION", ""), "AWS_CREDENTIAL_EXPIRATION")
        )
    elif aws.identity == "web-identity":
        role, source = env.get(tools.ROLE, ""), tools.ROLE
        if tools.ROLE not in env and scene.profile:
            role, source = scene.profile.get("role_arn"), scene.profile.place("role_arn")
        lines.append(("account", (role.split(":") + [""] * 5)[4], source))
        lines.append(("role", role.rpartition("/")[2], source))
    return [(what, clean(value, 200), source) for what, value, source in lines if value]


def describe(facts: Facts, name: str) -> "list[Line]":
    """The facts of one profile with the file and line of each, but for its name."""
    profile = facts.profile(name)
    session = facts.session(profile)
    account_key = next(
        (k for k in ("sso_account_id", "role_arn", "login_session") if profile.get(k)), ""
    )
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
        lines.append(
            (
                "left",
                tokens.left(token, time.time()) + ends,
                _token_place(facts, tokens.key(session)),
            )
        )
        role = role_cache.expiry(facts.env, profile, session)
        if role and role > time.time():
            lines.append(("role credentials", span(int(role - time.time())), "~/.aws/cli/cache"))
    return [(what, clean(value, 200), source) for what, value, source in lines if value]


def _token_place(facts: Facts, key: str) -> str:
    return f"~/.aws/sso/cache/{key[:8]}..."


def draw(lines: "list[Line]") -> str:
    """Aligned text: what, value, source."""
    width = max(len(what) for what, _, _ in lines)
    wide = max(len(value) for _, value, _ in lines)
    return "".join(
        f"{what:<{width}}  {value:<{wide}}  {source}".rstrip() + "\n"
        for what, value, source in lines
    )


def preview(env: "Mapping[str, str]", encoded: str) -> None:
    """The picker's pane: the details of the profile whose name is given in hexadecimal."""
    name = bytes.fromhex(encoded).decode("utf-8", "surrogateescape")
    out(draw([("profile", clean(name), ""), *describe(before.opened(env), name)]))


def _print_json(facts: Facts, scene: Scene, lines: "list[Line]") -> None:
    import json

    found = _row(facts, scene, {what: value for what, value, _ in lines})
    found["sources"] = {what: source for what, _, source in lines}
    found["beaten_by"] = [name for name in rivals(scene.env) if scene.env.get(name)]
    found["identity"] = scene.aws.identity
    found["states"] = list(dict.fromkeys(name for name, _ in states(scene)))
    found["seen_by"] = {tool.name: seen.as_json() for tool, seen in scene.seen.items()}
    out(json.dumps(found, indent=2) + "\n")


def _row(facts: Facts, scene: Scene, values: "dict[str, str]") -> "dict[str, object]":
    """What `awsx ls` says of the profile; of another identity, what the environment tells."""
    from awsx.rows import Row, Rows, state

    aws = scene.aws
    if "identity" not in values and scene.profile:
        row = Rows(facts.config, facts.account, facts.env, time.time(), facts.patterns).of(
            scene.profile
        )
    else:
        account, role = values.get("account", ""), values.get("role", "")
        row = Row((aws.profile, account, "", role, "", aws.credentials, ""), "", None, False)
    found = row.as_json(aws.profile if aws.identity == "profile" else "")
    found |= {
        "profile": aws.profile or None,
        "region": aws.region or None,
        "state": state(row.left),
    }
    found["left"] = row.left or None
    return found
