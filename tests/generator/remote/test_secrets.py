"""Keys go to their provider and nowhere else: no log, no error, no other host."""

from __future__ import annotations

import logging

import pytest

from generator.engines.remote.account import account_of
from generator.engines.remote.verdicts import tell
from tests.generator.remote.provider import Says, Seen, serving
from tests.generator.remote.shopping import KEY, errand, refusal, shop
from tests.generator.remote.test_picfinder import picfinder


def telling_tales(seen: Seen) -> Says:
    """A provider that repeats everything it was sent."""
    words = f"Bad request: {dict(seen.headers)} {seen.body} {KEY}"
    return Says({"error": {"message": words, "code": "x"}, "message": words, "detail": words}, 400)


PROVIDERS = ("openai", "a1111", "horde", "goneural", "stubber", "aithriving", "modelslab")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_that_repeats_our_key_does_not_make_us_tell_it(provider, caplog):
    caplog.set_level(logging.DEBUG)
    with serving(telling_tales) as server:
        found = refusal(shop(errand(provider, server.url, model="dall-e-2")))
    assert KEY not in found.reason
    assert KEY not in caplog.text


def test_the_frames_of_a_websocket_are_not_logged(caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="websockets.server")
    with picfinder() as (_service, url):
        shop(errand("picfinder", url))
    assert KEY not in caplog.text


def test_an_account_does_not_show_its_key():
    task = errand("openai", "http://127.0.0.1:1", model="dall-e-2")
    assert KEY not in repr(account_of(task.options))
    assert KEY not in repr(task)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Incorrect API key provided: sk-abc***XYZ1.", "Incorrect API key provided: …."),
        ("Bearer abcdef0123456789 is bad", "… is bad"),
        ("no\r\nERROR forged \x1b[31mline", "no ERROR forged [31mline"),
        ("x" * 30 + " " + "word " * 60, None),
        (None, ""),
    ],
)
def test_a_providers_words_are_one_short_line_without_secrets(words, told):
    found = tell(words)
    assert len(found) <= 160
    assert "\n" not in found
    assert told in (None, found)
