"""awsx serve: credentials of profiles on loopback, for tools and containers that outlive a key."""

from __future__ import annotations

import secrets
import sys

from awsx import interrupts
from awsx.commands import before
from awsx.commands.creds import need_of, profile_of, region_of
from awsx.credentials import valid, written
from awsx.server import variables
from awsx.server.giver import Giver
from awsx.server.loopback import Loopback
from awsx.term import AwsxError, clean, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.facts import Facts, Target

DEED = "serve its credentials"
NO_FORMAT = "no format {}; there are: {}"
SERVING = "serving {} on {}:{} until Ctrl-C; paste the lines above in another terminal"
FORMATS = tuple(written.LINES)


def serve(env: Mapping[str, str], names: list[str], call: Call) -> None:
    """Serve the profiles' credentials, and print what leads a terminal to them; does not return.

    Without names it is the terminal's profile; `call.form` is the format of what is printed.

    Raises AwsxError if a profile has no valid credentials, Cancelled if the person ends it.
    """
    form = call.form or "env"
    if form not in FORMATS:
        raise AwsxError(NO_FORMAT.format(clean(form), ", ".join(FORMATS)), 2)
    facts = before.opened(env)
    targets = [before.chosen(facts, name) for name in names or [profile_of(env)]]
    for target in targets:
        prepare(facts, target, call)
    with interrupts.tidy():
        loopback = Loopback(new_token())
        for target in targets:
            out(lines(form, target, loopback, facts))
        sys.stdout.flush()
        shown = ", ".join(clean(target.profile.name) for target in targets)
        say(SERVING.format(shown, *loopback.server_address[:2]))
        giver = Giver(env, [target.profile.name for target in targets])
        loopback.serve(giver.answer, lambda: True)


def prepare(facts: Facts, target: Target, call: Call) -> None:
    """Ask about a guarded profile, log in, ask for an MFA code: now, while a person is there.

    Raises as `valid.keys` and `before.confirm` do.
    """
    if target.pattern and before.must_ask(call.is_sure):
        before.confirm(facts, target, DEED)
    valid.keys(facts, target, need_of(call))


def new_token() -> str:
    """The password of one server: whoever has it gets the credentials."""
    return secrets.token_urlsafe(32)


def lines(form: str, target: Target, loopback: Loopback, facts: Facts) -> str:
    """What a shell of the form `form` runs so that its tools ask the server."""
    name = target.profile.name
    found = variables.change(
        name, region_of(facts.env, target), loopback.port, loopback.token, facts, {}
    )
    assign, unset = written.LINES[form]
    gone = [variable for variable, value in found.items() if value is None] if unset else []
    text = [f"# {target.description}"]
    text += [f"{unset}{' '.join(gone)}"] if unset == "unset " else [f"{unset}{v}" for v in gone]
    text += [assign(variable, value) for variable, value in found.items() if value is not None]
    return "".join(f"{line}\n" for line in text)
