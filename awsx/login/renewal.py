"""Renew a session with its refresh token: no browser opens, and nothing is printed."""

from __future__ import annotations

import time

from awsx.files import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.draft import Draft
    from awsx.files.tokens import Token
    from awsx.login.cached_token import CachedToken
    from awsx.service.answers import Answer

SESSION_ENDED = ("InvalidGrantException", "InvalidClientException", "ExpiredTokenException")


def renew(cached: CachedToken) -> bool:
    """True if the token was renewed; False if it cannot be, since the session has ended.

    Raises AwsxError if AWS cannot be asked, and before it is asked if its answer could not be kept:
    AWS may accept a refresh token only once. Call it while holding the session's lock.
    """
    if cached.session.is_login:
        from awsx.login import signin

        return signin.renew(cached)
    token = cached.read_patiently()
    if token is None or not token.is_renewable(time.time()):
        return False
    with cached.reserved() as place:
        return _renew(cached, token, place)


def _renew(cached: CachedToken, token: Token, place: Draft) -> bool:
    from awsx.service import errors, oidc  # boto3 takes ten times as long as the rest of a start

    grant, refresh_token = "refresh_token", str(token.raw["refreshToken"])
    try:
        answer = oidc.Oidc(cached.session).token(token.raw, grant, refreshToken=refresh_token)
    except errors.Refused as refusal:
        if _is_renewed_by_another(cached):
            return True
        if refusal.code in SESSION_ENDED:
            _drop_refresh_token(cached, token, place)
        return False
    cached.write(_renewed(token, answer), place)
    return True


def _renewed(token: Token, answer: Answer) -> dict[str, object]:
    """The token file with AWS's answer in it; all else in the file stays."""
    changed = {
        "accessToken": answer["accessToken"],
        "expiresAt": tokens.iso(int(time.time() + answer["expiresIn"])),
    }
    if answer.get("refreshToken"):
        changed["refreshToken"] = answer["refreshToken"]
    return {**token.raw, **changed}


def _is_renewed_by_another(cached: CachedToken) -> bool:
    """True if another tool has just renewed the token; waits up to a second for it to write.

    A refresh token may work only once, and the AWS CLI takes no lock.
    """
    for _ in range(10):
        if cached.is_valid():
            return True
        time.sleep(0.1)
    return False


def _drop_refresh_token(cached: CachedToken, refused: Token, place: Draft) -> None:
    """Forget a refresh token that AWS refuses, so that no prompt says the session renews itself."""
    token = cached.read()
    if token and token.raw == refused.raw:
        kept = {key: value for key, value in token.raw.items() if key != "refreshToken"}
        cached.write(kept, place)
