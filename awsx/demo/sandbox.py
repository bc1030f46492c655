"""Everything that the demo's shell sees of the world: a folder with HOME, XDG folders and programs.

The folder is removed when the demo ends.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from awsx.demo import environment, fake_browser, folder, stand_in_aws, tips
from awsx.demo.aws_files import process_answer, write_aws_files
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.folder import PROGRAM, write
from awsx.demo.link_relay import LinkRelay
from awsx.demo.profiles import CREDENTIAL_PROCESS
from awsx.demo.rc_files import write_rc_files
from awsx.demo.settings import settings
from awsx.login.browser import may_open

CORE = Path(__file__).resolve().parents[1] / "start.py"


class Sandbox:
    """`with Sandbox(center, env, unattended) as sandbox:` makes the folder, and removes it after.

    `env` is the person's environment. `center` need not run yet. If the demo is unattended or the
    person has no browser here, a stand-in takes its place and every login is allowed. A stand-in
    also takes the place of a missing AWS CLI.
    """

    def __init__(self, center: IdentityCenter, env: Mapping[str, str], unattended: bool) -> None:
        self._center, self._env, self._is_unattended = center, env, unattended
        self.allows_every_login = unattended or not may_open(env)
        self.has_aws_cli = shutil.which("aws", path=env.get("PATH", os.defpath)) is not None
        self.link_relay: LinkRelay | None = None  # with a browser of the person's
        self.folder = Path()
        self.profiles = 0  # how many there are

    def __enter__(self) -> Sandbox:
        with ExitStack() as stack:
            self.folder = folder.make()
            stack.callback(folder.remove, self.folder)
            self._fill()
            # Nothing went wrong: keep the folder until the demo ends.
            self._at_exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._at_exit.close()

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def environment(self, shell: str) -> dict[str, str]:
        """The environment of the shell at the path `shell`."""
        inherited = environment.inherited(self._env, self._is_unattended)
        own = environment.own(self.folder, shell, self._env.get("PATH", os.defpath))
        return {**inherited, **own, **self._center.environment()}

    def _fill(self) -> None:
        for name in ("home", "bin", "run", "tmp"):
            (self.folder / name).mkdir(mode=0o700)
        self.profiles = write_aws_files(self.home, self._center)
        organisation = self._center.organisation
        config = self.home / ".config" / "awsx"
        config.mkdir(parents=True)
        asks = not self._is_unattended
        write(config / "config.toml", settings(organisation, asks, self.has_aws_cli))
        write(self.folder / "tips", tips.table(tips.later(organisation), is_coloured=False))
        write_rc_files(self.home, self.folder / "tips")
        self._write_programs(self.folder / "bin")
        self._install_browser(self.folder / "bin")

    def _write_programs(self, folder: Path) -> None:
        core = shlex.join([sys.executable, "-I", "-S", str(CORE)])
        # For whatever does not see the shell function: scripts, xargs, make.
        write(folder / "awsx", f'#!/bin/sh\nexec {core} "$@"\n', PROGRAM)
        if not self.has_aws_cli:
            stand_in_aws.install(folder)
        answer = shlex.quote(process_answer(self._center.organisation.user))
        write(folder / CREDENTIAL_PROCESS, f"#!/bin/sh\nprintf '%s\\n' {answer}\n", PROGRAM)

    def _install_browser(self, programs: Path) -> None:
        if self.allows_every_login:
            self._center.behaviour.decision = "allow"
            fake_browser.install(programs)
        else:
            self._center.behaviour.decision = "ask"
            fifo = self.folder / "links"
            self.link_relay = LinkRelay(programs / "browser", fifo, self._center, self._env)
            self.link_relay.install()
