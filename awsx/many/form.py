"""What a person asks of many: which profiles, how they run, what becomes of the output."""

from __future__ import annotations

from typing import NamedTuple

from awsx.term import clean


class Wish(NamedTuple):
    """What the person has typed. Names and patterns add up, the filters narrow what they give."""

    names: tuple[str, ...] = ()
    session: str = ""
    account: str = ""
    role: str = ""
    every: bool = False
    includes_guarded: bool = False
    region: str = ""
    tag: str = ""

    @property
    def has_filters(self) -> bool:
        return bool(self.session or self.account or self.role or self.tag or self.every)

    @property
    def selects(self) -> bool:
        return bool(self.names) or self.has_filters

    @property
    def is_many(self) -> bool:
        """True unless it is one name (which may be a pattern, where no profile has it)."""
        is_wide = "," in self.region or self.region == "all"
        return self.has_filters or is_wide or len(self.names) != 1

    def told(self) -> str:
        filters = (self.session, self.account, self.role, self.tag)
        return clean(" ".join([*self.names, *filter(None, filters)]), 200)


class Limits(NamedTuple):
    """How many run at once; after how many seconds one is ended (0: never)."""

    at_once: int = 8
    timeout: float = 0
    fail_fast: bool = False


class Form(NamedTuple):
    """How the output is shown, and what may be asked or left out."""

    is_ordered: bool = False
    folder: str = ""
    as_json: bool = False
    as_json_lines: bool = False
    is_dry_run: bool = False
    is_sure: bool = False
    may_login: bool = True
    gives: str = ""  # --creds, --serve: what a command gets in place of the profile
