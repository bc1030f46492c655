"""A team's file in the person's own: one block in ~/.aws/config and one in the settings."""

from __future__ import annotations

from typing import NamedTuple

from awsx.files import marked_block
from awsx.populate import block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.populate.team import Team

MARK = b"pull"
NOTE = "# Written by `awsx pull`, which replaces this block."


class Merged(NamedTuple):
    """A file's new bytes, what changes in it, and the sections that the person has already."""

    text: bytes
    diff: list[str]
    own: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


def config(text: bytes, team: Team, where: str, written: list[str]) -> Merged:
    """The config with the team's sections.

    Sections of the same name outside the block win. Of the block only those go away that awsx has
    `written`, by their headers. Raises AwsxError for broken markers.
    """
    found = marked_block.find(text, where, MARK)
    outside = block.Text(text[: found.start] + text[found.end :] if found else text)
    before = _sections(block.Text(found.body)) if found else {}
    others = _sections(outside)
    own = sorted(team.sections.keys() & others)
    new = {header: keys for header, keys in team.sections.items() if header not in others}
    kept = {h: k for h, k in before.items() if h not in new and h not in written}
    after = {header: {**new, **kept}[header] for header in sorted({**new, **kept}, key=_order)}
    changed = block.put(text, after, where, MARK, NOTE)
    return Merged(changed, block.diff(before, after, where), tuple(own), tuple(sorted(new)))


def _order(header: str) -> tuple[bool, str]:
    return not header.startswith("sso-session "), header


def _sections(text: block.Text) -> dict[str, dict[str, str]]:
    """The sections by their plain headers: `profile my prod` for [profile "my prod"]."""
    return {
        f"{kind} {name}": section.keys
        for kind in ("sso-session", "profile")
        for name, section in text.named(kind).items()
    }


def settings(text: bytes, team: Team, where: str) -> Merged:
    """The settings with the team's accounts and patterns. Raises AwsxError for broken markers."""
    found = marked_block.find(text, where, MARK)
    old = found.body.decode("utf-8", "replace").splitlines() if found else []
    lines = [NOTE, *_lines(team)] if team.accounts or team.guard else []
    if not lines:
        changed = marked_block.remove(text, where, MARK) or b""
    else:
        changed = marked_block.add(text, "\n".join(lines).encode(), True, where, MARK)
    diff = [f"-{line}" for line in old if line not in lines]
    diff += [f"+{line}" for line in lines if line not in old]
    return Merged(changed, [f"--- {where}", f"+++ {where}", *diff] if diff else [])


def _lines(team: Team) -> list[str]:
    lines = ["[team]", f"match = {_toml(team.guard)}"] if team.guard else []
    if team.accounts:
        lines += [
            "[team.accounts]",
            *(f"{n} = {_toml(v)}" for n, v in sorted(team.accounts.items())),
        ]
    return lines


def _toml(value: object) -> str:
    """A text, a list or a table as TOML has it, on one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(value[key])}" for key in sorted(value)) + " }"
    import json

    return json.dumps(value, ensure_ascii=False)  # TOML knows no pairs of surrogates
