"""Every check, and what came out of them."""

from __future__ import annotations

import sys
from typing import NamedTuple

from awsx.doctor import (
    chains,
    loading,
    permissions,
    pinned,
    profiles,
    programs,
    sessions,
    texts,
    variables,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsx.doctor.world import World
    from awsx.finding import Finding

    Check = Callable[[World], Iterator[Finding]]

ROOMS = (texts, chains, profiles, sessions, variables, permissions, programs, pinned, loading)
SEVERITIES = ("error", "warning", "info")


class Report(NamedTuple):
    """`broken` names the checks that failed themselves, each with its error."""

    findings: list[Finding]
    broken: list[tuple[str, str]]

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def checks() -> list[Check]:
    return [check for room in ROOMS for check in room.CHECKS]


def examine(world: World) -> Report:
    """Run each check, the worst findings first. A check that breaks does not stop the others."""
    findings: list[Finding] = []
    broken: list[tuple[str, str]] = []
    for check in checks():
        try:
            findings += check(world)
        except Exception as error:  # noqa: BLE001 - a bug in one check must not hide what others find
            name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
            broken.append((name, f"{type(error).__name__}: {error}"))
            _debug()
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return Report(findings, broken)


def _debug() -> None:
    from awsx.files import paths

    if paths.environment().get("AWSX_DEBUG"):
        from traceback import print_exc

        print_exc(file=sys.stderr)
