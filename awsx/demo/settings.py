"""awsx's settings in the demo: names of the accounts, and a guarded production."""

from __future__ import annotations

from awsx.demo.center.organisation import Organisation

GUARD = """\
[guard]
match = ["*-prod*", "break-glass"]
confirm = {confirm}
"""


def settings(organisation: Organisation, asks: bool) -> str:
    """The text of config.toml. Without `asks` a guarded profile is marked, but not asked about."""
    names = [f'{account.id} = "{account.name}"' for account in organisation.accounts]
    return "\n".join(["[accounts]", *names, "", GUARD.format(confirm=str(asks).lower())])
