"""The made-up organisation: accounts with roles, and one IAM user.

Names and ids are the same every time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

TEAMS = (
    "payments", "checkout", "search", "catalog", "identity", "data", "platform", "mobile",
    "logistics", "billing", "support", "fraud", "pricing", "media", "partners", "research",
)  # fmt: skip
STAGES = ("prod", "staging", "dev", "sandbox")
ROLES = (
    "AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess", "Billing", "DatabaseAdministrator",
    "NetworkAdministrator", "SecurityAudit", "SupportUser", "ViewOnlyAccess", "DataScientist",
)  # fmt: skip

# IAM roles that every account has beside its permission sets, for profiles with role_arn.
DEPLOY_ROLE = "Deploy"
BREAK_GLASS_ROLE = "BreakGlass"  # wants a code from the MFA device


class Account(NamedTuple):
    """`roles` are names of permission sets; Identity Center calls them roles, too."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    iam_roles: tuple[str, ...] = (DEPLOY_ROLE, BREAK_GLASS_ROLE)

    def role_arn(self, role: str) -> str:
        return f"arn:aws:iam::{self.id}:role/{role}"


class User(NamedTuple):
    """An IAM user with an access key that never expires."""

    name: str
    account_id: str
    access_key_id: str
    secret_access_key: str

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:user/{self.name}"

    @property
    def mfa_serial(self) -> str:
        return f"arn:aws:iam::{self.account_id}:mfa/{self.name}"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who logs in (`person`), where (`start_url`, `sso_region`) and to what (`accounts`)."""

    accounts: tuple[Account, ...]
    user: User
    # Newer versions of the AWS CLI require https, and look up every host that is not AWS's.
    start_url: str = "https://d-0123456789.awsapps.com/start"
    sso_region: str = "eu-west-1"
    session_name: str = "corp"
    person: str = "alice@example.com"
    # The names of the IAM roles that want a code from the MFA device.
    mfa_roles: frozenset[str] = frozenset({BREAK_GLASS_ROLE})
    # A cluster's identity provider would write such a token into a file of each pod.
    web_identity_token: str = "made-up.web-identity.token"

    @property
    def console_user(self) -> str:
        """The ARN of who is signed in to the web console, and logs in by `aws login`."""
        return f"arn:aws:iam::{self.accounts[min(2, len(self.accounts) - 1)].id}:user/alice"

    def account(self, name: str) -> Account:
        """Raises KeyError for an unknown name."""
        return {account.name: account for account in self.accounts}[name]

    def account_by_id(self, account_id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == account_id), None)


def make_organisation(accounts: int = 12, roles: int = 2) -> Organisation:
    """`accounts` accounts (payments-prod, payments-staging, ...) with `roles` roles in each."""
    names = role_names(roles)
    made = tuple(make_account(number, names) for number in range(accounts))
    return Organisation(accounts=made, user=make_user(made[0]))


def make_account(number: int, roles: tuple[str, ...]) -> Account:
    name = account_name(number)
    return Account(id=account_id(name), name=name, email=f"aws+{name}@example.com", roles=roles)


def account_name(number: int) -> str:
    """Every stage of every team; after the last team they begin again as payments2-prod."""
    team, stage = divmod(number, len(STAGES))
    rounds, team = divmod(team, len(TEAMS))
    return f"{TEAMS[team]}{rounds + 1 if rounds else ''}-{STAGES[stage]}"


def account_id(name: str) -> str:
    """Twelve digits. The first is not 0, which is lost where a program reads the id as a number."""
    return str(10**11 + int.from_bytes(digest(name)[:8], "big") % (9 * 10**11))


def role_names(count: int) -> tuple[str, ...]:
    return tuple(ROLES[n] if n < len(ROLES) else f"Team{n + 1}Access" for n in range(count))


def make_user(account: Account) -> User:
    return User("ci", account.id, unique_id("AKIA", "ci"), digest("ci secret").hex()[:40])


def unique_id(prefix: str, seed: str) -> str:
    """An id in IAM's form: the prefix (AKIA, ASIA, AROA, AIDA) and 16 characters of base 32.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return prefix + "".join(letters[byte % 32] for byte in digest(seed)[:16])


def digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()
