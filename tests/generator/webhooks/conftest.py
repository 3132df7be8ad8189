from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from tests.generator.webhooks.receiving import Receiver, receiving


@pytest.fixture(autouse=True)
def _receivers_on_loopback(settings) -> None:
    """Loopback stands for the public internet."""
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who listens, and takes everything until told otherwise."""
    with receiving() as found:
        yield found
