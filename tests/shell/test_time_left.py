"""The core and the three shells write every time left alike."""

from __future__ import annotations

import subprocess

from terminal import ROOT, shell_path

from awsx.files.tokens import Token, left
from awsx.term import span

NOW = 1_000_000_000
SOON = 1800
DAY = 86_400
BORDERS = (
    0,
    1,
    59,
    60,
    61,
    119,
    120,
    600,
    SOON,
    3599,
    3600,
    7199,
    7200,
    DAY,
    2 * DAY,
    3 * DAY,
    90 * DAY,
)
SECONDS = sorted(
    {-DAY, -60, *(border + near for border in BORDERS for near in (-6, -5, -4, -1, 0, 1))}
)
# When the session can no longer be renewed, in seconds from now: never could be, a second ago, now,
# in a second, and in 100 days.
RENEWABLE = (-NOW, -1, 0, 1, 100 * DAY)
CASES = [(seconds, renewable) for seconds in SECONDS for renewable in RENEWABLE]

# Each script reads lines of `ENDS RENEWABLE` and prints the time left and the number of its colour.
BASH = """
source {file}
while read -r ends renewable; do
  now={now} soon={soon}
  __awsx_find_time_left
  printf '%s %s\\n' "$time_left" "$hue"
done
"""
ZSH = """
emulate zsh -o no_aliases -c 'source {file}'
typeset -i EPOCHSECONDS={now} hue until
while read -r ends renewable; do
  soon={soon}
  __awsx_find_time_left
  print -r -- $time_left $hue
done
"""
# fish has no clock but the age of a file.
FISH = """
source {file}
function path
    echo (math {now} - $__awsx_ends)
end
set -g __awsx_key key
set -g __awsx_soon {soon}
while read -g __awsx_ends __awsx_renewable
    __awsx_read_clock
    echo $__awsx_time_left $__awsx_hue
end
"""
SCRIPTS = {
    "bash": (["--norc", "-c"], BASH),
    "zsh": (["-f", "-c"], ZSH),
    "fish": (["--no-config", "-c"], FISH),
}


def hue(written: str, seconds: int) -> str:
    """3 where a login is due, 2 where little is left, else 1 (shell/segment.* colour them)."""
    if written == "expired":
        return "3"
    return "2" if written == "renews" or (seconds < SOON and not written.endswith("+")) else "1"


def test_the_table_has_every_unit() -> None:
    assert len(SECONDS) >= 40
    assert {span(max(0, seconds))[-1] for seconds in SECONDS} == {"m", "h", "d"}


def test_the_shell_writes_the_time_left_as_the_core_does(
    shell: str, environment: dict[str, str]
) -> None:
    expected = []
    for seconds, renewable in CASES:
        written = left(Token(NOW + seconds, NOW + renewable, {}), NOW)
        expected.append((seconds, renewable, f"{written} {hue(written, seconds)}"))
    options, script = SCRIPTS[shell]
    ran = subprocess.run(
        [
            shell_path(shell),
            *options,
            script.format(file=ROOT / "shell" / f"awsx.{shell}", now=NOW, soon=SOON),
        ],
        input="".join(f"{NOW + seconds} {NOW + renewable}\n" for seconds, renewable in CASES),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    found = [(*case, line) for case, line in zip(CASES, ran.stdout.splitlines())]
    assert found == expected
