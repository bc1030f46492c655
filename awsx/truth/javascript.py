"""How the JavaScript SDK reads the config and credentials files, which is not botocore's way.

It cuts ` # comment` off a value, knows a key in its own case alone, takes `key : value` and a key
without a value for nothing, and merges a section that stands twice. (shared-ini-file-loader,
parseIni and getProfileData, as of October 2026)
"""

from awsx.files import ini, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.files.profiles import Config, Profile, Source

PREFIXES = ("profile", "sso-session", "services")
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


class JsProfile:
    """A profile with the keys that the JavaScript SDK sees; else as `Profile`."""

    __slots__ = ("_places", "_profile", "header", "name", "settings")

    def __init__(
        self, profile: "Profile", settings: dict[str, str], places: dict[str, str]
    ) -> None:
        self.name, self.header = profile.name, profile.header
        self.settings, self._places, self._profile = settings, places, profile

    def get(self, key: str) -> str:
        return self.settings.get(key, "")

    def has(self, key: str) -> bool:
        return key in self.settings

    def place(self, key: str = "") -> str:
        return self._places.get(key) or self._profile.place(key)


def seen(config: "Config", profile: "Profile") -> "JsProfile | None":
    """The profile as the JavaScript SDK reads it; None if it sees none of that name."""
    settings: dict[str, str] = {}
    places: dict[str, str] = {}
    found = False
    for source, is_config in ((config.config, True), (config.credentials, False)):
        wanted = [f"profile.{profile.name}"] if is_config else [profile.name]
        if is_config and profile.name == "default":
            wanted.insert(0, "default")
        path = paths.tilde(source.path, config.env)
        keys: dict[str, tuple[str, int]] = {}
        for header in wanted:  # [profile default] takes the place of [default]
            keys = dict(_keys(source, profile.name, header)) or keys
        found = found or bool(keys)
        settings.update({key: value for key, (value, _) in keys.items()})
        places.update({key: f"{path}:{line}" for key, (_, line) in keys.items()})
    return JsProfile(profile, settings, places) if found else None


def _keys(source: "Source", name: str, wanted: str) -> "Iterator[tuple[str, tuple[str, int]]]":
    """The keys of the sections that are called `wanted`, each with its value and line."""
    is_open, sub_section = False, ""
    for number, raw in _lines(source.data, name):
        line = _without_comment(raw)
        if line[:1] == "[" and line[-1:] == "]":
            is_open, sub_section = _called(line[1:-1]) == wanted, ""
        elif is_open and line.find("=") > 0:
            key, _, value = (part.strip() for part in line.partition("="))
            if not value:
                sub_section = key
                continue
            if raw[:1] not in (" ", "\t"):
                sub_section = ""
            yield (f"{sub_section}.{key}" if sub_section else key), (value, number)


def _lines(data: bytes, name: str) -> "Iterator[tuple[int, str]]":
    """The lines of the sections whose header has the name in it, and their numbers.

    In a file with thousands of profiles the others are passed over without a look.
    """
    text = ini.decode(data)[0]
    if "\n [" in text or "\n\t" in text:  # a header may be indented here
        yield from enumerate(text.split("\n"), 1)
        return
    number = 1
    for chunk in text.split("\n["):
        if name in chunk.partition("\n")[0]:
            begin = "[" if number > 1 else ""
            yield from enumerate((begin + chunk).split("\n"), number)
        number += chunk.count("\n") + 1


def _without_comment(line: str) -> str:
    """The line up to a `#` or `;` at its beginning or after a blank."""
    for at, c in enumerate(line):
        if c in "#;" and (at == 0 or line[at - 1].isspace()):
            return line[:at].strip()
    return line.strip()


def _called(header: str) -> str:
    """What a section is called: `profile.prod`, `default`; empty if it counts for nothing."""
    prefix, blank, name = header[:0], "", ""
    at = next((at for at, c in enumerate(header) if c.isspace()), -1)
    if at > 0:
        prefix, blank, name = header[:at], header[at], header[at + 1 :]
    if name[:1] in ('"', "'") and name[:1] == name[-1:] and len(name) > 1:
        name = name[1:-1]
    is_plain = name.isascii() and name and all(c.isalnum() or c in "_-@+.%:/" for c in name)
    if not (blank and is_plain and all(c in WORD or c == "-" for c in prefix)):
        return header
    return f"{prefix}.{name}" if prefix in PREFIXES else ""
