"""One Limner is the provider of another: the remote engine against our own API, served."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from generator.engines import Errand, Step
from generator.engines.remote.client import Limits
from generator.engines.remote.engine import RemoteEngine
from generator.engines.remote.trip import Means
from tests.faults.stage import Stage
from tests.generator.remote.shopping import Memory, pictures, refusal, request
from tests.waiting import until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, dict[str, str]]]:
    """A Limner with an account of five credits."""
    folder: Path = tmp_path_factory.mktemp("seller")
    stage = Stage(folder, WORKERS="1", SWEEP_SECONDS="0.5")
    stage.prepare()
    made = stage.account("buyer@example.org", "--credits", "5")
    with stage.serving():
        until(lambda: "listening" if _answers(stage) else "")
        yield stage, made


def _answers(stage: Stage) -> bool:
    try:
        return httpx.get(f"{stage.url}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(autouse=True)
def _loopback(settings, seller) -> None:
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": seller[1]["apiKey"]}


def errand_at(stage: Stage, memory: Memory, **fields: object) -> Errand:
    account = {"provider": "goneural", "key_env": "LIMNER_KEY_OTHER"}
    return Errand(request(**fields), {**account, "url": stage.url, "model": "sketch"}, memory)


def buy(task: Errand) -> list:
    return list(RemoteEngine(Means(Limits())).buy([task]))


def test_pictures_are_bought_once_and_the_last_credit_ends_it(seller):
    stage, _account = seller
    memory = Memory()
    task = errand_at(stage, memory, width=1024, height=1024, seed=41)
    events = buy(task)
    [picture] = pictures(events)
    assert (picture.image.seed, picture.image.pixels.size) == (41, (1024, 1024))
    assert any(isinstance(event, Step) for event in events)
    again = buy(task)
    assert pictures(again)[0].image.pixels.tobytes() == picture.image.pixels.tobytes()
    assert stage.play("state") == {"succeeded": 1, "attempts": 1}
    for seed in range(4):
        assert pictures(buy(errand_at(stage, Memory(failures=seed + 1), seed=seed)))
    broke = refusal(buy(errand_at(stage, Memory(failures=9))))
    assert (broke.reason, broke.retryable) == (
        "Our account with goneural has no credit left.",
        False,
    )


def test_a_key_that_the_other_limner_does_not_know_is_final(seller, settings):
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": "limner_0000000000000000"}
    found = refusal(buy(errand_at(seller[0], Memory())))
    assert "does not accept our key" in found.reason
