"""What lists and prompts say of a session that renews itself: never that it has expired.

Only once AWS has refused the renewal it counts as expired.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter
from awsx.files import tokens

from .at_terminal import run
from .home import log_in, token_path


def put(home: Path, center: IdentityCenter, ends: float, **without: bool) -> None:
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": tokens.iso(int(time.time() + ends))}
    path.write_text(json.dumps({key: value for key, value in token.items() if key not in without}))


CASES = {
    "renewable, good": (1830, {}, "30m+", "valid"),
    "renewable, over": (-60, {}, "renews", "renewable"),
    "not renewable, good": (1830, {"refreshToken": True}, "30m", "valid"),
    "not renewable, over": (-60, {"refreshToken": True}, "expired", "expired"),
    "no registration left": (-60, {"registrationExpiresAt": True}, "expired", "expired"),
}


@pytest.mark.parametrize("case", CASES)
def test_list_current_and_memo_agree_on_the_time_left(
    case: str, environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    ends, without, left, state = CASES[case]
    put(home, center, ends, **without)
    env = {**environment, "AWS_PROFILE": "prod"}
    assert json.loads(run(["ls", "prod", "--json"], env)[1].shown)[0]["state"] == state
    assert any(left in line.split() for line in run(["ls", "prod"], env)[1].lines)
    assert json.loads(run(["current", "--json"], env)[1].shown)["left"] == left
    assert run(["--refresh"], env)[1].shown == ""
    memo = next((home / ".cache" / "awsx").rglob(f"s.{token_path(home).stem}")).read_text()
    expires, renewable = (int(field) for field in memo.split("\x1f")[:2])
    assert abs(expires - time.time() - ends) < 60
    assert (renewable > time.time()) == (left in ("30m+", "renews"))
    assert center.log.operations() == []  # all of it offline


def test_a_session_whose_renewal_was_refused_counts_as_expired(
    environment: dict[str, str], center: IdentityCenter, home: Path
) -> None:
    """A person who cancels the login that follows must not read that the session renews itself."""
    put(home, center, -60)
    center.revoke_sessions()
    center.behaviour.decision = "deny"
    env = {**environment, "AWS_PROFILE": "prod"}
    assert run(["login"], env)[0] == 1
    assert json.loads(run(["current", "--json"], env)[1].shown)["left"] == "expired"
    assert "refreshToken" not in json.loads(token_path(home).read_text())
    center.behaviour.decision = "allow"
    assert run(["login"], env)[0] == 0  # access that was removed and given again
    assert json.loads(run(["current", "--json"], env)[1].shown)["left"] in ("1h+", "59m+")
