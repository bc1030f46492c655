"""What a list shows of each profile: the picker and `awsx ls` draw from here."""

import sys

from awsx.files import profiles, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from awsx.files.profiles import Config, Profile

FIELDS = ("name", "account", "account_name", "role", "region", "kind", "session")

# What tells which session stands behind a profile of a kind: those who spell it alike share it.
SPELLING = {
    "sso": ("sso_session", "sso_start_url", "sso_region"),
    "role": ("source_profile", profiles.STATIC),
}


class Row:
    """One profile as a person sees it. Texts are as the files have them: clean them before you draw them."""

    __slots__ = (*FIELDS, "expires", "is_guarded", "left")

    def __init__(
        self, texts: "tuple[str, ...]", left: str, expires: "int | None", is_guarded: bool
    ) -> None:
        (
            self.name,
            self.account,
            self.account_name,
            self.role,
            self.region,
            self.kind,
            self.session,
        ) = texts
        self.left, self.expires, self.is_guarded = left, expires, is_guarded

    def as_json(self, current: str) -> "dict[str, object]":
        """The row for machines; `expires_at` in UTC as in AWS's own files, null where nothing ends."""
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
    """`valid`, `renewable` or `expired` for what tokens.left says; None where there is no session."""
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
        self._config, self._account, self._env, self._now, self._patterns = (
            config,
            account,
            env,
            now,
            patterns,
        )
        self._sessions: dict[tuple[str, ...], str] = {}
        self._ends: dict[str, tuple[str, int | None]] = {"": ("", None)}

    def all(self) -> "Iterator[Row]":
        return map(self.of, self._config.each())

    def of(self, profile: "Profile") -> Row:
        """The row of one profile; `broken` is its kind if what it names does not exist."""
        texts = self._texts(profile)
        return Row(texts, *self._ends_of(texts[-1]), self._is_guarded(texts[:4]))

    def _is_guarded(self, texts: "tuple[str, ...]") -> bool:
        if not self._patterns:
            return False
        from awsx import guard

        return bool(guard.matching(self._patterns, texts))

    def _ends_of(self, session: str) -> "tuple[str, int | None]":
        """How long a session is good, in words and in epoch seconds."""
        if session not in self._ends:
            token = tokens.load(self._env, tokens.sha1_hex(session))
            self._ends[session] = tokens.left(token, self._now), token.expires if token else None
        return self._ends[session]

    def _texts(self, profile: "Profile") -> "tuple[str, ...]":
        kind, account, session = profile.kind, profile.account, ""
        alias = self._account(account)
        name = alias if alias != account else profile.get("sso_account_name")
        try:
            session = self._session(profile, kind)
        except AwsxError:
            kind = "broken"
        # A thousand profiles share these: one copy of each will do.
        return (
            profile.name,
            account,
            *map(sys.intern, (name, profile.role, profile.get("region"), kind, session)),
        )

    def _session(self, profile: "Profile", kind: str) -> str:
        """What the session behind a profile is called, empty if none is. Raises AwsxError if the files are at fault."""
        if kind not in SPELLING:
            return ""
        spelled = tuple(map(profile.get, SPELLING[kind]))
        if spelled not in self._sessions:
            found = profiles.sso_session(self._config, profile)
            self._sessions[spelled] = found.label if found else ""
        return self._sessions[spelled]
