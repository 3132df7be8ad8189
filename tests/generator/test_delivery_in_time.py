"""Sending pictures: what is not sent yet or no more, who waits, and what is forgotten."""

from __future__ import annotations

import threading

import pytest
from django.db.models import F

from accounts.models import User
from gallery.models import Asset
from generator import delivery, personal_data
from generator.models import PictureDelivery, SendingState
from generator.models.picture_delivery import KEPT, PAUSES
from tests.generator.bucket import Bucket, bucket, finished, send_all, states
from tests.generator.orders import run_all, submit
from tests.waiting import until

__all__ = ["bucket"]
pytestmark = pytest.mark.django_db


def test_nothing_is_sent_of_a_picture_in_the_bin(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    Asset.objects.get().move_to_bin()
    send_all()
    assert (bucket.taken, states()) == ([], [SendingState.FAILED])


def test_nothing_is_due_before_the_picture_is_there(alice: User, bucket: Bucket) -> None:
    delivery.ask(submit(alice), bucket.url)
    send_all()
    assert (bucket.taken, states()) == ([], [SendingState.WAITING])


def test_what_was_never_made_is_given_up(alice: User, bucket: Bucket) -> None:
    generation = submit(alice)
    delivery.ask(generation, bucket.url)
    assert delivery.give_up_hopeless() == 0
    generation.cancel()
    assert delivery.give_up_hopeless() == 1
    assert states() == [SendingState.FAILED]


def test_the_address_is_forgotten_when_it_is_no_longer_needed(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    send_all()
    row = PictureDelivery.objects.get()
    assert (row.endpoint, row.host) == ("", "127.0.0.1")


def test_one_persons_slow_address_leaves_room_for_others(
    alice: User, bob: User, bucket: Bucket
) -> None:
    finished(alice, bucket.url, count=4)
    finished(bob, bucket.url)
    going: list[object] = []
    assert delivery.send_due(going.append) == 3
    for work in going:
        work()  # type: ignore[operator]
    owners = PictureDelivery.objects.filter(state=SendingState.SENT).values_list("owner", flat=True)
    assert sorted(owners) == sorted([alice.pk, alice.pk, bob.pk])
    send_all()
    assert len(bucket.taken) == 5


def test_what_a_dead_process_held_is_sent_by_the_next_one(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    dead = PictureDelivery.objects.take()
    assert dead
    assert PictureDelivery.objects.take() is None
    PictureDelivery.objects.update(lease_until=F("created_at"))
    send_all()
    assert states() == [SendingState.SENT]
    assert not dead.failed("too late")


def test_what_every_sender_dies_of_is_given_up_in_the_end(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    while PictureDelivery.objects.take():
        assert delivery.give_up_hopeless() == 0
        PictureDelivery.objects.update(lease_until=F("created_at"))
    assert PictureDelivery.objects.get().attempts == len(PAUSES) + 1
    assert delivery.give_up_hopeless() == 1
    assert states() == [SendingState.FAILED]


def test_what_ended_long_ago_is_forgotten(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url, count=2)
    send_all()
    first = PictureDelivery.objects.all()[0]
    PictureDelivery.objects.filter(pk=first.pk).update(ended_at=first.created_at - KEPT)
    assert PictureDelivery.objects.forget_old() == 1
    assert PictureDelivery.objects.count() == 1


def test_a_closed_account_sends_nothing(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    send_all()
    assert bucket.taken == []


def test_erasing_somebody_forgets_where_their_pictures_went(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    personal_data.erase(alice)
    assert not PictureDelivery.objects.exists()


def test_a_copy_of_ones_data_tells_what_was_sent_without_the_address(
    alice: User, bucket: Bucket
) -> None:
    finished(alice, bucket.url)
    rows = dict(personal_data.documents(alice))["sent-pictures.json"]
    [row] = rows
    assert (row["to"], row["state"]) == ("127.0.0.1", "waiting")
    assert "secret" not in str(row)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_it_just_painted_without_being_told(
    alice: User, bucket: Bucket
) -> None:
    generation = submit(alice, count=3)
    delivery.ask(generation, bucket.url)
    run_all()
    until(lambda: states() == [SendingState.SENT] * 3)
    until(lambda: not any(each.name == "delivery" for each in threading.enumerate()))
    assert len(bucket.taken) == 3
