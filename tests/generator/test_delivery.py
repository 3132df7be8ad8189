"""Sending pictures to the address a client named: what arrives, and what is tried again."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from gallery.models import Asset
from generator import delivery
from generator.contract import InvalidRequest
from generator.dialects import native
from generator.models import Generation, PictureDelivery, SendingState
from generator.models.picture_delivery import PAUSES
from generator.results import result_of
from tests.generator.bucket import Bucket, bucket, finished, send_all, states, time_passes
from tests.generator.orders import run_all, submit

__all__ = ["bucket"]
pytestmark = pytest.mark.django_db


def test_the_kept_file_arrives_whole_with_its_length_and_type(alice: User, bucket: Bucket) -> None:
    finished(alice, bucket.url)
    send_all()
    [(path, headers, body)] = bucket.taken
    asset = Asset.objects.get()
    assert path == "/bucket/x?signature=secret"
    assert hashlib.sha256(body).hexdigest() == asset.sha256
    assert headers["content-length"] == str(asset.size)
    assert headers["content-type"] == "image/png"
    assert "transfer-encoding" not in headers
    assert states() == [SendingState.SENT]


def test_every_picture_of_a_generation_is_sent_once(alice: User, bucket: Bucket) -> None:
    generation = finished(alice, bucket.url, count=3)
    delivery.ask(generation, bucket.url)
    send_all()
    send_all()
    assert len(bucket.taken) == 3
    assert states() == [SendingState.SENT] * 3


def test_what_was_made_before_can_be_sent_too(alice: User, bucket: Bucket, bob: User) -> None:
    submit(alice)
    run_all()
    asset = Asset.objects.get()
    delivery.ask_for_kept(bob, [str(asset.pk)], bucket.url)
    delivery.ask_for_kept(alice, [str(asset.pk)], bucket.url)
    send_all()
    assert [body for *_, body in bucket.taken] == [bucket.taken[0][2]]
    assert PictureDelivery.objects.get().owner == alice


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503])
def test_a_busy_address_is_tried_again(alice: User, bucket: Bucket, status: int) -> None:
    bucket.statuses = [status]
    finished(alice, bucket.url)
    send_all()
    assert states() == [SendingState.WAITING]
    time_passes()
    send_all()
    assert (len(bucket.taken), states()) == (2, [SendingState.SENT])


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 405, 413])
def test_an_address_that_refuses_is_not_asked_again(
    alice: User, bucket: Bucket, status: int
) -> None:
    bucket.statuses, bucket.headers = [status], {"Location": "http://169.254.169.254/"}
    generation = finished(alice, bucket.url)
    send_all()
    time_passes()
    send_all()
    assert (len(bucket.taken), states()) == (1, [SendingState.FAILED])
    assert str(status) in generation.deliveries.get().error


def test_its_owner_is_told_on_the_page_of_the_job_and_by_the_api(
    alice: User, bucket: Bucket, client: Client
) -> None:
    bucket.statuses = [403]
    generation = finished(alice, bucket.url)
    Generation.objects.filter(pk=generation.pk).update(dialect="picfinder")
    send_all()
    told = "Picture 1 was not sent to 127.0.0.1. The address refused the picture (403)."
    client.force_login(alice)
    assert told in client.get(f"/jobs/{generation.pk}/").content.decode()
    result = result_of(generation.pk, alice)
    assert result
    assert native.write(result)["meta"]["undelivered"] == [told]


def test_it_is_given_up_after_the_last_try(alice: User, bucket: Bucket) -> None:
    bucket.statuses = [503] * 20
    finished(alice, bucket.url)
    for _ in range(len(PAUSES) + 5):
        send_all()
        time_passes()
    assert (len(bucket.taken), states()) == (len(PAUSES) + 1, [SendingState.FAILED])


def test_between_two_tries_passes_as_much_time_as_the_address_asks(
    alice: User, bucket: Bucket
) -> None:
    bucket.statuses, bucket.headers = [503], {"Retry-After": "4000"}
    finished(alice, bucket.url)
    send_all()
    row = PictureDelivery.objects.get()
    assert row.not_before
    assert (row.not_before - row.created_at).total_seconds() > 3900
    send_all()
    assert len(bucket.taken) == 1


def test_nothing_is_charged_or_refunded_for_a_delivery_that_fails(
    alice: User, bucket: Bucket
) -> None:
    bucket.statuses = [403]
    generation = finished(alice, bucket.url)
    entries = list(alice.wallet.entries.values_list("pk", flat=True))
    send_all()
    assert list(alice.wallet.entries.values_list("pk", flat=True)) == entries
    generation.refresh_from_db()
    assert (generation.status, generation.refunded) == ("succeeded", 0)


def test_an_address_inside_our_network_is_never_connected_to(
    alice: User, bucket: Bucket, settings: Settings
) -> None:
    finished(alice, bucket.url)
    settings.OUTBOUND_ALLOW = []
    send_all()
    assert (bucket.taken, states()) == ([], [SendingState.FAILED])
    assert PictureDelivery.objects.get().error == "This address is not allowed."


@pytest.mark.parametrize(
    "url",
    [
        *("", "ftp://example.org/x", "http://127.0.0.1/x", "http://[::1]/x", "file:///etc/passwd"),
        *("http://user:pass@example.org/", "x" * 5000, None, 5, ["u"]),
    ],
)
def test_an_address_of_a_wrong_form_is_refused_with_the_request(url: object) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        delivery.check_endpoint(url)
    assert list(refusal.value.errors) == ["uploadEndpoint"]


def test_a_public_address_is_taken_as_it_is() -> None:
    url = "https://bucket.s3.example.org/a%2Fb?X-Amz-Signature=0f"
    assert delivery.check_endpoint(url) == url


def test_an_unreachable_address_is_tried_again(alice: User, bucket: Bucket) -> None:
    finished(alice, "http://127.0.0.1:9/nobody-listens")
    PictureDelivery.objects.update(endpoint=bucket.url.replace("127.0.0.1", "127.0.0.9"))
    send_all()
    row = PictureDelivery.objects.get()
    assert (row.state, row.error) == (SendingState.WAITING, "The address could not be reached.")
