"""Profiles that ask for care: which pattern of the settings matches one."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsx.files.profiles import Profile
    from awsx.files.settings import Settings


def pattern(settings: "Settings", profile: "Profile", account_name: str) -> str:
    """The first pattern that guards a profile; empty if none does."""
    tags = settings.tags.get(profile.account, ())
    texts = (profile.name, profile.account, account_name, profile.role, *tags)
    return matching(settings.guard.patterns, texts)


def matching(patterns: "Iterable[str]", texts: "Iterable[str]") -> str:
    """The first pattern that one of the texts matches; empty if none does.

    A pattern is one for file names, as in a shell; upper and lower case are the same. An empty
    text, which is something nobody knows of a profile, matches nothing.
    """
    from fnmatch import fnmatchcase  # imports re; the reader of the settings has done so, too

    lower = [text.lower() for text in texts if text]
    for found in patterns:
        if any(fnmatchcase(text, found.lower()) for text in lower):
            return found
    return ""
