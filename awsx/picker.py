"""Choose one profile of many: iterfzf's fzf over aligned rows, with a preview. Esc and Ctrl-C choose nothing."""

from __future__ import annotations

import os
import sys
import time

from awsx import packages, usage
from awsx.rows import Row, Rows
from awsx.term import AwsxError, Cancelled, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.find import Facts
    from awsx.settings import Settings

NO_FZF = "the picker needs fzf and finds none; install it, or iterfzf, which carries one"
FAILED = "the picker failed (fzf ended with {})"
TITLES = ("PROFILE", "ACCOUNT", "NAME", "ROLE", "REGION", "SESSION", "LEFT")
WIDEST = (48, 12, 28, 32, 16, 32, 8)  # columns of the screen
MARK = "* "


def choose(facts: Facts, query: str) -> str:
    """The name of the profile the person chose. Raises Cancelled, and AwsxError if there is no fzf to choose with."""
    now, env, chosen = time.time(), facts.env, facts.chosen
    rows = list(Rows(facts.config, chosen, env, now).all())
    if chosen.picker_order == "used":
        scores = usage.scores(env, now)
        rows.sort(key=lambda row: -scores.get(row.name, 0.0))
    title, *lines = _table(rows, env.get("AWS_PROFILE", ""))
    listed = "".join(f"{row.name.encode('utf-8', 'surrogateescape').hex()}\t{line}\n" for row, line in zip(rows, lines))
    return _ask(_command(title, query, chosen), listed, env)


def _table(rows: list[Row], current: str) -> list[str]:
    """A line of titles and one per row, in columns as wide as their widest text."""
    cells = [TITLES] + [
        tuple(
            clean(text, widest)
            for text, widest in zip(
                (r.name, r.account, r.account_name, r.role, r.region, r.session, r.left or r.kind), WIDEST
            )
        )
        for r in rows
    ]
    used = [any(line[n] for line in cells[1:]) for n in range(len(TITLES))]
    widths = [max(_width(line[n]) for line in cells) for n in range(len(TITLES))]
    marks = ["  "] + [MARK if row.name == current else "  " for row in rows]
    return [
        mark + "  ".join(text + " " * (width - _width(text)) for text, width, u in zip(line, widths, used) if u)
        for mark, line in zip(marks, cells)
    ]


def _width(text: str) -> int:
    """Columns of the screen that `text` takes: two for a wide character of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _command(title: str, query: str, chosen: Settings) -> list[str]:
    """fzf's arguments. No name of a person's appears in a command line but the query they typed."""
    command = [_fzf(), "--delimiter=\t", "--with-nth=2..", f"--header={title}", "--prompt=awsx> ", "--no-multi"]
    command += [
        "--layout=reverse",
        "--no-hscroll",
        "--bind=ctrl-z:ignore",
        "--tiebreak=begin,index",
        f"--query={query}",
    ]
    if chosen.picker_preview:
        # {1} is the name in hexadecimal: nothing for a shell to stumble over.
        command += ['--preview="$AWSX_PREVIEW_PYTHON" -I -S "$AWSX_PREVIEW_START" --preview {1}']
        command += ["--preview-window=down,9,wrap,border-top"]
    return command + (["--select-1"] if query and chosen.switch_on_single_match else [])


def _fzf() -> str:
    """The fzf that iterfzf carries; found on the path of modules, since importing iterfzf costs three starts."""
    packages.add()
    places = [f"{folder}/iterfzf/fzf" for folder in sys.path]
    places += [f"{folder}/fzf" for folder in os.environ.get("PATH", "").split(os.pathsep)]
    for path in places:
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    raise AwsxError(NO_FZF)


def _ask(command: list[str], listed: str, env: Mapping[str, str]) -> str:
    import subprocess
    import termios

    start = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start.py")
    # fzf runs the preview by $SHELL: let it be one that is the same for everybody.
    child = {**env, "SHELL": "/bin/sh", "AWSX_PREVIEW_PYTHON": sys.executable, "AWSX_PREVIEW_START": start}
    saved = termios.tcgetattr(2)
    try:
        done = subprocess.run(
            command, input=listed.encode("utf-8", "replace"), stdout=subprocess.PIPE, env=child, check=False
        )
    except OSError as error:
        raise AwsxError(NO_FZF) from error
    except KeyboardInterrupt:
        raise Cancelled from None
    finally:  # a picker that was killed leaves the terminal raw, and nobody after us can mend it
        termios.tcsetattr(2, termios.TCSADRAIN, saved)
    if done.returncode in (1, 130):  # Enter on an empty list; Esc or Ctrl-C
        raise Cancelled
    if done.returncode != 0:
        raise AwsxError(FAILED.format(done.returncode))
    return bytes.fromhex(done.stdout.decode().rstrip("\n").rpartition("\n")[2].partition("\t")[0]).decode(
        "utf-8", "surrogateescape"
    )
