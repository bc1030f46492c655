"""awsx's settings in the demo: names and tags of accounts, a guarded production, who logs in."""

from __future__ import annotations

from awsx.demo.center.organisation import Organisation
from awsx.demo.profiles import stage

GUARD = """\
[guard]
match = ["*-prod*", "break-glass"]
confirm = {confirm}
"""
# The demo's stand-in for the AWS CLI has no `aws sso login`.
BY_ITSELF = """\
[login]
prefer = "own"
"""


def settings(organisation: Organisation, asks: bool, has_aws_cli: bool) -> str:
    """The text of config.toml. Without `asks` a guarded profile is marked, but not asked about."""
    names = [
        f'{account.id} = {{ name = "{account.name}", tags = ["{stage(account)}"] }}'
        for account in organisation.accounts
    ]
    guard = GUARD.format(confirm=str(asks).lower())
    return "\n".join(["[accounts]", *names, "", guard, *([] if has_aws_cli else [BY_ITSELF])])
