"""Whether the next command works, as far as files and variables tell. Nothing is sent to AWS."""

from awsx.environment import REGIONS
from awsx.files import chains, disk, key_ends, profiles, role_cache, tokens
from awsx.files.chains import Chain
from awsx.term import AwsxError, clean
from awsx.truth import makers
from awsx.truth.credentials import TOKEN
from awsx.truth.findings import KEYS_ENDED, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Profile, SsoSession
    from awsx.truth.findings import Terminal

NO_REGION = "no region is set, and most commands need one"
NO_PROFILE = "there is no profile {} ({})"
NOTHING = "nothing gives credentials"
PROCESS = "nobody knows what the credential_process answers before it has run"
CONTAINER_ANSWERS = "nobody knows what the container answers before it is asked"
INSTANCE_ANSWERS = "nobody knows what the metadata of EC2 answer before they are asked"
FILE_KEYS_ENDED = (
    "the keys of profile {} in the credentials file ended at {}; renew them by the tool that wrote"
    " them"
)
NO_TOKEN_FILE = "the web identity's token {} cannot be read"
BAD_REGION = "{} = {} is not the name of a region"


class Verdict:
    """`usable` is True, False, "login" (once a person logs in) or "unknown"; `reason` says why."""

    __slots__ = ("reason", "usable")

    def __init__(self, usable: "bool | str", reason: str = "") -> None:
        self.usable, self.reason = usable, reason


def usable(terminal: "Terminal", now: float) -> Verdict:
    """Whether the AWS CLI's next command has credentials and a region that it accepts."""
    verdict = _region(terminal) or _credentials(terminal, now)
    if verdict.usable is True and not (verdict.reason or terminal.aws.region):
        verdict.reason = NO_REGION
    return verdict


def _region(terminal: "Terminal") -> "Verdict | None":
    aws = terminal.aws
    if aws.region_source and not profiles.is_region(aws.region):
        name = aws.region_source if aws.region_source in REGIONS else "region"
        return Verdict(False, BAD_REGION.format(name, clean(aws.region, 32)))
    return None


def _credentials(terminal: "Terminal", now: float) -> Verdict:
    aws, env = terminal.aws, terminal.env
    if aws.identity == "profile" and terminal.profile:
        return _profile(terminal, terminal.profile, now)
    if aws.identity == "keys":
        return _keys(env, now)
    if aws.identity == "web-identity":
        return _token_file(env.get(TOKEN) or _own_token_file(terminal))
    if aws.identity == "container":
        return Verdict("unknown", CONTAINER_ANSWERS)
    if aws.identity == "none":
        return Verdict(False, _why_none(terminal))
    return Verdict(True)


def _own_token_file(terminal: "Terminal") -> str:
    return terminal.profile.get("web_identity_token_file") if terminal.profile else ""


def _why_none(terminal: "Terminal") -> str:
    """Why the AWS CLI has no credentials at all."""
    from awsx.truth.findings import states

    aws, profile = terminal.aws, terminal.profile
    if profile is None and aws.profile_source:
        return NO_PROFILE.format(clean(aws.profile) or "''", aws.profile_source)
    errors = [found.as_text() for found in states(terminal) if found.severity == "error"]
    return errors[0] if errors else NOTHING


def _keys(env: "Mapping[str, str]", now: float) -> Verdict:
    """Keys in the environment, which may say when they end."""
    ended = makers.ended(env, now)
    if ended:
        return Verdict(False, KEYS_ENDED.format(clean(env[ended]), ended))
    return Verdict(True)


def _profile(terminal: "Terminal", profile: "Profile", now: float) -> Verdict:
    """What its chain leads to; the AWS CLI takes the profile, but AWS may refuse a blank key."""
    try:
        chain = chains.follow(terminal.config, profile)
    except AwsxError as error:
        return Verdict(False, str(error))
    if session := chains.behind(terminal.config, chain):
        return _session(terminal, chain, session, now)
    if chain.source:
        return _source(chain.source, terminal.env, now)
    last, kind = chain.links[-1], chain.links[-1].own_kind()
    if kind == "process":
        return Verdict("unknown", PROCESS)
    if kind == "web-identity":
        return _token_file(last.get("web_identity_token_file"))
    ends = key_ends.of(last) if kind == "keys" else 0
    if 0 < ends <= now:
        return Verdict(False, FILE_KEYS_ENDED.format(clean(last.name), tokens.iso(ends)))
    return Verdict(True)


def _session(terminal: "Terminal", chain: Chain, session: "SsoSession", now: float) -> Verdict:
    env = terminal.env
    token = tokens.load(env, tokens.key(session))
    if token and (token.is_valid(now, 0) or token.is_renewable(now)):
        return Verdict(True)
    why = tokens.why_due(token, session.label)
    if until := role_cache.until(env, chain.links, session, now):
        return Verdict(True, tokens.GOES_ON.format(why, tokens.iso(until)))
    return Verdict("login", tokens.LOG_IN.format(why, quoted(chain.links[0].name)))


def _source(source: str, env: "Mapping[str, str]", now: float) -> Verdict:
    """What the variables say that the chain ends at; they are set."""
    if source == "Environment":
        return _keys(env, now)
    return Verdict("unknown", CONTAINER_ANSWERS if source == "EcsContainer" else INSTANCE_ANSWERS)


def _token_file(path: str) -> Verdict:
    try:
        is_there = disk.read(path) is not None
    except AwsxError:
        is_there = False
    return Verdict(True) if is_there else Verdict(False, NO_TOKEN_FILE.format(clean(path)))
