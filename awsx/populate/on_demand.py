"""Profiles on demand: all of them in awsx's catalogue, and in the config those that were chosen."""

from __future__ import annotations

from typing import NamedTuple

from awsx.files import disk, marked_block, paths, rewrite
from awsx.populate import block
from awsx.populate.block import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from awsx.facts import Facts
    from awsx.files.profiles import SsoSession
    from awsx.populate.block import Keys

NOTE = "# Written by `awsx populate --on-demand`, which replaces this block."


class Catalogue(NamedTuple):
    """The catalogue's file as it is now, for one session. `is_new`: it has no block for it yet."""

    path: str
    session: str
    is_new: bool
    taken: frozenset[str]  # the names that blocks of other sessions have


def catalogue(path: str, session: SsoSession) -> Catalogue:
    """Read the catalogue. Raises AwsxError if its markers are broken."""
    text, label = disk.read_own(path), block.label(session.name)
    found = marked_block.find(text, path, label)
    others = text[: found.start] + text[found.end :] if found else text
    names = frozenset(block.Text(others).named("profile"))
    return Catalogue(path, session.name, found is None, names)


class Split(NamedTuple):
    """A plan of all profiles, split: what the config's block becomes, and the catalogue's."""

    config: Plan
    listed: dict[str, Keys]

    def catalogue_plan(self, text: bytes, where: Catalogue) -> Plan:
        """The plan for the catalogue, now `text`."""
        label = block.label(where.session)
        found = marked_block.find(text, where.path, label)
        before = block.sections(found.body if found else b"")
        changed = block.put(text, _headed(self.listed), where.path, label, NOTE)
        return _plan(changed, before, self.listed)


def split(
    plan: Plan, text: bytes, where: Catalogue, shown: str, was_used: Callable[[str], bool]
) -> Split:
    """The plan on demand; `text` is the config as it is now.

    What the config's block has was chosen, and stays there, be it by another name. But if there was
    no catalogue yet, `populate` had written everything: then only what was used stays.
    """
    stays = {
        block.key(keys): name
        for name, keys in plan.before.items()
        if not where.is_new or was_used(name)
    }
    chosen = {name: keys for name, keys in plan.after.items() if block.key(keys) in stays}
    label = block.label(where.session)
    changed = block.put(text, _headed(chosen), shown, label, block.NOTE)
    return Split(_plan(changed, plan.before, chosen, plan), plan.after)


def _headed(found: Mapping[str, Keys]) -> dict[str, Keys]:
    return {f"profile {name}": found[name] for name in sorted(found)}


def _plan(
    text: bytes, before: dict[str, Keys], after: dict[str, Keys], told: Plan | None = None
) -> Plan:
    """The plan that leads from one block to the other; what else is to be told is as in `told`."""
    return Plan(
        text,
        added=sorted(after.keys() - before),
        changed=sorted(name for name in after.keys() & before if after[name] != before[name]),
        removed=sorted(before.keys() - after.keys()),
        gone=told.gone if told else [],
        left=told.left if told else [],
        collisions=told.collisions if told else {},
        total=len(after),
        before=before,
        after=after,
    )


def write(facts: Facts, names: Iterable[str]) -> bool:
    """Write those profiles into the config that the catalogue alone has; True if there were some.

    The facts are looked at again then. Raises AwsxError if the config cannot be written.
    """
    wanted: dict[str, dict[str, Keys]] = {}
    for name in filter(facts.is_listed, names):
        profile = facts.choosable(name)
        if profile:
            wanted.setdefault(profile.get("sso_session"), {})[name] = profile.settings
    if not wanted:
        return False
    path = facts.config.config.path
    shown = paths.tilde(path, facts.env)

    def added(text: bytes) -> bytes:
        for session, sections in wanted.items():
            text = _with(text, block.label(session), sections, shown)
        return text

    rewrite.change(path, facts.env, added, keeps_backup=False)
    facts.reopen()
    return True


def _with(text: bytes, label: bytes, sections: dict[str, Keys], shown: str) -> bytes:
    """The config with these sections in that block, but for those that it has by now."""
    found = marked_block.find(text, shown, label)
    there = block.Text(text).named("profile")
    new = {name: keys for name, keys in sections.items() if name not in there}
    if not new:
        return text
    old = block.sections(found.body if found else b"")
    return block.put(text, _headed(old | new), shown, label, block.NOTE)
