"""Made-up accounts, permission sets, IAM roles, one IAM user. The same names and ids every time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

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
BREAK_GLASS_ROLE = "BreakGlass"


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    iam_roles: tuple[str, ...] = (DEPLOY_ROLE, BREAK_GLASS_ROLE)

    def role_arn(self, role: str) -> str:
        return f"arn:aws:iam::{self.id}:role/{role}"


@dataclass(frozen=True)
class User:
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


@dataclass(frozen=True)
class Organisation:
    """Who logs in (`person`), where (`start_url`, `sso_region`) and what for (`accounts`)."""

    accounts: tuple[Account, ...]
    user: User
    # https and an AWS-owned host: newer versions of the AWS CLI insist on the one and look up any other.
    start_url: str = "https://d-0123456789.awsapps.com/start"
    sso_region: str = "eu-west-1"
    session_name: str = "corp"
    person: str = "alice@example.com"
    # IAM roles that want a code from the MFA device.
    mfa_roles: frozenset[str] = field(default=frozenset({BREAK_GLASS_ROLE}))
    # What the identity provider of a cluster would have put into a pod's file.
    web_identity_token: str = "made-up.web-identity.token"

    def account(self, name: str) -> Account:
        """Raises KeyError for a name that nobody has."""
        return {account.name: account for account in self.accounts}[name]

    def account_by_id(self, account_id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == account_id), None)


def make_organisation(accounts: int = 12, roles: int = 2) -> Organisation:
    """`accounts` accounts (payments-prod, payments-staging, payments-dev, ...) with `roles` roles in each."""
    everything = tuple(make_account(number, role_names(roles)) for number in range(accounts))
    return Organisation(accounts=everything, user=make_user(everything[0]))


def make_account(number: int, roles: tuple[str, ...]) -> Account:
    name = account_name(number)
    return Account(id=account_id(name), name=name, email=f"aws+{name}@example.com", roles=roles)


def account_name(number: int) -> str:
    team, stage = divmod(number, len(STAGES))
    lap, team = divmod(team, len(TEAMS))
    return f"{TEAMS[team]}{lap + 1 if lap else ''}-{STAGES[stage]}"


def account_id(name: str) -> str:
    """Twelve digits, the first not zero: a leading zero is lost where somebody takes it for a number."""
    return str(10**11 + int.from_bytes(digest(name)[:8], "big") % (9 * 10**11))


def role_names(count: int) -> tuple[str, ...]:
    return tuple(ROLES[n] if n < len(ROLES) else f"Team{n + 1}Access" for n in range(count))


def make_user(account: Account) -> User:
    return User("ci", account.id, unique_id("AKIA", "ci"), digest("ci secret").hex()[:40])


def unique_id(prefix: str, seed: str) -> str:
    """An id in IAM's shape: AKIA, ASIA, AROA, AIDA ... and 16 more characters of base 32."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return prefix + "".join(letters[byte % 32] for byte in digest(seed)[:16])


def digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()
