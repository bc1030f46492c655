"""The config and credentials files as the AWS CLI and boto3 read them.

awsx lists a profile exactly when botocore sees it. One bad line makes botocore refuse the whole
file; here it is a Finding, and the other profiles stay usable.
"""

import posix

from awsx.files import disk, ini, paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.finding import Finding

UNREADABLE = "cannot be read ({})"
PERMISSIONS = "its profiles are missing until you correct its permissions"
PAIR = STATIC, SECRET = "aws_access_key_id", "aws_secret_access_key"
LEAST_ARN = 20  # characters of a role_arn: AssumeRole takes no shorter one
SSO_KEYS = ("sso_start_url", "sso_region", "sso_account_id", "sso_role_name")


class Source:
    """One of the two files: its path, its bytes, and its sections once somebody needs them all."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.flaws: list[ini.Flaw] = []
        # The keys of [DEFAULT], which configparser lets leak into every section.
        self.defaults: dict[str, str] = {}
        self._data: bytes | None = None
        self._reader: ini.Reader | None = None

    @property
    def data(self) -> bytes:
        """The bytes of the file, read when they are first needed; none if it cannot be read."""
        if self._data is None:
            self._data = b""
            try:
                self._data = disk.read(self.path) or b""
            except AwsxError as error:
                text = UNREADABLE.format(disk.reason(error.__cause__ or error))
                self.flaws = [ini.Flaw(0, text, PERMISSIONS)]
        return self._data

    def section(self, header: str) -> "ini.Section | None":
        """The section of that header in a sound file, of which a big one is not kept."""
        try:
            is_big = self._data is None and posix.stat(self.path).st_size > ini.BIG
        except (OSError, ValueError):
            is_big = False
        if not is_big:
            return ini.find(self.data, header)
        from awsx.files import scan

        return scan.find(self.path, header)

    def all(self) -> ini.Reader:
        if self._reader is None:
            self._reader = ini.Reader()
            text, flaws = ini.decode(self.data)
            self._reader.read(text)
            self._reader.flaws[:0] = flaws
            self.defaults = self._reader.defaults.keys
        return self._reader

    def is_plain(self) -> bool:
        """True if each line that begins with a bracket is a bare header, and [DEFAULT] is empty."""
        return self.all().is_plain and not self.defaults

    def plain_headers(self) -> "list[str] | None":
        """The headers of its sections if a quick look proves that the file is plain; else None."""
        from awsx.files import plain

        text, flaws = ini.decode(self.data)
        return None if self.flaws or flaws else plain.headers(text)

    def problems(self, env: "Mapping[str, str]") -> "list[Finding]":
        """What makes botocore refuse the whole file."""
        flaws = self.all().flaws
        if not (flaws or self.flaws):
            return []
        from awsx.files import refusals  # only where something is wrong

        return refusals.of_flaws(paths.tilde(self.path, env), self.flaws + flaws)


class Profile:
    """One profile: what both files say of it together; the credentials file wins."""

    __slots__ = ("_config", "_credentials", "_kind", "_settings", "_where", "name")

    def __init__(
        self,
        name: str,
        where: "Config",
        config: ini.Section | None,
        credentials: ini.Section | None,
    ) -> None:
        self.name, self._where, self._config, self._credentials = name, where, config, credentials
        self._settings: dict[str, str] | None = None
        self._kind = ""

    @property
    def header(self) -> str:
        """Its name as the config spells it: `profile "my prod"`; empty if it is not there."""
        return self._config.header if self._config else ""

    @property
    def settings(self) -> dict[str, str]:
        if self._settings is None:
            self._settings = self.in_config()
            if self._credentials:
                self._settings = self._settings | self.in_credentials()
        return self._settings

    def _merge(self, source: Source, section: "ini.Section | None") -> dict[str, str]:
        if section is None:
            return {}
        return source.defaults | section.keys if source.defaults else section.keys

    def get(self, key: str) -> str:
        return self.settings.get(key, "")

    def has(self, key: str) -> bool:
        """True if the key is there, whatever it says: many a rule of botocore asks just that."""
        return key in self.settings

    def in_credentials(self) -> dict[str, str]:
        """What the credentials file alone says."""
        return self._merge(self._where.credentials, self._credentials)

    def in_config(self) -> dict[str, str]:
        """What the config file alone says."""
        return self._merge(self._where.config, self._config)

    def is_in_credentials(self, key: str) -> bool:
        """True if it is the credentials file that says so."""
        return self._credentials is not None and key in self.in_credentials()

    def place(self, key: str = "") -> str:
        """`~/.aws/config:12`, where a key stands, else where the profile begins."""
        section = self._config
        source: Source = self._where.config
        if section is None or self.is_in_credentials(key):
            section, source = self._credentials, self._where.credentials
        line = section.line_of(key) if section else 0
        return f"{paths.tilde(source.path, self._where.env)}:{line}"

    @property
    def kind(self) -> str:
        """Which credentials botocore takes when several are there.

        As in botocore's credentials.py, create_credential_resolver. It asks for most keys whether
        they are there, not what they say.
        """
        if not self._kind:
            self._kind = "role" if self.assumes_role() else self.own_kind()
        return self._kind

    def assumes_role(self) -> bool:
        """True if the profile's role is assumed with a source.

        As in botocore's AssumeRoleProvider, _has_assume_role_config_vars.
        """
        keys = self.settings
        return "role_arn" in keys and "web_identity_token_file" not in keys

    def own_kind(self) -> str:
        """The kind of the credentials that the profile holds besides a role that it assumes."""
        keys = self.settings
        if keys.get("web_identity_token_file"):
            return "web-identity"
        if "sso_account_id" in keys or "sso_role_name" in keys:
            return "sso"
        if self.is_in_credentials(STATIC):
            return "keys"
        for key, kind in (("login_session", "login"), ("credential_process", "process")):
            if key in keys:
                return kind
        return "keys" if self._config is not None and STATIC in self.in_config() else "none"

    def is_simple(self) -> bool:
        """True if every tool finds credentials of the same kind in it."""
        if self.kind in ("role", "web-identity"):
            return False
        return not any(map(self.has, (STATIC, "credential_process")))

    def has_odd_region(self) -> bool:
        """True if its region has a form that the AWS CLI refuses; a blank one does, too."""
        region = self.settings.get("region")
        return region is not None and not is_region(region)

    def summary(self) -> tuple[str, str, str, str, bool]:
        """Kind, region, account, role, and whether the region is odd, for the price of one call."""
        return self.kind, self.get("region"), self.account, self.role, self.has_odd_region()

    @property
    def account(self) -> str:
        """The account id as far as the files tell it."""
        if self.kind == "sso" and (own := self.get("sso_account_id")):
            return own
        arn = (self.get("role_arn") or self.get("login_session")).split(":")
        return (arn[4] if len(arn) > 4 else "") or self.get("aws_account_id")

    @property
    def role(self) -> str:
        """The permission set's name, or the last part of the role's ARN."""
        of_arn = self.get("role_arn").rpartition("/")[2]
        return self.get("sso_role_name") if self.kind == "sso" else of_arn


class SsoSession:
    """What a login is made for: an [sso-session], or the start URL of a legacy profile.

    `keys` is all that the section says.
    """

    __slots__ = ("holder", "keys", "label", "name", "region", "scopes", "start_url")
    is_login = False  # True for a session of `aws login` (files/login_sessions.py)

    def __init__(
        self, name: str, start_url: str, region: str, holder: str, scopes: str = ""
    ) -> None:
        self.name = name  # empty for a legacy profile
        self.start_url, self.region = start_url, region
        self.scopes = [scope.strip() for scope in scopes.split(",")] if scopes else None
        # The profile that holds the SSO keys; empty when only the session was named.
        self.holder = holder
        self.label = name or start_url
        self.keys: dict[str, str] = {}


class Config:
    """Both files. `sound`: they were read before, and `ini.find` may be trusted on them."""

    def __init__(
        self, env: "Mapping[str, str]", sound: bool = False, places: "paths.Places | None" = None
    ) -> None:
        self.env, self._sound = env, sound
        places = places or paths.Places(env)
        self.config, self.credentials = ConfigFile(places.config), Source(places.credentials)
        self._proven: bool | None = None  # nobody has tried to
        self._found: dict[str, Profile | None] = {}
        self._profiles: dict[str, Profile] | None = None
        self._sections: dict[str, ini.Section | None] = {}  # of sessions, by name

    def profile(self, name: str) -> "Profile | None":
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> "Profile | None":
        config = self.config.find("profile", name) if self._may_find() else None
        if config:
            return Profile(name, self, config, self.credentials.section(name))
        return self.profiles().get(name)

    def _may_find(self) -> bool:
        return self._sound or self._is_proven()

    def _is_proven(self) -> bool:
        """True if a quick look proves that both files are sound."""
        if self._proven is None:
            from awsx.files import plain  # only after an edit

            headers = self.config.plain_headers()
            is_plain = headers is not None and self.credentials.plain_headers() is not None
            self._proven = is_plain and plain.name_each_once(headers or [])
        return self._proven

    def profiles(self) -> "dict[str, Profile]":
        """Every profile, those of the config file first, in the order of the files."""
        if self._profiles is None:
            self._profiles = {profile.name: profile for profile in self.each()}
        return self._profiles

    def each(self) -> "Iterator[Profile]":
        """The same, one after another: for who looks at them all and need keep none."""
        config, credentials = self.config.named("profile"), self.credentials.all().sections
        for name in (*config, *(name for name in credentials if name not in config)):
            yield Profile(name, self, config.get(name), credentials.get(name))

    def session(self, name: str, holder: "Profile | None" = None) -> "SsoSession":
        """The [sso-session NAME], which the profile `holder` names if there is one.

        Raises AwsxError if it is missing, or lacks one of its two keys.
        """
        section = self.session_section(name)
        keys = self.config.defaults | section.keys if section else {}
        if section is None or not ("sso_start_url" in keys and "sso_region" in keys):
            from awsx.files import refusals  # only where something is wrong

            raise refusals.no_session(self, name, holder, section)
        scopes = keys.get("sso_registration_scopes", "")
        holds = holder.name if holder else ""
        session = SsoSession(name, keys["sso_start_url"], keys["sso_region"], holds, scopes)
        session.keys = keys
        return session

    def session_section(self, name: str) -> "ini.Section | None":
        """The section [sso-session NAME] as it is written; None if there is none."""
        if name not in self._sections:
            section = self.config.find("sso-session", name) if self._may_find() else None
            section = section or self.config.named("sso-session").get(name)
            self._sections[name] = section
        return self._sections[name]

    def sessions(self) -> list[str]:
        return list(self.config.named("sso-session"))

    def problems(self) -> "list[Finding]":
        """What makes botocore refuse one of the files."""
        if self._is_proven():
            return []
        return self.config.problems(self.env) + self.credentials.problems(self.env)

    def is_sound(self) -> bool:
        """True if every plain `[profile NAME]` found in the text is that profile, and all of it."""
        return self._is_proven() or (
            not self.problems()
            and not self.config.is_spelled_twice()
            and all(source.is_plain() for source in (self.config, self.credentials))
        )


class ConfigFile(Source):
    """The config file, whose sections have a kind: profile, sso-session."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._named: dict[str, list[tuple[str, ini.Section]]] = {}
        self._found: dict[tuple[str, str], ini.Section | None] = {}

    def find(self, kind: str, name: str) -> ini.Section | None:
        """The section of a plainly spelled name; for any other None: read the whole file then."""
        if (kind, name) not in self._found:
            is_plain = name.isascii() and name.isalnum() and name != "default"  # as most are
            header = f"{kind} {name}" if is_plain else ini.plain_header(kind, name)
            self._found[kind, name] = self.section(header) if header else None
        return self._found[kind, name]

    def named(self, kind: str) -> dict[str, ini.Section]:
        """The sections of a kind by their name, as botocore's build_profile_map finds them."""
        if kind not in self._named:
            self._named[kind] = self._spelled(kind)
        return dict(self._named[kind])

    def is_spelled_twice(self) -> bool:
        """True if two headers mean one name: [profile a] and [profile "a"]."""
        return any(
            len(self.named(kind)) != len(self._named[kind]) for kind in ("profile", "sso-session")
        )

    def _spelled(self, kind: str) -> list[tuple[str, ini.Section]]:
        sections = self.all().sections
        may_be_odd = ini.is_odd("".join(sections))
        found = []
        for header, section in sections.items():
            if header.startswith(kind):
                parts = header.split(" ")
                if len(parts) != 2 or not parts[1] or (may_be_odd and ini.is_odd(header)):
                    parts = ini.words(header)
                if len(parts) == 2:
                    found.append((parts[1], section))
            elif header == "default" and kind == "profile":
                found.append((header, section))
        return found


def own_session(config: "Config", profile: "Profile") -> SsoSession:
    """The session of a profile whose own credentials are of the kind sso.

    As in botocore's credentials.py, SSOProvider._load_sso_config. Raises AwsxError.
    """
    session, given, odd = None, profile.settings, ""
    if (name := given.get("sso_session")) is not None:
        session = config.session(name, profile)
        differing = (key for key, value in session.keys.items() if given.get(key, value) != value)
        odd = next(differing, "")
        given = session.keys | given
    odd = odd or next((key for key in SSO_KEYS if key not in given), "")
    if session is None and not odd:
        session = SsoSession("", given["sso_start_url"], given["sso_region"], profile.name)
    if session is None or odd or not is_region(session.region):
        from awsx.files import refusals  # only where something is wrong

        raise refusals.no_sso(config, profile, session, odd)
    return session


def is_region(text: str) -> bool:
    """True if a region has the form that botocore accepts (utils.py, validate_region_name)."""
    letters = text.replace("-", "")
    if not letters.isascii() or not letters.isalnum() or text.isdecimal():
        return False
    return len(text) < 64 and "-" not in (text[0], text[-1])
