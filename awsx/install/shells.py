"""Which shell a person uses, where its integration lies, and the lines that load it."""

from __future__ import annotations

import os
import sys

from awsx.term import AwsxError, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("bash", "zsh", "fish")
UNKNOWN = "no integration for {}; there is one for bash, zsh and fish{}"
UNDETECTED = "cannot tell which shell this is; name it: awsx init bash|zsh|fish"
MISSING = "the integration is not where it belongs ({}); install awsx again"

# No Python at shell start: the interpreter and the file are named as they stand. The test keeps a shell
# without awsx silent once awsx is gone.
LOADING = {
    "bash": "if [ -r {file} ]; then\n  AWSX_PYTHON={python}\n  source {file}\nfi\n",
    # Functions that are defined under `emulate` keep zsh's own options at every call, whatever the person sets.
    "zsh": "if [[ -r {file} ]]; then\n  AWSX_PYTHON={python}\n  emulate zsh -o no_aliases -c {command}\nfi\n",
    "fish": "if test -r {file}\n    set -g AWSX_PYTHON {python}\n    source {file}\nend\n",
}


def script(shell: str) -> str:
    """The path of the shell's integration: beside the package in a checkout, inside it once installed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, os.path.dirname(package)):
        path = f"{folder}/shell/awsx.{shell}"
        if os.path.isfile(path):
            return path
    raise AwsxError(MISSING.format(f"{package}/shell/awsx.{shell}"))


def loading(shell: str) -> str:
    """The lines for the rc file of `shell`. Raises AwsxError for a shell that has no integration."""
    if shell not in NAMES:
        raise AwsxError(UNKNOWN.format(shell, near(shell, list(NAMES))), 2)
    quote = _quote_fish if shell == "fish" else _quote
    file = quote(script(shell))
    plain = not any(c in file[1:-1] for c in "'\"$`\\!")
    command = f'"source {file}"' if plain else _quote(f"source {file}")
    return LOADING[shell].format(file=file, python=quote(sys.executable), command=command)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quote_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def detect(env: Mapping[str, str]) -> str:
    """The shell this was started from, else the login shell. Raises AwsxError if it is none of the three."""
    import shellingham  # walks the process table: only when nobody named a shell

    try:
        found = shellingham.detect_shell()[0]
    except (shellingham.ShellDetectionFailure, OSError):
        found = os.path.basename(env.get("SHELL", ""))
    if found not in NAMES:
        raise AwsxError(UNKNOWN.format(found, "") if found else UNDETECTED, 2)
    return str(found)
