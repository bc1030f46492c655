"""The SSO portal (service `sso`): ListAccounts, ListAccountRoles, GetRoleCredentials and Logout."""

from __future__ import annotations

import base64
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from awsx.demo.center.access_keys import AccessKeys, assumed_role, reserved_role
from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.host_header import is_wrong_region
from awsx.demo.center.organisation import Account, Organisation
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, empty_response, json_response
from awsx.demo.center.service import AwsError, Handler
from awsx.demo.center.sessions import Sessions

PAGE_SIZE = 100


class Portal:
    def __init__(
        self, organisation: Organisation, behaviour: Behaviour, sessions: Sessions, keys: AccessKeys
    ) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._sessions = sessions
        self._keys = keys
        self._calls: deque[float] = deque()
        self.operations: dict[str, Handler] = {
            "ListAccounts": self.list_accounts,
            "ListAccountRoles": self.list_account_roles,
            "GetRoleCredentials": self.get_role_credentials,
            "Logout": self.logout,
        }

    def list_accounts(self, request: Request) -> Response:
        self._admit(request)
        accounts = [
            {"accountId": account.id, "accountName": account.name, "emailAddress": account.email}
            for account in self._organisation.accounts
        ]
        return json_response(page("accountList", accounts, request))

    def list_account_roles(self, request: Request) -> Response:
        self._admit(request)
        account = self._account(request)
        roles = [{"roleName": role, "accountId": account.id} for role in account.roles]
        return json_response(page("roleList", roles, request))

    def get_role_credentials(self, request: Request) -> Response:
        self._admit(request)
        account, role = self._account(request), request.query.get("role_name", "")
        if role not in account.roles:
            raise AwsError("ForbiddenException", "No access", 403)
        person = assumed_role(account, reserved_role(account, role), self._organisation.person)
        key = self._keys.issue(person, self._behaviour.role_credentials_lifetime)
        credentials = {
            "accessKeyId": key.id,
            "secretAccessKey": key.secret,
            "sessionToken": key.session_token,
            "expiration": int((key.expires or 0) * 1000),  # milliseconds
        }
        return json_response({"roleCredentials": credentials})

    def logout(self, request: Request) -> Response:
        self._admit(request)
        self._sessions.end(bearer_token(request))
        return empty_response()

    def _admit(self, request: Request) -> None:
        """Raises AwsError for one above the rate, in a wrong region or with an invalid token."""
        self._throttle()
        if is_wrong_region(self._organisation, request):
            raise AwsError("UnauthorizedException", "Session token not found or invalid", 401)
        self._sessions.check(bearer_token(request))

    def _throttle(self) -> None:
        """Admit at most `portal_rate` calls within any second; refused calls don't count."""
        if self._behaviour.portal_rate is None:
            return
        now = time.monotonic()
        while self._calls and self._calls[0] <= now - 1:
            self._calls.popleft()
        if len(self._calls) >= self._behaviour.portal_rate:
            raise AwsError("TooManyRequestsException", "Rate exceeded", 429)
        self._calls.append(now)

    def _account(self, request: Request) -> Account:
        """Raises AwsError for an unknown account, the same error as for an unknown role."""
        account = self._organisation.account_by_id(request.query.get("account_id", ""))
        if account is None:
            raise AwsError("ForbiddenException", "No access", 403)
        return account

    @staticmethod
    def spell(error: AwsError) -> Response:
        name = f"com.amazonaws.switchboard.portal#{error.code}"
        body = {"message": error.message, "__type": name}
        return json_response(body, error.status, {"x-amzn-ErrorType": error.code})


def bearer_token(request: Request) -> str:
    return request.headers.get("x-amz-sso_bearer_token", "")


def page(name: str, items: Sequence[dict[str, Any]], request: Request) -> dict[str, Any]:
    """The page of `items` that the query asks for, and nextToken: None on the last page.

    To a client the token is opaque; here it is the number of the next page's first item.
    """
    try:
        start = int(base64.b64decode(request.query.get("next_token", ""), validate=True) or 0)
        size = int(request.query.get("max_result", PAGE_SIZE))
    except ValueError:
        raise AwsError("InvalidRequestException", "Invalid next_token or max_result") from None
    if not 1 <= size <= PAGE_SIZE:
        raise AwsError("InvalidRequestException", f"max_result must be between 1 and {PAGE_SIZE}")
    end = start + size
    token = base64.b64encode(str(end).encode()).decode() if end < len(items) else None
    return {name: list(items[start:end]), "nextToken": token}
