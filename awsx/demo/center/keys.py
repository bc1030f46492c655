"""Access keys that were issued, and who stands behind a signed request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.organisation import Account, Organisation, User, digest, unique_id
from awsx.demo.center.signature import credential_scope, is_signed_with
from awsx.demo.center.wire import AwsError, Request

MISSING = "MissingAuthenticationToken"
UNKNOWN = "InvalidClientTokenId"
EXPIRED = "ExpiredToken"
MISMATCH = "SignatureDoesNotMatch"


@dataclass(frozen=True)
class AccessKey:
    id: str
    secret: str
    session_token: str
    account_id: str
    arn: str
    user_id: str
    # None: an IAM user's key, which never expires.
    expires: float | None
    # Came from AssumeRole with temporary keys: IAM allows it one hour, and the console no SessionDuration.
    chained: bool = False


class AccessKeys:
    def __init__(self, organisation: Organisation, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._keys = {key.id: key for key in [key_of_user(organisation.user)]}

    def issue(
        self, account: Account, arn: str, user_id: str, lifetime: float, chained: bool = False
    ) -> AccessKey:
        key = AccessKey(
            id=unique_id("ASIA", secrets.token_hex()),
            secret=secrets.token_urlsafe(30),
            session_token="IQoJ" + secrets.token_urlsafe(240),
            account_id=account.id,
            arn=arn,
            user_id=user_id,
            # Whole seconds, as the client is told: both sides see it end at the same moment.
            expires=float(int(self._behaviour.now() + lifetime)),
            chained=chained,
        )
        self._keys[key.id] = key
        return key

    def issue_for_role(
        self, account: Account, role: str, session: str, lifetime: float, chained: bool = False
    ) -> AccessKey:
        arn = f"arn:aws:sts::{account.id}:assumed-role/{role}/{session}"
        user_id = f"{unique_id('AROA', account.id + role)}:{session}"
        return self.issue(account, arn, user_id, lifetime, chained)

    def caller(self, request: Request) -> AccessKey:
        """Who signed. When he did isn't looked at: a skewed clock tells of itself by the Date header alone."""
        scope = credential_scope(request)
        if not scope:
            raise AwsError(MISSING, "Request is missing Authentication Token", 403)
        key = self.find(scope[0], request.headers.get("x-amz-security-token", ""))
        if not is_signed_with(request, key.secret):
            raise AwsError(
                MISMATCH, "The request signature we calculated does not match yours", 403
            )
        return key

    def find(self, access_key_id: str, session_token: str) -> AccessKey:
        key = self._keys.get(access_key_id)
        if key is None or key.session_token != session_token:
            raise AwsError(UNKNOWN, "The security token included in the request is invalid.", 403)
        if key.expires is not None and key.expires <= self._behaviour.now():
            raise AwsError(EXPIRED, "The security token included in the request is expired", 403)
        return key


def key_of_user(user: User) -> AccessKey:
    user_id = unique_id("AIDA", user.name)
    return AccessKey(
        user.access_key_id, user.secret_access_key, "", user.account_id, user.arn, user_id, None
    )


def reserved_role(account: Account, role: str) -> str:
    """The IAM role that Identity Center makes of a permission set."""
    return f"AWSReservedSSO_{role}_{digest(account.id + role).hex()[:16]}"
