"""What the checks look at: an environment and its files; of one profile if a person names one."""

from __future__ import annotations

import os
from functools import cached_property

from awsx.files import paths
from awsx.truth.findings import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.facts import Facts
    from awsx.files.ini import Section
    from awsx.files.profiles import Profile, Source
    from awsx.login.awscli import AwsCli

LARGEST = 1_000_000  # bytes of a file of somebody else's that a check looks at


def text_of(path: str) -> str:
    """The text of a file that a check looks at; empty if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(LARGEST)
    except OSError:
        return ""


class World:
    """`now` is in epoch seconds; `name` is a profile's name, empty for all of them.

    `is_online`: a check may ask AWS.
    """

    def __init__(self, facts: Facts, now: float, name: str = "", is_online: bool = False) -> None:
        self.facts, self.now, self.name, self.is_online = facts, now, name, is_online
        self.env, self.config = facts.env, facts.config

    @cached_property
    def terminal(self) -> Terminal:
        """What each tool uses in this terminal; or would use after a switch to the named one."""
        env = self.env
        if self.name:
            from awsx.environment import pointing_at

            change = pointing_at(self.name, "", env)
            env = {**{n: v for n, v in env.items() if n not in change}, "AWS_PROFILE": self.name}
        return Terminal(env, self.config, self.now)

    @cached_property
    def profiles(self) -> list[Profile]:
        """The profiles to look at: those of the named one's chain, or all."""
        if not self.name:
            return list(self.config.profiles().values())
        from awsx.files import chains
        from awsx.term import AwsxError

        profile = self.facts.profile(self.name)
        try:
            return chains.links(self.config, profile)
        except AwsxError:
            return [profile]

    @cached_property
    def sources(self) -> tuple[Source, Source]:
        return self.config.config, self.config.credentials

    @cached_property
    def sessions(self) -> list[str]:
        """The sso-sessions to look at."""
        if not self.name:
            return self.config.sessions()
        wanted = {profile.get("sso_session") for profile in self.profiles}
        return [name for name in self.config.sessions() if name in wanted]

    def sections(self, source: Source) -> Iterator[Section]:
        """The sections of a file; with a name, those of its chain alone."""
        wanted = {profile.name for profile in self.profiles} if self.name else set()
        for header, section in source.all().sections.items():
            if not self.name or header.rpartition(" ")[2].strip("'\"") in wanted:
                yield section

    def place(self, path: str, line: int = 0) -> str:
        """`~/.aws/config:12`."""
        return paths.tilde(path, self.env) + (f":{line}" if line else "")

    @cached_property
    def aws(self) -> str:
        return f"{paths.home(self.env)}/.aws"

    @cached_property
    def clis(self) -> list[AwsCli]:
        """The AWS CLIs on PATH, the first one first."""
        from awsx.login import awscli

        return awscli.on_path(self.env)

    def on_path(self, program: str) -> list[str]:
        """Every program of this name on PATH."""
        folders = self.env.get("PATH", os.defpath).split(os.pathsep)
        found = (os.path.join(folder or ".", program) for folder in folders)
        return list(dict.fromkeys(p for p in found if os.path.isfile(p) and os.access(p, os.X_OK)))
