"""What is wrong in the text of the config and credentials files."""

from __future__ import annotations

import os

from awsx.doctor.codes import found
from awsx.files import ini, profiles
from awsx.term import clean, near
from awsx.truth.tools import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.files.ini import Section
    from awsx.files.profiles import Source
    from awsx.finding import Finding

# The remedy of a flaw tells which one it is.
FLAWS = {
    profiles.PERMISSIONS: "unreadable",
    ini.MERGE: "double-section",
    ini.REMOVE_ONE: "double-key",
    ini.MEND: "no-equals",
    ini.MOVE: "before-section",
    ini.ADD_EQUALS: "not-nested",
    ini.SAVE_WITHOUT: "byte-order-mark",
    ini.SAVE: "not-utf8",
}
# Keys of a profile or a session that the AWS CLI, an SDK or awsx reads, and whose misspelling a
# person would not notice. (AWS SDKs and Tools Reference Guide, settings)
KEYS = (
    *("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_account_id"),
    *("role_arn", "source_profile", "credential_source", "external_id", "mfa_serial"),
    *("role_session_name", "duration_seconds", "web_identity_token_file", "credential_process"),
    *("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
    *("sso_account_name", "sso_registration_scopes", "login_session", "region", "output"),
    *("endpoint_url", "services", "ca_bundle", "cli_pager", "cli_auto_prompt", "retry_mode"),
    *("max_attempts", "use_fips_endpoint", "use_dualstack_endpoint", "sts_regional_endpoints"),
    *("defaults_mode", "parameter_validation", "cli_timestamp_format", "cli_binary_format"),
    *("cli_history", "cli_follow_urlparam", "ec2_metadata_service_endpoint", "s3", "tcp_keepalive"),
    *("aws_security_token", "x_security_token_expires", "x_principal_arn", "expiration"),
    *("aws_expiration", "aws_session_expiration", "metadata_service_timeout"),
)
KINDS = ("profile", "sso-session", "services", "plugins", "preview")

DANGLING, POINT = "the link leads to {}, which is not there", "make that file, or the link anew"
NOT_THERE, CORRECT_VARIABLE = "{} = {} names no file", "correct it, or: unset {}"
NONE_YET, MAKE_ONE = "there is no such file", "run: awsx setup; to look first: awsx demo"
NO_WORD, ADD_WORD = "[{}] lacks the word profile", "write [profile {}]"
CAPITALS, WRITE_SMALL = "[{}] has the word profile in capitals", "write [profile {}]"
EMPTY_NAME, NAME_IT = "[{}] names nothing", "give it a name"
MANY_WORDS, QUOTE_IT = "the name in [{}] has several words", "write [profile '{}']"
WORD, DROP_WORD = "[{}] begins with the word profile", "write [{}]"
LEAKS, NAME_PROFILE = "[DEFAULT] is no profile", "write [default], or move its keys"
TWICE, KEEP_ONE = "[default] and [profile default] are both there", "keep one"
SPELLED = "[{}] and another header name the same"
WINDOWS, CONVERT = "{} lines end with a carriage return", "sed -i 's/\\r$//' {}"
COMMENT, OWN_LINE = "{} has a comment behind its value", "put the comment on a line of its own"
QUOTES, DROP_QUOTES = "the value of {} stands in quotes", "remove the quotes"
COLON, WRITE_EQUALS = "{} has a colon in place of the =", "write an ="
ODD_KEY, CORRECT_KEY = "{} is no name that every SDK reads", "correct it, or remove the line"
UNKNOWN, OR_REMOVE = "{} is no setting that AWS knows", "{} if not, remove the line"
BOTH, SEE = "profile {} is in the credentials file, too ({})", "keep each key in one of them"


def flaws(world: World) -> Iterator[Finding]:
    """What makes botocore refuse a whole file."""
    for problem in world.config.problems():
        yield found(FLAWS[problem.remedy], problem.place, problem.text, problem.remedy)


def missing(world: World) -> Iterator[Finding]:
    """A file that is not there."""
    config = world.config.config.path
    variables = {"AWS_CONFIG_FILE": config}
    variables["AWS_SHARED_CREDENTIALS_FILE"] = world.config.credentials.path
    for variable, path in variables.items():
        if os.path.islink(path) and not os.path.exists(path):
            text = DANGLING.format(world.place(os.path.realpath(path)))
            yield found("dangling-link", world.place(path), text, POINT)
        elif path and world.env.get(variable) and not os.path.exists(path):
            text = NOT_THERE.format(variable, clean(world.env[variable], 200))
            yield found("config-file-missing", variable, text, CORRECT_VARIABLE.format(variable))
    if not any(os.path.lexists(path) for path in variables.values()):
        yield found("no-config", world.place(config), NONE_YET, MAKE_ONE)


def headers(world: World) -> Iterator[Finding]:
    """Headers that name no profile, though a person meant one."""
    config, credentials = world.config.config, world.config.credentials
    known = {id(s) for kind in KINDS for s in config.named(kind).values()}
    for section in world.sections(config):
        if id(section) not in known and (finding := _header(world, section)):
            yield finding
    for section in world.sections(credentials):
        name = section.header.removeprefix("profile ").strip()
        if name != section.header:
            place = world.place(credentials.path, section.line)
            text, remedy = WORD.format(clean(section.header)), DROP_WORD.format(clean(name))
            yield found("profile-in-credentials", place, text, remedy)


def _header(world: World, section: Section) -> Finding | None:
    header = section.header.strip()
    word, _, name = header.partition(" ")
    place = world.place(world.config.config.path, section.line)
    shown, right = clean(section.header), clean(name.strip())
    if word.lower() in KINDS and not name.strip():
        return found("header-empty", place, EMPTY_NAME.format(shown), NAME_IT)
    if word in KINDS:
        if len(ini.words(header)) > 2 and word == "profile":
            return found("header-words", place, MANY_WORDS.format(shown), QUOTE_IT.format(right))
        return None
    if word.lower() == "profile":
        return found("header-case", place, CAPITALS.format(shown), WRITE_SMALL.format(right))
    remedy = ADD_WORD.format(clean(header if ini.words(header) == [header] else f"'{header}'"))
    return found("header-without-profile", place, NO_WORD.format(shown), remedy)


def defaults(world: World) -> Iterator[Finding]:
    """[DEFAULT], and [default] in two spellings."""
    for source in world.sources:
        if source.all().defaults.keys:
            line = min(source.all().defaults.line_of(k) for k in source.all().defaults.keys) - 1
            yield found("default-leak", world.place(source.path, line), LEAKS, NAME_PROFILE)
    sections = world.config.config.all().sections
    if "default" in sections and "profile default" in sections:
        place = world.place(world.config.config.path, sections["profile default"].line)
        yield found("default-twice", place, TWICE, KEEP_ONE)


def spellings(world: World) -> Iterator[Finding]:
    """Two headers that mean one name: [profile a] and [profile "a"]."""
    config = world.config.config
    for kind in ("profile", "sso-session"):
        taken = {id(section) for section in config.named(kind).values()}
        for section in world.sections(config):
            words = ini.words(section.header)
            if words[:1] == [kind] and len(words) == 2 and id(section) not in taken:
                if words[1] == "default":
                    continue
                place = world.place(config.path, section.line)
                yield found("spelled-twice", place, SPELLED.format(clean(section.header)), KEEP_ONE)


def line_ends(world: World) -> Iterator[Finding]:
    """Files from Windows."""
    for source in world.sources:
        if count := source.data.count(b"\r\n"):
            place = world.place(source.path)
            yield found("carriage-return", place, WINDOWS.format(count), CONVERT.format(place))


def values(world: World) -> Iterator[Finding]:
    """Values that are more than a person meant, and keys that nobody reads."""
    for source in world.sources:
        for section in world.sections(source):
            yield from _values(world, source, section)


def _values(world: World, source: Source, section: Section) -> Iterator[Finding]:
    if section.header.partition(" ")[0] in ("services", "plugins", "preview"):
        return
    for key, value in section.keys.items():
        place = world.place(source.path, section.line_of(key))
        has_comment = " #" in value or " ;" in value
        if has_comment and key != "credential_process" and "\n" not in value and key != "region":
            yield found("inline-comment", place, COMMENT.format(clean(key)), OWN_LINE)
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            yield found("quoted-value", place, QUOTES.format(clean(key)), DROP_QUOTES)
        if key not in KEYS and (like := near(key, list(KEYS))) and _is_like(key):
            remedy = OR_REMOVE.format(like.removeprefix("; "))
            yield found("unknown-key", place, UNKNOWN.format(clean(key)), remedy)


def keys(world: World) -> Iterator[Finding]:
    """Keys that other SDKs than botocore's read in another way, those of nested values, too."""
    for source in world.sources:
        lines = ini.decode(source.data)[0].split("\n")
        for section in world.sections(source):
            for key, value in section.keys.items():
                number = section.line_of(key)
                yield from _key(world.place(source.path, number), key, lines[number - 1])
                if value.startswith("\n"):
                    yield from _nested(world, source, number, value)


def _key(place: str, key: str, line: str) -> Iterator[Finding]:
    if ":" in line and "=" not in line.partition(":")[0]:
        yield found("colon", place, COLON.format(clean(key)), WRITE_EQUALS)
    if not _is_plain_key(key):
        yield found("odd-key", place, ODD_KEY.format(clean(key)), CORRECT_KEY)


def _nested(world: World, source: Source, line: int, value: str) -> Iterator[Finding]:
    for number, text in enumerate(value.split("\n"), line):
        key, equals, _ = text.partition("=")
        if equals and not _is_plain_key(key.strip()):
            text = ODD_KEY.format(clean(key.strip()) or "(nothing)")
            yield found("odd-key", world.place(source.path, number), text, CORRECT_KEY)


def _is_plain_key(key: str) -> bool:
    return is_plain(key) and key != ""


def _is_like(key: str) -> bool:
    """True if the key is a known one with a slip of a finger, so that a person meant that one."""
    from difflib import get_close_matches

    return bool(get_close_matches(key, KEYS, 1, 0.85))


def both_files(world: World) -> Iterator[Finding]:
    """Profiles that stand in both files."""
    config, credentials = world.config.config, world.config.credentials
    named = config.named("profile")
    for section in world.sections(credentials):
        if section.header in named and section.keys:
            there = world.place(credentials.path, section.line)
            place = world.place(config.path, named[section.header].line)
            yield found("both-files", place, BOTH.format(clean(section.header), there), SEE)


CHECKS = (flaws, missing, headers, defaults, spellings, line_ends, values, keys, both_files)
