"""`awsx whoami`: whose credentials these are, as AWS says, beside what the files say."""

from __future__ import annotations

import time

from awsx.commands import before
from awsx.commands.creds import region_of
from awsx.files import tokens
from awsx.term import clean, out, span, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts, Target

OTHER_ACCOUNT = "{} names account {}, but these credentials are of account {}"


def whoami(env: Mapping[str, str], name: str = "", as_json: bool = False) -> None:
    """Print what STS says of a profile's credentials, else of what this terminal uses.

    Raises AwsxError if there are none, AWS refuses them, or it does not answer within 5 seconds.
    """
    facts = before.opened(env)
    target = _target(facts, name)
    found = _asked(facts, target)
    out(_json(found) if as_json else _table(found))
    expected, account = found["expected_account_id"], found["account_id"]
    if target and expected and expected != account:
        warn(OTHER_ACCOUNT.format(clean(target.profile.name), expected, account))


def _target(facts: Facts, name: str) -> Target | None:
    """The profile that is asked about; None where the terminal uses none."""
    if name:
        return before.target_of(facts, name)
    from awsx.truth.findings import Terminal

    terminal = Terminal(facts.env, facts.config, time.time())
    is_named = terminal.aws.identity in ("profile", "none") and terminal.aws.profile
    return facts.target(terminal.aws.profile) if is_named else None


def _asked(facts: Facts, target: Target | None) -> dict[str, object]:
    """The fields of the answer, by their names in `--json`."""
    from awsx.credentials import valid
    from awsx.service import caller

    keys = valid.keys(facts, target) if target else None
    name = target.profile.name if target else ""
    pair = (keys.access_key, keys.secret_key, keys.token) if keys else None
    answer = caller.identity(name, pair, region_of(facts.env, target) if target else "")
    account = clean(answer["Account"])
    title = facts.account(account)
    if title == account and target and target.account == account:
        title = facts.account_name(target.profile)
    return {
        "profile": name or None,
        "account_id": account,
        "account_name": title if title != account else None,
        "arn": clean(answer["Arn"], 300),
        "user_id": clean(answer["UserId"], 200),
        "expires_at": tokens.iso(keys.expires) if keys and keys.expires else None,
        "expected_account_id": (target.account or None) if target else None,
    }


def _json(found: dict[str, object]) -> str:
    import json

    return json.dumps(found, indent=2) + "\n"


def _table(found: dict[str, object]) -> str:
    name = f" ({clean(str(found['account_name']))})" if found["account_name"] else ""
    rows = {
        "profile": found["profile"] and clean(str(found["profile"])),
        "account": f"{found['account_id']}{name}",
        "arn": found["arn"],
        "user id": found["user_id"],
        "until": _until(found["expires_at"]),
    }
    return "".join(f"{what:<8} {value}\n" for what, value in rows.items() if value)


def _until(ends: object) -> str:
    """`2026-11-20T18:57:37Z (55m)`"""
    if not isinstance(ends, str):
        return ""
    return f"{ends} ({span(max(0, (tokens.epoch(ends) or 0) - int(time.time())))})"
