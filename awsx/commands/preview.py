"""The picker's preview: what the files say of a profile, and its row in the list does not."""

import time

from awsx.commands import before
from awsx.commands.current import Line, describe, draw
from awsx.files import chains
from awsx.memos import uses
from awsx.tables.picker import DRAWN
from awsx.term import AwsxError, clean, out, screen_width, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsx.facts import Facts, Target

AGO = "{} ago"
LISTED = "none yet: this writes it into the config"


def preview(env: "Mapping[str, str]", name: str) -> None:
    """Print what the row of a profile does not show.

    DRAWN in `env` has the columns of the rows and their widths, like `PROFILE=18 LEFT=7`. A text
    that was cut to fit its column is printed whole. Raises AwsxError if the files are at fault.
    """
    facts = before.opened_quietly(env)
    pairs = [each.partition("=") for each in env.get(DRAWN, "").split()]
    out(draw(list(_lines(facts, name, {title: int(width) for title, _, width in pairs}))))


def _lines(facts: "Facts", name: str, drawn: "Mapping[str, int]") -> "Iterator[Line]":
    profile = facts.choosable(name) or facts.profile(name)
    target = facts.resolve(profile)
    if target.file_error:
        raise target.file_error
    account_name = facts.account_name(profile)
    yield Line("file", LISTED if facts.is_listed(name) else profile.place())
    yield from _missing(Line("profile", clean(name, 200)), drawn)
    if alias := next((alias for alias, its in facts.aliases.items() if its == name), ""):
        yield Line("alias", clean(alias))
    yield from _missing(Line("name", clean(account_name, 200)), drawn)
    if email := facts.learned.get(profile.account, ("", ""))[1]:
        yield Line("email", clean(email, 200))
    if tags := facts.tags(profile.account):
        yield Line("tags", clean(", ".join(tags), 200))
    for line in describe(facts, name):
        if line.what == "left":
            yield from _session_end(line.value, "LEFT" in drawn)
        elif line.what == "account" and not account_name and "NAME" in drawn:
            pass  # an account without a name has its id in the column NAME
        elif line.what != "name":
            yield from _missing(line, drawn)
    yield from _behind(facts, target)
    now = time.time()
    if last := uses.last(facts.env, name, now):
        yield Line("last used", AGO.format(span(int(now - last))))


def _missing(line: Line, drawn: "Mapping[str, int]") -> "Iterator[Line]":
    """The line, unless the row shows its value whole."""
    if screen_width(line.value) > drawn.get(line.what.upper(), 0):
        yield Line(line.what, line.value)


def _session_end(value: str, is_left_drawn: bool) -> "Iterator[Line]":
    """When the session ends or has ended; `value` is like `7h (2026-11-21T17:00:00Z)`."""
    left, _, end = value.partition(" (")
    if not is_left_drawn or "," in left:  # `expired, aws until 19:40` is more than LEFT says
        yield Line("left", left)
    if end:
        yield Line("ended" if left.startswith("expired") else "ends", end.rstrip(")"))


def _behind(facts: "Facts", target: "Target") -> "Iterator[Line]":
    """Where people log in, and the chain of profiles if it has more than one."""
    if target.session:
        yield Line("start URL", clean(target.session.start_url, 200))
    try:
        links = chains.links(facts.config, target.profile)
    except AwsxError:
        return
    if len(links) > 1:
        yield Line("chain", " <- ".join(clean(link.name) for link in links))
