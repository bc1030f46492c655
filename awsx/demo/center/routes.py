"""Which operation a request asks for: one port serves them all.

The path tells, a header (JSON protocol) or a parameter named Action (Query protocol).
"""

from __future__ import annotations

from awsx.demo.center.request import Request

BY_PATH = {
    ("POST", "/client/register"): "RegisterClient",
    ("POST", "/device_authorization"): "StartDeviceAuthorization",
    ("POST", "/token"): "CreateToken",
    ("GET", "/authorize"): "Authorize",
    ("POST", "/authorize"): "AnswerAuthorize",
    ("GET", "/device"): "Device",
    ("POST", "/device"): "AnswerDevice",
    ("GET", "/v1/authorize"): "AuthorizeSignIn",
    ("POST", "/v1/token"): "CreateOAuth2Token",
    ("GET", "/start"): "StartPage",
    ("GET", "/start/"): "StartPage",
    ("GET", "/assignment/accounts"): "ListAccounts",
    ("GET", "/assignment/roles"): "ListAccountRoles",
    ("GET", "/federation/credentials"): "GetRoleCredentials",
    ("POST", "/logout"): "Logout",
    ("GET", "/"): "ListBuckets",
}


def operation(request: Request) -> str | None:
    """AWS's name of the operation; None for an unknown path.

    It may be one that no service here has: a header or a parameter can name any.
    """
    if request.path == "/federation":
        return request.query.get("Action") or request.form.get("Action")
    if (request.method, request.path) == ("POST", "/"):
        target = request.headers.get("x-amz-target", "")
        return target.rpartition(".")[2] or request.form.get("Action")
    return BY_PATH.get((request.method, request.path))


def detail(request: Request, name: str | None) -> str:
    """What tells two calls of the operation `name` apart in the log; never a secret."""
    if name in ("CreateToken", "CreateOAuth2Token"):
        return str(request.json.get("grantType", ""))
    if name == "GetRoleCredentials":
        return "/".join(request.query.get(key, "") for key in ("account_id", "role_name"))
    if name == "getSigninToken":
        return request.query.get("SessionDuration", "")
    return request.form.get("RoleArn", "") if name == "AssumeRole" else ""
