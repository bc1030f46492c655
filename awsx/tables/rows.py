"""What a list shows of each profile: the picker and `awsx ls` draw from here."""

import sys

from awsx.files import profiles, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from awsx.files.profiles import Config, Profile

FIELDS = ("name", "account", "account_name", "role", "region", "kind", "session")

# The keys that determine a profile's session; profiles with equal values share it.
SESSION_KEYS = {
    "sso": ("sso_session", "sso_start_url", "sso_region"),
    "role": ("source_profile", profiles.STATIC),
}


class Row:
    """One profile as a person sees it. Texts are as the files have them: clean before drawing."""

    __slots__ = (*FIELDS, "expires", "is_guarded", "left")

    def __init__(
        self, texts: "Sequence[str]", left: str, expires: "int | None", is_guarded: bool
    ) -> None:
        self.name, self.account, self.account_name, self.role, *rest = texts
        self.region, self.kind, self.session = rest
        self.left, self.expires, self.is_guarded = left, expires, is_guarded

    def as_json(self, current: str) -> "dict[str, object]":
        """The row for machines; `expires_at` is in UTC, and null where nothing ends."""
        return {
            "profile": self.name,
            "current": self.name == current,
            "guarded": self.is_guarded,
            "account_id": self.account or None,
            "account_name": self.account_name or None,
            "role": self.role or None,
            "region": self.region or None,
            "kind": self.kind,
            "session": self.session or None,
            "expires_at": tokens.iso(self.expires) if self.expires is not None else None,
            "state": state(self.left),
        }


def state(left: str) -> "str | None":
    """`valid`, `renewable` or `expired` for what tokens.left says; None without a session."""
    if left in ("", "expired"):
        return left or None
    return "renewable" if left == "renews" else "valid"


class Rows:
    """Makes rows; a session that stands behind a thousand profiles is looked up once.

    `account` tells an account's alias, or its id again; `patterns` guard profiles.
    """

    def __init__(
        self,
        config: "Config",
        account: "Callable[[str], str]",
        env: "Mapping[str, str]",
        now: float,
        patterns: "Sequence[str]" = (),
    ) -> None:
        self._config, self._account, self._env = config, account, env
        self._now, self.patterns = now, patterns
        self._sessions: dict[tuple[str, ...], str] = {}
        self._ends: dict[str, tuple[str, int | None]] = {"": ("", None)}

    def all(self) -> "Iterator[Row]":
        return map(self.row, self.texts())

    def of(self, profile: "Profile") -> Row:
        """The row of one profile; `broken` is its kind if what it names does not exist."""
        return self.row(self._texts(profile))

    def texts(self) -> "Iterator[tuple[str, ...]]":
        """Of each profile what the files tell, in the order of FIELDS."""
        return map(self._texts, self._config.each())

    def row(self, texts: "tuple[str, ...]") -> Row:
        """The row of a profile of which the files tell `texts`."""
        return Row(texts, *self.ends(texts[-1]), self.is_guarded(texts))

    def is_guarded(self, texts: "Sequence[str]") -> bool:
        if not self.patterns:
            return False
        from awsx import guard

        return bool(guard.matching(self.patterns, texts[:4]))

    def ends(self, session: str) -> "tuple[str, int | None]":
        """How long a session is good, in words and in epoch seconds."""
        if session not in self._ends:
            token = tokens.load(self._env, tokens.sha1_hex(session))
            self._ends[session] = tokens.left(token, self._now), token.expires if token else None
        return self._ends[session]

    def _texts(self, profile: "Profile") -> "tuple[str, ...]":
        kind, account, session = profile.kind, profile.account, ""
        get = profile.settings.get
        alias = self._account(account)
        name = alias if alias != account else get("sso_account_name", "")
        try:
            session = self._session(profile, kind)
        except AwsxError:
            kind = "broken"
        # A thousand profiles share these: one copy of each will do.
        shared = (name, profile.role, get("region", ""), kind, session)
        return (profile.name, account, *map(sys.intern, shared))

    def _session(self, profile: "Profile", kind: str) -> str:
        """What the session behind a profile is called; empty if there is none.

        Raises AwsxError if the files are at fault.
        """
        if kind not in SESSION_KEYS:
            return ""
        get = profile.settings.get
        values = tuple([get(key, "") for key in SESSION_KEYS[kind]])
        if values not in self._sessions:
            found = profiles.sso_session(self._config, profile)
            self._sessions[values] = found.label if found else ""
        return self._sessions[values]
