"""What a list shows of each profile: the picker and `awsx ls` draw from here."""

import sys

from awsx.files import profiles, tokens
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from awsx.files.profiles import Config, Profile

FIELDS = ("name", "account", "account_name", "role", "region", "kind", "session")

# Profiles of a kind whose values of these keys are equal share a session, or are refused alike.
ALIKE = {
    "sso": ("region", "sso_session", "sso_start_url", "sso_region", "sso_registration_scopes"),
    "role": (
        "region",
        "source_profile",
        "credential_source",
        "sso_session",
        "external_id",
        "mfa_serial",
        "role_session_name",
        "duration_seconds",
    ),
}
REFUSED = "the AWS CLI refuses the profile"


class Row:
    """One profile as a person sees it. Texts are as the files have them: clean before drawing."""

    __slots__ = (*FIELDS, "expires", "is_guarded", "left", "tags")

    def __init__(
        self,
        texts: "Sequence[str]",
        left: str,
        expires: "int | None",
        is_guarded: bool,
        tags: "Sequence[str]" = (),
    ) -> None:
        self.name, self.account, self.account_name, self.role, *rest = texts
        self.region, self.kind, self.session = rest
        self.left, self.expires, self.is_guarded, self.tags = left, expires, is_guarded, tags

    def as_json(self, current: str) -> "dict[str, object]":
        """The row for machines; `expires_at` is in UTC, and null where nothing ends."""
        return {
            "profile": self.name,
            "current": self.name == current,
            "guarded": self.is_guarded,
            "account_id": self.account or None,
            "account_name": self.account_name or None,
            "tags": [*self.tags],
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

    `account` tells an account's alias, or its id again, and `tags` its tags; `patterns` guard
    profiles. `each` gives the profiles; without it, they are those of the config.
    """

    def __init__(
        self,
        config: "Config",
        account: "Callable[[str], str]",
        env: "Mapping[str, str]",
        now: float,
        patterns: "Sequence[str]" = (),
        tags: "Callable[[str], Sequence[str]]" = lambda _: (),
        each: "Callable[[], Iterator[Profile]] | None" = None,
    ) -> None:
        self._each = each or config.each
        self._config, self._account, self._env = config, account, env
        self._now, self.patterns, self._tags = now, patterns, tags
        self._sessions: dict[tuple[object, ...], str | None] = {}
        self._keys: dict[str | None, tuple[str, ...]] = {}
        self._ends: dict[str, tuple[str, int | None]] = {"": ("", None)}

    def all(self) -> "Iterator[Row]":
        return map(self.row, self.texts())

    def of(self, profile: "Profile") -> Row:
        """The row of one profile; `broken` is its kind if the AWS CLI refuses it."""
        return self.row(self._texts(profile))

    def texts(self) -> "Iterator[tuple[str, ...]]":
        """Of each profile what the files tell, in the order of FIELDS."""
        return map(self._texts, self._each())

    def row(self, texts: "tuple[str, ...]") -> Row:
        """The row of a profile of which the files tell `texts`."""
        return Row(texts, *self.ends(texts[-1]), self.is_guarded(texts), self._tags(texts[1]))

    def is_guarded(self, texts: "Sequence[str]") -> bool:
        if not self.patterns:
            return False
        from awsx import guard

        return bool(guard.matching(self.patterns, (*texts[:4], *self._tags(texts[1]))))

    def ends(self, session: str) -> "tuple[str, int | None]":
        """How long a session is good, in words and in epoch seconds."""
        if session not in self._ends:
            token = tokens.load(self._env, tokens.key_of(session))
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
        """What the session behind a profile is called, empty if none is.

        Raises AwsxError if the AWS CLI refuses the profile.
        """
        given = profile.settings
        if kind in ALIKE:
            alike = (*map(given.get, ALIKE[kind]), *self._more(profile.name, given, kind))
            if alike not in self._sessions:
                self._sessions[alike] = self._label(profile)
            label = self._sessions[alike]
        else:
            label = self._label(profile)
        if label is None:
            raise AwsxError(REFUSED)
        return label

    def _more(self, name: str, given: "Mapping[str, str]", kind: str) -> "tuple[object, ...]":
        """What else must be equal in profiles that share a session."""
        if kind == "role":
            # A role of a profile that holds keys may be assumed with these.
            own = "" if given.keys().isdisjoint(profiles.PAIR) else name
            return len(given["role_arn"]) < profiles.LEAST_ARN, own
        needed = ("sso_account_id" in given, "sso_role_name" in given)
        session = given.get("sso_session")
        more = self._keys.get(session)
        if more is None:
            more = self._keys[session] = self._more_keys(session)
        return (*needed, *map(given.get, more)) if more else needed

    def _more_keys(self, session: "str | None") -> "tuple[str, ...]":
        """What an [sso-session] says besides the usual: a profile must say the same of it."""
        try:
            keys = self._config.session(session).keys if session is not None else {}
        except AwsxError:
            keys = {}
        return tuple(keys.keys() - set(ALIKE["sso"]))

    def _label(self, profile: "Profile") -> "str | None":
        """The session's label; empty if there is none, None if the AWS CLI refuses the profile."""
        if profile.has_odd_region():
            return None
        try:
            if profile.kind == "sso":
                return profiles.own_session(self._config, profile).label
            from awsx.files import chains  # many files have no other kind

            session = chains.sso_session(self._config, profile)
        except AwsxError:
            return None
        return session.label if session else ""
