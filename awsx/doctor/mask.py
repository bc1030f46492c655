"""A report that can be shown to strangers: without names, account ids and addresses."""

from __future__ import annotations

import re

from awsx.files import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.doctor.world import World

ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
URL = re.compile(r"https?://[^\s\"',;)]+")
FOLDED = re.compile(r"(?<![\w.-])/(?:home|Users)/[^/\s\"',:]+")
SHORTEST = 3  # letters of a name: a shorter one would be found inside of words


class Mask:
    """Replaces the same by the same: `profile-1` is one profile all through the report."""

    def __init__(self, world: World) -> None:
        self._urls: dict[str, str] = {}
        self._accounts: dict[str, str] = {}
        self._names = _names(world)
        self._home = paths.home(world.env)

    def apply(self, text: str) -> str:
        """The text with everything masked that names somebody."""
        text = URL.sub(lambda found: _next(self._urls, found[0], "https://url-{}"), text)
        text = ACCOUNT.sub(lambda found: _next(self._accounts, found[0], "account-{}"), text)
        for name, mask in self._names:
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", mask, text)
        text = text.replace(self._home, "~") if self._home != "/" else text
        return FOLDED.sub("/home/user", text)


def _next(known: dict[str, str], found: str, form: str) -> str:
    return known.setdefault(found, form.format(len(known) + 1))


def _names(world: World) -> list[tuple[str, str]]:
    """Each name with its mask, the longest first, so that no part of a name is left."""
    config = world.config
    found: dict[str, str] = {}
    for number, name in enumerate(config.profiles(), 1):
        found.setdefault(name, f"profile-{number}")
    for number, name in enumerate(config.sessions(), 1):
        found.setdefault(name, f"session-{number}")
    for key in ("sso_role_name", "sso_account_name"):
        for profile in config.profiles().values():
            if value := profile.get(key):
                found.setdefault(value, f"{key.split('_')[1]}-{len(found) + 1}")
    for profile in config.profiles().values():
        if role := profile.get("role_arn").rpartition("/")[2]:
            found.setdefault(role, f"role-{len(found) + 1}")
    found.pop("default", None)
    return sorted(
        ((name, mask) for name, mask in found.items() if len(name) >= SHORTEST),
        key=lambda pair: -len(pair[0]),
    )
