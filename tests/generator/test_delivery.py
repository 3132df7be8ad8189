"""Sending pictures to the address a client named: what arrives, what is tried again, who waits."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from gallery.models import Asset
from generator import delivery, personal_data
from generator.contract import InvalidRequest
from generator.dialects import native
from generator.models import Generation, PictureDelivery, SendingState
from generator.models.picture_delivery import KEPT, PAUSES
from generator.results import result_of
from tests.generator.orders import run_all, submit
from tests.waiting import until

pytestmark = pytest.mark.django_db


@dataclass
class Bucket:
    """A server that takes what is PUT, and answers with `statuses` one after the other."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.taken.append((handler.path, headers, body))
        handler.send_response(self.statuses.pop(0) if self.statuses else 200)
        for name, value in {"Content-Length": "0", **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Bucket]:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    made = Bucket()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            made.take(self)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/bucket/x?signature=secret"
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def finished(owner: User, endpoint: str, count: int = 1) -> Generation:
    """A generation whose pictures are made, and are to be sent; no thread has sent them yet."""
    generation = submit(owner, count=count)
    with no_threads():
        run_all()
    delivery.ask(generation, endpoint)
    return generation


@contextlib.contextmanager
def no_threads() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "send_due", lambda: 0)
        yield


def send_all() -> None:
    """Here and now, instead of in a thread."""
    while delivery.send_due(lambda work: work()):
        pass


def time_passes() -> None:
    PictureDelivery.objects.update(not_before=None, lease_until=None)


def states() -> list[str]:
    return list(PictureDelivery.objects.values_list("state", flat=True))


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
