"""What is charged and queued, and what is refused with nothing written."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import CreditEntry, InsufficientCredits
from gallery.models import Asset
from generator import pricing, submission
from generator.contract import InvalidRequest
from generator.models import EngineModel, Generation, Output, Status
from generator.submission import Order, Refusal
from tests.generator.orders import make_model, make_person, make_request, run_all, submit

pytestmark = pytest.mark.django_db


def order(owner, **fields):
    make_model("blank")
    known = {"idempotency_key", "fingerprint", "expected_cost"}
    extras = {name: fields.pop(name) for name in list(fields) if name in known}
    return Order(owner=owner, request=make_request(**fields), **extras)


def test_submitting_charges_what_the_price_said():
    owner = make_person(credits=10)
    generation = submit(owner, count=3)
    assert pricing.cost(generation.request, generation.model) == generation.cost == 3
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 7


def test_without_enough_credits_nothing_is_queued():
    owner = make_person(credits=2)
    with pytest.raises(InsufficientCredits) as caught:
        submit(owner, count=3)
    assert (caught.value.cost, caught.value.balance) == (3, 2)
    assert not Generation.objects.exists()


@pytest.mark.parametrize("field", ["model", "style", "sampler"])
def test_an_unknown_choice_is_named(field):
    make_model("blank")
    with pytest.raises(InvalidRequest) as caught:
        submission.submit(Order(owner=make_person(), request=make_request(**{field: "nonesuch"})))
    assert list(caught.value.errors) == [field]
    assert not Generation.objects.exists()


def test_a_model_that_is_switched_off_is_not_offered():
    make_model("blank")
    EngineModel.objects.filter(slug="blank").update(enabled=False)
    with pytest.raises(InvalidRequest):
        submission.submit(Order(owner=make_person(), request=make_request()))


def test_a_price_that_changed_since_it_was_shown_is_refused():
    owner = make_person(credits=10)
    with pytest.raises(Refusal, match="This costs 2 credits now, not 1") as caught:
        submission.submit(order(owner, count=2, expected_cost=1))
    assert caught.value.status == 409
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 10


def test_a_repeated_key_gives_the_first_generation_back():
    owner = make_person(credits=10)
    first = submission.submit(order(owner, idempotency_key="k", fingerprint="f"))
    second = submission.submit(order(owner, idempotency_key="k", fingerprint="f"))
    assert first == second
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 9


def test_a_key_that_was_used_for_something_else_is_refused():
    owner = make_person()
    submission.submit(order(owner, idempotency_key="k", fingerprint="f"))
    with pytest.raises(Refusal) as caught:
        submission.submit(order(owner, idempotency_key="k", fingerprint="g"))
    assert (caught.value.status, Generation.objects.count()) == (422, 1)


def test_the_same_key_of_somebody_else_is_their_own():
    first = submission.submit(order(make_person(), idempotency_key="k"))
    second = submission.submit(order(make_person(), idempotency_key="k"))
    assert first != second


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_of_no_length_or_too_much_is_refused(key):
    with pytest.raises(Refusal) as caught:
        submission.submit(order(make_person(), idempotency_key=key))
    assert caught.value.status == 400


def test_a_person_with_too_much_waiting_is_asked_to_wait(settings):
    settings.MAX_QUEUED_PER_USER = 2
    owner = make_person(credits=10)
    submit(owner), submit(owner)
    with pytest.raises(Refusal) as caught:
        submit(owner)
    assert (caught.value.status, caught.value.retry_after) == (429, 10)
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 8


def test_a_full_queue_takes_nobodys_credits(settings):
    settings.MAX_QUEUED = 1
    submit(make_person())
    with pytest.raises(Refusal) as caught:
        submit(make_person())
    assert caught.value.status == 503


def test_a_full_disk_is_noticed_before_the_charge(settings):
    settings.MIN_FREE_DISK_PERCENT = 101
    with pytest.raises(Refusal) as caught:
        submit(make_person())
    assert (caught.value.code, CreditEntry.objects.filter(kind="charge").exists()) == (
        "disk_full",
        False,
    )


def test_free_models_cost_nothing_and_leave_a_line_in_the_ledger():
    make_model("blank", price=0)
    generation = submit(make_person(credits=0))
    assert generation.payer.entries.get(reference=generation.reference).amount == 0


def test_retrying_charges_anew_and_remembers_what_it_repeats():
    owner = make_person(credits=5)
    failed = submit(owner, "refuse", model="scripted")
    run_all("scripted")
    again = submission.retry(failed, owner)
    assert (again.retry_of, again.request, again.status) == (failed, failed.request, Status.QUEUED)


def test_retrying_twice_at_once_is_one_retry():
    owner = make_person(credits=5)
    failed = submit(owner, "refuse", model="scripted")
    run_all("scripted")
    assert submission.retry(failed, owner) == submission.retry(failed, owner)


def test_what_was_retried_and_failed_again_can_be_retried_again():
    owner = make_person(credits=5)
    failed = submit(owner, "refuse", model="scripted")
    run_all("scripted")
    first = submission.retry(failed, owner)
    run_all("scripted")
    assert submission.retry(failed, owner) != first


def test_a_parent_that_was_purged_meanwhile_is_left_out():
    owner = make_person()
    submit(owner)
    run_all()
    parent = Asset.objects.get()
    Output.objects.all().delete()
    stale = Asset.objects.get()
    parent.delete()
    remix = submission.submit(Order(owner=owner, request=make_request(), parent=stale))
    assert remix.parent_asset is None


def test_cancelling_gives_the_credits_back_once():
    owner = make_person(credits=5)
    generation = submit(owner)
    assert generation.cancel() is True
    assert generation.cancel() is False
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_many_at_once_spend_no_more_than_there_is(same_key):
    owner = make_person(credits=5)
    outcomes = submit_at_once(owner, ["same" if same_key else str(n) for n in range(12)])
    owner.wallet.refresh_from_db()
    made = {pk for pk in outcomes if pk}
    assert (len(outcomes), len(made), owner.wallet.balance) == (
        (12, 1, 4) if same_key else (12, 5, 0)
    )


@pytest.mark.django_db(transaction=True)
def test_one_key_at_once_gives_one_generation_though_it_takes_the_last_credits():
    outcomes = submit_at_once(make_person(credits=1), ["same"] * 12)
    assert len(outcomes) == 12
    assert len(set(outcomes)) == 1
    assert None not in outcomes


def submit_at_once(owner, keys):
    """What each of the keys, sent at the same time, gives: a generation's id, or None."""
    make_model("blank")
    together = threading.Barrier(len(keys))

    def one(key: str) -> uuid.UUID | None:
        together.wait()
        try:
            return submission.submit(order(owner, idempotency_key=key)).pk
        except InsufficientCredits:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(one, keys))
