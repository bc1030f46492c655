"""What every command does first: open the facts, find the region, ask, log in.

A command opens the facts by one of two functions: `opened` tells the person what is wrong in the
files, `opened_quietly` is for what a shell starts by itself.
"""

import _signal
import time

from awsx.facts import Facts
from awsx.files import tokens
from awsx.term import AwsxError, Cancelled, agent, in_foreground, on_terminal, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.argv import Call
    from awsx.facts import Target

KEYS_FIRST = (
    "the keys in the environment come before this profile; to use its role: aws --profile {}"
)
BROKEN_FILE = "{}; the AWS CLI and the SDKs refuse the whole file until then"


def opened(env: "Mapping[str, str]") -> Facts:
    """The facts, after a line on stderr for each thing that is wrong in the files of AWS.

    Raises AwsxError for a mistake in the settings: a person learns of it before anything is done.
    """
    facts = Facts(env)
    if facts.has_settings:
        facts.settings  # noqa: B018
    renew(facts)
    if not facts.stock.is_sound:
        for problem in facts.problems:
            warn(BROKEN_FILE.format(problem))
    return facts


def opened_quietly(env: "Mapping[str, str]") -> Facts:
    """The facts, without a word."""
    facts = Facts(env)
    renew(facts)
    return facts


def renew(facts: Facts) -> None:
    """Take stock of the files anew, if they have changed since the last time.

    Call this before anything is read: it may sleep for a tick of the clock first.
    """
    stock = facts.stock
    if stock.is_fresh:
        return
    stock.settle()
    stock.take(facts.problems, facts.config.is_sound())


def _remember(facts: Facts, name: str, target: "Target | None") -> None:
    from awsx.memos.remember import remember  # only who draws or switches needs it

    remember(facts, name, target)


def target_of(facts: Facts, word: str, region: str = "") -> "Target":
    """The profile of exactly this name, else of this alias, else of the account `word` names.

    Raises AwsxError if there is none, or if the files or the settings are at fault; and as
    `meant.profile` does.
    """
    if facts.choosable(word) is None:
        from awsx.commands import meant  # only for a word that is no name

        word = meant.profile(facts, word) or word
    return chosen(facts, word, region)


def chosen(facts: Facts, name: str, region: str = "") -> "Target":
    """The profile of exactly this name, which is written into the config if it is not there yet.

    Raises as `Facts.target` does, and AwsxError if the config cannot be written.
    """
    write_chosen(facts, [name])
    return facts.target(name, region)


def write_chosen(facts: Facts, names: "list[str]") -> None:
    """Write the profiles into the config that awsx's catalogue alone has: they are chosen now."""
    if not any(map(facts.is_listed, names)):
        return
    from awsx.memos.remember import remember_names
    from awsx.populate import on_demand  # only when one is chosen for the first time

    if on_demand.write(facts, names):
        renew(facts)
        remember_names(facts)


def region_of(facts: Facts, call: "Call") -> str:
    """The region that the call names, be it by its short form.

    Raises AwsxError for a region that nobody knows.
    """
    from awsx.files.regions import region_named  # only for -r

    return region_named(call.region, facts.config)


def must_ask(is_sure: bool) -> bool:
    """True before a guarded profile is used, unless a person says --yes.

    It does not count from an agent.
    """
    return not is_sure or bool(agent())


def confirm(facts: Facts, target: "Target", deed: str, always: bool = False) -> None:
    """Ask before a guarded profile is used, if the settings want that or `always`.

    Raises as `question.ask` does, and as `agents.check` where an agent calls.
    """
    if target.pattern and (always or facts.settings.guard.confirm):
        from awsx.commands import agents, question

        if by := agent():
            agents.check(facts, target, by)
            return
        question.ask(target, facts.account_name(target.profile), deed)


def log_in(
    facts: Facts, target: "Target", by: "tuple[str, ...]" = (), says_done: bool = True
) -> None:
    """Make sure that the session is valid, unless the settings leave that to the person.

    Who asks for a way to log in (`by`: `--device-code`, `--no-browser`) asks for a login, too.
    `says_done` is off for a command that tells the time left itself.

    Ctrl-C ends a core that a shell's function has started: then the shell gives up the line or the
    loop, too.
    """
    session, token = target.session, target.token
    if session is None or (token and token.is_valid(time.time())):
        return
    if facts.settings.auto_login or by:
        from awsx.login import ensure, options  # subprocess, boto3: only when a session has ended

        try:
            ensure.valid_session(
                facts.env, session, facts.settings, wish=options.wish_of(by), says_done=says_done
            )
        except Cancelled:
            if "AWSX_SHELL" in facts.env:
                _signal.raise_signal(_signal.SIGINT)
            raise
        except AwsxError as error:
            if not (token and token.is_valid(time.time(), margin=0)):
                raise
            warn(str(error))  # the token's last seconds may be enough
        target.token = tokens.read(target.token_path)


def refresh(env: "Mapping[str, str]", name: str = "") -> None:
    """Write the memos that a prompt is drawn from: of `name`, or else of the terminal's profile."""
    name = name or env.get("AWS_PROFILE", env.get("AWS_DEFAULT_PROFILE", ""))
    if name:
        facts = opened_quietly(env)
        _remember(facts, name, facts.find(name))


def ensure(env: "Mapping[str, str]", name: str, command: str = "") -> None:
    """Log in before a command that uses profile `name`, if that is due and a person is there.

    `command` is the command of the AWS CLI, empty for another program: it may be an alias.
    What no login mends (no such profile, another kind, a mistake in the files) the command tells by
    itself. Raises AwsxError if the login came to nothing.
    """
    facts = opened_quietly(env)
    target = facts.find(name)
    may_log_in = target and not target.region_error and on_terminal() and in_foreground()
    if target and may_log_in and not _is_alias_of_a_login(env, command):
        log_in(facts, target)
    _remember(facts, name, target)


def _is_alias_of_a_login(env: "Mapping[str, str]", command: str) -> bool:
    if not command:
        return False
    from awsx.files import aliases

    return aliases.needs_no_login(env, command)
