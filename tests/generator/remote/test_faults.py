"""What providers do wrong, and what each becomes: tried again at once, later, or refused."""

from __future__ import annotations

import contextlib
import email.utils
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.generator.remote.provider import Says, Seen, b64, png, serving
from tests.generator.remote.shopping import KEY, LIMITS, Naps, errand, pictures, refusal, shop

WHOLE = png()
#: A body must have come within half a second.
QUICK = replace(LIMITS, download=0.5)


def dripping(handler) -> None:
    """A byte now and then, for ever: each read succeeds, and nothing ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    end = time.monotonic() + 5
    while time.monotonic() < end:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def dripping_headers(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    end = time.monotonic() + 5
    while time.monotonic() < end:
        handler.wfile.write(b"X-More: 1\r\n")
        time.sleep(0.05)


def breaking_off(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    linger = struct.pack("ii", 1, 0)  # close with a reset
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def flooding(handler) -> None:
    """200 MB, without saying so first."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(200):
            handler.wfile.write(b"x" * 2**20)


def picture_of(data: bytes | str) -> Says:
    text = data if isinstance(data, str) else b64(data)
    return Says({"created": 1, "data": [{"b64_json": text}]})


def openai_error(status: int, code: str, message: str) -> Says:
    return Says({"error": {"message": message, "type": "x", "code": code}}, status)


PERMANENT: dict[str, tuple[Says, str]] = {
    "401": (openai_error(401, "invalid_api_key", f"Incorrect: {KEY}"), "does not accept our key"),
    "402": (Says({}, 402), "no credit left"),
    "403": (Says({}, 403), "does not allow this"),
    "404": (Says({}, 404), "does not know"),
    "400": (openai_error(400, "bad", "No such size"), "It says: No such size"),
    "redirect": (Says(b"", 302, {"Location": "http://127.0.0.1/"}), "redirect"),
    "quota as 429": (openai_error(429, "insufficient_quota", "Pay"), "no credit left"),
    "moderation": (openai_error(400, "moderation_blocked", "Unsafe"), "refused the prompt"),
    "wrong size": (picture_of(png(64, 32)), "wrong size, 64×32 instead of 256×256"),
    "too many pixels": (picture_of(png(5000, 5000)), "5000×5000 pixels"),
    "200 MB": (Says(raw=flooding), "more than 1 MiB"),
    "200 MB announced": (Says(b"", headers={"Content-Length": "200000000"}), "more than 1 MiB"),
}
LATER: dict[str, tuple[Says, str]] = {
    "500": (Says({}, 500), "failed (500)"),
    "502": (Says(b"<html>", 502), "failed (502)"),
    "HTML with 200": (Says(b"<html>Welcome</html>"), "not JSON"),
    "empty body": (Says(b""), "not JSON"),
    "invalid JSON": (Says(b'{"data": ['), "not JSON"),
    "deep JSON": (Says(b"[" * 100_000), "not JSON"),
    "odd JSON": (Says({"data": "?"}), "unexpected"),
    "JSON of another kind": (Says([1, 2]), "unexpected"),
    "no pictures": (Says({"data": []}), "fewer pictures"),
    "truncated PNG": (picture_of(WHOLE[: len(WHOLE) // 2]), "broken picture"),
    "no bytes": (picture_of("data:image/png;base64,"), "empty picture"),
    "HTML as picture": (picture_of(b"<html></html>"), "broken picture"),
    "GIF": (picture_of(png(kind="GIF")), "broken picture"),
    "base64 garbage": (picture_of("%%% not base64 %%%"), "not a picture"),
    "data URL of SVG": (picture_of("data:image/svg+xml,<svg/>"), "not a picture"),
    "slow-loris": (Says(raw=dripping), "did not answer in time"),
    "slow headers": (Says(raw=dripping_headers), "did not answer in time"),
    "reset mid-body": (Says(raw=breaking_off), "broke the connection off"),
}


def served(script: Callable[[Seen], Says], naps: Naps | None = None, patience: float = 900):
    with serving(script) as provider:
        task = errand("openai", provider.url, model="dall-e-2", patience=patience)
        return shop(task, naps, QUICK), provider


@pytest.mark.parametrize("fault", PERMANENT)
def test_what_no_other_try_mends_is_refused_at_once(fault):
    says, words = PERMANENT[fault]
    events, provider = served(lambda _seen: says)
    assert words in refusal(events).reason
    assert not refusal(events).retryable
    assert len(provider.seen) == 1


@pytest.mark.parametrize("fault", LATER)
def test_what_another_try_may_mend_is_given_back_without_buying_at_once(fault):
    says, words = LATER[fault]
    events, provider = served(lambda _seen: says, patience=1)
    assert words in refusal(events).reason
    assert refusal(events).retryable
    assert refusal(events).spent
    assert refusal(events).wait >= 3
    assert len(provider.seen) == 1, "a purchase whose fate is unknown was repeated"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_is_asked_again_after_a_pause(status):
    naps = Naps()
    answers = iter([Says({}, status, {"Retry-After": "2"}), picture_of(WHOLE)])
    events, provider = served(lambda _seen: next(answers), naps)
    assert len(pictures(events)) == 1
    assert len(provider.seen) == 2
    assert 2 <= naps.taken[0] <= 3


def test_a_provider_that_stays_busy_is_asked_three_times_with_longer_pauses():
    naps = Naps()
    events, provider = served(lambda _seen: Says({}, 503), naps)
    assert refusal(events).retryable
    assert len(provider.seen) == 3
    assert len(naps.taken) == 2


def test_a_long_retry_after_gives_the_work_back_for_that_long():
    naps = Naps()
    events, provider = served(lambda _seen: Says({}, 429, {"Retry-After": "600"}), naps)
    assert (refusal(events).wait, refusal(events).retryable) == (600, True)
    assert (len(provider.seen), naps.taken) == (1, [])


def test_retry_after_may_be_a_date():
    soon = email.utils.formatdate(time.time() + 900, usegmt=True)
    events, _provider = served(lambda _seen: Says({}, 429, {"Retry-After": soon}))
    assert 800 < refusal(events).wait <= 900


def test_nothing_listens_is_tried_again_at_once_and_then_given_back():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        naps = Naps()
        events = shop(errand("openai", url, model="dall-e-2"), naps)
    assert refusal(events).reason == "OpenAI could not be reached."
    assert refusal(events).retryable
    assert len(naps.taken) == 2


def test_one_broken_picture_of_three_does_not_hurt_the_others():
    three = [b64(WHOLE), b64(WHOLE[:50]), b64(WHOLE)]
    says = Says({"data": [{"b64_json": text} for text in three]})
    with serving(lambda _seen: says) as provider:
        events = shop(errand("openai", provider.url, model="dall-e-2", count=3))
    assert [picture.position for picture in pictures(events)] == [0, 2]
    assert refusal(events).retryable
