"""awsx creds: valid temporary credentials of a profile, in the form that is asked for."""

import posix

from awsx.commands import before
from awsx.credentials import valid, written
from awsx.credentials.keys import Need
from awsx.environment import PROFILES, REGIONS, asked_regions
from awsx.files.role_cache import NEEDED_SECONDS
from awsx.term import AwsxError, clean, out, say, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.credentials.keys import Keys
    from awsx.facts import Facts, Target

DEED, WRITE_DEED = "print its keys", "write its keys into the credentials file"
WRITTEN, REMOVED = "{}: [{}] has the keys", "{}: [{}] is taken out"
NOT_THERE = "there is no [{}] of awsx's in the credentials file"
ON_SCREEN = (
    "the keys would stand on this screen; if you mean it: --format env; into this shell:"
    ' eval "$(awsx creds {})"'
)
NO_NAME = "this terminal uses no profile; name one, or switch first: awsx NAME"
NO_FORMAT = "no format {}; there are: {}"
NO_DURATION = (
    "--duration has no effect on profile {} (kind {}): only the keys of a role with role_arn last"
    " as long as asked"
)


def creds(env: "Mapping[str, str]", call: "Call") -> None:
    """Print the credentials of the profile that the call names, else of the terminal's profile.

    `call.form` is the format; empty: `env`, but only where stdout is no terminal. Raises AwsxError
    as `valid.keys` does, and Cancelled if the person does not want to use a guarded profile.
    """
    if call.form == "file":
        _put(env, call)
        return
    if not call.form and posix.isatty(1):
        raise AwsxError(ON_SCREEN.format(call.name).replace(" )", ")"), 2)
    form = call.form or "env"
    if form not in written.FORMATS:
        raise AwsxError(NO_FORMAT.format(clean(form), ", ".join((*written.FORMATS, "file"))), 2)
    facts = before.opened(env)
    target = before.target_of(facts, call.name) if call.name else facts.target(profile_of(env))
    if target.pattern and form != "process" and before.must_ask(call.is_sure):
        before.confirm(facts, target, DEED)
    found = _keys(facts, target, call)
    out(written.text(form, found, target.profile.name, region_of(env, target), env))


def _put(env: "Mapping[str, str]", call: "Call") -> None:
    """Write the credentials into a section of their own."""
    from awsx.credentials import section

    facts = before.opened(env)
    target = before.chosen(facts, call.name or profile_of(env))
    if target.pattern and before.must_ask(call.is_sure):
        before.confirm(facts, target, WRITE_DEED)
    found, name = _keys(facts, target, call), target.profile.name
    where = section.put(facts, found, name, region_of(env, target)) or "unchanged"
    say(WRITTEN.format(where, clean(section.name_of(name))))


def _keys(facts: "Facts", target: "Target", call: "Call") -> "Keys":
    """Valid keys; says so where `--duration` cannot be had. Raises as `valid.keys` does."""
    if call.duration and target.kind != "role":
        warn(NO_DURATION.format(clean(target.profile.name), target.kind))
    return valid.keys(facts, target, need_of(call))


def remove(env: "Mapping[str, str]", name: str) -> None:
    """Take the section with the profile's credentials out again. Raises AwsxError."""
    from awsx.credentials import section

    name = name or profile_of(env)
    where, shown = section.remove(env, name), clean(section.name_of(name))
    say(REMOVED.format(where, shown) if where else NOT_THERE.format(shown))


def need_of(call: "Call") -> Need:
    """What the options of the call say about the credentials."""
    seconds = NEEDED_SECONDS if call.expires_within is None else call.expires_within
    return Need(seconds, call.duration, call.may_login, call.login_by)


def profile_of(env: "Mapping[str, str]") -> str:
    """The terminal's profile, as the AWS CLI v2 finds it. Raises AwsxError if there is none."""
    name = next((env[name] for name in PROFILES if env.get(name)), "")
    if not name:
        raise AwsxError(NO_NAME, 2)
    return name


def region_of(env: "Mapping[str, str]", target: "Target") -> str:
    """The region in which the profile is used here; empty if nothing names one.

    A region that a person has set by hand counts for every profile, one that was asked for with a
    switch for the profile of that switch alone.
    """
    names = [name for name in REGIONS if env.get(name)]
    if target.profile.name != env.get("AWS_PROFILE"):
        asked = asked_regions(env)
        names = [name for name in names if name not in asked]
    return env[names[0]] if names else target.region
