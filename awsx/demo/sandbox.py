"""A folder that is the whole world of the demo's shell: HOME, XDG_*, TMPDIR, programs. Gone when the demo ends."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from awsx.demo import browser, rc
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.home import CREDENTIALS, make_home, process_answer, write
from awsx.demo.links import Links
from awsx.files import disk
from awsx.login import options
from awsx.term import AwsxError, say

# Of the person's environment. Everything else may lead to their files (HISTFILE, KUBECONFIG) or to their AWS.
KEPT = frozenset((
    "PATH", "TERM", "TERMINFO", "TERMINFO_DIRS", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES", "LANG", "LANGUAGE", "TZ",
    "USER", "LOGNAME", "HOSTNAME", "DISPLAY", "WAYLAND_DISPLAY", "EDITOR", "VISUAL", "PAGER", "container",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "LOCALE_ARCHIVE", "PYENV_ROOT", "PYENV_VERSION",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
))  # fmt: skip
KEPT_PREFIXES = ("LC_", "SSH_C", "SSH_TTY", "TERM_", "TMUX", "WSL")
LOOPBACK = "127.0.0.1,localhost"
NO_FOLDER = "cannot make the demo's folder in {}: {}; set TMPDIR to one that can be written to"
LEFT_BEHIND = "cannot remove {}: it is still written to, or was made unwritable"


class Sandbox:
    """`with Sandbox(center, env, unattended) as sandbox:`; `center` has its port and is started later.

    `env` is the person's environment. Without a browser at hand a stand-in takes its place, which allows every login.
    """

    def __init__(self, center: IdentityCenter, env: Mapping[str, str], unattended: bool) -> None:
        self._center, self._env, self._unattended = center, env, unattended
        self.allows = unattended or not options.opens(env, options.Wish())
        center.behaviour.decision = "allow" if self.allows else "ask"
        self.links: Links | None = None
        self.folder = Path()
        self.profiles = 0

    def __enter__(self) -> Sandbox:
        try:
            self.folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="awsx-demo-")))
        except OSError as error:
            raise AwsxError(NO_FOLDER.format(tempfile.gettempdir(), disk.reason(error))) from error
        try:
            self._furnish()
        except BaseException:
            remove(self.folder)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        remove(self.folder)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def _furnish(self) -> None:
        for name in ("home", "bin", "run", "tmp"):
            (self.folder / name).mkdir(mode=0o700)
        self.profiles = make_home(self.home, self._center)
        rc.write_all(self.home)
        programs = self.folder / "bin"
        start = Path(__file__).resolve().parents[1] / "start.py"
        core = shlex.join([sys.executable, "-I", "-S", str(start)])
        # Where no function reaches: scripts, xargs, make.
        write(programs / "awsx", f'#!/bin/sh\nexec {core} "$@"\n', 0o700)
        answer = shlex.quote(process_answer(self._center.organisation))
        write(programs / CREDENTIALS, f"#!/bin/sh\nprintf '%s\\n' {answer}\n", 0o700)
        if self.allows:
            browser.install(programs)
        else:
            self.links = Links(programs / "browser", self.folder / "links", self._center, self._env)

    def environment(self, shell: str) -> dict[str, str]:
        """The environment of the shell at the path `shell`."""
        home = str(self.home)
        kept = {n: v for n, v in self._env.items() if n in KEPT or n.startswith(KEPT_PREFIXES)}
        if self._unattended:  # nobody looks on from another machine
            kept = {n: v for n, v in kept.items() if not n.startswith("SSH_")}
        own = {
            "HOME": home,
            "ZDOTDIR": home,
            "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_STATE_HOME": f"{home}/.local/state",
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "TMPDIR": str(self.folder / "tmp"),
            "SHELL": shell,
            "PATH": f"{self.folder}/bin:{self._env.get('PATH', os.defpath)}",
            # By name, found on PATH: a folder's name may hold blanks, which $BROWSER cuts at.
            "BROWSER": "browser",
            "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": LOOPBACK,
            "no_proxy": LOOPBACK,
        }
        return {**kept, **own, **self._center.environment()}


def remove(folder: Path) -> None:
    """Whatever a command in the background still does to it."""
    deadline = time.monotonic() + 3
    shutil.rmtree(folder, ignore_errors=True)
    while folder.exists() and time.monotonic() < deadline:
        for parent, _, _ in os.walk(folder):
            os.chmod(parent, 0o700)
        time.sleep(0.05)
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        say(LEFT_BEHIND.format(folder))
