"""The chain of a profile: what its role is assumed with, down to the credentials at its end.

The rules are botocore's (credentials.py), and so is what it refuses. A key that is there without a
value counts as there, except where it is said.
"""

from awsx.environment import ONE_OF
from awsx.files import ini
from awsx.files.profiles import LEAST_ARN, SECRET, STATIC, SsoSession, own_session
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsx.files.profiles import Config, Profile
    from awsx.finding import FindingError

NO_METADATA = "AWS_EC2_METADATA_DISABLED"
# What credential_source may say (CanonicalNameCredentialSourcer.is_supported).
CREDENTIAL_SOURCES = ("Environment", "EcsContainer", "Ec2InstanceMetadata")
# What AssumeRole takes: the key, and how long its value is at least. (data/sts, service-2.json)
LENGTHS = {"role_arn": LEAST_ARN, "external_id": 2, "mfa_serial": 9, "role_session_name": 2}
LEAST_SECONDS = 900

ONE_SOURCE = "role_arn without exactly one of source_profile and credential_source"
EXACTLY_ONE = "give it exactly one"
NO_SUCH_SOURCE = "profile {} names source_profile {}, which does not exist"
ADD_SOURCE = "add it or correct the name"
LOOP, BREAK = "profile {} leads back to itself through source_profile", "break the loop"
EMPTY_SOURCE = "profile {} holds no credentials, and the role of profile {} is assumed with it"
ADD_CREDENTIALS = "add some, or name another source_profile"
UNKNOWN_SOURCE = "credential_source = {} is none that the AWS CLI knows"
TAKE_SOURCE = f"take one of {', '.join(CREDENTIAL_SOURCES)}"
NEEDS, SET_THAT = "credential_source = {} needs {}", "run it where that is there"
TOO_SHORT, LENGTHEN = "{} has fewer than {} characters", "correct it"
TOO_FEW_SECONDS = "duration_seconds is less than {}"
HALF = "{} without {}"
BLANK, FILL_IN = "{} has no value", "give it one, or remove the line"
NO_COMMAND = "credential_process is no command"
CORRECT_COMMAND = "correct it; each quote needs its pair"


def _broken(place: str, text: str, remedy: str, code: str = "broken") -> "FindingError":
    from awsx.files import refusals  # only where something is wrong

    return refusals.broken(place, text, remedy, code)


def _add(key: str) -> str:
    from awsx.files import refusals

    return refusals.ADD_KEY.format(key)


class Chain:
    """The links of a chain, and what it leads to.

    `session` is the session behind the last link, None if there is none. `source` is the last
    link's credential_source; empty: it holds its credentials itself.
    """

    __slots__ = ("links", "session", "source")

    def __init__(self, links: "list[Profile]", session: "SsoSession | None", source: str) -> None:
        self.links, self.session, self.source = links, session, source


def sso_session(config: "Config", profile: "Profile") -> "SsoSession | None":
    """The session that stands behind a profile; None if none does.

    Raises AwsxError, with file, line and remedy, if the AWS CLI refuses the profile, or one that
    its role is assumed with.
    """
    if profile.kind == "sso":
        return own_session(config, profile)
    return behind(config, follow(config, profile))


def behind(config: "Config", chain: Chain) -> "SsoSession | None":
    """The session of a chain, or of the profile for which its credential_process answers."""
    last = chain.links[-1]
    if chain.session or chain.source or last.own_kind() != "process":
        return chain.session
    from awsx.files import processes  # few profiles have one

    for name in processes.named(last.get("credential_process")):
        profile = config.profile(name)
        if profile and name != last.name:
            try:
                return follow(config, profile).session
            except AwsxError:  # the process itself will tell
                return None
    return None


def login_session(config: "Config", profile: "Profile") -> "SsoSession | None":
    """The session that a login for this profile is about, be it for nothing but a token.

    Raises AwsxError as `sso_session` does.
    """
    if session := sso_session(config, profile):
        return session
    last = links(config, profile)[-1]
    if last.has("sso_session"):
        return config.session(last.get("sso_session"), last)
    url, region = last.get("sso_start_url"), last.get("sso_region")
    return SsoSession("", url, region, last.name) if url and region else None


def follow(config: "Config", profile: "Profile") -> Chain:
    """The whole chain of a profile. Raises AwsxError if the AWS CLI refuses a link of it."""
    check_named_session(config, profile)
    found = links(config, profile)
    last = found[-1]
    is_source = not last.assumes_role() or _is_source(last, found)
    for link in found[:-1] if is_source and len(found) > 1 else found:
        check_call(link)
    if not is_source:
        return Chain(found, None, last.get("credential_source"))
    return Chain(found, _own(config, last, _parent(found)), "")


def check_source(chain: Chain, env: "Mapping[str, str]") -> None:
    """Raises AwsxError if the chain ends at variables, and these are not set."""
    if names := ONE_OF.get(chain.source):
        is_there, needs = any(map(env.get, names)), " or ".join(names)
    elif chain.source:
        is_there = env.get(NO_METADATA, "").lower() != "true"
        needs = f"the metadata of EC2, but {NO_METADATA} switches them off"
    else:
        return
    if not is_there:
        last = chain.links[-1]
        needs = needs if NO_METADATA in needs else f"{needs}, which is not set"
        text = NEEDS.format(chain.source, needs)
        raise _broken(last.place("credential_source"), text, SET_THAT, "needs")


def check_named_session(config: "Config", profile: "Profile") -> None:
    """Raises AwsxError if the profile names a session that is not there, or not whole.

    Each client asks for a token of it, whatever credentials it takes (botocore's SSOTokenProvider).
    """
    if profile.has("sso_session"):
        config.session(profile.get("sso_session"), profile)


def _is_source(last: "Profile", found: "list[Profile]") -> bool:
    """True if its own credentials count at the end of this chain, not its role."""
    is_self = last.get("source_profile") == last.name
    return (len(found) > 1 or is_self) and is_static(last)


def _parent(found: "list[Profile]") -> "Profile | None":
    """The profile whose role is assumed with the last one; None if none is."""
    if len(found) > 1:
        return found[-2]
    return found[0] if found[0].assumes_role() else None


def is_static(profile: "Profile") -> bool:
    """True if it is static for botocore: AssumeRoleProvider, _has_static_credentials."""
    return profile.has(STATIC) or profile.has(SECRET)


def links(config: "Config", profile: "Profile") -> "list[Profile]":
    """The profile, the source_profile of its role, and so on to the end of the chain.

    A source with static keys ends it; so does a role of such a profile that names the profile
    itself. Raises AwsxError if the AWS CLI refuses a role on the way.
    """
    found = [profile]
    while found[-1].assumes_role() and not (len(found) > 1 and is_static(found[-1])):
        last = found[-1]
        check_role(last)
        if last.has("credential_source"):
            break
        name = last.get("source_profile")
        source = config.profile(name)
        if source is None:
            text = NO_SUCH_SOURCE.format(clean(last.name), clean(name))
            raise _broken(last.place("source_profile"), text, ADD_SOURCE)
        if any(name == link.name for link in found):
            if name == last.name and is_static(last):
                break
            text = LOOP.format(clean(profile.name))
            raise _broken(last.place("source_profile"), text, BREAK)
        found.append(source)
    return found


def check_role(profile: "Profile") -> None:
    """Raises AwsxError if the AWS CLI refuses what the role is assumed with.

    As in botocore's AssumeRoleProvider, _get_role_config.
    """
    if profile.has("source_profile") == profile.has("credential_source"):
        raise _broken(profile.place("role_arn"), ONE_SOURCE, EXACTLY_ONE, "half")
    source = profile.get("credential_source")
    if profile.has("credential_source") and source not in CREDENTIAL_SOURCES:
        text = UNKNOWN_SOURCE.format(clean(source) or "(nothing)")
        raise _broken(profile.place("credential_source"), text, TAKE_SOURCE)


def check_call(profile: "Profile") -> None:
    """Raises AwsxError for a value of a role that botocore itself refuses to send to AWS.

    As in botocore's validate.py, range_check.
    """
    if not profile.assumes_role():
        return
    _check_lengths(profile, LENGTHS)
    if _seconds(profile) < LEAST_SECONDS:
        text = TOO_FEW_SECONDS.format(LEAST_SECONDS)
        raise _broken(profile.place("duration_seconds"), text, LENGTHEN)


def _check_lengths(profile: "Profile", keys: "Iterable[str]") -> None:
    for key in keys:
        least = LENGTHS[key]
        is_blank_name = key == "role_session_name" and not profile.get(key)  # then botocore has one
        if profile.has(key) and len(profile.get(key)) < least and not is_blank_name:
            raise _broken(profile.place(key), TOO_SHORT.format(key, least), LENGTHEN)


def _seconds(profile: "Profile") -> int:
    """What duration_seconds says; botocore ignores what is no number."""
    try:
        return int(profile.get("duration_seconds"))
    except ValueError:
        return LEAST_SECONDS


def _own(config: "Config", profile: "Profile", parent: "Profile | None") -> "SsoSession | None":
    """The session behind the credentials that a profile holds itself; None if none is.

    Raises AwsxError if the AWS CLI refuses them, or needs some (for the role of `parent`) and finds
    none.
    """
    kind = profile.own_kind()
    if kind == "sso":
        return own_session(config, profile)
    if kind == "login":
        from awsx.files import login_sessions  # few profiles have one

        return login_sessions.of(profile)
    if kind == "keys":
        _check_pair(profile)
    elif kind == "web-identity":
        _check_web_identity(profile)
    elif kind == "process" and not ini.words(profile.get("credential_process")):
        place = profile.place("credential_process")
        raise _broken(place, NO_COMMAND, CORRECT_COMMAND)
    elif kind == "none" and parent:
        place = parent.place("source_profile")
        text = EMPTY_SOURCE.format(clean(profile.name), clean(parent.name))
        raise _broken(place, text, ADD_CREDENTIALS)
    return None


def _check_pair(profile: "Profile") -> None:
    """Raises AwsxError unless the file that holds the key's id holds the secret, too."""
    is_in_credentials = profile.is_in_credentials(STATIC)
    keys = profile.in_credentials() if is_in_credentials else profile.in_config()
    if SECRET not in keys:
        raise _broken(profile.place(STATIC), HALF.format(STATIC, SECRET), _add(SECRET), "half")
    for key in (STATIC, SECRET):
        if not keys[key]:
            raise _broken(profile.place(key), BLANK.format(key), FILL_IN, "blank")


def _check_web_identity(profile: "Profile") -> None:
    role, place = profile.get("role_arn"), profile.place("web_identity_token_file")
    if not role:
        text = HALF.format("web_identity_token_file", "role_arn")
        raise _broken(place, text, _add("role_arn"), "half")
    _check_lengths(profile, ("role_arn", "role_session_name"))
