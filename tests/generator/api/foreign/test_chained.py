"""One Limner buys from another, as if that were the service whose words it speaks."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from generator.engines import Errand
from generator.engines.remote.client import Limits
from generator.engines.remote.engine import RemoteEngine
from generator.engines.remote.trip import Means
from tests.faults.stage import Stage
from tests.generator.api.foreign.test_served import service
from tests.generator.remote.shopping import Memory, pictures, refusal, request

__all__ = ["service"]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

#: What `url` and `model` of the buying Limner say, by provider.
ACCOUNTS = {
    "openai": ("/v1", "dall-e-3"),
    "stubber": ("/v1/tasks/generate_image", "dall-e-3"),
    "aithriving": ("", ""),
    "picfinder": ("/v1", "4"),
}


@pytest.fixture(autouse=True)
def _account(settings: Any, service: tuple[Stage, str]) -> None:
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": service[1]}


def address(stage: Stage, provider: str) -> str:
    return stage.url.replace("http", "ws") if provider == "picfinder" else stage.url


def buy(stage: Stage, provider: str, **fields: object) -> list[Any]:
    path, model = ACCOUNTS[provider]
    account = {"provider": provider, "key_env": "LIMNER_KEY_OTHER", "model": model}
    size = {"width": 1024, "height": 1024}
    # Purchases have names, and the same name may not order something else.
    memory = Memory(failures=list(ACCOUNTS).index(provider))
    task = Errand(
        request(**size, **fields), {**account, "url": address(stage, provider) + path}, memory
    )
    return list(RemoteEngine(Means(Limits())).buy([task]))


@pytest.mark.parametrize("provider", ACCOUNTS)
def test_a_picture_is_bought_through_every_service(
    service: tuple[Stage, str], provider: str
) -> None:
    [picture] = pictures(buy(service[0], provider, seed=41))
    assert picture.image.pixels.size == (1024, 1024)


@pytest.mark.parametrize("provider", ACCOUNTS)
def test_a_key_that_opens_nothing_is_final(
    service: tuple[Stage, str], provider: str, settings: Any
) -> None:
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": "limner_0000000000000000"}
    found = refusal(buy(service[0], provider))
    assert "does not accept our key" in found.reason
