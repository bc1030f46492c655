"""What the files say, for one environment: the settings, the profiles, and what stands behind each.

Opening the facts reads and changes nothing; awsx/commands/before.py has what a command does first.
"""

import time

from awsx.files import disk, paths, profiles, tokens
from awsx.files.stock import Stock
from awsx.term import AwsxError, clean, one_line, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsx.files.catalogue import Catalogue
    from awsx.files.profiles import Profile, SsoSession
    from awsx.files.settings import Settings
    from awsx.files.tokens import Token
    from awsx.finding import FindingError

NO_PROFILES = "no profiles in {}; make one: awsx setup; to look first: awsx demo"
NONE_YET = "there are none in {}; make one: awsx setup; to look first: awsx demo"
NO_SUCH_PROFILE = "no profile {}{}"
LISTED = "it is in awsx's catalogue alone; to write it into {}: awsx {}"
UNNAMEABLE = "a profile name with a control character cannot be used; rename {} in the config"

LONGEST_WAIT, PAUSE = 1, 0.02  # seconds, for a file that is being written


class Target:
    """A profile and what stands behind it, resolved once.

    `session` and `token` are None where there is none; `key` names the token's file, `token_path`
    is that file. `alias` is the account's name, `pattern` what guards the profile;
    both may be empty. `source` is the credential_source at the end of its chain, empty for most.
    `lasts` says until when the keys of a profile last, in epoch seconds, 0 if nobody knows; `key`
    then names the memo of that, and there is no such file of a token.
    `exports` is the region that a switch exports by itself, as the settings may want; mostly empty.
    `shown_region` is fit for a screen; `has_odd_region` says that botocore refuses its form.
    `file_error` says why the AWS CLI refuses the profile, `region_error` why it refuses the region,
    where no variable gives another one, and `settings_error` why nobody knows what the settings say
    of the profile.
    """

    __slots__ = (
        "account",
        "alias",
        "description",
        "exports",
        "file_error",
        "has_odd_region",
        "key",
        "kind",
        "lasts",
        "pattern",
        "profile",
        "region",
        "region_error",
        "role",
        "session",
        "settings_error",
        "shown_region",
        "source",
        "token",
        "token_path",
    )

    def __init__(self, profile: "Profile") -> None:
        self.profile = profile
        told = profile.summary()
        self.kind, self.region, self.account, self.role, self.has_odd_region = told
        self.shown_region = clean(self.region, 32)
        self.session: SsoSession | None = None
        self.token: Token | None = None
        self.key = self.token_path = self.alias = self.pattern = self.description = ""
        self.source = self.exports = ""
        self.lasts = 0
        self.file_error: FindingError | None = None
        self.region_error: FindingError | None = None
        self.settings_error: AwsxError | None = None

    def check(self, region: str = "") -> None:
        """Raises AwsxError if the profile cannot be used (in `region`), and says why."""
        _check_name(self.profile.name)
        for error in (self.file_error, self.settings_error, self.region_error):
            if error and not (region and error is self.region_error):
                raise error

    def describe(self) -> None:
        """Fill in the description: `prod: 111122223333 (Production) Admin`."""
        alias = f"({self.alias})" if self.alias else ""
        parts = " ".join(part for part in (self.account, alias, self.role) if part)
        name = clean(self.profile.name)
        self.description = one_line(f"{name}: {parts or f'kind {self.kind}'}")


class Facts:
    """The settings, the profiles, and the stock that awsx keeps of both; read when first needed."""

    __slots__ = (
        "_alone",
        "_catalogue",
        "_learned",
        "_places",
        "_problems",
        "_settings",
        "config",
        "env",
        "has_settings",
        "stock",
    )

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.env = env
        self._places = places = paths.Places(env)
        self.stock = Stock(env, places)
        self.config = profiles.Config(env, self.stock.is_sound, places)
        self.has_settings = self.stock.sources["settings"] is not None
        self._settings: Settings | None = None
        self._problems: list[str] | None = None
        self._catalogue: Catalogue | None = None
        self._learned: dict[str, tuple[str, str]] | None = None
        self._alone: tuple[str, str] | None = None

    def reopen(self) -> None:
        """Look at the files again, as this process has changed one of them."""
        self.stock = Stock(self.env, self._places)
        self.config = profiles.Config(self.env, self.stock.is_sound, self._places)
        self._problems = self._catalogue = None

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
        found = self.config.profile(name) or self._wait_for(name)
        if found is None and not self._is_written(name):
            text = NO_SUCH_PROFILE.format(shown(name), "; " + self.instead_of(name))
            raise AwsxError(text, kind="no-such-profile")
        _check_name(name)
        return found  # type: ignore[return-value]  # a name that is written and no profile is odd

    def _is_written(self, name: str) -> bool:
        """True if a header of the files has this name, and only its odd characters make it none."""
        from awsx.files import refusals  # only where something is wrong

        return is_unnameable(name) and bool(refusals.meant_as_profile(self.config, name))

    def instead_of(self, name: str) -> str:
        """What a person may mean by a name that is no profile, or what to do."""
        from awsx.files import refusals, similar  # only where something is wrong

        names = [profile.name for profile in self.each()]
        if found := refusals.meant_as_profile(self.config, name):
            return found
        if self.is_listed(name):
            config = paths.tilde(self.config.config.path, self.env)
            return LISTED.format(config, clean(name))
        if not names:
            return NONE_YET.format(paths.tilde(self.config.config.path, self.env))
        return similar.similar(name, names)

    def names(self) -> list[str]:
        """Every profile's name, in the order of the files. Raises AwsxError where there is none."""
        names = [profile.name for profile in self.each()]
        if not names:
            raise AwsxError(NO_PROFILES.format(paths.tilde(self.config.config.path, self.env)))
        return names

    # --- the profiles that awsx's catalogue has, and the files have not

    @property
    def catalogue(self) -> "Catalogue | None":
        """The catalogue, which is read when this is first asked for; None if there is none."""
        if self._catalogue is None and disk.size(self._places.catalogue):
            from awsx.files.catalogue import Catalogue  # only for who has one

            self._catalogue = Catalogue(self.env, self._places)
        return self._catalogue

    def each(self) -> "Iterator[Profile]":
        """Every profile that a person may choose, those of the catalogue alone last."""
        if self.catalogue is None:
            yield from self.config.each()
            return
        known = self.config.profiles()
        yield from known.values()
        yield from (each for each in self.catalogue.each() if each.name not in known)

    def is_listed(self, name: str) -> bool:
        """True if the catalogue alone has a profile of exactly this name."""
        return self.config.profile(name) is None and self.choosable(name) is not None

    def choosable(self, name: str) -> "Profile | None":
        """The profile of exactly this name, be it in the catalogue alone."""
        found = self.config.profile(name)
        return self.catalogue.profile(name) if found is None and self.catalogue else found

    def target(self, name: str, region: str = "") -> Target:
        """The profile of exactly this name, with what stands behind it, to be used in `region`.

        Raises AwsxError if there is no such profile, or if the files or the settings are at fault.
        """
        target = self.resolve(self.profile(name))
        target.check(region)
        return target

    def find(self, name: str) -> Target | None:
        """The same whatever is wrong with it; None if there is no such profile."""
        profile = self.config.profile(name) or self._wait_for(name)
        return self.resolve(profile) if profile else None

    def _wait_for(self, name: str) -> "Profile | None":
        """The profile of this name in files that somebody is writing; None if it is not there then.

        A program that writes a file in place empties it first. Sleeps until the files are left
        alone, which they mostly are already, for a second at most.
        """
        until = time.monotonic() + LONGEST_WAIT
        while self.stock.was_just_written() and time.monotonic() < until:
            time.sleep(PAUSE)
            config = profiles.Config(self.env, False, self._places)
            if found := config.profile(name):
                self.config, self.stock = config, Stock(self.env, self._places)
                self._problems = None
                return found
        return None

    def resolve(self, profile: "Profile") -> Target:
        """A profile with what stands behind it, and what is wrong with it."""
        target = Target(profile)
        try:
            self._follow(target)
        except AwsxError as error:
            target.file_error = error  # type: ignore[assignment]
        if target.has_odd_region:
            target.region_error = self._region_error(profile)
        if target.session:
            target.key = tokens.key(target.session)
            if target.session.is_login:
                target.token_path = tokens.path(self.env, target.key)
            else:
                target.token_path = f"{self._places.tokens}/{target.key}.json"
            target.token = tokens.read(target.token_path)
        elif target.lasts:
            target.key = tokens.sha1_hex(f"keys of {profile.name}")
        if self.has_settings:
            self._apply_settings(target)
        else:
            target.alias = self.alias(target.account)
        target.describe()
        return target

    def _region_error(self, profile: "Profile") -> "FindingError | None":
        """Why the AWS CLI refuses the profile's region; None where a variable gives another one."""
        from awsx.environment import REGIONS  # only where something is wrong
        from awsx.files import refusals

        return None if any(map(self.env.get, REGIONS)) else refusals.odd_region(profile)

    def _follow(self, target: Target) -> None:
        """What the profile's chain leads to. Raises AwsxError if the AWS CLI refuses it."""
        if target.kind == "sso":
            target.session = profiles.own_session(self.config, target.profile)
            return
        from awsx.files import chains  # most profiles have a session of their own

        chain = chains.follow(self.config, target.profile)
        target.session, target.source = chains.behind(self.config, chain), chain.source
        if target.session is None and chain.links[-1].is_in_credentials(profiles.STATIC):
            from awsx.files import key_ends

            target.lasts = key_ends.of(chain.links[-1])

    def _apply_settings(self, target: Target) -> None:
        try:
            target.alias = self.alias(target.account)
            target.pattern = self.guarding(target.profile)
            if self.settings.exports_region and not target.has_odd_region:
                target.exports = target.region
        except AwsxError as error:
            target.settings_error = error

    def role_ends(self, target: Target) -> int:
        """When the profile's role credentials end that the AWS CLI keeps; 0 if it keeps none."""
        if target.session is None or disk.mtime(f"{paths.home(self.env)}/.aws/cli/cache") is None:
            return 0
        from awsx.files import role_cache  # only where there are some

        return role_cache.expiry(self.env, target.profile, target.session) or 0

    def aws_until(self, target: Target, now: float) -> int:
        """Until when the AWS CLI goes on with role credentials that it keeps, in epoch seconds.

        0 if it has none that last. The SDKs have no part in them.
        """
        if target.session is None:
            return 0
        from awsx.files import chains, role_cache  # only where a session has ended

        links = chains.links(self.config, target.profile)
        return role_cache.until(self.env, links, target.session, now)

    # --- what the settings, and AWS after a login, say of an account and a profile

    @property
    def learned(self) -> dict[str, tuple[str, str]]:
        """Names and emails of accounts as AWS tells them, by id (files/account_names.py)."""
        if self._learned is None:
            text = disk.read_own(self._places.names).decode("utf-8", "replace")
            rows = (line.split("\t") for line in text.split("\n"))
            self._learned = {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}
        return self._learned

    def alias(self, account: str) -> str:
        """The name of an account in the settings, else as AWS tells it; empty if nobody does."""
        own = self.settings.accounts.get(account, "") if self.has_settings else ""
        return own or (self._told(account) if self.stock.has_names and account else "")

    def _told(self, account: str) -> str:
        """The name that AWS tells. The first account is looked for alone: a switch has no other."""
        if self._alone is None:
            data = b"\n" + disk.read_own(self._places.names)
            start = data.find(f"\n{account}\t".encode("utf-8", "replace")) + 1
            row = data[start : data.find(b"\n", start)].decode("utf-8", "replace").split("\t")
            self._alone = account, row[1] if start and len(row) == 3 else ""
        number, name = self._alone
        return name if number == account else self.learned.get(account, ("", ""))[0]

    def account_name(self, profile: "Profile") -> str:
        """An account's name: in the settings, as AWS tells it, in the config; empty if none."""
        return self.alias(profile.account) or profile.get("sso_account_name")

    def account(self, number: str) -> str:
        """An account as a person sees it: its name, else its id."""
        return self.alias(number) or number

    @property
    def patterns(self) -> list[str]:
        """The patterns that guard profiles; none, and nothing read, where there are no settings."""
        return self.settings.guard.patterns if self.has_settings else []

    def tags(self, account: str) -> "Sequence[str]":
        """The tags that the settings give an account; none where they give none."""
        return self.settings.tags.get(account, ()) if self.has_settings else ()

    @property
    def aliases(self) -> dict[str, str]:
        """The profiles to which the settings give an alias, by that; read where that is needed."""
        if not (self.has_settings and self.settings.profiles):
            return {}
        from awsx.files import own_names

        return own_names.aliases(self.settings.profiles, self.choosable)

    def named(self, word: str) -> str:
        """The profile that has this name or alias; the word itself if there is none."""
        return word if self.choosable(word) else self.aliases.get(word, word)

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
