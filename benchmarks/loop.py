"""A loop in a running shell that has loaded awsx, timed from outside."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from benchmarks import homes
from benchmarks.commands import ROOT

# Shells that read no file of the machine's.
SHELLS = {
    "bash": ("bash", "--noprofile", "--norc"),
    "zsh": ("zsh", "-f"),
    "fish": ("fish", "--no-config"),
}
LOAD = {
    "bash": "AWSX_PYTHON='{python}'; source '{script}'",
    "zsh": "AWSX_PYTHON='{python}'; emulate zsh -o no_aliases -c \"source '{script}'\"",
    "fish": "set -g AWSX_PYTHON '{python}'; source '{script}'",
}
# A line is printed before and after the loop, so that no shell has to start a process for a clock.
LOOP = {
    "bash": "echo; for ((i = 0; i < {turns}; i++)); do {body}; done >/dev/null 2>&1; echo",
    "zsh": "echo; for ((i = 0; i < {turns}; i++)); do {body}; done >/dev/null 2>&1; echo",
    "fish": "set turns (seq {turns}); echo; for i in $turns; {body}; end >/dev/null 2>&1; echo",
}
A, B = homes.profile(0), homes.profile(1)
# The first prompt sets up what the later ones find: one draw goes before them.
USED = f"awsx {A} >/dev/null 2>&1; awsx {B} >/dev/null 2>&1; __awsx_precmd"

SPAN = 0.15  # seconds that a loop shall last
FEWEST, MOST = 5, 2000  # turns


def loading(shell: str, script: str = "") -> str:
    """The lines that load awsx, or as many that load another file."""
    return LOAD[shell].format(
        python=sys.executable, script=script or ROOT / "shell" / f"awsx.{shell}"
    )


class Loop:
    """Measures one of the operations in `body`, after A and B have been used.

    The command `works` must succeed at the end.
    """

    def __init__(
        self, shell: str, env: Mapping[str, str], body: str, works: str, operations: int = 1
    ) -> None:
        self._shell, self._env, self._body, self._works = shell, env, body, works
        self._operations, self._turns = operations, FEWEST

    def __call__(self) -> float:
        """Seconds of one operation.

        The first call is short; later ones make as many turns as the span holds.
        """
        loop = LOOP[self._shell].format(body=self._body, turns=self._turns)
        one = self._timed("\n".join((loading(self._shell), USED, loop, self._works))) / self._turns
        self._turns = max(FEWEST, min(MOST, int(SPAN / one)))
        return one / self._operations

    def _timed(self, script: str) -> float:
        command = [*SHELLS[self._shell], "-c", script]
        null, pipe = subprocess.DEVNULL, subprocess.PIPE
        with subprocess.Popen(
            command, env=self._env, bufsize=0, stdin=null, stdout=pipe, stderr=null
        ) as shell:
            assert shell.stdout
            shell.stdout.read(1)
            begin = time.perf_counter()
            shell.stdout.read(1)
            took = time.perf_counter() - begin
        if shell.returncode:
            raise subprocess.CalledProcessError(shell.returncode, f"{self._body} in {self._shell}")
        return took
