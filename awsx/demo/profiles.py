"""The profiles of somebody who has worked in the made-up organisation for years.

There is one of every kind that AWS knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from awsx.demo.center.organisation import BREAK_GLASS_ROLE, DEPLOY_ROLE, Account, Organisation

SHORT_NAMES = {
    "AdministratorAccess": "admin",
    "ReadOnlyAccess": "readonly",
    "PowerUserAccess": "poweruser",
}
# The region of each stage's profiles.
REGIONS = {
    "prod": "eu-west-1",
    "staging": "eu-central-1",
    "dev": "us-east-1",
    "sandbox": "eu-north-1",
}
# The stages in which there is a profile for every role. In the others the first two roles have one.
EVERY_ROLE = ("dev", "sandbox")
# The session behind the profiles of the sandbox accounts; the others have the organisation's.
RENEWING_SESSION = "playground"
# The program on PATH that credential_process names.
CREDENTIAL_PROCESS = "demo-credentials"


class Profile(NamedTuple):
    """A section of ~/.aws/config."""

    name: str
    settings: Mapping[str, str]
    comment: str = ""

    def __str__(self) -> str:
        name = f'"{self.name}"' if " " in self.name else self.name
        comment = f"# {self.comment}\n" if self.comment else ""
        lines = "".join(f"{key} = {value}\n" for key, value in self.settings.items())
        return f"{comment}[profile {name}]\n{lines}"


def every_profile(organisation: Organisation, web_identity_token: Path) -> list[Profile]:
    """`web_identity_token` is the file with that token."""
    return [
        *permission_sets(organisation),
        legacy(organisation),
        with_a_space(organisation),
        without_region(organisation),
        deploy_staging(organisation),
        deploy_prod(organisation),
        break_glass(organisation),
        Profile("vault", {"credential_process": CREDENTIAL_PROCESS, "region": REGIONS["prod"]}),
        pod(organisation, web_identity_token),
        console_login(organisation),
    ]


def permission_sets(organisation: Organisation) -> list[Profile]:
    return [
        Profile(
            profile_name(account, role),
            {**sso(organisation, account, role), "region": REGIONS[stage(account)]},
        )
        for account in organisation.accounts
        for role in roles(account)
    ]


def roles(account: Account) -> tuple[str, ...]:
    return account.roles if stage(account) in EVERY_ROLE else account.roles[:2]


def stage(account: Account) -> str:
    """payments-prod -> prod"""
    return account.name.rpartition("-")[2]


def profile_name(account: Account, role: str) -> str:
    """payments-prod-admin"""
    return f"{account.name}-{SHORT_NAMES.get(role) or role.removesuffix('Access').lower()}"


def sso(organisation: Organisation, account: Account, role: str) -> dict[str, str]:
    is_renewing = stage(account) == "sandbox"
    return {
        "sso_session": RENEWING_SESSION if is_renewing else organisation.session_name,
        "sso_account_id": account.id,
        "sso_role_name": role,
    }


def legacy(organisation: Organisation) -> Profile:
    """A profile from before there were sso-sessions: it names the start URL itself."""
    dev = organisation.accounts[2]
    settings = {
        "sso_start_url": organisation.start_url,
        "sso_region": organisation.sso_region,
        "sso_account_id": dev.id,
        "sso_role_name": dev.roles[0],
        "region": REGIONS["dev"],
    }
    return Profile("legacy", settings)


def with_a_space(organisation: Organisation) -> Profile:
    account = organisation.accounts[-1]
    settings = {**sso(organisation, account, account.roles[0]), "region": REGIONS["sandbox"]}
    return Profile(account.name.replace("-", " "), settings)


def without_region(organisation: Organisation) -> Profile:
    dev = organisation.accounts[2]
    return Profile("no-region", sso(organisation, dev, dev.roles[0]))


def deploy_staging(organisation: Organisation) -> Profile:
    _, staging, dev, *_ = organisation.accounts
    settings = {
        "role_arn": staging.role_arn(DEPLOY_ROLE),
        "source_profile": profile_name(dev, dev.roles[0]),
        "region": REGIONS["staging"],
    }
    return Profile("deploy-staging", settings)


def deploy_prod(organisation: Organisation) -> Profile:
    """The end of a chain of two roles."""
    settings = {
        "role_arn": organisation.accounts[0].role_arn(DEPLOY_ROLE),
        "source_profile": "deploy-staging",
        "region": REGIONS["prod"],
    }
    return Profile("deploy-prod", settings)


def break_glass(organisation: Organisation) -> Profile:
    settings = {
        "role_arn": organisation.accounts[0].role_arn(BREAK_GLASS_ROLE),
        "source_profile": organisation.user.name,
        "mfa_serial": organisation.user.mfa_serial,
        "region": REGIONS["prod"],
    }
    return Profile("break-glass", settings, "In the demo the MFA code is always 123456.")


def pod(organisation: Organisation, web_identity_token: Path) -> Profile:
    settings = {
        "role_arn": organisation.accounts[2].role_arn(DEPLOY_ROLE),
        "web_identity_token_file": str(web_identity_token),
        "region": REGIONS["dev"],
    }
    return Profile("pod", settings)


def console_login(organisation: Organisation) -> Profile:
    """As `aws login` writes it: signed in with the web console's session."""
    user = organisation.console_user
    return Profile("console-login", {"login_session": user, "region": REGIONS["dev"]})
