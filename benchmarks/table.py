"""Rows as a Markdown table or as JSON, and the place in a document where the table stands."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.race import Bound, Row

HEAD = ("what", "profiles", "median", "beside", "its median", "ratio", "bound", "")
RIGHT = {"profiles", "median", "its median", "ratio"}
BEGIN, END = "<!-- python -m benchmarks --write -->\n", "<!-- end -->\n"


def markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, tuple("--:" if title in RIGHT else "---" for title in HEAD), *map(_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(row: Row) -> tuple[str, ...]:
    mark = ("met" if row.is_met else "**over**") if row.bounds else ""
    return (
        row.what.replace("|", "\\|"),
        f"{row.profiles:,}" if row.profiles else "",
        amount(row.median, row.unit),
        row.reference,
        amount(row.beside, row.unit),
        f"{row.ratio:.2f}" if row.ratio >= 0.1 else f"{row.ratio:.3f}",
        ", ".join(map(_bound, row.bounds)),
        mark,
    )


def amount(value: float, unit: str) -> str:
    """Three figures and a unit that suits them."""
    if unit == "s":
        value, unit = (value * 1e6, "us") if value < 1e-3 else (value * 1e3, "ms")
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def _bound(bound: Bound) -> str:
    if bound.unit == "x":
        return f"{bound.most:g} x"
    return f"+ {amount(bound.most, 's')}" if bound.unit == "top" else amount(bound.most, bound.unit)


def as_json(rows: Sequence[Row]) -> str:
    """Times in seconds, sizes in MB."""
    found = [
        {
            **row._asdict(),
            "ratio": row.ratio,
            "bounds": [bound._asdict() for bound in row.bounds],
            "met": row.is_met if row.bounds else None,
        }
        for row in rows
    ]
    return json.dumps({"machine": machine(), "rows": found}, indent=2) + "\n"


def write(path: Path, rows: Sequence[Row]) -> None:
    """Replace what stands between the two marks. Raises ValueError if they are not there."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{path} lacks the lines {BEGIN.strip()} and {END.strip()}")
    path.write_text(
        f"{before}{begin}\n{machine()}\n\n{markdown(rows)}\n{end}{after}", encoding="utf-8"
    )


def machine() -> str:
    """When and where: `2026-11-21, AMD EPYC, 2 cores, Linux 6.1, Python 3.11.7, bash 5.2, ...`"""
    shells = [f"{name} {_version(name)}" for name in ("bash", "zsh", "fish") if shutil.which(name)]
    system = f"{platform.system()} {platform.release()}"
    parts = [time.strftime("%Y-%m-%d"), _processor(), f"{os.cpu_count()} cores", system]
    return ", ".join([*parts, f"Python {platform.python_version()}", *shells])


def _version(shell: str) -> str:
    told = subprocess.run([shell, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)+", told)
    return found[0] if found else "?"


def _processor() -> str:
    if sys.platform == "linux":
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if found:
            return found[1]
    return platform.processor() or platform.machine()
