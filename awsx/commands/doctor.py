"""`awsx doctor`: facts, then findings with their remedies, and a verdict as the last line."""

from __future__ import annotations

import posix
import sys
import time

from awsx.commands import before
from awsx.doctor import inventory, repair
from awsx.doctor.examination import SEVERITIES, Report, examine
from awsx.doctor.mask import Mask
from awsx.doctor.world import World
from awsx.facts import Facts
from awsx.tables.columns import coloured
from awsx.term import (
    AwsxError,
    Cancelled,
    Told,
    clean,
    colour_wanted,
    columns,
    on_terminal,
    out,
    say,
    wrapped,
    write,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.finding import Finding

COLOURS = {"error": "31", "warning": "33", "info": "1"}
INDENT = "   "
NOTHING = "nothing is wrong"
FAILS = "does not work"
WORKS = {True: "works", "login": "needs a login", "unknown": "may work"}
BROKEN = "the check {} broke: {}"
UNASKED = "there is nobody to ask here before each change; if you mean it: --yes"
NONE_SAFE = "there is nothing that can be mended without you"


def doctor(
    env: Mapping[str, str],
    name: str = "",
    as_json: bool = False,
    fix: bool = False,
    share: bool = False,
    online: bool = False,
    is_sure: bool = False,
) -> None:
    """Print what there is and what is wrong. Raises Told with exit code 1 if there is an error.

    Raises AwsxError if there is no profile called `name`.
    """
    facts = Facts(env)
    before.renew(facts)
    name = facts.named(name) if name else ""
    world = World(facts, time.time(), name, online)
    if name:
        facts.profile(name)
    report = examine(world)
    if fix:
        _mend(world, report, is_sure)
        return
    text = (_json if as_json else _text)(world, report)
    out(Mask(world).apply(text) if share else text)
    if report.count("error"):
        raise Told(verdict(world, report))


def _json(world: World, report: Report) -> str:
    import json

    found = {
        "facts": inventory.facts(world),
        "findings": [finding.as_json() for finding in report.findings],
        "broken_checks": [{"check": name, "error": error} for name, error in report.broken],
        "verdict": verdict(world, report),
    }
    return json.dumps(found, indent=2) + "\n"


def _text(world: World, report: Report) -> str:
    return "".join(f"{line}\n" for line in _lines(world, report))


def _lines(world: World, report: Report) -> Iterator[str]:
    has_colours = colour_wanted(1, dict(world.env))
    width = columns(1) if posix.isatty(1) else sys.maxsize
    if not world.name:
        for word, value in inventory.lines(inventory.facts(world)):
            yield from wrapped(f"{word:<9} {clean(value, 200)}", width, " " * 10)
        yield ""
    for number, finding in enumerate(report.findings, 1):
        yield from _told(number, finding, has_colours, width)
    for name, error in report.broken:
        yield from wrapped(BROKEN.format(name, clean(error, 300)), width, INDENT)
    yield verdict(world, report)


def _told(number: int, finding: Finding, has_colours: bool, width: int) -> Iterator[str]:
    """What is wrong, where, and what mends it, on a terminal as wide as `width`."""
    severity = finding.severity
    if has_colours:
        severity = coloured(severity, COLOURS[severity])
    place = f"  {finding.place}" if finding.place else ""
    yield f"{number}. {severity}: {finding.code}{clean(place, 200)}"
    yield from wrapped(f"{INDENT}{clean(finding.text, 600)}", width, INDENT)
    if finding.remedy:
        yield from wrapped(f"{INDENT}-> {clean(finding.remedy, 400)}", width, f"{INDENT}   ")
    yield ""


def verdict(world: World, report: Report) -> str:
    """One line: whether the named profile works, or how much is wrong."""
    counts = [(report.count(severity), severity) for severity in SEVERITIES]
    told = ", ".join(f"{n} {word}{'s' * (n > 1 and word != 'info')}" for n, word in counts if n)
    return _verdict_of_profile(world, report) if world.name else told or NOTHING


def _verdict_of_profile(world: World, report: Report) -> str:
    from awsx.truth.usable import usable

    verdict = usable(world.terminal, world.now)
    works, reason = WORKS.get(verdict.usable, FAILS), verdict.reason
    errors = [finding for finding in report.findings if finding.severity == "error"]
    if errors:
        works, reason = FAILS, errors[0].as_text()
    return f"{clean(world.name)} {works}" + (f": {clean(reason, 400)}" if reason else "")


def _mend(world: World, report: Report, is_sure: bool) -> None:
    """Show each repair, ask, and do it. Raises AwsxError where nobody can be asked."""
    found = repair.repairs(world, report.findings)
    if not found:
        say(NONE_SAFE)
        return
    if not (is_sure or on_terminal()):
        raise AwsxError(UNASKED, 2)
    for each in found:
        if each.diff:
            write(each.diff)
        if is_sure or _agrees(each.title):
            each.do()
            say(f"done: {each.title}")


def _agrees(title: str) -> bool:
    """True if the person says yes. Raises Cancelled after Ctrl-C or the end of input."""
    write(f"awsx: {title}? [y/N] ")
    try:
        return input().strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        raise Cancelled from None
