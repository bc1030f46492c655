"""STS: GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity, and the tokens of an IAM user.

It speaks the Query protocol: parameters as a form, answers in XML.
https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone
from typing import NamedTuple

from awsx.demo.center.access_keys import AccessKey, AccessKeys, assumed_role, federated_user
from awsx.demo.center.behaviour import HOUR, Behaviour
from awsx.demo.center.organisation import Account, Organisation
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, xml, xml_response
from awsx.demo.center.service import AwsError, Handler

NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
ROLE_ARN = re.compile(r"arn:aws:iam::(?P<account>\d{12}):role/(?P<role>[\w+=,.@-]+)")
SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}")
# Limits of DurationSeconds.
SHORTEST = 900
LONGEST = 12 * HOUR
LONGEST_FOR_USER = 36 * HOUR

NOT_AUTHORIZED = "User: {} is not authorized to perform: sts:AssumeRole on resource: {}"
NOT_AUTHORIZED_BY_WEB = "Not authorized to perform sts:AssumeRoleWithWebIdentity on resource: {}"
CHAINED_TOO_LONG = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining"
)
MFA_REQUIRED = "MultiFactorAuthentication is required to assume this role"
MFA_FAILED = "MultiFactorAuthentication failed with invalid MFA one time pass code."


class IamRole(NamedTuple):
    account: Account
    name: str


class Sts:
    def __init__(self, organisation: Organisation, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._keys = keys
        self.operations: dict[str, Handler] = {
            "GetCallerIdentity": self.get_caller_identity,
            "AssumeRole": self.assume_role,
            "AssumeRoleWithWebIdentity": self.assume_role_with_web_identity,
            "GetSessionToken": self.get_session_token,
            "GetFederationToken": self.get_federation_token,
        }

    def get_caller_identity(self, request: Request) -> Response:
        caller = self._keys.caller(request).principal
        texts = {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account_id}
        return answer("GetCallerIdentity", xml("GetCallerIdentityResult", **texts))

    def assume_role(self, request: Request) -> Response:
        caller, form = self._keys.caller(request).principal, request.form
        role = self._find_role(form)
        if role is None:
            raise denied(NOT_AUTHORIZED.format(caller.arn, form["RoleArn"]))
        self._check_mfa(form, is_required=role.name in self._organisation.mfa_roles)
        principal = assumed_role(role.account, role.name, session_name(form, "RoleSessionName"))
        lifetime = duration(form, default=HOUR, longest=LONGEST)
        is_chained = ":assumed-role/" in caller.arn
        if is_chained and lifetime > HOUR:
            raise AwsError("ValidationError", CHAINED_TOO_LONG)
        return answer_with_role("AssumeRole", self._keys.issue(principal, lifetime, is_chained))

    def assume_role_with_web_identity(self, request: Request) -> Response:
        """Such a request is not signed: its token tells who asks."""
        form = request.form
        role = self._find_role(form)
        if role is None:
            raise denied(NOT_AUTHORIZED_BY_WEB.format(form["RoleArn"]))
        principal = assumed_role(role.account, role.name, session_name(form, "RoleSessionName"))
        if form.get("WebIdentityToken") != self._organisation.web_identity_token:
            raise AwsError("InvalidIdentityToken", "The web identity token could not be validated")
        key = self._keys.issue(principal, duration(form, default=HOUR, longest=LONGEST))
        return answer_with_role("AssumeRoleWithWebIdentity", key)

    def get_session_token(self, request: Request) -> Response:
        caller = self._user(request)
        self._check_mfa(request.form, is_required=False)
        lifetime = duration(request.form, default=12 * HOUR, longest=LONGEST_FOR_USER)
        key = self._keys.issue(caller.principal, lifetime)
        return answer("GetSessionToken", xml("GetSessionTokenResult", credentials(key)))

    def get_federation_token(self, request: Request) -> Response:
        self._user(request)
        name = session_name(request.form, "Name")
        lifetime = duration(request.form, default=12 * HOUR, longest=LONGEST_FOR_USER)
        principal = federated_user(self._organisation.accounts[0], name)
        key = self._keys.issue(principal, lifetime)
        user = xml("FederatedUser", FederatedUserId=principal.user_id, Arn=principal.arn)
        return answer("GetFederationToken", xml("GetFederationTokenResult", credentials(key), user))

    def _find_role(self, form: dict[str, str]) -> IamRole | None:
        """The role of RoleArn, None if it does not exist. Every caller may assume it if it does.

        Raises AwsError if RoleArn is missing or is no role's ARN.
        """
        arn = form.get("RoleArn", "")
        match = ROLE_ARN.fullmatch(arn)
        if not match:
            raise invalid("roleArn", arn)
        account = self._organisation.account_by_id(match["account"])
        is_known = account is not None and match["role"] in account.iam_roles
        return IamRole(account, match["role"]) if account and is_known else None

    def _check_mfa(self, form: dict[str, str], is_required: bool) -> None:
        """Raises AwsError for a wrong MFA device or code, and for none if one is required."""
        serial, code = form.get("SerialNumber"), form.get("TokenCode")
        if serial is None and code is None:
            if is_required:
                raise denied(MFA_REQUIRED)
        elif (serial, code) != (self._organisation.user.mfa_serial, self._behaviour.mfa_code):
            raise denied(MFA_FAILED)

    def _user(self, request: Request) -> AccessKey:
        """The IAM user's own key. Raises AwsError if temporary credentials signed the request."""
        caller = self._keys.caller(request)
        if caller.expires is not None:
            raise denied("Cannot call this operation with session credentials")
        return caller

    @staticmethod
    def spell(error: AwsError) -> Response:
        kind = "Receiver" if error.status >= 500 else "Sender"
        text = xml("Error", Type=kind, Code=error.code, Message=error.message)
        body = xml(f"ErrorResponse {NAMESPACE}", text, RequestId=str(uuid.uuid4()))
        return xml_response(body, error.status)


def answer(operation: str, result: str) -> Response:
    metadata = xml("ResponseMetadata", RequestId=str(uuid.uuid4()))
    return xml_response(xml(f"{operation}Response {NAMESPACE}", result, metadata))


def answer_with_role(operation: str, key: AccessKey) -> Response:
    """The answer of both ways to assume a role."""
    principal = key.principal
    user = xml("AssumedRoleUser", AssumedRoleId=principal.user_id, Arn=principal.arn)
    return answer(operation, xml(f"{operation}Result", credentials(key), user))


def credentials(key: AccessKey) -> str:
    expires = datetime.fromtimestamp(key.expires or 0, timezone.utc)
    return xml(
        "Credentials",
        AccessKeyId=key.id,
        SecretAccessKey=key.secret,
        SessionToken=key.session_token,
        Expiration=expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def duration(form: dict[str, str], default: int, longest: int) -> int:
    """DurationSeconds. Raises AwsError if it is out of range."""
    given = form.get("DurationSeconds", str(default))
    if not given.isdecimal() or not SHORTEST <= int(given) <= longest:
        raise invalid("durationSeconds", given)
    return int(given)


def session_name(form: dict[str, str], parameter: str) -> str:
    name = form.get(parameter, "")
    if not SESSION_NAME.fullmatch(name):
        raise invalid(parameter[:1].lower() + parameter[1:], name)
    return name


def denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, 403)


def invalid(parameter: str, value: str) -> AwsError:
    message = f"1 validation error detected: '{parameter}' is invalid: {value}"
    return AwsError("ValidationError", message)
