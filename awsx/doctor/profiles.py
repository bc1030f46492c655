"""What is unusual in a profile that the AWS CLI takes."""

from __future__ import annotations

import os
import re
import shutil

from awsx import VERBS
from awsx.doctor.codes import found
from awsx.files import ini, paths, tokens
from awsx.files.profiles import STATIC
from awsx.term import clean
from awsx.truth import credentials
from awsx.truth.findings import use
from awsx.truth.tools import AWS_CLI, TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.finding import Finding

MIXED, KEEP_ONE = "profile {} holds {}", "keep only one kind"
ODD_NAME, RENAME = "the name of profile {} has characters that {} cannot read", "rename it"
LIKE_VERB, BY_USE = "profile {} is called like a command", "switch to it: {}"
PLAIN_KEYS, ROTATE = "profile {} has a key that never ends", "use aws login or IAM Identity Center"
DEFAULT_KEYS, NAME_THEM = "[default] has a key of its own", "give the profile another name"
PAST, RENEW = "the keys of profile {} ended at {} ({})", "get new ones from the tool that made them"
RESERVED, CUT = "sso_role_name = {} is the name of an IAM role", "write the permission set: {}"
ACCOUNT, DIGITS = "sso_account_id = {} is no account id", "write its 12 digits"
ROLE, ARN = "role_arn = {} is no ARN of a role", "write arn:aws:iam::ACCOUNT:role/NAME"
NO_REGION, ADD_REGION = "profile {} has no region", "add region = ..."
NO_REGIONS = "{} profiles have no region, the first is {}"
NO_PROGRAM, INSTALL = "credential_process starts {}, which is not there", "install or correct it"
NO_TOKEN, CORRECT = "web_identity_token_file = {} is not there", "correct it"
LONG, SHORTEN = "duration_seconds = {} is more than an hour", "write 3600 or less"
LEGACY, MAKE_SESSION = "profile {} names its start URL itself", "give it an sso_session"
LEGACIES = "{} profiles name their start URL themselves, the first is {}"
# Keys by which other tools write when keys end (of saml2aws, gimme-aws-creds, awsume, ...).
ENDS = ("x_security_token_expires", "aws_expiration", "expiration", "aws_session_expiration")
PREFIX = r"AWSReservedSSO_(.+?)(?:_[0-9a-f]{16})?"
ROLE_ARN = r"arn:aws[a-z-]*:iam::\d{12}:role/.+"
HOUR = 3600  # seconds; AWS's limit for a role that another role assumes


def kinds(world: World) -> Iterator[Finding]:
    """Several kinds of credentials in one profile."""
    for profile in world.profiles:
        mixed = credentials.mixed(world.config, profile)
        if mixed and mixed.profile is profile:
            held = (kind for kind in credentials.HOLDS if credentials.held(profile, kind))
            text = MIXED.format(clean(profile.name), " and ".join(held))
            own = mixed.kinds[AWS_CLI]
            who = [f"{tool.title}: {kind or 'nothing'}" for tool, kind in mixed.kinds.items()]
            text = f"{text} (the AWS CLI takes {own}; {', '.join(who)})"
            yield found("several-kinds", profile.place(), text, KEEP_ONE)


def names(world: World) -> Iterator[Finding]:
    """Names that some SDKs do not see, or that a command hides."""
    for profile in world.profiles:
        blind = [tool.title for tool in TOOLS if not tool.sees(profile)]
        if blind and not profile.is_in_credentials(STATIC):
            text = ODD_NAME.format(clean(profile.name), ", ".join(blind))
            yield found("odd-name", profile.place(), text, RENAME)
        if profile.name in VERBS:
            remedy = BY_USE.format(use(profile.name))
            yield found("like-a-command", profile.place(), LIKE_VERB.format(profile.name), remedy)


def keys(world: World) -> Iterator[Finding]:
    """Keys in plain text, and keys that have ended."""
    for profile in world.profiles:
        if not profile.get(STATIC):
            continue
        place, name = profile.place(STATIC), clean(profile.name)
        ends = next((key for key in ENDS if profile.get(key)), "")
        if ends and (_epoch(profile.get(ends)) or world.now + 1) <= world.now:
            text = PAST.format(name, clean(profile.get(ends)), ends)
            yield found("keys-past-end", profile.place(ends), text, RENEW)
        if profile.name == "default":
            yield found("default-keys", place, DEFAULT_KEYS, NAME_THEM)
        elif not ends and not profile.has("aws_session_token"):
            yield found("long-lived-keys", place, PLAIN_KEYS.format(name), ROTATE)


def _epoch(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else tokens.epoch(text)


def forms(world: World) -> Iterator[Finding]:
    """Values that AWS refuses."""
    for profile in world.profiles:
        role, account = profile.get("sso_role_name"), profile.get("sso_account_id")
        if match := re.fullmatch(PREFIX, role.rpartition("/")[2]):
            text, remedy = RESERVED.format(clean(role)), CUT.format(clean(match[1]))
            yield found("reserved-role", profile.place("sso_role_name"), text, remedy)
        if account and not re.fullmatch(r"[0-9]{12}", account):
            text = ACCOUNT.format(clean(account))
            yield found("odd-account", profile.place("sso_account_id"), text, DIGITS)
        arn = profile.get("role_arn")
        if arn and not re.fullmatch(ROLE_ARN, arn):
            yield found("odd-role", profile.place("role_arn"), ROLE.format(clean(arn, 200)), ARN)


def regions(world: World) -> Iterator[Finding]:
    """Profiles without a region; one finding for all of them."""
    bare = [profile for profile in world.profiles if not profile.has("region")]
    if bare:
        many = NO_REGIONS.format(len(bare), clean(bare[0].name))
        text = many if len(bare) > 1 else NO_REGION.format(clean(bare[0].name))
        yield found("no-region", bare[0].place(), text, ADD_REGION)


def programs(world: World) -> Iterator[Finding]:
    """What a profile starts or reads, and what is not there."""
    for profile in world.profiles:
        words = ini.words(profile.get("credential_process"))
        if words and not shutil.which(words[0], path=world.env.get("PATH")):
            text = NO_PROGRAM.format(clean(words[0], 200))
            yield found("no-program", profile.place("credential_process"), text, INSTALL)
        file = profile.get("web_identity_token_file")
        if file and not os.path.exists(file.replace("~", paths.home(world.env), file[:1] == "~")):
            text = NO_TOKEN.format(clean(file, 200))
            yield found("no-token-file", profile.place("web_identity_token_file"), text, CORRECT)


def durations(world: World) -> Iterator[Finding]:
    """Roles that another role assumes, for longer than AWS allows."""
    for profile in world.profiles:
        text, source = profile.get("duration_seconds"), profile.get("source_profile")
        parent = world.config.profile(source) if source else None
        is_role = parent is not None and parent.kind in ("role", "sso", "web-identity")
        if is_role and text.isdecimal() and int(text) > HOUR:
            place = profile.place("duration_seconds")
            yield found("long-chained-role", place, LONG.format(clean(text)), SHORTEN)


def legacy(world: World) -> Iterator[Finding]:
    """Profiles that name a start URL and no session; one finding for all of them."""
    old = [p for p in world.profiles if p.get("sso_start_url") and not p.has("sso_session")]
    if old:
        many = LEGACIES.format(len(old), clean(old[0].name))
        text = many if len(old) > 1 else LEGACY.format(clean(old[0].name))
        yield found("legacy-session", old[0].place("sso_start_url"), text, MAKE_SESSION)


CHECKS = (kinds, names, keys, forms, regions, programs, durations, legacy)
