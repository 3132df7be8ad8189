from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from generator.engines.remote import exchanges
from generator.engines.remote.breaker import breaker_of
from tests.generator.remote.shopping import KEY


@pytest.fixture(autouse=True)
def providers_on_loopback(settings) -> Iterator[None]:
    """Loopback may be reached, there is a key, and no breaker remembers another test."""
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    settings.PROVIDER_KEYS = {"LIMNER_KEY_TEST": KEY}
    breaker_of.cache_clear()
    yield
    breaker_of.cache_clear()


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch) -> None:
    monkeypatch.setattr(exchanges, "TICK", 0.05)
