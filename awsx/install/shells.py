"""The shells that awsx knows: which one this is, where its file lies, the lines that load it."""

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

# A shell must not start Python in order to load awsx, so the lines name the interpreter and the
# file. They test for the file, so that the shell stays silent once awsx is gone.
LOADING = {
    "bash": "if [ -r {file} ]; then\n  AWSX_PYTHON={python}\n  source {file}\nfi\n",
    # zsh keeps its own options at every call of a function that was defined under `emulate`.
    "zsh": "if [[ -r {file} ]]; then\n  AWSX_PYTHON={python}\n"
    "  emulate zsh -o no_aliases -c {command}\nfi\n",
    "fish": "if test -r {file}\n    set -g AWSX_PYTHON {python}\n    source {file}\nend\n",
}


def check(shell: str) -> None:
    """Raises AwsxError (usage) for a shell that has no integration."""
    if shell not in NAMES:
        raise AwsxError(UNKNOWN.format(shell, near(shell, list(NAMES))), 2)


def detect(env: Mapping[str, str]) -> str:
    """The shell that started awsx, else the login shell. Raises AwsxError if awsx knows neither."""
    import shellingham  # reads the process table: only if no shell was named

    try:
        found = str(shellingham.detect_shell()[0])
    except (shellingham.ShellDetectionFailure, OSError):
        found = os.path.basename(env.get("SHELL", ""))
    if not found:
        raise AwsxError(UNDETECTED, 2)
    if found not in NAMES:
        raise AwsxError(UNKNOWN.format(found, ""), 2)
    return found


def script(shell: str) -> str:
    """The file with the shell's integration: beside the package in a checkout, else inside it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, os.path.dirname(package)):
        path = f"{folder}/shell/awsx.{shell}"
        if os.path.isfile(path):
            return path
    raise AwsxError(MISSING.format(f"{package}/shell/awsx.{shell}"))


def loading(shell: str) -> str:
    """The lines for the rc file of `shell`. Raises AwsxError if it has no integration."""
    check(shell)
    quote = _quote_fish if shell == "fish" else _quote
    file = quote(script(shell))
    is_plain = not any(c in file[1:-1] for c in "'\"$`\\!")
    command = f'"source {file}"' if is_plain else _quote(f"source {file}")
    return LOADING[shell].format(file=file, python=quote(sys.executable), command=command)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quote_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
