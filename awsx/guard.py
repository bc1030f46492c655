"""Profiles that ask for care: which pattern of the settings matches one."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsx.files.profiles import Profile
    from awsx.files.settings import Settings


def pattern(chosen: "Settings", profile: "Profile", account_name: str) -> str:
    """The first pattern that guards a profile, empty if none does."""
    return matching(
        chosen.guard.patterns, (profile.name, profile.account, account_name, profile.role)
    )


def matching(patterns: "Iterable[str]", texts: "Iterable[str]") -> str:
    """The first pattern, as in a shell's file names, that one of the texts matches in upper or lower case, else empty.

    What is not known of a profile matches nothing.
    """
    from fnmatch import (
        fnmatchcase,  # imports re: only where there are settings, whose reader has loaded it
    )

    lower = [text.lower() for text in texts if text]
    return next(
        (found for found in patterns if any(fnmatchcase(text, found.lower()) for text in lower)), ""
    )
