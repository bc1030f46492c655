"""The environment of the demo's shell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# What it inherits. Any other variable may lead to the person's files (HISTFILE, KUBECONFIG) or
# change what is AWS for a tool.
KEPT = frozenset((
    "PATH", "TERM", "TERMINFO", "TERMINFO_DIRS", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES",
    "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "HOSTNAME", "DISPLAY", "WAYLAND_DISPLAY",
    "EDITOR", "VISUAL", "PAGER", "container", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH",
    "LOCALE_ARCHIVE", "PYENV_ROOT", "PYENV_VERSION",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
))  # fmt: skip
KEPT_PREFIXES = ("LC_", "SSH_C", "SSH_TTY", "TERM_", "TMUX", "WSL")
LOOPBACK = "127.0.0.1,localhost"


def inherited(env: Mapping[str, str], is_unattended: bool) -> dict[str, str]:
    """What the person's environment gives.

    An unattended demo inherits nothing of SSH: nobody watches it from another machine, so no login
    needs a device code.
    """
    kept = {name: value for name, value in env.items() if is_kept(name)}
    if is_unattended:
        return {name: value for name, value in kept.items() if not name.startswith("SSH_")}
    return kept


def is_kept(name: str) -> bool:
    return name in KEPT or name.startswith(KEPT_PREFIXES)


def own(folder: Path, shell: str, path: str) -> dict[str, str]:
    """What the sandbox in `folder` sets; `path` is the person's PATH."""
    home = str(folder / "home")
    return {
        "HOME": home,
        "ZDOTDIR": home,
        "XDG_CONFIG_HOME": f"{home}/.config",
        "XDG_CACHE_HOME": f"{home}/.cache",
        "XDG_DATA_HOME": f"{home}/.local/share",
        "XDG_STATE_HOME": f"{home}/.local/state",
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "TMPDIR": str(folder / "tmp"),
        "SHELL": shell,
        "PATH": f"{folder}/bin{os.pathsep}{path}",
        # A name, to be found on PATH: $BROWSER is split at blanks, and the folder's may have some.
        "BROWSER": "browser",
        "AWS_PAGER": "",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }
