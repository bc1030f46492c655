"""The environment of commands that a credential server stands behind (`exec --serve`, `ssh`)."""

from __future__ import annotations

from awsx.commands.creds import need_of, region_of
from awsx.commands.serve import new_token
from awsx.credentials import valid
from awsx.server import behind, variables
from awsx.server.giver import Giver
from awsx.server.loopback import Loopback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsx.argv import Call
    from awsx.facts import Facts, Target


class Server:
    """A server of profiles' credentials that is about to start: its port and token are known.

    Making it takes the port. Raises AwsxError if there is none.
    """

    __slots__ = ("_facts", "_loopback", "_targets")

    def __init__(self, facts: Facts, *targets: Target) -> None:
        self._facts, self._targets = facts, targets
        self._loopback = Loopback(new_token())

    @property
    def port(self) -> int:
        return self._loopback.port

    def reach_by(self, port: int) -> None:
        """Let clients on the far side of ssh call the server by the port there."""
        self._loopback.far_ports.append(port)

    def change(self, region: str = "", target: Target | None = None) -> variables.Change:
        """The change of the environment that leads to the server, in `region` unless empty.

        `target` is one of the server's; without it, the first.
        """
        facts, target = self._facts, target or self._targets[0]
        region = region or region_of(facts.env, target)
        name, token = target.profile.name, self._loopback.token
        port = (self.port, *self._loopback.far_ports)[-1]
        return variables.change(name, region, port, token, facts, facts.env)

    def environment(
        self, env: Mapping[str, str], region: str = "", target: Target | None = None
    ) -> dict[str, str]:
        """`env` with that change."""
        found = self.change(region, target)
        child = {name: value for name, value in env.items() if name not in found}
        return child | {name: value for name, value in found.items() if value is not None}

    def start(self, at_end: Callable[[], None] | None = None) -> bool:
        """Serve from a process behind this one, for as long as this one lives, whatever it becomes.

        True in this process; False, after the server's end and `at_end`, in those that have done
        their work.
        """
        part = behind.split()
        if part.role == behind.SERVER:
            giver = Giver(self._facts.env, [target.profile.name for target in self._targets])
            try:
                self._loopback.serve(giver.answer, part.goes_on)
            finally:
                if at_end:
                    at_end()
        return part.role == behind.FRONT


def prepared(facts: Facts, target: Target, call: Call) -> Server:
    """A server whose first keys are there: a login and an MFA code are asked for now.

    Raises as `valid.keys` does.
    """
    valid.keys(facts, target, need_of(call))
    return Server(facts, target)
