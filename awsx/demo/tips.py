"""What the demo suggests: three commands at its beginning, more of them after a while."""

from __future__ import annotations

from typing import NamedTuple

from awsx.demo.center.organisation import Organisation
from awsx.demo.profiles import profile_name, stage

AFTER = 5  # commands, and the demo says what else there is


class Tip(NamedTuple):
    command: str
    does: str


def first(organisation: Organisation, profiles: int, login: str, aws: str) -> list[Tip]:
    """`login` says how a login goes, `aws` which program `aws` is."""
    production, _, development, *_ = organisation.accounts
    return [
        Tip("awsx", f"pick one of the {profiles} profiles"),
        Tip(
            f"awsx {profile_name(development, development.roles[0])}",
            f"switch and log in ({login})",
        ),
        Tip("aws sts get-caller-identity", aws),
        Tip(f"awsx {profile_name(production, production.roles[0])}", "production: it asks first"),
    ]


def later(organisation: Organisation) -> list[Tip]:
    development = organisation.accounts[2]
    other = profile_name(organisation.accounts[1], organisation.accounts[1].roles[0])
    tips = [
        Tip("awsx -", "back to the profile before"),
        Tip(f"awsx exec {other} -- aws s3 ls", "one command with another"),
        Tip(f"awsx exec {other}", "a shell with it"),
        Tip("awsx region us-west-2", "another region, here alone"),
        Tip("awsx logout; aws s3 ls", "logs in before the command"),
        Tip("awsx current", "what is used here, and why"),
        Tip("awsx off", "leave"),
    ]
    renewing = [account for account in organisation.accounts if stage(account) == "sandbox"]
    if renewing:
        name = profile_name(renewing[0], development.roles[0])
        tips.insert(0, Tip(f"awsx {name}", "renews itself, without a login"))
    return tips


def table(tips: list[Tip], is_coloured: bool) -> str:
    """A line for each tip, with the commands in bold."""
    width = max(len(tip.command) for tip in tips)
    begin, end = ("\033[1m", "\033[0m") if is_coloured else ("", "")
    return "".join(
        f"  {begin}{tip.command}{end}{' ' * (width - len(tip.command))}  {tip.does}\n"
        for tip in tips
    )
