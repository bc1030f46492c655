"""The loopback AWS Sign-In: whose proof it takes, and why it refuses a session."""

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from signed_in import HOST, PATH, Key, ask, encoded, redeem

from awsx.demo import IdentityCenter
from awsx.demo.center.signin import SAME_DEVICE

KEY, OTHER = Key(), Key()
URL = f"https://{HOST}{PATH}"


@pytest.fixture
def center():
    with IdentityCenter() as center:
        yield center


def told(answer):
    body = json.loads(answer.body)
    return answer.status, body["error"], body["message"]


def forged():
    """A proof whose claims were changed after it was signed."""
    first, _, last = KEY.proof().split(".")
    return ".".join((first, KEY.proof(jti="another").split(".")[1], last))


NO_PROOF = "The DPoP proof is missing or malformed"
WRONG = "The DPoP proof is not for this request"
SIGNATURE = "The signature of the DPoP proof is wrong"
TIME = "The DPoP proof is too old, or from the future"
# How the proof is made, and what the server says of it.
PROOFS = {
    "none": (lambda: None, NO_PROOF),
    "no token": (lambda: "x", NO_PROOF),
    "no JSON": (lambda: ".".join(map(encoded, (b"{", b"{", b"x"))), NO_PROOF),
    "a list": (lambda: ".".join(map(encoded, (b"[]", b"[]", b"x"))), NO_PROOF),
    "another type": (lambda: KEY.proof({"typ": "JWT"}), NO_PROOF),
    "another algorithm": (lambda: KEY.proof({"alg": "none"}), NO_PROOF),
    "another curve": (lambda: Key(ec.SECP256K1()).proof(), SIGNATURE),
    "the name of another curve": (
        lambda: KEY.proof({"jwk": {**KEY.public, "crv": "P-384"}}),
        NO_PROOF,
    ),
    "a private key": (lambda: KEY.proof({"jwk": {**KEY.public, "d": "AA"}}), NO_PROOF),
    "no key": (lambda: KEY.proof({"jwk": None}), NO_PROOF),
    "the key of another": (lambda: KEY.proof({"jwk": OTHER.public}), SIGNATURE),
    "changed claims": (forged, SIGNATURE),
    "no signature": (lambda: KEY.proof().rpartition(".")[0] + ".", SIGNATURE),
    "another method": (lambda: KEY.proof(htm="GET"), WRONG),
    "another path": (lambda: KEY.proof(htu=f"{URL}s"), WRONG),
    "another host": (lambda: KEY.proof(htu=f"https://evil.test{PATH}"), WRONG),
    "an old one": (lambda: KEY.proof(iat=int(time.time()) - 600), TIME),
    "one from the future": (lambda: KEY.proof(iat=int(time.time()) + 600), TIME),
    "no name": (lambda: KEY.proof(jti=""), "The DPoP proof was used before"),
}


@pytest.mark.parametrize("case", PROOFS)
def test_a_proof_that_is_refused(case, center):
    make, message = PROOFS[case]
    answer = redeem(center, make())
    assert told(answer) == (400, "INVALID_REQUEST", message)
    assert answer.headers["x-amzn-ErrorType"] == "ValidationException"


def test_a_proof_is_good_once(center):
    proof = KEY.proof()
    assert redeem(center, proof).status == 200
    assert told(redeem(center, proof))[2] == "The DPoP proof was used before"


def renew(center, token, key=KEY, client=SAME_DEVICE):
    given = {"grantType": "refresh_token", "clientId": client, "refreshToken": token}
    return ask(center, key.proof(), **given)


def test_a_refresh_token_works_once_and_with_its_own_key_alone(center):
    first = json.loads(redeem(center, KEY.proof()).body)["refreshToken"]
    second = json.loads(renew(center, first).body)["refreshToken"]
    assert told(renew(center, first))[1] == "TOKEN_EXPIRED"
    assert told(renew(center, second, OTHER))[1] == "invalid_grant"
    third = json.loads(redeem(center, KEY.proof()).body)["refreshToken"]
    assert told(renew(center, third, client="arn:aws:signin:::devtools/cross-device"))[1] == (
        "invalid_grant"
    )


@pytest.mark.parametrize(
    "reason", ["TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "INSUFFICIENT_PERMISSIONS"]
)
def test_the_three_refusals_have_the_form_that_botocore_reads(reason, center):
    token = json.loads(redeem(center, KEY.proof()).body)["refreshToken"]
    center.behaviour.sign_in_refusal = reason
    answer = renew(center, token)
    assert told(answer)[:2] == (403, reason)
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"


def test_a_session_ends(center):
    token = json.loads(redeem(center, KEY.proof()).body)["refreshToken"]
    center.behaviour.clock_skew = 12 * 3600 + 1
    answer = ask(
        center,
        KEY.proof(iat=int(center.behaviour.now())),
        grantType="refresh_token",
        clientId=SAME_DEVICE,
        refreshToken=token,
    )
    assert told(answer)[1] == "TOKEN_EXPIRED"
