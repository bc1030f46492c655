"""awsx setup: from nothing to a switched prompt: session, login, profiles, shells, picker."""

from __future__ import annotations

from typing import NamedTuple

from awsx.argv import Call
from awsx.commands import before, install, populate, question, switch
from awsx.commands.populate import Order
from awsx.files import paths, regions, rewrite
from awsx.login import ensure
from awsx.login.options import wish_of
from awsx.service import portal_address, start_page
from awsx.term import AwsxError, Cancelled, clean, in_foreground, on_terminal, out, refuse, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.service.portal_address import Address

NEEDS_URL = "there is nobody to ask here; name the start URL of your access portal: --start-url URL"
NEEDS_REGION = "the region of {} is not in its address or its page; name it: --region R"
MANAGER = (
    "{} is an address of Account Access Manager, which no SSO session reaches: AWS lists no"
    " accounts there; sign in to each one by the AWS CLI (2.32 or newer): aws login --profile NAME"
)
ODD_NAME = "--session {}: a name of letters, digits, and -_. between them"
STEP = "step {} of 4: {}"
ASK_URL = "awsx: start URL of your access portal (https://....awsapps.com/start): "
ASK_KNOWN = "awsx: start URL of your access portal (Enter: {}, the session {}): "
ASK_REGION = "awsx: region of your Identity Center (as in eu-west-1): "
ADDED = "{}: [sso-session {}] added"
KNOWN = "{} has [sso-session {}] for {}, region {}"
TAKEN_BACK = "{}: [sso-session {}] taken out again, as the login came to nothing"
OFFER = "awsx: load awsx in your shells, by one marked block in each rc file? [Y/n] "
DONE = "done; pick a profile: awsx"
NEW_TERMINAL = "done; open a new terminal, and pick a profile: awsx"
SECTION = """\
[sso-session {}]
sso_start_url = {}
sso_region = {}
sso_registration_scopes = sso:account:access
"""


class Answers(NamedTuple):
    """What the person has said on the command line; what is empty is asked."""

    start_url: str = ""
    region: str = ""
    session: str = ""
    is_sure: bool = False
    login_by: tuple[str, ...] = ()


def setup(env: Mapping[str, str], given: Answers) -> None:
    """Lead the person through the four steps. Raises AwsxError at the first that fails."""
    facts = before.opened(env)
    if given.session and not _is_name(given.session):
        raise AwsxError(ODD_NAME.format(clean(given.session)), 2)
    if not ((on_terminal() and in_foreground()) or given.is_sure or given.start_url):
        raise AwsxError(NEEDS_URL, 2)
    say(STEP.format(1, "your access portal, and a login"))
    name = _session(facts, given)
    say(STEP.format(2, "profiles for your accounts and roles"))
    asks = not given.is_sure and on_terminal()
    populate.populate(env, Order(session=name, is_sure=given.is_sure, may_ask=asks))
    say(STEP.format(3, "your shells"))
    _load(env, given.is_sure)
    say(STEP.format(4, "a profile for this terminal"))
    _finish(env, given.is_sure)


def _is_name(text: str) -> bool:
    return text.isascii() and text[:1].isalnum() and all(c.isalnum() or c in "-_." for c in text)


def _session(facts: Facts, given: Answers) -> str:
    """The name of an [sso-session] that is in the config and works."""
    config, shown = facts.config, paths.tilde(facts.config.config.path, facts.env)
    known = _known(facts)
    address = portal_address.read(given.start_url or _asked_url(known, given))
    if address.is_manager:
        raise AwsxError(MANAGER.format(clean(address.url, 200)))
    same = [
        name for name, (start, _) in known.items() if portal_address.is_same(start, address.url)
    ]
    if same and given.session in ("", *same):
        name = given.session or same[0]
        say(KNOWN.format(shown, name, clean(known[name][0], 200), known[name][1]))
        _log_in(facts, name, given)
        return name
    region = _region(facts, address, given)
    name = _free(given.session or address.name, config.sessions())
    _add(facts, name, SECTION.format(name, address.url, region), given)
    return name


def _known(facts: Facts) -> dict[str, tuple[str, str]]:
    """The sessions of the config: start URL and region by name."""
    found = {}
    for name in facts.config.sessions():
        section = facts.config.session_section(name)
        keys = section.keys if section else {}
        if keys.get("sso_start_url") and keys.get("sso_region"):
            found[name] = (keys["sso_start_url"], keys["sso_region"])
    return found


def _asked_url(known: dict[str, tuple[str, str]], given: Answers) -> str:
    """The start URL that the person types; Enter stands for that of a session there is."""
    name, (start, _) = next(iter(known.items()), ("", ("", "")))
    if given.session in known:
        name, start = given.session, known[given.session][0]
    if given.is_sure:
        if not start:
            raise AwsxError(NEEDS_URL, 2)
        return start
    asked = ASK_KNOWN.format(clean(start, 200), clean(name)) if start else ASK_URL
    return _answer(asked) or start or _asked_url(known, given)


def _answer(asked: str) -> str:
    """The line that the person types, which may be empty. Raises Cancelled at Ctrl-D."""
    line = question.answered(asked.removeprefix("awsx: "))
    if not line:
        raise Cancelled
    return line.strip()


def _region(facts: Facts, address: Address, given: Answers) -> str:
    """The region that was given, that the host or the start page names, or the person."""
    if given.region:
        return regions.region_named(given.region, facts.config)
    if found := start_page.region(address.url):
        return found
    if given.is_sure or not on_terminal():
        raise AwsxError(NEEDS_REGION.format(clean(address.url, 200)), 2)
    return regions.region_named(_answer(ASK_REGION), facts.config)


def _free(name: str, taken: list[str]) -> str:
    """The name, numbered if another session has it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def _log_in(facts: Facts, name: str, given: Answers) -> None:
    """Make the session valid. Raises AwsxError if the login fails."""
    wish = wish_of(given.login_by)
    session = facts.config.session(name)
    ensure.valid_session(facts.env, session, facts.settings, wish, says_done=True)


def _add(facts: Facts, name: str, section: str, given: Answers) -> None:
    """Write the section and log in; take it out again if the login fails. Raises AwsxError."""
    env, path = facts.env, facts.config.config.path
    if not path:
        raise AwsxError(populate.NO_CONFIG)
    texts: list[bytes] = []

    def added(text: bytes) -> bytes:
        gap = b"" if not text else b"\n" if text.endswith(b"\n") else b"\n\n"
        texts[:] = [text, text + gap + section.encode()]
        return texts[1]

    rewrite.change(path, env, added)
    say(ADDED.format(paths.tilde(path, env), name))
    out("".join(f"+{line}\n" for line in section.splitlines()))
    try:
        now = before.opened(env)
        _log_in(now, name, given)
    except AwsxError:
        before_it, with_it = texts
        rewrite.change(path, env, lambda text: before_it if text == with_it else text)
        say(TAKEN_BACK.format(paths.tilde(path, env), name))
        raise


def _load(env: Mapping[str, str], is_sure: bool) -> None:
    """Offer the lines that load awsx, unless this shell has loaded it."""
    if env.get("AWSX_HANDOVER"):
        say("awsx is loaded in this shell")
        return
    if not is_sure and (not on_terminal() or _answer(OFFER).lower() not in ("", "y", "yes")):
        return
    try:
        install.install(env, [], dry_run=False)
    except Cancelled:
        raise
    except AwsxError as error:  # no shell in use, an rc file that cannot be written
        refuse(str(error))


def _finish(env: Mapping[str, str], is_sure: bool) -> None:
    """Let the person pick a profile, where a shell waits for it."""
    is_loaded = bool(env.get("AWSX_HANDOVER"))
    if is_loaded and not is_sure and on_terminal():
        try:
            switch.pick(env, Call("pick"))
        except Cancelled:  # Esc: all else is done
            say(DONE)
    else:
        say(DONE if is_loaded else NEW_TERMINAL)
