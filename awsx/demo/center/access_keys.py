"""Access keys that were issued, and whose key signed a request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.organisation import Account, Organisation, User, digest, unique_id
from awsx.demo.center.request import Request
from awsx.demo.center.service import AwsError
from awsx.demo.center.signature import credential_scope, is_signed_with

# STS's names for these errors. S3 and ECR have others for some of them.
MISSING = "MissingAuthenticationToken"
UNKNOWN = "InvalidClientTokenId"
EXPIRED = "ExpiredToken"
MISMATCH = "SignatureDoesNotMatch"


class Principal(NamedTuple):
    """Whom a key stands for, as GetCallerIdentity tells it."""

    account_id: str
    arn: str
    user_id: str


@dataclass(frozen=True, slots=True)
class AccessKey:
    id: str
    secret: str
    session_token: str
    principal: Principal
    # None: an IAM user's key, which never expires.
    expires: float | None
    # True: AssumeRole issued it to the key of another role. IAM limits such a key to one hour, and
    # the console's sign-in refuses a SessionDuration for it.
    is_chained: bool = False


class AccessKeys:
    def __init__(self, organisation: Organisation, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._keys = {key.id: key for key in [key_of_user(organisation.user)]}

    def issue(self, principal: Principal, lifetime: float, is_chained: bool = False) -> AccessKey:
        """Temporary credentials that expire in `lifetime` seconds."""
        key = AccessKey(
            id=unique_id("ASIA", secrets.token_hex()),
            secret=secrets.token_urlsafe(30),
            session_token="IQoJ" + secrets.token_urlsafe(240),
            principal=principal,
            # In whole seconds, as the client reads it: both then see it expire at the same moment.
            expires=float(int(self._behaviour.now() + lifetime)),
            is_chained=is_chained,
        )
        self._keys[key.id] = key
        return key

    def caller(self, request: Request) -> AccessKey:
        """The key that signed `request`.

        Raises AwsError for a missing or wrong signature. The time of the signature is not checked:
        a client sees the clock's skew from the Date header only.
        """
        scope = credential_scope(request)
        if scope is None:
            raise AwsError(MISSING, "Request is missing Authentication Token", 403)
        key = self.find(scope.access_key_id, request.headers.get("x-amz-security-token", ""))
        if not is_signed_with(request, key.secret):
            raise AwsError(
                MISMATCH, "The request signature we calculated does not match yours", 403
            )
        return key

    def find(self, access_key_id: str, session_token: str) -> AccessKey:
        """Raises AwsError if no such key was issued, or it has expired."""
        key = self._keys.get(access_key_id)
        if key is None or key.session_token != session_token:
            raise AwsError(UNKNOWN, "The security token included in the request is invalid.", 403)
        if key.expires is not None and key.expires <= self._behaviour.now():
            raise AwsError(EXPIRED, "The security token included in the request is expired", 403)
        return key


def key_of_user(user: User) -> AccessKey:
    principal = Principal(user.account_id, user.arn, unique_id("AIDA", user.name))
    return AccessKey(user.access_key_id, user.secret_access_key, "", principal, None)


def assumed_role(account: Account, role: str, session: str) -> Principal:
    """Who a caller is after AssumeRole with the session name `session`."""
    arn = f"arn:aws:sts::{account.id}:assumed-role/{role}/{session}"
    return Principal(account.id, arn, f"{unique_id('AROA', account.id + role)}:{session}")


def federated_user(account: Account, name: str) -> Principal:
    """Who a caller is after GetFederationToken."""
    arn = f"arn:aws:sts::{account.id}:federated-user/{name}"
    return Principal(account.id, arn, f"{account.id}:{name}")


def reserved_role(account: Account, permission_set: str) -> str:
    """The name of the IAM role that Identity Center makes of a permission set in an account."""
    suffix = digest(account.id + permission_set).hex()[:16]
    return f"AWSReservedSSO_{permission_set}_{suffix}"
