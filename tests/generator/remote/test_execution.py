"""Bought pictures in the whole flow: kept, refunded, waited for, resumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from accounts.models import User
from generator import execution, scheduling
from generator.engines import Receipt, get_engine
from generator.engines.remote.trip import Means
from generator.models import EngineModel, Generation, RemoteTask, Status
from generator.purchases import Purchases
from generator.tasks import sweep, work
from tests.generator.orders import make_person, submit
from tests.generator.remote.provider import Provider, Says, b64, png, serving
from tests.generator.remote.shopping import KEY, LIMITS, Naps
from tests.generator.remote.test_horde import TASK, Horde

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def naps(monkeypatch) -> Naps:
    naps = Naps()
    monkeypatch.setattr(get_engine("remote"), "means", Means(LIMITS, naps, naps.clock))
    return naps


@pytest.fixture
def buyer() -> User:
    return make_person(credits=100)


@pytest.fixture
def horde() -> Iterator[Provider]:
    with serving(Horde()) as provider:
        yield provider


def offer(provider: str, url: str, **options: object) -> EngineModel:
    account = {"provider": provider, "url": url, "key_env": "LIMNER_KEY_TEST", **options}
    return EngineModel.objects.create(
        slug="theirs", name="Theirs", engine="remote", price=1, options=account
    )


def order(buyer: User, count: int = 1, **fields: object) -> Generation:
    return submit(buyer, model="theirs", count=count, **fields)


def run(generation: Generation) -> Generation:
    """One look at the queue, past any wait."""
    Generation.objects.update(not_before=None)
    execution.work("remote")
    generation.refresh_from_db()
    return generation


def test_bought_pictures_are_kept_with_what_is_known_about_them(buyer, horde):
    offer("horde", horde.url, model="Deliberate")
    generation = run(order(buyer, count=2))
    assert (generation.status, generation.delivered, generation.refunded) == ("succeeded", 2, 0)
    recipe = generation.outputs.first().asset.recipe
    assert (recipe["provider"], recipe["request"]["seed"]) == ("AI Horde", 900)
    assert RemoteTask.objects.filter(generation=generation, remote_id=TASK).count() == 2


def test_what_is_final_is_refunded_with_its_reason(buyer):
    with serving(lambda _seen: Says({}, 402)) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = run(order(buyer))
    buyer.wallet.refresh_from_db()
    assert (generation.status, buyer.wallet.balance) == ("failed", 100)
    assert generation.error == "Our account with OpenAI has no credit left."


def test_what_may_pass_is_tried_three_times_with_waits_between_and_then_refunded(buyer):
    with serving(lambda _seen: Says(b"<html>")) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = order(buyer)
        waits = []
        for _ in range(3):
            waits.append(run(generation).not_before)
    buyer.wallet.refresh_from_db()
    assert (generation.status, generation.attempt) == ("failed", 3)
    assert buyer.wallet.balance == 100
    assert None not in waits[:2]
    assert len(provider.seen) == 3


def test_a_generation_that_waits_is_neither_claimed_nor_rung_for(buyer):
    with serving(lambda _seen: Says({}, 429, {"Retry-After": "600"})) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = run(order(buyer))
    assert generation.status == Status.QUEUED
    assert generation.not_before > timezone.now() + dt.timedelta(minutes=9)
    assert scheduling.claim("remote") == []
    assert scheduling.unheard(patience=-1) == set()
    Generation.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))
    assert scheduling.unheard(patience=-1) == {"remote"}


def test_waiting_for_a_provider_that_is_left_alone_spends_no_try(buyer):
    with serving(lambda _seen: Says({}, 500)) as provider:
        offer("openai", provider.url, model="dall-e-2")
        first = order(buyer)
        assert [run(first).attempt for _ in range(3)] == [1, 2, 3]
        second = order(buyer)
        assert [run(second).attempt for _ in range(6)] == [1, 2, 2, 2, 2, 2]
    assert (second.status, len(provider.seen)) == ("queued", 5)


def test_what_waits_for_ever_expires_after_its_time_in_the_queue(buyer, settings):
    settings.QUEUE_EXPIRY_SECONDS = 1
    with serving(lambda _seen: Says({}, 429, {"Retry-After": "600"})) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = order(buyer)
        Generation.objects.update(queued_at=timezone.now() - dt.timedelta(seconds=5))
        run(generation)
    assert scheduling.expire() == 1


def test_a_later_worker_goes_on_with_the_purchase_of_the_first(buyer, horde):
    offer("horde", horde.url)
    generation = order(buyer, count=2)
    [claimed] = scheduling.claim("remote")
    events = execution.Run("remote", [claimed])._events()
    next(events)
    Generation.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    events.close()
    scheduling.rescue()
    run(generation)
    assert generation.status == Status.SUCCEEDED
    assert horde.paths.count("POST /v2/generate/async") == 1
    assert not horde.script.cancelled


def test_the_pictures_that_an_earlier_try_kept_are_not_asked_for_again(buyer, horde):
    """The first of two came; its worker died. The second is still the purchase's second."""
    offer("horde", horde.url)
    generation = order(buyer, count=2)
    [claimed] = scheduling.claim("remote")
    run_one = execution.Run("remote", [claimed])
    for event in run_one._events():
        run_one._handle(event)
        if claimed.delivered:
            break
    claimed.requeue("engine_error", "Died.")
    run(generation)
    seeds = [output.asset.recipe["request"]["seed"] for output in generation.outputs.all()]
    assert (generation.status, seeds) == ("succeeded", [900, 901])
    assert horde.paths.count("POST /v2/generate/async") == 1


def test_cancelling_cancels_at_the_provider(buyer, horde):
    horde.script.check = {"done": False}
    offer("horde", horde.url)
    generation = order(buyer)
    [claimed] = scheduling.claim("remote")
    generation.cancel()
    execution.Run("remote", [claimed]).finish()
    generation.refresh_from_db()
    assert (generation.status, generation.refunded) == ("cancelled", 1)
    assert horde.script.cancelled


def test_a_worker_without_the_lease_cannot_overwrite_a_receipt(buyer, horde):
    offer("horde", horde.url)
    order(buyer)
    [late] = scheduling.claim("remote")
    Generation.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    scheduling.rescue()
    [now] = scheduling.claim("remote")
    assert Purchases(now, 0).keep(0, [Receipt("horde", "new")])
    assert not Purchases(late, 0).keep(0, [Receipt("horde", "old")])
    assert RemoteTask.objects.get().remote_id == "new"


def test_keys_are_neither_in_the_rows_nor_in_the_reasons(buyer):
    says = Says({"error": {"message": f"Bad key {KEY}", "code": "x"}}, 400)
    with serving(lambda _seen: says) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = run(order(buyer))
    rows = [*Generation.objects.values_list(), *RemoteTask.objects.values_list()]
    assert KEY not in repr(rows)
    assert "refused the request (400). It says: Bad" in generation.error


def test_a_provider_that_recovers_delivers_on_the_next_try(buyer):
    answers = iter([Says({}, 500), Says({"data": [{"b64_json": b64(png())}]})])
    with serving(lambda _seen: next(answers)) as provider:
        offer("openai", provider.url, model="dall-e-2")
        generation = order(buyer)
        run(generation)
        assert run(generation).status == Status.SUCCEEDED


def test_the_sweeper_and_the_bell_leave_what_waits_alone(buyer, monkeypatch):
    rung = []
    monkeypatch.setattr("generator.doorbell.ring", rung.append)
    with serving(lambda _seen: Says({}, 429, {"Retry-After": "600"})) as provider:
        offer("openai", provider.url, model="dall-e-2")
        order(buyer)
        work("remote")
    sweep()
    assert rung == []
