"""The files that populate writes: the config, and awsx's catalogue for profiles on demand."""

from __future__ import annotations

import time
from typing import NamedTuple

from awsx.files import disk, paths, rewrite
from awsx.memos import uses
from awsx.populate import block, on_demand
from awsx.populate.on_demand import Split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.facts import Facts
    from awsx.files.profiles import SsoSession
    from awsx.populate.block import Plan, Wish
    from awsx.populate.names import Entry

CATALOGUE = "awsx's catalogue"


class Change(NamedTuple):
    """What becomes of one file, which a person knows by the name `where`."""

    where: str
    plan: Plan


class Files:
    """The files, for the entries of one session. Raises AwsxError for broken markers."""

    def __init__(
        self, facts: Facts, session: SsoSession, entries: list[Entry], wish: Wish, lean: bool
    ) -> None:
        self.is_on_demand = lean
        self._env, self._session, self._entries, self._wish = facts.env, session, entries, wish
        self._config = facts.config.config.path
        self._shown = paths.tilde(self._config, facts.env)
        self._credentials = disk.read(paths.credentials_path(facts.env)) or b""
        place = paths.catalogue_path(facts.env, self._config)
        self._catalogue = on_demand.catalogue(place, session)
        self._used = uses.scores(facts.env, time.time()) if self._catalogue.is_new else {}

    def plans(self) -> list[Change]:
        """What would change now; nothing is written."""
        split = self._split(disk.read(self._config) or b"")
        changes = [Change(self._shown, split.config)]
        if self.is_on_demand:
            changes.append(Change(CATALOGUE, self._listed(split, disk.read_own(self._place))))
        return changes

    @property
    def _place(self) -> str:
        return self._catalogue.path

    def _split(self, text: bytes) -> Split:
        """All profiles, as the config is now; without a catalogue, nothing is listed there."""
        taken = self._catalogue.taken
        plan = block.plan(
            text, self._session, self._entries, self._wish, self._shown, self._credentials, taken
        )
        if not self.is_on_demand:
            return Split(plan, {})
        return on_demand.split(plan, text, self._catalogue, self._shown, self._used.__contains__)

    def _listed(self, split: Split, text: bytes) -> Plan:
        return split.catalogue_plan(text, self._catalogue)

    def write(self) -> Iterator[tuple[str, str]]:
        """Write the files; yields each one's name and its backup, empty if it has none.

        A profile is in one of the two at any moment. Raises AwsxError.
        """
        split = self._split(disk.read(self._config) or b"")
        if self.is_on_demand:
            self._write_catalogue(split)
            yield CATALOGUE, ""
        backup = rewrite.change(self._config, self._env, lambda text: self._split(text).config.text)
        has_backup = backup not in ("", self._config)
        yield self._shown, paths.tilde(backup, self._env) if has_backup else ""
        if not self.is_on_demand:
            self._write_catalogue(split)

    def _write_catalogue(self, split: Split) -> None:
        def changed(text: bytes) -> bytes:
            return self._listed(split, text).text

        rewrite.change(self._place, self._env, changed, keeps_backup=False)
