"""Which shells the person uses: those in which awsx is to be loaded."""

from __future__ import annotations

import contextlib
import os
import shutil

from awsx.install import rcfile, shells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ANCESTORS = 20  # processes to look at, from our parent upwards


def shells_in_use(env: Mapping[str, str]) -> list[str]:
    """The shells that are installed and look used.

    A shell looks used if it is $SHELL, has an rc file, or is among the programs that started awsx.
    """
    interactive, path = _interactive_ancestors(), env.get("PATH")
    return [
        shell
        for shell in shells.NAMES
        if shutil.which(shell, path=path) and _looks_used(shell, env, interactive)
    ]


def _looks_used(shell: str, env: Mapping[str, str], interactive: set[str]) -> bool:
    path = rcfile.path(shell, env)
    trace = os.path.dirname(path) if shell == "fish" else path
    return shell in {*interactive, os.path.basename(env.get("SHELL", ""))} or os.path.lexists(trace)


def _interactive_ancestors() -> set[str]:
    """The names of the programs that started awsx, without shells that merely run a script."""
    # shellingham.detect_shell() would stop at the first shell: the sh that runs install.sh.
    from shellingham.posix import proc, ps

    for reader in (proc, ps):
        with contextlib.suppress(OSError):
            ancestors = reader.iter_process_parents(str(os.getpid()), ANCESTORS)
            return {_name(process.args) for process in ancestors if _is_interactive(process.args)}
    return set()


def _is_interactive(argv: tuple[str, ...]) -> bool:
    """True if all arguments are options: no script, no command."""
    return bool(argv) and all(word.startswith("-") for word in argv[1:])


def _name(argv: tuple[str, ...]) -> str:
    return os.path.basename(argv[0]).lstrip("-")
