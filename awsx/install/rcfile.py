"""Where the rc file of each shell lies."""

from __future__ import annotations

import os
import shutil
import sys

from awsx.files import paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# A login bash reads only the first of these that exists: a new .bash_profile would hide a .profile.
BASH_LOGIN = (".bash_profile", ".bash_login", ".profile")
NO_HOME = "HOME is not set; awsx does not know where your rc files are"


def path(shell: str, env: Mapping[str, str], platform: str = "") -> str:
    """The file that an interactive `shell` (bash, zsh or fish) reads at its start."""
    return candidates(shell, env, platform)[0]


def candidates(shell: str, env: Mapping[str, str], platform: str = "") -> list[str]:
    """The files that a block for `shell` may stand in, the right one first.

    Raises AwsxError if the home folder is not known.
    """
    home = paths.home(env)
    if not os.path.isabs(home):
        raise AwsxError(NO_HOME)
    if shell == "fish":
        return [os.path.join(env.get("XDG_CONFIG_HOME") or f"{home}/.config", "fish/config.fish")]
    if shell == "zsh":
        folders = dict.fromkeys((env.get("ZDOTDIR") or home, home))
        return [os.path.join(folder, ".zshrc") for folder in folders]
    return _of_bash(home, platform or sys.platform)


def _of_bash(home: str, platform: str) -> list[str]:
    """On macOS a terminal starts a login bash, elsewhere one that reads .bashrc."""
    login = [os.path.join(home, name) for name in BASH_LOGIN]
    if platform != "darwin":
        return [os.path.join(home, ".bashrc"), *login]
    existing = [path for path in login if os.path.lexists(path)]
    return list(dict.fromkeys([*existing, *login, os.path.join(home, ".bashrc")]))


def is_read_at_login(env: Mapping[str, str], platform: str = "") -> bool:
    """False if a login bash finds none of its own files, and so reads no .bashrc either."""
    files = [os.path.join(paths.home(env), name) for name in BASH_LOGIN]
    return (platform or sys.platform) == "darwin" or any(map(os.path.lexists, files))


def with_zdotdir(env: Mapping[str, str]) -> Mapping[str, str]:
    """`env` with the ZDOTDIR that zsh itself uses; many set it in ~/.zshenv without an export."""
    zsh = shutil.which("zsh", path=env.get("PATH"))
    if env.get("ZDOTDIR") or not zsh:
        return env
    import subprocess

    # The NUL tells the answer from what ~/.zshenv may print.
    words, no_input = [zsh, "-c", "printf '\\0%s' \"${ZDOTDIR-}\""], subprocess.DEVNULL
    try:
        done = subprocess.run(words, env=env, stdin=no_input, capture_output=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return env
    return {**env, "ZDOTDIR": os.fsdecode(done.stdout.rpartition(b"\0")[2])}
