"""What a run leaves behind: pictures, progress and money."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError

from accounts.models import Kind
from gallery import keeping
from gallery.models import Asset
from generator import execution, scheduling, shutdown
from generator.engines import Refusal
from generator.models import Generation, Preview, Status
from tests.generator.orders import make_model, make_person, run_all, submit

#: Bytes that will be written within this time count too.
NO_AGE = dt.timedelta(seconds=-60)

pytestmark = pytest.mark.django_db


def entries(generation: Generation) -> list[tuple[str, int]]:
    rows = generation.payer.entries.filter(reference=generation.reference).order_by("id")
    return list(rows.values_list("kind", "amount"))


def test_every_picture_lands_in_the_owners_gallery_with_its_own_seed():
    owner = make_person()
    generation = submit(owner, count=3, seed=41)
    run_all()
    generation.refresh_from_db()
    assert generation.status == Status.SUCCEEDED
    seeds = [o.asset.recipe["request"]["seed"] for o in generation.outputs.all()]
    assert seeds == [41, 42, 43]
    assert Asset.objects.filter(owner=owner).count() == 3


def test_success_charges_once_and_refunds_nothing():
    generation = submit(make_person(), count=3)
    run_all()
    assert entries(generation) == [(Kind.CHARGE, -3)]


def test_a_refused_prompt_fails_with_its_reason_and_the_credits_come_back():
    owner = make_person(credits=10)
    generation = submit(owner, "please refuse", model="scripted", count=2)
    run_all("scripted")
    generation.refresh_from_db()
    owner.wallet.refresh_from_db()
    assert (generation.status, generation.error) == (Status.FAILED, "This prompt is refused.")
    assert (generation.refunded, owner.wallet.balance) == (2, 10)


def test_the_ledger_keeps_nothing_of_what_an_engine_said():
    # It may quote the prompt, and an entry outlives its buyer's account.
    owner = make_person(credits=10)
    submit(owner, "please refuse", model="scripted", count=2)
    run_all("scripted")
    refund = owner.wallet.entries.get(kind="refund")
    assert refund.reason == "2 pictures not made"


def test_pictures_that_were_not_delivered_are_refunded():
    generation = submit(make_person(), "partial", model="scripted", count=3)
    run_all("scripted")
    generation.refresh_from_db()
    assert (generation.status, generation.delivered, generation.refunded) == ("succeeded", 1, 2)
    assert entries(generation) == [(Kind.CHARGE, -3), (Kind.REFUND, 2)]


@pytest.mark.parametrize("prompt", ["crash", "silent", "busy"])
def test_an_engine_that_never_manages_is_tried_three_times(prompt, caplog):
    generation = submit(make_person(), prompt, model="scripted")
    assert run_all("scripted") == 3
    generation.refresh_from_db()
    assert (generation.status, generation.attempt) == (Status.FAILED, 3)
    assert entries(generation) == [(Kind.CHARGE, -1), (Kind.REFUND, 1)]
    assert generation.error


def test_a_second_try_makes_only_what_the_first_left_out():
    generation = submit(make_person(), count=3, seed=7)
    [claimed] = scheduling.claim("blank")
    run = execution.Run("blank", [claimed])
    engine_events = iter(execution.get_engine("blank").generate([claimed.request]))
    for event in [next(engine_events), next(engine_events)]:
        run._handle(event)
    claimed.requeue("engine_error", "The first try stopped here.")
    run_all()
    generation.refresh_from_db()
    seeds = [o.asset.recipe["request"]["seed"] for o in generation.outputs.all()]
    assert (seeds, generation.status) == ([7, 8, 9], Status.SUCCEEDED)
    assert Asset.objects.count() == 3


def test_a_late_worker_cannot_publish_what_was_cancelled():
    generation = submit(make_person())
    [claimed] = scheduling.claim("blank")
    assert generation.cancel()
    execution.Run("blank", [claimed]).finish()
    generation.refresh_from_db()
    assert (generation.status, generation.outputs.count()) == (Status.CANCELLED, 0)
    assert not Asset.objects.exists()


def test_what_a_late_worker_stored_is_removed_again():
    generation = submit(make_person())
    [claimed] = scheduling.claim("blank")
    generation.cancel()
    before = set(keeping.orphans(NO_AGE))
    execution.Run("blank", [claimed]).finish()
    assert set(keeping.orphans(NO_AGE)) == before


def test_a_last_try_whose_picture_could_not_be_recorded_fails_and_is_refunded(monkeypatch, caplog):
    def away(stored: keeping.Stored) -> Asset:
        raise OperationalError("the database went away")

    monkeypatch.setattr(execution.keeping, "record", away)
    generation = submit(make_person())
    assert run_all() == 3
    generation.refresh_from_db()
    assert (generation.status, generation.delivered) == (Status.FAILED, 0)
    assert entries(generation) == [(Kind.CHARGE, -1), (Kind.REFUND, 1)]


def test_a_worker_that_stops_gives_its_work_back_without_spending_the_attempt():
    generation = submit(make_person(), "slow", model="scripted")
    shutdown.request()
    try:
        execution.work("scripted")
    finally:
        shutdown.reset()
    generation.refresh_from_db()
    assert (generation.status, generation.attempt, generation.lease_token) == ("queued", 0, None)


def test_the_preview_goes_when_the_picture_has_come():
    submit(make_person(), "anything", model="scripted")
    run_all("scripted")
    assert not Preview.objects.exists()


def test_one_pass_serves_compatible_generations_of_different_people():
    make_model("blank")
    first, second = submit(make_person(), "one"), submit(make_person(), "two")
    assert run_all() == 1
    for generation in (first, second):
        generation.refresh_from_db()
        assert generation.status == Status.SUCCEEDED
        assert generation.outputs.get().asset.owner == generation.owner


def test_cancelling_one_of_a_batch_leaves_its_mates_alone():
    first, second = submit(make_person(), "one"), submit(make_person(), "two")
    claimed = scheduling.claim("blank", 4)
    first.cancel()
    execution.Run("blank", claimed).finish()
    second.refresh_from_db()
    assert second.status == Status.SUCCEEDED


def test_an_engine_may_not_ask_for_endless_tries_at_once():
    with pytest.raises(ValueError, match="must wait"):
        Refusal(0, "Later.", retryable=True, spent=False)
