"""Signatures, by the vectors their makers publish, and by everything that is nearly right."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pixelstudio.net.signatures import TOLERANCE_S, fal_message, is_ed25519, is_standard, is_timely, standard_key, standard_signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = standard_key("whsec_" + base64.b64encode(b"x" * 24).decode())
FAL_KEY = base64.urlsafe_b64decode("A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")
FAL_SIGNATURE = (
    "308195c71a821998dc6dbf31a1d896867971a348e8423436fa3c901a1dcd3164caf6807e19567330f3adab02fd43546cb3969893e00baa4c01883b42e501320d"
)
FAL = ("req_1", "user_1", "1700000000", b'{"id":1}')


def test_the_vector_of_standard_webhooks_and_replicate() -> None:
    assert standard_signature(standard_key(SECRET), ID, TIMESTAMP, BODY) == SIGNATURE
    assert is_standard([standard_key(SECRET)], ID, TIMESTAMP, SIGNATURE, BODY)


def test_the_vector_of_openai_says_the_same() -> None:
    key = standard_key("whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=")
    body = b'{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}'  # as published

    made = standard_signature(key, "wh_685c059ae39c8190af8c71ed1022a24d", "1750861210", body)

    assert made == "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY="


@pytest.mark.parametrize(
    ("keys", "message_id", "timestamp", "signatures", "body"),
    [
        ([OTHER], ID, TIMESTAMP, SIGNATURE, BODY),
        ([], ID, TIMESTAMP, SIGNATURE, BODY),
        ([standard_key(SECRET)], ID + "x", TIMESTAMP, SIGNATURE, BODY),
        ([standard_key(SECRET)], ID, "1614265331", SIGNATURE, BODY),
        ([standard_key(SECRET)], ID, TIMESTAMP, SIGNATURE, BODY[:-1] + b" "),
        ([standard_key(SECRET)], ID, TIMESTAMP, SIGNATURE.replace("v1,", "v2,"), BODY),
        ([standard_key(SECRET)], ID, TIMESTAMP, SIGNATURE.removeprefix("v1,"), BODY),
        ([standard_key(SECRET)], ID, TIMESTAMP, "", BODY),
        ([standard_key(SECRET)], ID, TIMESTAMP, "v1,ä", BODY),
    ],
)
def test_what_is_nearly_right_is_wrong(keys, message_id, timestamp, signatures, body) -> None:
    assert not is_standard(keys, message_id, timestamp, signatures, body)


def test_while_a_secret_is_changed_either_key_and_either_signature_will_do() -> None:
    assert is_standard([OTHER, standard_key(SECRET)], ID, TIMESTAMP, SIGNATURE, BODY)
    assert is_standard([standard_key(SECRET)], ID, TIMESTAMP, f"v1,AAAA {SIGNATURE}", BODY)


def test_the_vector_of_fal() -> None:
    assert Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(fal_message(*FAL)).hex() == FAL_SIGNATURE
    assert is_ed25519([b"\0" * 32, FAL_KEY], FAL_SIGNATURE, fal_message(*FAL))


@pytest.mark.parametrize("place", range(4))
def test_a_byte_changed_anywhere_is_not_what_fal_signed(place) -> None:
    request_id, user_id, timestamp, body = FAL
    changed = [
        (request_id + "0", user_id, timestamp, body),
        (request_id, user_id + "0", timestamp, body),
        (request_id, user_id, timestamp + "0", body),
        (request_id, user_id, timestamp, body + b" "),
    ]

    assert not is_ed25519([FAL_KEY], FAL_SIGNATURE, fal_message(*changed[place]))


@pytest.mark.parametrize(("keys", "signature"), [([FAL_KEY], "zz"), ([FAL_KEY], ""), ([b"short"], FAL_SIGNATURE), ([], FAL_SIGNATURE)])
def test_what_is_no_signature_or_no_key_vouches_for_nothing(keys, signature) -> None:
    assert not is_ed25519(keys, signature, fal_message(*FAL))


@pytest.mark.parametrize(
    ("timestamp", "timely"),
    [
        ("1700000000", True),
        (str(1_700_000_000 - TOLERANCE_S), True),
        (str(1_700_000_000 + TOLERANCE_S), True),
        (str(1_700_000_000 - TOLERANCE_S - 1), False),
        (str(1_700_000_000 + TOLERANCE_S + 1), False),
        ("", False),
        ("1e9", False),
        ("-1700000000", False),
        ("\u0661700000000", False),
        ("9" * 5000, False),
    ],
)
def test_three_hundred_seconds_either_way(timestamp, timely) -> None:
    assert is_timely(timestamp, 1_700_000_000.0) is timely


@pytest.mark.parametrize("secret", ["whsec_***", "whsec_a"])
def test_a_secret_that_is_none_is_said_at_once(secret) -> None:
    with pytest.raises(ValueError, match="base64"):
        standard_key(secret)
