"""The words for what the AWS CLI refuses in a profile or a session: line, text and remedy."""

from awsx.files import ini, paths
from awsx.finding import Finding, FindingError
from awsx.term import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.ini import Flaw, Section
    from awsx.files.profiles import Config, Profile, SsoSession

NO_SUCH_SESSION = "there is no [sso-session {}]"
ADD_SESSION = "add the section or correct the name"
MISSING_KEY, ADD_KEY = "no {} in [{}]", "add {} = ..."
DIFFERENT = "{} is {} in profile {}, but {} in its [sso-session {}]"
REMOVE_KEY = "remove {} from the profile"
NO_REGION, CORRECT = "{} = {} is not the name of a region", "correct it"
MEANT = "{} has [{}]; write {} there"
PUT_ABOVE = "put the comment on a line of its own"


def of_flaws(path: str, flaws: "list[Flaw]") -> "list[Finding]":
    """What makes botocore refuse a whole file; `path` is as a person writes it."""
    return [
        Finding("bad-file", "error", place, flaw.text, flaw.remedy)
        for flaw in flaws
        for place in (f"{path}:{flaw.line}" if flaw.line else path,)
    ]


def broken(place: str, text: str, remedy: str, code: str = "broken") -> FindingError:
    """The error of a profile or session that the AWS CLI refuses."""
    return FindingError(Finding(code, "error", place, text, remedy))


def no_session(
    config: "Config", name: str, holder: "Profile | None", section: "Section | None"
) -> FindingError:
    """The error of an [sso-session] that is missing or lacks a key; a profile may have named it."""
    here = paths.tilde(config.config.path, config.env)
    if section is None:
        place = holder.place("sso_session") if holder else here
        return broken(place, NO_SUCH_SESSION.format(clean(name)), ADD_SESSION)
    keys = config.config.defaults | section.keys
    key = next(key for key in ("sso_start_url", "sso_region") if key not in keys)
    return _missing(f"{here}:{section.line}", key, section.header)


def no_sso(
    config: "Config", profile: "Profile", session: "SsoSession | None", key: str
) -> FindingError:
    """The error of an sso profile with an odd `key`, or if that is empty with an odd region.

    The key is missing, or profile and session say different things of it.
    """
    if session and profile.has(key):
        return _different(profile, session, key)
    if session and not key:
        return _odd_sso_region(config, profile, session)
    return _missing(profile.place(), key, f"profile {profile.name}")


def _missing(place: str, key: str, header: str) -> FindingError:
    return broken(place, MISSING_KEY.format(key, clean(header)), ADD_KEY.format(key))


def _different(profile: "Profile", session: "SsoSession", key: str) -> FindingError:
    here, there = clean(profile.get(key)), clean(session.keys[key])
    text = DIFFERENT.format(key, here, clean(profile.name), there, clean(session.name))
    return broken(profile.place(key), text, REMOVE_KEY.format(key))


def _odd_sso_region(config: "Config", profile: "Profile", session: "SsoSession") -> FindingError:
    place, header = profile.place("sso_region"), f"profile {profile.name}"
    section = config.session_section(session.name) if session.name else None
    if section and not profile.has("sso_region"):
        line = section.line_of("sso_region")
        place, header = f"{paths.tilde(config.config.path, config.env)}:{line}", section.header
    if not session.region:
        return _missing(place, "sso_region", header)
    return broken(place, NO_REGION.format("sso_region", clean(session.region, 32)), CORRECT)


def meant_as_profile(config: "Config", name: str) -> str:
    """What to do about a section that a person may take for this profile; empty if there is none.

    In the config file a profile's header begins with `profile`, in the credentials file it does
    not.
    """
    for source, wanted in ((config.config, "[profile {}]"), (config.credentials, "[{}]")):
        for header, section in source.all().sections.items():
            if _named(header) == name:
                place = f"{paths.tilde(source.path, config.env)}:{section.line}"
                word = name if ini.words(name) == [name] else f"'{name}'"
                right = wanted.format(clean(word if "profile" in wanted else name))
                return MEANT.format(place, clean(header), right)
    return ""


def _named(header: str) -> str:
    """The name in a header that is meant for a profile: `prod` of `PROFILE prod`."""
    kind, _, name = header.strip().partition(" ")
    if kind.lower() == "profile" and name:
        return name.strip().strip("'\"")
    return header.strip()


def odd_region(profile: "Profile") -> FindingError:
    """The error of a profile whose region has a form that botocore refuses."""
    region = profile.get("region")
    text = NO_REGION.format("region", clean(region, 32) or "(nothing)")
    has_comment = any(f" {mark}" in region for mark in "#;")
    remedy = PUT_ABOVE if has_comment else CORRECT
    return broken(profile.place("region"), text, remedy, "bad-region")
