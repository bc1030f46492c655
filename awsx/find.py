"""Find one profile and what stands behind it: what every verb that takes a NAME begins with."""

import _signal
import time

from awsx import VERBS, files, profiles, tokens
from awsx.index import Index
from awsx.memo import Memo
from awsx.term import AwsxError, Cancelled, clean, near, one_line, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.profiles import Config, Profile, SsoSession
    from awsx.settings import Settings

BROKEN_FILE = "{}; the AWS CLI and the SDKs refuse the whole file until then"
NO_PROFILES = "no profiles in {}; make one with: aws configure sso"
NO_SUCH_PROFILE, ALL_PROFILES = "no profile {}{}", "all of them: awsx ls"
# How a prompt looks where no settings say so: nothing is loaded for it. (`look` makes the same of the defaults.)
PLAIN = ("1800", "60", "32 33 31 33 0")
LEFT_STATE = "L:\x02\x1eS:\x03\x1e"
BROKEN, BAD_SETTINGS, BAD_FILE = "broken", "bad settings", "bad file"  # marks; `awsx current` says more
ODD_KINDS = ("role", "web-identity")
UNNAMEABLE = "a profile name with a control character cannot be used; rename {} in the config"


class Facts:
    """What the files say, read once: the index of memos, the profiles, the settings."""

    __slots__ = ("_chosen", "_problems", "config", "env", "index")

    def __init__(self, env: "Mapping[str, str]", silent: bool = False) -> None:
        self.env = env
        self.index = Index(env)
        self._chosen: Settings | None = None
        if self.index.sources["settings"] is not None and not silent:
            self.chosen  # noqa: B018 - a mistake in the settings is told before anything is done
        self.config: Config = self.index.config()
        if self.index.is_renewed:
            self._list()
        self._problems = self.index.problems(self.config)
        for problem in [] if silent else self._problems:
            say(BROKEN_FILE.format(problem))

    @property
    def chosen(self) -> "Settings":
        """The settings, read when they are first needed. Raises AwsxError for what it cannot use."""
        if self._chosen is None:
            from awsx import settings

            self._chosen = settings.load(self.env)
        return self._chosen

    def account(self, number: str) -> str:
        """An account as it is shown: by the name that the settings give it, else by its id."""
        if self.index.sources["settings"] is None:
            return number
        return self.chosen.account(number)

    def account_name(self, profile: "Profile") -> str:
        """What its account is called: in the settings, else in the config; empty if in neither."""
        if self.index.sources["settings"] is not None:
            alias = self.account(profile.account)
            if alias != profile.account:
                return alias
        return profile.get("sso_account_name")

    @property
    def patterns(self) -> list[str]:
        """The patterns that guard profiles; none, and nothing read, where there are no settings."""
        return self.chosen.guard.patterns if self.index.sources["settings"] is not None else []

    def guarding(self, profile: "Profile") -> str:
        """The pattern of the settings that guards a profile, empty if none does."""
        if not self.patterns:
            return ""
        from awsx import guard

        return guard.pattern(self.chosen, profile, self.account_name(profile))

    def profile(self, name: str) -> "Profile":
        """The profile of exactly this name. Raises AwsxError with what comes near if there is none."""
        if _is_unnameable(name):
            raise AwsxError(UNNAMEABLE.format(clean(name)))
        found = self.config.profile(name)
        if found is None:
            raise AwsxError(NO_SUCH_PROFILE.format(clean(name), near(name, list(self.config.profiles()), ALL_PROFILES)))
        return found

    def names(self) -> list[str]:
        """Every profile's name, in the order of the files. Raises AwsxError where there is none."""
        names = list(self.config.profiles())
        if not names:
            raise AwsxError(NO_PROFILES.format(files.tilde(self.config.config.path, self.env)))
        return names

    def session(self, profile: "Profile") -> "SsoSession | None":
        """The session behind it, None for other kinds. Raises AwsxError if the files are at fault."""
        return profiles.sso_session(self.config, profile)

    def confirm(self, profile: "Profile", deed: str, always: bool = False) -> None:
        """Ask before a guarded profile is used, if the settings want that or `always`. Raises as `guard.ask` does."""
        found = self.guarding(profile)
        if found and (always or self.chosen.guard.confirm):
            from awsx import guard

            guard.ask(profile, self.account_name(profile), found, deed)

    def log_in(self, session: "SsoSession | None") -> None:
        """Make sure that the session is valid, unless the settings leave that to the person.

        Ctrl-C ends a core that a shell's function has started: so the shell gives up the line or the loop, too.
        """
        if session is None:
            return
        token = tokens.load(self.env, tokens.key(session))
        if (token is None or not token.is_valid(time.time())) and self.chosen.auto_login:
            from awsx import login  # subprocess, boto3: only when a session has ended

            try:
                login.ensure(self.env, session, self.chosen)
            except Cancelled:
                if "AWSX_SHELL" in self.env:
                    _signal.raise_signal(_signal.SIGINT)
                raise

    def remember(self, name: str) -> None:
        """Write the memo from which the shells draw `name`, be it a profile or not, and switch to it."""
        profile, session, told = self.config.profile(name), None, ""
        marks = [_mark(self.config, profile)] if profile else []
        if profile:
            try:
                session = profiles.sso_session(self.config, profile)
            except AwsxError:  # the verbs tell it, a prompt has no room
                marks = [BROKEN]
            try:
                told = "" if BROKEN in marks else self._told(profile)
            except AwsxError:
                marks.append(BAD_SETTINGS)
        if self._problems:
            marks.append(BAD_FILE)
        kind, region = (profile.kind, clean(profile.get("region"), 32)) if profile else ("missing", "")
        mark = " ".join(filter(None, marks))
        key = tokens.key(session) if session else ""
        drawing = self._drawing(name, profile)
        self.index.remember(Memo(name, key, kind, region, told, mark, *drawing))

    def _told(self, profile: "Profile") -> str:
        """What a shell says of a switch by itself; empty if the core has to be asked."""
        name = profile.name
        if name in VERBS or name[:1] == "-" or (self.guarding(profile) and self.chosen.guard.confirm):
            return ""
        if profile.get("region") != one_line(profile.get("region")):  # a shell would print it as it is
            return ""
        return one_line(self.describe(profile))

    def _drawing(self, name: str, profile: "Profile | None") -> tuple[str, ...]:
        """The memo's fields from `leave` to `narrow`: a prompt is drawn from them and the token."""
        account = clean(profile.account, 12) if profile else ""
        known = {"profile": clean(name, 40), "account": account, "account_id": account}
        known["role"] = clean(profile.role, 64) if profile else ""
        try:
            known["account"] = clean(self.account(account), 40)
            if self.index.sources["settings"] is not None:
                return self._drawn_as_chosen(known, profile is not None and self.guarding(profile) != "")
        except AwsxError:
            pass
        texts = f"36:{known['profile']}\x1e", f":{known['account']}\x1e" if known["account"] else "", LEFT_STATE
        return ("", *PLAIN, "".join(texts), texts[0] + LEFT_STATE)

    def _drawn_as_chosen(self, known: dict[str, str], is_guarded: bool) -> tuple[str, ...]:
        from awsx.look import filled

        prompt, guard = self.chosen.prompt, self.chosen.guard
        colours = prompt.colours | ({"profile": guard.color} if is_guarded else {})
        leave = str(guard.leave_after) if is_guarded and guard.leave_after else ""
        drawn = " ".join(colours[name] or "0" for name in ("good", "soon", "expired", "state", "region"))
        forms = [filled(form, known, colours) for form in (prompt.format, prompt.narrow)]
        return (leave, str(prompt.soon), str(prompt.narrow_below), drawn, *forms)

    def describe(self, profile: "Profile") -> str:
        """`prod: 111122223333 (Production) Admin`"""
        account, alias = profile.account, self.account(profile.account)
        who = " ".join(clean(p) for p in (account, f"({alias})" if alias != account else "", profile.role) if p)
        return f"{clean(profile.name)}: {who or f'kind {profile.kind}'}"

    def _list(self) -> None:
        """Write for the shells' completion what there is to complete."""
        described = [f"{p.name}\t{self._described(p)}\n" for p in self.config.each() if not _is_unnameable(p.name)]
        self.index.keep("names", "".join(described))
        sessions = self.config.sessions()
        if sessions:
            self.index.keep("sessions", "".join(f"{clean(name)}\n" for name in sessions))
        if self.index.sources["settings"] is not None:
            try:
                self.index.keep("commands", "".join(f"{name}\n" for name in self.chosen.login_commands))
            except AwsxError:  # a mistake in the settings: the verbs tell it
                pass

    def _described(self, profile: "Profile") -> str:
        """`111122223333 Production Admin`"""
        try:
            name = self.account_name(profile)
        except AwsxError:
            name = profile.get("sso_account_name")
        text = f"{profile.account} {name} {profile.role}" if name else f"{profile.account} {profile.role}"
        return clean(text.strip())


def _mark(config: "Config", profile: "Profile") -> str:
    """A mark for a profile that the AWS CLI gives up at, or of which the tools take different credentials."""
    if profile.kind not in ODD_KINDS and not (profile.get(profiles.STATIC) or profile.get("credential_process")):
        return ""
    from awsx import truth  # for the few that may need one

    return BROKEN if truth.is_refused(profile) else truth.mark(config, profile)


def _is_unnameable(name: str) -> bool:
    return not name.isprintable() and any(ord(c) < 32 or ord(c) == 127 for c in name)


def refresh(env: "Mapping[str, str]") -> None:
    """Write the memos from which this terminal's prompt is drawn. Silent: it is no place to talk."""
    name = env.get("AWS_PROFILE", env.get("AWS_DEFAULT_PROFILE"))
    if name:
        Facts(env, silent=True).remember(name)
