"""What a list shows of each profile: the picker and `awsx ls` draw from here."""

from __future__ import annotations

from awsx import profiles, tokens
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.profiles import Config, Profile, SsoSession
    from awsx.settings import Settings
    from awsx.tokens import Token


class Row:
    """One profile as a person sees it. Texts are as the files have them: clean them before you draw them."""

    __slots__ = ("account", "account_name", "expires", "kind", "left", "name", "region", "role", "session", "token")

    def __init__(self, profile: Profile, session: SsoSession | None, token: Token | None, chosen: Settings) -> None:
        self.name, self.kind = profile.name, profile.kind
        self.account, self.role, self.region = profile.account, profile.role, profile.get("region")
        alias = chosen.account(self.account)
        self.account_name = alias if alias != self.account else profile.get("sso_account_name")
        self.session = session.label if session else ""
        self.token = tokens.key(session) if session else ""  # the name of the token file
        self.expires = token.expires if token else None
        self.left = ""

    def as_json(self, current: str) -> dict[str, object]:
        """The row for machines; `expires_at` in UTC as in AWS's own files, null where nothing ends."""
        return {
            "profile": self.name,
            "current": self.name == current,
            "account_id": self.account or None,
            "account_name": self.account_name or None,
            "role": self.role or None,
            "region": self.region or None,
            "kind": self.kind,
            "session": self.session or None,
            "expires_at": tokens.iso(self.expires) if self.expires is not None else None,
            "state": state(self.left),
        }


def state(left: str) -> str | None:
    """`valid`, `renewable` or `expired` for what tokens.left says; None where there is no session."""
    if left in ("", "expired"):
        return left or None
    return "renewable" if left == "renews" else "valid"


class Rows:
    """Makes rows; a session that stands behind a thousand profiles is looked up once."""

    def __init__(self, config: Config, chosen: Settings, env: Mapping[str, str], now: float) -> None:
        self._config, self._chosen, self._env, self._now = config, chosen, env, now
        self._tokens: dict[str, Token | None] = {}
        self._sessions: dict[tuple[str, ...], SsoSession] = {}

    def all(self) -> Iterator[Row]:
        for profile in self._config.profiles().values():
            yield self.of(profile)

    def of(self, profile: Profile) -> Row:
        """The row of one profile; `broken` is its kind if what it names does not exist."""
        try:
            session = self._session(profile)
        except AwsxError:
            row = Row(profile, None, None, self._chosen)
            row.kind = "broken"
            return row
        row = Row(profile, session, self._token(session) if session else None, self._chosen)
        if session:
            row.left = tokens.left(self._token(session), self._now)
        return row

    def _session(self, profile: Profile) -> SsoSession | None:
        if profile.kind != "sso":
            return profiles.sso_session(self._config, profile) if profile.kind == "role" else None
        spelled = tuple(map(profile.get, ("sso_session", "sso_start_url", "sso_region")))
        if spelled not in self._sessions:
            found = profiles.sso_session(self._config, profile)
            if found is None:
                return None
            self._sessions[spelled] = found
        return self._sessions[spelled]

    def _token(self, session: SsoSession) -> Token | None:
        key = session.label
        if key not in self._tokens:
            self._tokens[key] = tokens.load(self._env, tokens.key(session))
        return self._tokens[key]


def aligned(table: list[tuple[str, ...]], widest: tuple[int, ...]) -> list[str]:
    """One line per row of cells, in columns as wide as their widest text; a column with nothing in it is left out.

    The first row holds the titles. `widest` bounds each column.
    """
    cells = [tuple(clean(text, bound) for text, bound in zip(row, widest)) for row in table]
    used = [n for n in range(len(widest)) if any(row[n] for row in cells[1:])]
    widths = {n: max(columns(row[n]) for row in cells) for n in used}
    return ["  ".join(row[n] + " " * (widths[n] - columns(row[n])) for n in used) for row in cells]


def columns(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
