"""STS in its Query protocol: GetCallerIdentity, two ways to a role, and the tokens that an IAM user can get."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone

from awsx.demo.center.behaviour import HOUR, Behaviour
from awsx.demo.center.keys import AccessKey, AccessKeys
from awsx.demo.center.organisation import Account, Organisation
from awsx.demo.center.wire import AwsError, Handler, Request, Response, xml, xml_response

NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
ROLE_ARN = re.compile(r"arn:aws:iam::(?P<account>\d{12}):role/(?P<role>[\w+=,.@-]+)")
SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}")
SHORTEST = 900
LONGEST = 12 * HOUR
LONGEST_FOR_USER = 36 * HOUR


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
        caller = self._keys.caller(request)
        texts = {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account_id}
        return answer("GetCallerIdentity", xml("GetCallerIdentityResult", **texts))

    def assume_role(self, request: Request) -> Response:
        caller, form = self._keys.caller(request), request.form
        account, role = self._role(
            form, f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource"
        )
        self._check_mfa(form, required=role in self._organisation.mfa_roles)
        chained = ":assumed-role/" in caller.arn
        session = session_name(form, "RoleSessionName")
        lifetime = duration(form, default=HOUR, longest=LONGEST)
        if chained and lifetime > HOUR:
            message = "DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            raise AwsError("ValidationError", f"The requested {message}")
        key = self._keys.issue_for_role(account, role, session, lifetime, chained)
        user = xml("AssumedRoleUser", AssumedRoleId=key.user_id, Arn=key.arn)
        return answer("AssumeRole", xml("AssumeRoleResult", credentials(key), user))

    def assume_role_with_web_identity(self, request: Request) -> Response:
        """Nobody signs this one: the token says who asks."""
        form = request.form
        account, role = self._role(
            form, "Not authorized to perform sts:AssumeRoleWithWebIdentity on resource"
        )
        session = session_name(form, "RoleSessionName")
        if form.get("WebIdentityToken") != self._organisation.web_identity_token:
            raise AwsError("InvalidIdentityToken", "The web identity token could not be validated")
        key = self._keys.issue_for_role(
            account, role, session, duration(form, default=HOUR, longest=LONGEST)
        )
        user = xml("AssumedRoleUser", AssumedRoleId=key.user_id, Arn=key.arn)
        return answer(
            "AssumeRoleWithWebIdentity",
            xml("AssumeRoleWithWebIdentityResult", credentials(key), user),
        )

    def get_session_token(self, request: Request) -> Response:
        caller = self._user(request)
        self._check_mfa(request.form, required=False)
        lifetime = duration(request.form, default=12 * HOUR, longest=LONGEST_FOR_USER)
        key = self._keys.issue(self._home(), caller.arn, caller.user_id, lifetime)
        return answer("GetSessionToken", xml("GetSessionTokenResult", credentials(key)))

    def get_federation_token(self, request: Request) -> Response:
        caller, name = self._user(request), session_name(request.form, "Name")
        lifetime = duration(request.form, default=12 * HOUR, longest=LONGEST_FOR_USER)
        arn = f"arn:aws:sts::{caller.account_id}:federated-user/{name}"
        key = self._keys.issue(self._home(), arn, f"{caller.account_id}:{name}", lifetime)
        user = xml("FederatedUser", FederatedUserId=key.user_id, Arn=key.arn)
        return answer("GetFederationToken", xml("GetFederationTokenResult", credentials(key), user))

    def _role(self, form: dict[str, str], refusal: str) -> tuple[Account, str]:
        """Everybody in the organisation may assume the IAM roles that exist in it."""
        arn = form.get("RoleArn", "")
        match = ROLE_ARN.fullmatch(arn)
        if not match:
            raise invalid("roleArn", arn)
        account = self._organisation.account_by_id(match["account"])
        if account is None or match["role"] not in account.iam_roles:
            raise denied(f"{refusal}: {arn}")
        return account, match["role"]

    def _check_mfa(self, form: dict[str, str], required: bool) -> None:
        serial, code = form.get("SerialNumber"), form.get("TokenCode")
        if serial is None and code is None:
            if required:
                raise denied("MultiFactorAuthentication is required to assume this role")
        elif (serial, code) != (self._organisation.user.mfa_serial, self._behaviour.mfa_code):
            raise denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")

    def _user(self, request: Request) -> AccessKey:
        caller = self._keys.caller(request)
        if caller.expires is not None:
            raise denied("Cannot call this operation with session credentials")
        return caller

    def _home(self) -> Account:
        return self._organisation.accounts[0]

    @staticmethod
    def spell(error: AwsError) -> Response:
        kind = "Receiver" if error.status >= 500 else "Sender"
        text = xml("Error", Type=kind, Code=error.code, Message=error.message)
        body = xml(f"ErrorResponse {NAMESPACE}", text, RequestId=str(uuid.uuid4()))
        return xml_response(body, error.status)


def answer(operation: str, result: str) -> Response:
    metadata = xml("ResponseMetadata", RequestId=str(uuid.uuid4()))
    return xml_response(xml(f"{operation}Response {NAMESPACE}", result, metadata))


def credentials(key: AccessKey) -> str:
    ends = datetime.fromtimestamp(key.expires or 0, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return xml(
        "Credentials",
        AccessKeyId=key.id,
        SecretAccessKey=key.secret,
        SessionToken=key.session_token,
        Expiration=ends,
    )


def duration(form: dict[str, str], default: int, longest: int) -> int:
    given = form.get("DurationSeconds", str(default))
    if not given.isdecimal() or not SHORTEST <= int(given) <= longest:
        raise invalid("durationSeconds", given)
    return int(given)


def session_name(form: dict[str, str], member: str) -> str:
    name = form.get(member, "")
    if not SESSION_NAME.fullmatch(name):
        raise invalid(member[:1].lower() + member[1:], name)
    return name


def denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, 403)


def invalid(member: str, value: str) -> AwsError:
    return AwsError(
        "ValidationError", f"1 validation error detected: '{member}' is invalid: {value}"
    )
