"""What the files say, for one environment: the settings, the profiles, and what stands behind each.

Opening the facts reads and changes nothing; awsx/commands/before.py has what a command does first.
"""

from awsx.files import paths, profiles, tokens
from awsx.files.stock import Stock
from awsx.term import AwsxError, clean, near, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.files.profiles import Profile, SsoSession
    from awsx.files.settings import Settings
    from awsx.files.tokens import Token

NO_PROFILES = "no profiles in {}; make one with: aws configure sso"
NO_SUCH_PROFILE, ALL_PROFILES = "no profile {}{}", "all of them: awsx ls"
UNNAMEABLE = "a profile name with a control character cannot be used; rename {} in the config"


class Target:
    """A profile and what stands behind it, resolved once.

    `session` and `token` are None where there is none; `key` names the token's file, `token_path`
    is that file. `alias` is the account's name in the settings, `pattern` what guards the profile;
    both may be empty. `shown_region` is fit for a screen. `file_error` says why the chain of
    profiles leads to no session, `settings_error` why nobody knows what the settings say of the
    profile.
    """

    __slots__ = (
        "account",
        "alias",
        "description",
        "file_error",
        "key",
        "kind",
        "pattern",
        "profile",
        "region",
        "role",
        "session",
        "settings_error",
        "shown_region",
        "token",
        "token_path",
    )

    def __init__(self, profile: "Profile") -> None:
        self.profile, self.kind, self.region = profile, profile.kind, profile.get("region")
        self.shown_region = clean(self.region, 32)
        self.account, self.role = profile.account, profile.role
        self.session: SsoSession | None = None
        self.token: Token | None = None
        self.key = self.token_path = self.alias = self.pattern = self.description = ""
        self.file_error: AwsxError | None = None
        self.settings_error: AwsxError | None = None

    def check(self) -> None:
        """Raises AwsxError if the profile cannot be used, and says why."""
        _check_name(self.profile.name)
        for error in (self.file_error, self.settings_error):
            if error:
                raise error

    def describe(self) -> None:
        """Fill in the description: `prod: 111122223333 (Production) Admin`."""
        alias = f"({self.alias})" if self.alias else ""
        parts = " ".join(part for part in (self.account, alias, self.role) if part)
        name = clean(self.profile.name)
        self.description = one_line(f"{name}: {parts or f'kind {self.kind}'}")


class Facts:
    """The settings, the profiles, and the stock that awsx keeps of both; read when first needed."""

    __slots__ = ("_places", "_problems", "_settings", "config", "env", "has_settings", "stock")

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.env = env
        self._places = places = paths.Places(env)
        self.stock = Stock(env, places)
        self.config = profiles.Config(env, self.stock.is_sound, places)
        self.has_settings = self.stock.sources["settings"] is not None
        self._settings: Settings | None = None
        self._problems: list[str] | None = None

    @property
    def settings(self) -> "Settings":
        """The settings. Raises AwsxError for what awsx cannot use in them."""
        if self._settings is None:
            from awsx.files import settings

            self._settings = settings.load(self.env)
        return self._settings

    @property
    def problems(self) -> list[str]:
        """What is wrong in the config and credentials files, a line each."""
        if self._problems is None:
            self._problems = self.stock.problems()
        if self._problems is None:
            self._problems = [problem.as_text() for problem in self.config.problems()]
        return self._problems

    def profile(self, name: str) -> "Profile":
        """The profile of exactly this name.

        Raises AwsxError with the names that come near if there is none.
        """
        _check_name(name)
        found = self.config.profile(name)
        if found is None:
            near_it = near(name, list(self.config.profiles()), ALL_PROFILES)
            raise AwsxError(NO_SUCH_PROFILE.format(clean(name), near_it))
        return found

    def names(self) -> list[str]:
        """Every profile's name, in the order of the files. Raises AwsxError where there is none."""
        names = list(self.config.profiles())
        if not names:
            raise AwsxError(NO_PROFILES.format(paths.tilde(self.config.config.path, self.env)))
        return names

    def target(self, name: str) -> Target:
        """The profile of exactly this name, with what stands behind it.

        Raises AwsxError if there is no such profile, or if the files or the settings are at fault.
        """
        target = self.resolve(self.profile(name))
        target.check()
        return target

    def find(self, name: str) -> Target | None:
        """The same whatever is wrong with it; None if there is no such profile."""
        profile = self.config.profile(name)
        return self.resolve(profile) if profile else None

    def resolve(self, profile: "Profile") -> Target:
        """A profile with what stands behind it, and what is wrong with it."""
        target = Target(profile)
        try:
            target.session = self.session(profile)
        except AwsxError as error:
            target.file_error = error
        if target.session:
            target.key = tokens.key(target.session)
            target.token_path = f"{self._places.tokens}/{target.key}.json"
            target.token = tokens.read(target.token_path)
        if self.has_settings:
            self._apply_settings(target)
        target.describe()
        return target

    def _apply_settings(self, target: Target) -> None:
        try:
            target.alias = self.alias(target.account)
            target.pattern = self.guarding(target.profile)
        except AwsxError as error:
            target.settings_error = error

    def session(self, profile: "Profile") -> "SsoSession | None":
        """The session behind a profile, None for other kinds.

        Raises AwsxError if the files are at fault.
        """
        return profiles.sso_session(self.config, profile)

    # --- what the settings say of an account and a profile

    def alias(self, account: str) -> str:
        """The name that the settings give an account; empty if they give none."""
        return self.settings.accounts.get(account, "") if self.has_settings else ""

    def account_name(self, profile: "Profile") -> str:
        """An account's name in the settings, else in the config; empty if it has none."""
        return self.alias(profile.account) or profile.get("sso_account_name")

    def account(self, number: str) -> str:
        """An account as a person sees it: its name in the settings, else its id."""
        return self.alias(number) or number

    @property
    def patterns(self) -> list[str]:
        """The patterns that guard profiles; none, and nothing read, where there are no settings."""
        return self.settings.guard.patterns if self.has_settings else []

    def guarding(self, profile: "Profile") -> str:
        """The pattern of the settings that guards a profile; empty if none does."""
        if not self.patterns:
            return ""
        from awsx import guard

        return guard.pattern(self.settings, profile, self.account_name(profile))


def is_unnameable(name: str) -> bool:
    return not name.isprintable() and any(ord(c) < 32 or ord(c) == 127 for c in name)


def _check_name(name: str) -> None:
    if is_unnameable(name):
        raise AwsxError(UNNAMEABLE.format(clean(name)))
