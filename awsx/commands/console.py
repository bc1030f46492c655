"""awsx console: the web console of a profile's account, in the browser."""

from __future__ import annotations

import time
from typing import NamedTuple

from awsx.commands import before, copy, meant
from awsx.console import browsers, opening, pages, portal, wanted
from awsx.console.wanted import Wanted
from awsx.credentials.keys import TOKENS
from awsx.environment import PROFILES, REGIONS
from awsx.files import chains
from awsx.files.regions import region_named
from awsx.memos import uses
from awsx.term import AwsxError, clean, on_terminal, out, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.credentials.keys import Keys
    from awsx.facts import Facts, Target

DEED = "open its console"
NO_PROFILE = "this terminal uses no profile; name one, or switch first: awsx NAME"
ONE_PAGE = "{} names a page already; leave out {}"
OPENED, COPIED = "console of {}", "copied the link to the console of {}"


class Asked(NamedTuple):
    """The words of the command: a profile's name or what `wanted` reads, and the options."""

    word: str = ""
    service: str = ""
    region: str = ""
    prints: bool = False
    copies: bool = False
    browser: str = ""
    is_sure: bool = False


def console(env: Mapping[str, str], asked: Asked) -> None:
    """Open, print or copy the link to the console that a person asks for.

    Raises AwsxError if there is no such profile or page, or no way to sign in or to open a browser;
    Cancelled if the profile is guarded and the person says no.
    """
    facts = before.opened(env)
    place = None
    if asked.word and facts.choosable(asked.word) is None:
        place = wanted.wanted(asked.word)
    target = _target(facts, asked, place)
    page = _page(facts, target, asked, place)
    if target.pattern and before.must_ask(asked.is_sure):
        before.confirm(facts, target, DEED)
    session = target.session if target.kind == "sso" else None
    if session:
        url = portal.link(session, target.account, target.role, page)
    else:
        url = _federated(facts, target, page)
    _deliver(facts, target, url, session is None, asked)


def _target(facts: Facts, asked: Asked, place: Wanted | None) -> Target:
    """The profile that the word means, with this terminal's where it means none."""
    if place and place.account:
        return before.chosen(facts, _of_account(facts, place))
    if asked.word and place is None:
        name = facts.named(asked.word)
        number = "" if facts.choosable(name) else meant.account_called(facts, name)
        return before.chosen(facts, _of_account(facts, Wanted(number)) if number else name)
    name = next((facts.env[name] for name in PROFILES if facts.env.get(name)), "")
    if not name and on_terminal():
        from awsx.tables import picker

        name = picker.choose(facts, "")[0]
    if not name and facts.config.profile("default"):
        name = "default"
    if not name:
        raise AwsxError(NO_PROFILE)
    return before.chosen(facts, name)


def _of_account(facts: Facts, place: Wanted) -> str:
    """The most used profile of an account; where none was used, the person chooses."""
    names = meant.profiles_of(facts, place.account, place.role)
    if len(names) == 1 or names[0] in uses.scores(facts.env, time.time()):
        return names[0]
    if not on_terminal():
        raise meant.several(place.account, names)
    from awsx.tables import picker

    return picker.choose_of(facts, names)


def _page(facts: Facts, target: Target, asked: Asked, place: Wanted | None) -> str:
    """The page of the console; empty: the first one, in no certain region."""
    if place and (place.page or place.arn) and asked.service:
        raise AwsxError(ONE_PAGE.format(clean(asked.word), f"-s {clean(asked.service)}"), 2)
    if place and place.page:
        return place.page
    region = region_named(asked.region, facts.config) if asked.region else ""
    region = region or _own_region(facts, target)
    if place and place.arn:
        return pages.resource(place.arn, region)
    return pages.service(asked.service, region) if asked.service else pages.home(region)


def _own_region(facts: Facts, target: Target) -> str:
    """The region in which a command of the profile works: the terminal's, if it is the same."""
    is_own = any(facts.env.get(name) == target.profile.name for name in PROFILES)
    given = next((facts.env[name] for name in REGIONS if facts.env.get(name)), "")
    return (given if is_own else "") or target.region


def _federated(facts: Facts, target: Target, page: str) -> str:
    """The link that AWS's federation endpoint signs in by; a secret. Raises AwsxError."""
    from awsx.console import federation
    from awsx.credentials import valid

    name = target.profile.name
    keys, seconds = valid.keys(facts, target), facts.settings.console.duration
    region = wanted.region_of(page) or target.region
    if not keys.token:
        keys, seconds = _of_user(name, keys, region), 0
    elif _is_chained(facts, target):
        seconds = 0
    of = pages.partition(region)
    signin = federation.endpoint(of.signin, facts.env)
    return federation.link(name, keys, page or pages.home(of.home), signin, seconds)


def _of_user(name: str, keys: Keys, region: str) -> Keys:
    """Temporary keys for an IAM user's own, which AWS's federation endpoint does not take."""
    from awsx.credentials.keys import Keys
    from awsx.service import federated

    return Keys(*federated.keys(name, keys.access_key, keys.secret_key, region))


def _is_chained(facts: Facts, target: Target) -> bool:
    """True unless it is known that no temporary credentials stand behind the profile's own.

    AWS takes the length of a session neither for a chain of roles nor for a federated user.
    """
    if target.kind == "web-identity":
        return False
    links = chains.links(facts.config, target.profile)
    is_user = links[-1].kind == "keys" and not any(map(links[-1].get, TOKENS))
    return not (target.kind == "role" and len(links) == 2 and is_user)


def _deliver(facts: Facts, target: Target, url: str, is_secret: bool, asked: Asked) -> None:
    if asked.prints:
        out(f"{url}\n")
    if asked.copies:
        copy.copy(facts.env, url)
        say(COPIED.format(target.description))
    if asked.prints or asked.copies:
        return
    text = asked.browser or browsers.named(facts, target)
    name = facts.account_name(target.profile)
    opening.open_link(url, is_secret, browsers.browser(text, target, name, facts.env), facts.env)
    uses.count(facts.env, target.profile.name, time.time())
    say(OPENED.format(target.description))
