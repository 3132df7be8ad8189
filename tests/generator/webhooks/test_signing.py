"""Signatures, as the specification's own library checks them, and the plan of tries."""

from __future__ import annotations

import base64
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from generator.webhooks import schedule, signing

BODIES = st.binary(max_size=300)


def sent(body: bytes, *secrets: str) -> dict[str, str]:
    return signing.headers(secrets, "msg_1", int(time.time()), b'"' + body.hex().encode() + b'"')


def wire(body: bytes) -> bytes:
    return b'"' + body.hex().encode() + b'"'


@profile(deadline=None)
@given(BODIES)
def test_every_body_verifies(body: bytes) -> None:
    secret = signing.new_secret()
    assert Verifier(secret).verify(wire(body), sent(body, secret)) == body.hex()


@profile(deadline=None)
@given(BODIES, st.sampled_from(["body", "webhook-id", "webhook-timestamp", "secret"]))
def test_whatever_was_changed_on_the_way_fails(body: bytes, changed: str) -> None:
    secret = signing.new_secret()
    headers, told = sent(body, secret), wire(body)
    if changed == "body":
        told = wire(body + b"x")
    elif changed == "secret":
        secret = signing.new_secret()
    elif changed == "webhook-id":
        headers["webhook-id"] = "msg_2"
    else:
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - 1)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(told, headers)


def test_two_secrets_make_two_signatures_and_either_verifies() -> None:
    new, old = signing.new_secret(), signing.new_secret()
    headers = sent(b"x", new, old)
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (new, old):
        Verifier(secret).verify(wire(b"x"), headers)


def test_the_signature_of_the_specification() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    message, moment = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    found = signing.signature(secret, message, moment, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {signing.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    for secret in secrets:
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


@profile(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_pauses_grow_and_end(chance: float, other: float) -> None:
    pauses = [schedule.pause(n, chance) for n in range(1, schedule.TRIES)]
    assert all(early < late for early, late in pairwise(pauses))
    assert schedule.pause(schedule.TRIES, other) is None
    assert schedule.pause(schedule.TRIES + 3, other) is None


@profile(deadline=None)
@given(st.integers(1, schedule.TRIES - 1), st.floats(0, 1), st.floats(0, 10**9))
def test_a_pause_stays_within_its_jitter_and_what_was_asked(
    tries: int, chance: float, asked: float
) -> None:
    planned = schedule.PAUSES[tries - 1]
    found = schedule.pause(tries, chance, asked)
    assert found is not None
    assert found >= 0.8 * planned
    assert found <= max(1.2 * planned, schedule.LONGEST_ASKED)
    assert found >= min(asked, schedule.LONGEST_ASKED)


def test_the_tries_go_on_for_two_days() -> None:
    assert 48 * 3600 < sum(schedule.PAUSES) < 60 * 3600


def test_the_documented_check_takes_ours_and_nothing_else() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    [code] = re.findall(r"```python\n(.*?def is_from_limner.*?)```", page, re.S)
    documented: dict[str, Any] = {}
    exec(code, documented)  # noqa: S102  what the page tells people to run
    is_from_limner = documented["is_from_limner"]
    secret, other = signing.new_secret(), signing.new_secret()
    headers = sent(b"x", other, secret)
    assert is_from_limner(secret, headers, wire(b"x"))
    assert not is_from_limner(secret, headers, wire(b"y"))
    assert not is_from_limner(signing.new_secret(), headers, wire(b"x"))
    old = {**headers, "webhook-timestamp": str(int(time.time()) - 3600)}
    assert not is_from_limner(secret, old, wire(b"x"))
